"""What a review sample of 400 records does for the hidden number: `python -m benchmarks.review_sample [--write]`.

Two questions, on the two populations of `benchmarks/review_regions.py`; the sample was developed on the first alone.

1. Does the published interval hold the number of all children? A fresh region is made for every seed, its lists independent of
   one another so that what an estimate from two lists assumes holds and the number of all children is known. It is linked, 400
   records are drawn and read, and the limits are those a run publishes: the chance of being listed and what the review leaves
   open. Three readers, none of whom takes two children for one: who finds all records of a child; who finds those that the sheet
   shows; and who finds only those of them that by what the rows say are as likely as not the same child's.
2. Do the limits of the review alone hold the estimate of perfect links? A few regions are linked once and reviewed anew for
   every seed; of a reviewed child the reader finds all.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.measure import write_table
from benchmarks.review_regions import LISTS, POPULATIONS, Region
from joinedup.link.candidates import Search, joined_or_held
from joinedup.link.linking import Policy, link
from joinedup.link.sampling import Design, draw
from joinedup.registry.link_model import link_models
from joinedup.stats.intervals import Interval, TwoListEstimate, chapman
from joinedup.stats.record_sample import Corrected as Cells
from joinedup.stats.record_sample import (
    Reviewed,
    corrected_patterns,
    whole_counts,
    widened,
)
from joinedup.store.contract import from_rows

DRAWN, REPLICATES, DRAWS = 400, 200, 50
LARGE, FRESH = 30_000, 8_000
ALL, SHOWN, BORNE_OUT = "all there are", "all that is shown", "what the rows bear out"
READERS = (ALL, SHOWN, BORNE_OUT)
Rows = dict[str, list[list[float]]]
MOSTLY = {"": "as by default", "charity": "`--mostly charity`"}
PAIRS = (("charity", "police"), ("charity", "social_care"), ("police", "social_care"))


@dataclass(frozen=True)
class Linked:
    """A region as linked: the links, and the linked person of each mention."""

    region: Region
    links: pa.Table
    person: np.ndarray
    members: list[np.ndarray]
    """The mentions of each true child."""

    @property
    def joined_or_held(self) -> tuple[np.ndarray, np.ndarray]:
        """The pairs that linking joins or holds for review, as numbers of mentions."""
        ids, told = (
            self.region.mentions["mention_id"].combine_chunks(),
            self.links.filter(pc.field("zone") != "not_linked"),
        )
        one, other = (
            np.asarray(pc.index_in(told[side], value_set=ids), dtype=np.int64) for side in ("mention_l", "mention_r")
        )
        return one, other

    @classmethod
    def of(cls, region: Region) -> Linked:
        """Links the region with the stage's own model."""
        phones = region.phones.select(["mention_id", "kind", "value"])
        found = link(
            region.mentions,
            phones,
            from_rows("decisions", []),
            link_models(),
            Policy(0.5, 0.1, 0.99),
        )
        codes = found.people["person_id"].combine_chunks().dictionary_encode().indices
        order = np.argsort(region.true, kind="stable")
        members = np.split(order, np.flatnonzero(np.diff(region.true[order])) + 1)
        by_child: list[np.ndarray] = [np.zeros(0, dtype=np.int64)] * (int(region.true.max()) + 1)
        for each in members:
            by_child[region.true[each[0]]] = np.sort(each)
        return cls(region, found.links, np.asarray(codes, dtype=np.int64), by_child)

    def drawn(self, seed: int, mostly: str) -> Design:
        """The draw of one seed."""
        ids = self.region.mentions["mention_id"].combine_chunks()
        return draw(self.region.mentions, self.links, ids, DRAWN, seed, mostly)

    def read(self, design: Design, search: Search | None = None) -> dict[str, tuple[Reviewed, float]]:
        """The sample by reader, and the share of the other records of drawn children that the reader finds. Without a search
        only the reader who finds all."""
        records = np.flatnonzero(design.drawn)
        whole = [self.members[self.region.true[record]] for record in records.tolist()]
        answers = {ALL: whole}
        if search is not None:
            always = joined_or_held(self.person, self.joined_or_held, records)
            answers[SHOWN] = [
                np.intersect1d(each, np.append(search.beside(record, others), record))
                for each, record, others in zip(whole, records.tolist(), always, strict=True)
            ]
            answers[BORNE_OUT] = [
                _borne_out(search, record, shown)
                for record, shown in zip(records.tolist(), answers[SHOWN], strict=True)
            ]
        stratum = np.unique(design.strata, return_inverse=True)[1]
        others = sum(len(each) - 1 for each in whole)
        return {
            reader: (
                Reviewed(self.person, np.array(design.probability), stratum, records, tuple(found)),
                sum(len(each) - 1 for each in found) / max(others, 1),
            )
            for reader, found in answers.items()
        }


