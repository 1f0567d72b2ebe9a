"""THE MAIN PATH: the stages in order, from an inquiry folder to one immutable run."""

from __future__ import annotations

import datetime
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import joinedup
from joinedup.audit import stage as audit
from joinedup.casework.ledger import decisions_of
from joinedup.collect import stage as collect
from joinedup.count import stage as count
from joinedup.domain.nouns import Decision, InputFile
from joinedup.domain.progress import Progress, no_progress
from joinedup.errors import RefusedError, UsageError
from joinedup.estimate import stage as estimate
from joinedup.find import stage as find
from joinedup.groups import stage as groups
from joinedup.link import stage as link
from joinedup.profile import stage as profile
from joinedup.report import stage as report
from joinedup.settings import Inquiry, load_inquiry
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.inputs import fingerprint, hash_inputs
from joinedup.store.runs import EVIDENCE, Making, Runs

STAGES: tuple[ModuleType, ...] = (collect, link, count, estimate, groups, find, audit, profile, report)
"""`groups` runs before `find`: a tie to a group is one of the concerns."""

NAMES = tuple(stage.NAME for stage in STAGES)

_DECIDED_IN = {
    "seed": "link",
    "link": "link",
    "estimate": "estimate",
    "rule_packs": "find",
    "claims": "profile",
    "report": "report",
}
"""The first stage that a setting of inquiry.toml reaches; any other setting reaches collect."""


@dataclass(frozen=True)
class Made:
    """A finished run: its id, its folder, and what each stage did."""

    run: str
    directory: Path
    stages: list[dict[str, Any]]
    findings: list[str]


@dataclass(frozen=True)
class _Basis:
    """Everything the results of a run follow from."""

    inquiry: Inquiry
    inputs: list[InputFile]
    decisions: list[Decision]
    seed: int
    first: int

    def parts(self) -> dict[str, Any]:
        return {
            "inputs": [asdict(file) for file in self.inputs],
            "settings": self.inquiry.model_dump(mode="json", by_alias=True),
            "decisions": [asdict(decision) for decision in self.decisions],
            "seed": self.seed,
            "version": joinedup.__version__,
        }


def run_inquiry(
    inquiry_dir: Path, *, first_stage: str = NAMES[0], seed: int | None = None, progress: Progress = no_progress
) -> Made:
    """Runs the stages from `first_stage` on; earlier ones are taken from the latest run, where nothing they saw changed.

    The same inputs, decisions, settings, seed and version give the same tables, byte for byte. Raises RefusedError when
    another run is under way, or when `first_stage` would leave out a stage that has something new to see.
    """
    if first_stage not in NAMES:
        raise UsageError(f"there is no stage {first_stage!r}", remedy=f"The stages are: {', '.join(NAMES)}.")
    inquiry = load_inquiry(inquiry_dir)
    if seed is not None:
        inquiry = inquiry.model_copy(update={"seed": seed})
    started = datetime.datetime.now(datetime.UTC)
    runs = Runs(inquiry_dir)
    with runs.making() as making:
        basis = _Basis(
            inquiry, hash_inputs(inquiry_dir), decisions_of(inquiry_dir), inquiry.seed, NAMES.index(first_stage)
        )
        reused = _reuse(runs, making, basis) if basis.first else None
        making.store.write("decisions", from_rows("decisions", [asdict(decision) for decision in basis.decisions]))
        parts = basis.parts()
        stages = _run_stages(making, basis, inquiry_dir, fingerprint(parts), progress)
        if hash_inputs(inquiry_dir) != basis.inputs:
            raise RefusedError(
                "returns/ changed while it was being read", remedy="Run again when nobody is copying files."
            )
        findings = making.store.read("findings").order_by("finding_id").to_pyarrow()["sentence"].to_pylist()
        manifest = {
            "fingerprint": fingerprint(parts),
            **parts,
            "earlier_stages_from": reused,
            "stages": stages,
            "started": started.isoformat(timespec="seconds"),
            "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        }
        run_id = runs.finish(making, fingerprint(parts), manifest)
    return Made(run_id, runs.path(run_id), stages, findings)


def _run_stages(
    making: Making, basis: _Basis, inquiry_dir: Path, run_fingerprint: str, progress: Progress
) -> list[dict[str, Any]]:
    done = []
    for position, stage in enumerate(STAGES):
        begun = time.perf_counter()
        if position >= basis.first:
            progress(stage.NAME, position, len(STAGES))
            given = StageRun(
                stage.NAME,
                stage.READS,
                stage.WRITES,
                making.store,
                basis.inquiry,
                inquiry_dir,
                making.directory,
                basis.seed,
            )
            stage.run(replace(given, fingerprint=run_fingerprint, progress=progress))
        rows = making.store.tables()
        tables = {name: {"rows": rows[name], "sha256": making.store.fingerprint(name)} for name in stage.WRITES}
        seconds = round(time.perf_counter() - begun, 3)
        done.append({"stage": stage.NAME, "seconds": seconds, "reused": position < basis.first, "tables": tables})
    return done


def _reuse(runs: Runs, making: Making, basis: _Basis) -> str:
    """Copies the earlier stages' tables from the latest run; refuses when one of them has something new to see."""
    latest = runs.latest()
    before, now = runs.manifest(latest), basis.parts()
    news = {
        "version": NAMES[0],
        "inputs": NAMES[0],
        "decisions": "link",
        "seed": "link",
        **{f"settings.{key}": _DECIDED_IN.get(key, NAMES[0]) for key in now["settings"]},
    }
    for what, stage in news.items():
        section, _, key = what.partition(".")
        same = before[section].get(key) == now[section][key] if key else before[section] == now[section]
        if not same and NAMES.index(stage) < basis.first:
            raise RefusedError(
                f"{what} changed since run {latest}, so its {stage} cannot be used again",
                remedy=f"Run from there: joinedup run DIR --stage {stage}",
            )
    names = [name for stage in STAGES[: basis.first] for name in stage.WRITES]
    making.store.copy_from(runs.path(latest) / EVIDENCE, names)
    return latest
