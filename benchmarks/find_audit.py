"""Finding and auditing on simulated regions whose linking the system did itself, and what a million events cost.

    python -m benchmarks.find_audit [find | cost | all] [--seeds N] [--children N] [--keep FILE]

For each seed a region is simulated, its returns are collected, linked and grouped, and finding is held against the truth.
What each region came to is kept in a file, so that a run cut short goes on where it stopped; another code is another file.
Each part of the page is one function here, so that a part can be run and written alone.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from benchmarks.measure import write_table
from joinedup.audit import stage as audit
from joinedup.collect import stage as collect
from joinedup.domain.tables import SHAPES
from joinedup.evaluate.concerns import Planted, exploited_children, of_rule, planted_in
from joinedup.evaluate.matching import Matched, match
from joinedup.evaluate.truth import Truth, read_truth
from joinedup.find import stage as find
from joinedup.groups import stage as groups
from joinedup.link import stage as link
from joinedup.settings import Inquiry, load_inquiry
from joinedup.simulate import simulate
from joinedup.stats.intervals import wilson
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.duck import DuckStore

ROOT = Path(__file__).resolve().parents[1]
STAGES: tuple[ModuleType, ...] = (collect, link, groups, find)
PACKS = ("missing", "contact", "history", "school_health")


@dataclass(frozen=True)
class Region:
    """One region run: its tables, its truth, and which true person each found one stands for."""

    store: DuckStore
    truth: Truth
    matched: Matched

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A table of the run as rows."""
        found: list[dict[str, Any]] = self.store.read(name).to_pyarrow().to_pylist()
        return found


def run_stage(stage: ModuleType, store: DuckStore, inquiry: Inquiry, folder: Path) -> float:
    """Runs one stage on the store; CPU seconds."""
    begun = time.process_time()
    stage.run(StageRun(stage.NAME, stage.READS, stage.WRITES, store, inquiry, folder, folder, inquiry.seed))
    return time.process_time() - begun


def _opened(path: Path) -> DuckStore:
    """A store in which every table is there and empty, for stages that read what a first run leaves empty."""
    store = DuckStore(path)
    for name in SHAPES:
        store.write(name, from_rows(name, []))
    return store


def regions(seeds: Iterable[int], children: int) -> Iterator[Region]:
    """A region for each seed: simulated, collected, linked, grouped and found."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            simulate(folder, children=children, seed=seed)
            inquiry = load_inquiry(folder).model_copy(update={"rule_packs": PACKS})
            store = _opened(folder / "evidence.duckdb")
            for stage in STAGES:
                run_stage(stage, store, inquiry, folder)
            truth = read_truth(folder / "truth")
            mentions = store.read("mentions").select("mention_id", "agency", "form", "role", "source_ref").to_pyarrow()
            people = store.read("people").select("mention_id", "person_id").to_pyarrow()
            yield Region(store, truth, match(mentions, people, truth.mentions, truth.people))
            store.close()


@dataclass
class Tally:
    """Planted, found of the planted, claimed, and true of the claimed: counts over all regions."""

    planted: int = 0
    found: int = 0
    claimed: int = 0
    true: int = 0
    not_visible: int = 0

    def add(self, planted: set[str], claimed: set[str], true: set[str], not_visible: int = 0) -> None:
        """Takes in one region's sets of children."""
        self.not_visible += not_visible
        self.planted += len(planted)
        self.found += len(planted & claimed)
        self.claimed += len(claimed)
        self.true += len(claimed & true)

    def plus(self, other: Mapping[str, int]) -> None:
        """Adds another region's counts."""
        for name, count in other.items():
            setattr(self, name, getattr(self, name) + count)

    def cells(self) -> str:
        """The cells of a line: planted, recall, claimed, precision."""
        return f"{self.planted:,} | {_share(self.found, self.planted)} | {self.claimed:,} | {_share(self.true, self.claimed)}"


def _share(part: int, whole: int) -> str:
    if not whole:
        return "none to measure"
    limits = wilson(part, whole)
    return f"{part / whole:.3f} ({limits.lower:.3f} to {limits.upper:.3f})"