def _borne_out(search: Search, record: int, shown: np.ndarray) -> np.ndarray:
    """Of a child's records on the sheet those that one already found makes as likely as not, beginning with the drawn one."""
    found, asked = {record}, [record]
    while asked and len(found) < len(shown):
        bits = search.bits(asked.pop())
        more = [each for each in shown.tolist() if each not in found and bits[each] >= np.log2(len(bits))]
        found.update(more)
        asked += more
    return np.array(sorted(found))


class Table:
    """How many children have each pattern of lists, and the estimate of two of them."""

    def __init__(self, patterns: np.ndarray, counts: np.ndarray) -> None:
        self.patterns, self.counts = patterns, counts

    @classmethod
    def of(cls, child: np.ndarray, on: np.ndarray) -> Table:
        """The table of a way of putting records together."""
        found = np.zeros(int(child.max()) + 1, dtype=np.int64)
        np.bitwise_or.at(found, child, on)
        return cls(*np.unique(found[found > 0], return_counts=True))

    def estimate(self, pair: tuple[str, str]) -> TwoListEstimate:
        """Chapman's estimate of two lists."""
        one, other = ((self.patterns >> LISTS.index(name) & 1).astype(bool) for name in pair)
        return chapman(*(int(self.counts[each].sum()) for each in (one, other, one & other)))


@dataclass(frozen=True)
class Corrected:
    """The corrected table of a sample and its replicates."""

    table: Table
    again: np.ndarray
    """The counts of each replicate, a row each."""
    cells: Cells

    @classmethod
    def of(cls, sample: Reviewed, on: np.ndarray, seed: int) -> Corrected:
        """As the stage estimate makes them."""
        patterns, cells = corrected_patterns(sample, on, REPLICATES, seed)
        counts = [whole_counts(patterns, each, len(LISTS)) for each in (cells.counts, *cells.replicates)]
        return cls(Table(patterns, counts[0]), np.array(counts[1:]), cells)

    def limits(self, pair: tuple[str, str]) -> tuple[TwoListEstimate, Interval, Interval]:
        """The estimate of two lists, its limits as published, and those of the review alone."""
        estimate = self.table.estimate(pair)
        one, other = ((self.table.patterns >> LISTS.index(each) & 1).astype(bool) for each in pair)
        only = [self.again[:, each].sum(axis=1) for each in (one & ~other, other & ~one, one & other)]
        unseen = (only[0] * only[1] / (only[2] + 1)).tolist()
        freedom = self.cells.added(one & other).freedom(0)
        nothing = Interval(estimate.estimate, estimate.estimate, 0.95)
        published, alone = (
            widened(limits, estimate.estimate, estimate.observed, unseen, freedom)
            for limits in (estimate.limits, nothing)
        )
        return estimate, published, alone


def fresh(name: str, seed: int) -> Rows:
    """One fresh region, by reader and how it was drawn: for each two lists how far off as linked and corrected, what the limits
    held (as published, and those of perfect links), and the share of records found."""
    region = POPULATIONS[name](FRESH, 1000 + seed, True)
    linked, search = Linked.of(region), Search(region.mentions, region.phones)
    raw, perfect = Table.of(linked.person, region.on), Table.of(region.true, region.on)
    found: Rows = {}
    for mostly in MOSTLY:
        for reader, (sample, share) in linked.read(linked.drawn(seed, mostly), search).items():
            corrected, rows = Corrected.of(sample, region.on, seed), list[list[float]]()
            for pair in PAIRS:
                _, published, _ = corrected.limits(pair)
                both = (published, perfect.estimate(pair).limits)
                held = [float(limits.lower <= region.children <= limits.upper) for limits in both]
                totals = [each.estimate(pair).estimate for each in (raw, corrected.table, perfect)]
                rows.append([each / region.children - 1 for each in totals] + held + [share])
            found[f"{reader}, {mostly}"] = rows
    return found


def again(name: str, seed: int) -> Rows:
    """One region reviewed anew for every seed, by how it was drawn: for each two lists how far off perfect links as linked and
    corrected in the mean, the spread, and how often the limits of the review alone held it."""
    region = POPULATIONS[name](LARGE, seed, False)
    linked = Linked.of(region)
    raw, perfect = Table.of(linked.person, region.on), Table.of(region.true, region.on)
    by_draw: Rows = {}
    for mostly in MOSTLY:
        found: dict[tuple[str, str], list[list[float]]] = {pair: [] for pair in PAIRS}
        for draw_seed in range(DRAWS):
            corrected = Corrected.of(
                linked.read(linked.drawn(draw_seed, mostly))[ALL][0],
                region.on,
                draw_seed,
            )
            for pair in PAIRS:
                estimate, _, alone = corrected.limits(pair)
                truth = perfect.estimate(pair).estimate
                found[pair].append(
                    [
                        estimate.estimate / truth - 1,
                        float(alone.lower <= truth <= alone.upper),
                    ]
                )
        by_draw[mostly] = []
        for pair, values in found.items():
            off, held = np.array(values).T
            bias = raw.estimate(pair).estimate / perfect.estimate(pair).estimate - 1
            by_draw[mostly].append([bias, off.mean(), off.std(), held.mean()])
    return by_draw


