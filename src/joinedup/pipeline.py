"""THE MAIN PATH: the stages in order, from an inquiry folder to one immutable run."""

from __future__ import annotations

import datetime
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import ibis

import joinedup
from joinedup.audit import stage as audit
from joinedup.casework.ledger import applied_decisions
from joinedup.collect import stage as collect
from joinedup.count import stage as count
from joinedup.domain.progress import Progress, no_progress
from joinedup.errors import RefusedError, UsageError
from joinedup.estimate import stage as estimate
from joinedup.find import stage as find
from joinedup.groups import stage as groups
from joinedup.link import stage as link
from joinedup.link.engines import ready
from joinedup.profile import stage as profile
from joinedup.report import stage as report
from joinedup.settings import load_inquiry
from joinedup.store.carried import carry
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.inputs import Basis, basis_of, hash_inputs, own_rules
from joinedup.store.runs import EVIDENCE, Making, Runs
from joinedup.store.sample import given_tables

STAGES: tuple[ModuleType, ...] = (collect, link, count, estimate, groups, find, audit, profile, report)
"""`groups` runs before `find`: a tie to a group is one of the concerns."""

NAMES = tuple(stage.NAME for stage in STAGES)

_REACHES = {
    "decisions": "link",
    "sample": "link",
    "seed": "link",
    "rules": "find",
    "written": "report",
    "settings.link": "link",
    "settings.estimate": "estimate",
    "settings.rule_packs": "find",
    "settings.claims": "profile",
    "settings.report": "report",
}
"""The first stage that sees a part of a run's basis; any other part reaches collect."""


@dataclass(frozen=True)
class Made:
    """A finished run: its id, its folder, what each stage did, and the findings of the report's first page."""

    run: str
    directory: Path
    stages: list[dict[str, Any]]
    findings: list[str]


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
    first, runs = NAMES.index(first_stage), Runs(inquiry_dir)
    if first <= NAMES.index(link.NAME):
        ready(inquiry)
    started = _now()
    with runs.making() as making:
        written = report.written_files(inquiry_dir)
        basis = basis_of(inquiry_dir, inquiry, applied_decisions(inquiry_dir), joinedup.__version__, written)
        reused = _reuse(runs, making, basis, first) if first else None
        last = carry(runs, making, basis, as_the_latest=first > NAMES.index(link.NAME))
        basis = replace(basis, last=last)
        making.store.write("decisions", from_rows("decisions", [asdict(decision) for decision in basis.decisions]))
        for name, table in given_tables(inquiry_dir).items():
            making.store.write(name, table)
        stages = _run_stages(making, basis, first, inquiry_dir, progress)
        if hash_inputs(inquiry_dir) != basis.inputs or own_rules(inquiry_dir) != basis.rules:
            raise RefusedError(
                "returns/, rules/ or standards/ changed meanwhile", remedy="Run again when nobody is copying files."
            )
        findings = making.store.read("findings").filter(ibis._.headline).to_pyarrow()["sentence"].to_pylist()
        manifest = {"fingerprint": basis.fingerprint(), **basis.parts()}
        manifest |= {"earlier_stages_from": reused, "stages": stages}
        run_id = runs.finish(making, basis.fingerprint(), {**manifest, "started": started, "finished": _now()})
    return Made(run_id, runs.path(run_id), stages, findings)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _run_stages(
    making: Making, basis: Basis, first: int, inquiry_dir: Path, progress: Progress
) -> list[dict[str, Any]]:
    done = []
    fingerprint = basis.fingerprint()
    for position, stage in enumerate(STAGES):
        begun = time.perf_counter()
        if position >= first:
            progress(stage.NAME, position, len(STAGES))
            given = StageRun(
                stage=stage.NAME,
                reads=stage.READS,
                writes=stage.WRITES,
                store=making.store,
                inquiry=basis.inquiry,
                inquiry_dir=inquiry_dir,
                run_dir=making.directory,
                seed=basis.inquiry.seed,
                fingerprint=fingerprint,
                from_run=basis.last.get("run", ""),
                progress=progress,
                basis=basis.parts(),
            )
            stage.run(given)
        rows = making.store.tables()
        tables = {name: {"rows": rows[name], "sha256": making.store.fingerprint(name)} for name in stage.WRITES}
        seconds = round(time.perf_counter() - begun, 3)
        done.append({"stage": stage.NAME, "seconds": seconds, "reused": position < first, "tables": tables})
    return done


def _reuse(runs: Runs, making: Making, basis: Basis, first: int) -> str:
    """Copies the earlier stages' tables from the latest run; refuses when one of them has something new to see."""
    latest = runs.latest()
    news = {what: _REACHES.get(what, NAMES[0]) for what in basis.news_since(runs.manifest(latest))}
    missed = min((stage for stage in news.values()), key=NAMES.index, default=NAMES[-1])
    if NAMES.index(missed) < first:
        changed = ", ".join(what for what, stage in news.items() if NAMES.index(stage) < first)
        raise RefusedError(
            f"since run {latest}, {changed} changed: its {missed} cannot be used again",
            remedy=f"Run from there: joinedup run DIR --stage {missed}",
        )
    making.store.copy_from(runs.path(latest) / EVIDENCE, [name for stage in STAGES[:first] for name in stage.WRITES])
    return latest