@dataclass
class Finding:
    """What finding did over all regions."""

    rules: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    unseen: Tally = field(default_factory=Tally)
    exploited_unseen: Tally = field(default_factory=Tally)
    by_group: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    numbers: Counter[str] = field(default_factory=Counter)

    def kept(self) -> dict[str, Any]:
        """The counts as JSON can hold them."""
        groups = [[*key, asdict(tally)] for key, tally in self.by_group.items()]
        return {
            "rules": {rule: asdict(tally) for rule, tally in self.rules.items()}, "by_group": groups,
            "unseen": asdict(self.unseen), "exploited_unseen": asdict(self.exploited_unseen), "numbers": dict(self.numbers),
        }  # fmt: skip

    def plus(self, kept: Mapping[str, Any]) -> None:
        """Adds the counts of a region that was kept."""
        for rule, counts in kept["rules"].items():
            self.rules[rule].plus(counts)
        for part, value, counts in kept["by_group"]:
            self.by_group[part, value].plus(counts)
        self.unseen.plus(kept["unseen"])
        self.exploited_unseen.plus(kept["exploited_unseen"])
        self.numbers.update(kept["numbers"])

    def add(self, region: Region) -> None:
        """Takes in one region: rules alone, then the list by the packs that are on without asking."""
        holder = region.matched.holder
        on = {row["rule"] for row in region.rows("rule_coverage")}
        planted = planted_in(region.truth, frozenset(on))
        fired: dict[str, set[str]] = defaultdict(set)
        for row in region.rows("concerns"):
            fired[row["rule"]].add(holder.get(row["person_id"], f"nobody: {row['person_id']}"))
        for rule in sorted(on):
            visible, true, hidden = of_rule(rule, planted)
            self.rules[rule].add(visible, fired[rule], true, hidden)
        self._list(region, planted)

    def _list(self, region: Region, planted: Planted) -> None:
        listed = {
            region.matched.holder.get(row["person_id"], f"nobody: {row['person_id']}") for row in region.rows("unseen")
        }
        must, may = set(planted.must_list), set(planted.may_list)
        exploited = set(exploited_children(region.truth))
        self.unseen.add(must, listed, may)
        self.exploited_unseen.add(must & exploited, listed & exploited, may)
        self.numbers["exploited"] += len(exploited)
        self.numbers["no rule can reach"] += len(exploited - planted.children)
        for part, kind in groups_of(region).items():
            for value in sorted(set(kind.values())):
                ours = {person for person, which in kind.items() if which == value}
                self.by_group[part, value].add(must & ours, listed & ours, may & ours)


def groups_of(region: Region) -> dict[str, Mapping[str, str]]:
    """Every child by what finding must not depend on, by who holds the reason, and by how complete the records are."""
    people = [row for row in region.truth.people.to_pylist() if row["kind"] == "child"]
    kinds: dict[str, Mapping[str, str]] = {
        name: {row["person_id"]: row[name] for row in people} for name in ("sex", "area", "name_origin", "ethnicity")
    }
    kinds["age at the end"] = {row["person_id"]: _age(row["dob"]) for row in people}
    kind_of = _agency_kinds(region)
    sources: dict[str, set[str]] = defaultdict(set)
    for row in region.truth.concerns.to_pylist():
        sources[row["person_id"]] |= {kind_of.get(agency, "other") for agency in row["agencies"].split("|") if agency}
    kinds["who holds a reason"] = {
        person: next(iter(held)) + " alone" if len(held) == 1 else "several kinds"
        for person, held in sources.items()
        if held
    }
    kinds["records"] = _completeness(region)
    return kinds


def _age(dob: str) -> str:
    years = (2011 - int(dob[:4])) - ((int(dob[5:7]), int(dob[8:10])) > (6, 29))
    return "under 13" if years < 13 else "13 to 15" if years < 16 else "16 and over"


def _agency_kinds(region: Region) -> dict[str, str]:
    return {row["agency"]: row["kind"] for row in region.rows("responses")}


def _completeness(region: Region) -> dict[str, str]:
    """Each true child by the share of their records that hold a full date of birth."""
    told: dict[str, list[bool]] = defaultdict(list)
    precise = dict(
        zip(
            *(
                region.store.read("mentions").select("mention_id", "dob_precision").to_pyarrow()[name].to_pylist()
                for name in ("mention_id", "dob_precision")
            ),
            strict=True,
        )
    )
    rows = region.matched.rows.select(["mention_id", "true"]).to_pylist()
    for row in rows:
        told[row["true"]].append(precise.get(row["mention_id"]) == "day")
    return {
        person: "every record with a date of birth" if all(each) else "half or more with one" if sum(each) * 2 >= len(each) else "fewer than half with one"
        for person, each in told.items()
    }  # fmt: skip


def over_seeds(seeds: int, children: int, keep: Path) -> Finding:
    """What finding does over the seeds, each kept as it ends; those that are kept already are not run again."""
    lines = keep.read_text(encoding="utf-8").splitlines() if keep.exists() else []
    for seed in range(len(lines) + 1, seeds + 1):
        for region in regions([seed], children):
            one = Finding()
            one.add(region)
        lines.append(json.dumps(one.kept()))
        with keep.open("a", encoding="utf-8") as stream:
            stream.write(lines[-1] + "\n")
        print(f"{seed}: unseen list {one.unseen.cells()}", flush=True)
    finding = Finding()
    for line in lines[:seeds]:
        finding.plus(json.loads(line))
    return finding