@dataclass(frozen=True)
class Kept:
    """Finished regions in a file, so that a long run can be gone on with; with `only`, what the file has and no more."""

    path: Path | None
    only: bool

    def rows(self, what: str, make: Callable[[str, int], Rows], name: str, seeds: range) -> list[Rows]:
        """The rows of each seed, taken from the file where it has them, else made and added to it."""
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path and self.path.exists() else []
        held = {line["key"]: line["rows"] for line in map(json.loads, lines)}
        found = []
        for seed in seeds:
            key = f"{what} {name} {seed}"
            if key not in held and not self.only:
                held[key] = make(name, seed)
                if self.path:
                    with self.path.open("a", encoding="utf-8") as stream:
                        stream.write(json.dumps({"key": key, "rows": held[key]}) + "\n")
            if key in held:
                found.append(held[key])
        return found


def _share(values: np.ndarray) -> str:
    """A share of seeds and its standard error."""
    share = float(values.mean())
    return f"{share:.1%} ± {math.sqrt(share * (1 - share) / len(values)):.1%}"


def published_rows(seeds: int, say: Callable[[str], None], kept: Kept, readers: tuple[str, ...]) -> list[str]:
    """The table of the first question, for some of the readers."""
    lines = [
        "| population | regions | reader finds | two lists | drawn | as linked, mean | corrected, mean | perfect links, mean | limits as published hold | with perfect links | found |",
        "|---|---:|---|---|---|---|---|---|---|---|---|",
    ]
    for name in POPULATIONS:
        made = kept.rows("fresh", fresh, name, range(seeds))
        for reader, (mostly, how) in product(readers, MOSTLY.items()) if len(made) > 1 else ():
            for place, pair in enumerate(PAIRS):
                raw, off, truth, held, perfect, found = np.array(
                    [each[f"{reader}, {mostly}"][place] for each in made]
                ).T
                error = off.std(ddof=1) / math.sqrt(len(off))
                lines.append(
                    f"| {name} | {len(made)} | {reader} | {' x '.join(pair)} | {how} | {raw.mean():+.1%} | {off.mean():+.1%} ± {error:.1%} | {truth.mean():+.1%} | {_share(held)} | {_share(perfect)} | {found.mean():.1%} |"
                )
                say(lines[-1])
    return lines


def alone_rows(regions: int, say: Callable[[str], None], kept: Kept) -> list[str]:
    """The table of the second question."""
    lines = [
        "| population | draws | two lists | drawn | as linked | corrected, mean | corrected, spread | limits of the review alone hold |",
        "|---|---:|---|---|---|---|---|---|",
    ]
    for name in POPULATIONS:
        made = kept.rows("again", again, name, range(1, regions + 1))
        for mostly, how in MOSTLY.items() if made else ():
            for place, pair in enumerate(PAIRS):
                raw, mean, spread, held = np.array([each[mostly][place] for each in made]).T
                # The draws of one region count one by one: what they share is only the region.
                share, draws = float(held.mean()), DRAWS * len(made)
                error = math.sqrt(share * (1 - share) / draws)
                wide = math.sqrt(float((spread**2).mean()))
                lines.append(
                    f"| {name} | {draws} | {' x '.join(pair)} | {how} | {raw.mean():+.1%} | {mean.mean():+.1%} | {wide:.1%} | {share:.1%} ± {error:.1%} |"
                )
                say(lines[-1])
    return lines


def main() -> None:
    """Measures, prints, and with --write puts the tables into docs/benchmarks.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--regions", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a file of finished regions, so that a run can be gone on with")
    parser.add_argument("--kept-only", action="store_true", help="tables of what that file has; nothing is measured")
    asked = parser.parse_args()
    kept = Kept(asked.keep, asked.kept_only)

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    for name, rows, size in (
        ("review_sample", partial(published_rows, asked.seeds, readers=READERS[:1]), FRESH),
        ("review_shown", partial(published_rows, asked.seeds, readers=READERS[1:]), FRESH),
        ("review_alone", partial(alone_rows, asked.regions), LARGE),
    ):
        lines = rows(say=say, kept=kept)
        lines += ["", f"Regions of {size:,} records; {DRAWN} drawn; {REPLICATES} replicates; ± is the standard error."]
        if asked.write:
            write_table(Path("docs/benchmarks.md"), name, lines)


if __name__ == "__main__":
    main()