def find_part(finding: Finding, seeds: int, children: int) -> list[str]:
    """The lines on finding."""
    head = ["planted", "recall (95% limits)", "claimed", "precision (95% limits)"]
    lines = [
        f"{seeds} regions of {children:,} children, seeds 1 to {seeds}; linking by the system. Counts over all.",
        "",
    ]
    lines += [f"| rule | {' | '.join(head)} | not visible |", "|---|---:|---:|---:|---:|---:|"]
    lines += [f"| {rule} | {tally.cells()} | {tally.not_visible:,} |" for rule, tally in sorted(finding.rules.items())]
    lines += ["", f"| the unseen list | {' | '.join(head)} |", "|---|---:|---:|---:|---:|"]
    lines.append(f"| all children | {finding.unseen.cells()} |")
    lines.append(f"| the truly exploited | {finding.exploited_unseen.cells()} |")
    lines += [f"| {part}: {value} | {tally.cells()} |" for (part, value), tally in sorted(finding.by_group.items())]
    exploited, beyond = finding.numbers["exploited"], finding.numbers["no rule can reach"]
    lines += [
        "",
        f"Of {exploited:,} truly exploited children no rule can reach {beyond:,}: {_share(beyond, exploited)}.",
    ]
    return lines


APART = {
    "mention_id",
    "person_id",
    "event_id",
    "person_l",
    "person_r",
    "group_id",
    "case_ref",
    "source_ref",
    "value",
    "place",
}
"""Columns whose values each copy has for itself."""


def enlarge(source: Path, target: Path, copies: int) -> int:
    """Copies a run's tables so many times with other people, events and things in each; the number of events."""
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"ATTACH '{source}' AS one (READ_ONLY)")
        for name in (
            "people",
            "mentions",
            "events",
            "involvements",
            "identifiers",
            "edges",
            "groups",
            "group_members",
            "hubs",
        ):
            columns = ", ".join(_copied(column.name) for column in SHAPES[name].columns)
            query = f"CREATE TABLE {name} AS SELECT {columns} FROM one.{name}, range({copies}) AS r(copy)"
            connection.execute(query)
        found = connection.execute("SELECT count(*) FROM events").fetchone()
    return int(found[0]) if found else 0


def _copied(column: str) -> str:
    """What a copy has in one column: ids and things of its own, in the reasons of ties too."""
    if column == "reasons":
        return """regexp_replace(reasons, '"(m_[0-9a-f]+)"', '"\\1~' || copy || '"', 'g') AS reasons"""
    return f"{column} || '~' || copy AS {column}" if column in APART else f'"{column}"'


def cost_part(children: int, events: int) -> list[str]:
    """The lines on cost: a simulated region's tables enlarged to so many events, through find and audit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulate(folder, children=children, seed=1)
        inquiry = load_inquiry(folder)
        one = _opened(folder / "one.duckdb")
        for stage in (collect, link, groups):
            run_stage(stage, one, inquiry, folder)
        copies = max(1, round(events / int(one.read("events").count().to_pyarrow().as_py())))
        one.close()
        made = enlarge(folder / "one.duckdb", folder / "many.duckdb", copies)
        store = DuckStore(folder / "many.duckdb")
        lines = ["| stage | events | wall seconds | CPU seconds | peak MB so far |", "|---|---:|---:|---:|---:|"]
        for stage in (find, audit):
            begun = time.perf_counter()
            cpu = run_stage(stage, store, inquiry, folder)
            wall = time.perf_counter() - begun
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            lines.append(f"| {stage.NAME} | {made:,} | {wall:.1f} | {cpu:.1f} | {peak:,.0f} |")
            print(lines[-1], flush=True)
        store.close()
    return lines


def main() -> None:
    """Runs the parts asked for and writes each between its marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("find", "cost", "all"), default="all")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--children", type=int, default=1500)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "joinedup-find.jsonl")
    given = parser.parse_args()
    page = ROOT / "docs" / "benchmarks.md"
    if given.part != "cost":
        finding = over_seeds(given.seeds, given.children, given.keep)
        write_table(page, "finding", find_part(finding, given.seeds, given.children))
    if given.part != "find":
        write_table(page, "find and audit cost", cost_part(given.children, given.events))


if __name__ == "__main__":
    main()
