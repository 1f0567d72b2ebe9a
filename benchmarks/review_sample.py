"""What a review sample of 400 records does for the hidden number: `python -m benchmarks.review_sample [--write]`.

Children of one region stand on four lists; the charity's is the poor one: half its rows have no date of birth. Records are
linked once with the stage's own model, then 400 are drawn and reviewed anew for every seed, the reviewer finding the child's
records among those shown (or, for most seeds, all of them: the search is the slow part, and its own share is given).
Every rate of error is an assumption of this file.

Printed for each two lists: how far the estimate from two lists is off that from perfect links, as linked and corrected (mean
and spread over the seeds), and how often the limits held it, those of the review alone and those of the estimate.
"""

from __future__ import annotations

import argparse
import datetime
import math
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.measure import write_table
from joinedup.link.candidates import Search
from joinedup.link.linking import Policy, link
from joinedup.link.sampling import draw
from joinedup.registry.link_model import link_models
from joinedup.stats.intervals import Interval, chapman
from joinedup.stats.record_sample import Reviewed, corrected_patterns, whole_counts, widened
from joinedup.store.contract import from_rows

SEEDS, SEARCHED, RECORDS, REPLICATES, DRAWN = 50, 3, 30_000, 400, 400
LISTS = ("charity", "police", "social_care", "school")
SHARES = (0.14, 0.36, 0.29, 0.21)
PAIRS = (("charity", "police"), ("charity", "social_care"), ("police", "social_care"))
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ai", "ou")]


def region(records: int, seed: int) -> tuple[pa.Table, pa.Table, np.ndarray]:
    """The tables mentions and identifiers, in the order of mention_id, and the true child of each mention."""
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(SYLLABLES, size)) for size in rng.choice([2, 3], 3000)]
    common = 1 / (np.arange(3000) + 40.0)
    common /= common.sum()
    rows: list[dict[str, object]] = []
    phones: list[dict[str, object]] = []
    true: list[int] = []
    child = 0
    while len(rows) < records:
        surname = words[rng.choice(3000, p=common)]
        street, number, phone = words[rng.integers(3000)], rng.integers(1, 90), f"+4477009{rng.integers(10**5):05}"
        home = (
            f"ZX{rng.integers(1, 99)} {rng.integers(10)}{'ABDEF'[rng.integers(5)]}{'GHJLN'[rng.integers(5)]}",
            f"{number} {street} road",
        )
        for _ in range(rng.choice([1, 2, 3], p=[0.6, 0.28, 0.12])):
            forename, sex = words[rng.choice(3000, p=common)], "FM"[rng.integers(2)]
            born = datetime.date(1994, 1, 1) + datetime.timedelta(days=int(rng.integers(5000)))
            for place in rng.choice(4, rng.choice([1, 2, 3, 4], p=[0.45, 0.3, 0.15, 0.1]), p=SHARES):
                rows.append(_written(rng, (forename, surname, born, sex, home), LISTS[place], words, len(rows)))
                true.append(child)
                if rng.random() < 0.3:
                    phones.append(
                        {"mention_id": rows[-1]["mention_id"], "kind": "phone", "value": phone, "valid": True}
                    )
            child += 1
    return from_rows("mentions", rows), from_rows("identifiers", phones), np.array(true)


def _written(rng: np.random.Generator, child: tuple, listed: str, words: list[str], number: int) -> dict[str, object]:
    """One child as one list writes it down."""
    forename, surname, born, sex, home = child
    poor = listed == "charity"
    moved = rng.random() < (0.2 if poor else 0.1)
    precision: str | None = "day"
    if rng.random() < (0.5 if poor else 0.03):
        born, precision = None, None
    elif rng.random() < 0.02:
        born += datetime.timedelta(days=int(rng.choice([1, -1, 10, 365])))
    if rng.random() < 0.04:
        surname = words[rng.integers(3000)]
    placed = rng.random() < (0.5 if poor else 0.92)
    postcode = f"ZX{rng.integers(1, 99)} {rng.integers(10)}XX" if moved else home[0]
    return {
        "mention_id": f"m{number:07}", "agency": f"{listed}-a", "agency_kind": listed, "form": "people", "source_ref": str(number),
        "role": "child", "forename_fold": _typed(rng, forename, 0.12 if poor else 0.03), "surname_fold": _typed(rng, surname, 0.05),
        "dob": born, "dob_precision": precision, "sex": sex if rng.random() > 0.04 else None,
        "postcode": postcode if placed else None, "outcode": postcode.split()[0] if placed else None,
        "address_fold": home[1] if placed and not moved and rng.random() < 0.8 else None,
    }  # fmt: skip


def _typed(rng: np.random.Generator, text: str, rate: float) -> str:
    at = int(rng.integers(len(text)))
    return text[:at] + "abdeiklmnorst"[rng.integers(13)] + text[at + 1 :] if rng.random() < rate else text


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

    def estimate(self, pair: tuple[str, str]):  # noqa: ANN201
        """Chapman's estimate of two lists."""
        one, other = ((self.patterns >> LISTS.index(name) & 1).astype(bool) for name in pair)
        return chapman(*(int(self.counts[each].sum()) for each in (one, other, one & other)))


def measured(seed: int, mostly: str) -> tuple[list[list[object]], float]:
    """For each two lists a row of figures over all seeds of one region; and the share of records of drawn children shown."""
    mentions, phones, true = region(RECORDS, seed)
    policy = Policy(0.5, 0.1, 0.99)
    linked = link(
        mentions, phones.select(["mention_id", "kind", "value"]), from_rows("decisions", []), link_models(), policy
    )
    person = np.asarray(linked.people["person_id"].combine_chunks().dictionary_encode().indices, dtype=np.int64)
    on = np.left_shift(1, np.array([LISTS.index(kind) for kind in mentions["agency_kind"].to_pylist()]))
    perfect, raw = Table.of(true, on), Table.of(person, on)
    search, ids = Search(mentions, phones), mentions["mention_id"].combine_chunks()
    order = np.argsort(true, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(true[order])) + 1)
    found: dict[tuple[str, str], list[list[float]]] = {pair: [] for pair in PAIRS}
    shown = whole = 0
    for draw_seed in range(SEEDS):
        design = draw(mentions, linked.links, ids, DRAWN, draw_seed, mostly)
        drawn = np.flatnonzero(design.drawn)
        answers = [members[true[record]] for record in drawn.tolist()]
        if draw_seed < SEARCHED:
            seen = [
                np.append(search.beside(record, np.flatnonzero(person == person[record])), record)
                for record in drawn.tolist()
            ]
            whole += sum(len(each) - 1 for each in answers)
            answers = [np.intersect1d(each, beside) for each, beside in zip(answers, seen, strict=True)]
            shown += sum(len(each) - 1 for each in answers)
        stratum = np.unique(design.strata, return_inverse=True)[1]
        sample = Reviewed(
            person, np.array(design.probability), stratum, drawn, tuple(np.sort(each) for each in answers)
        )
        patterns, cells = corrected_patterns(sample, on, REPLICATES, draw_seed)
        table = Table(patterns, whole_counts(patterns, cells.counts, 4))
        again = [Table(patterns, whole_counts(patterns, counts, 4)) for counts in cells.replicates]
        for pair in PAIRS:
            estimate, truth = table.estimate(pair), perfect.estimate(pair).estimate
            unseen = [each.estimate - each.observed for each in (one.estimate(pair) for one in again)]
            alone = widened(
                Interval(estimate.estimate, estimate.estimate, 0.95), estimate.estimate, estimate.observed, unseen
            )
            both = widened(estimate.limits, estimate.estimate, estimate.observed, unseen)
            held = [float(limits.lower <= truth <= limits.upper) for limits in (alone, both)]
            found[pair].append([estimate.estimate / truth - 1, *held])
    rows = []
    for pair, values in found.items():
        off, alone, both = np.array(values).T
        bias = raw.estimate(pair).estimate / perfect.estimate(pair).estimate - 1
        rows.append([" x ".join(pair), bias, off.mean(), off.std(), alone.mean(), both.mean()])
    return rows, shown / whole


def main() -> None:
    """Measures, prints, and with --write puts the table into docs/benchmarks.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--regions", type=int, default=4)
    asked = parser.parse_args()
    began = time.process_time()
    lines = [
        "| two lists | drawn | as linked | corrected, mean | corrected, spread | limits of the review hold | all limits hold |",
        "|---|---|---|---|---|---|---|",
    ]
    shares = []
    for mostly in ("", "charity"):
        regions = [measured(seed, mostly) for seed in range(1, asked.regions + 1)]
        shares += [share for _, share in regions]
        for place in range(len(PAIRS)):
            rows = [rows[place] for rows, _ in regions]
            raw, mean, alone, both = (float(np.mean([row[column] for row in rows])) for column in (1, 2, 4, 5))
            spread = math.sqrt(float(np.mean([float(row[3]) ** 2 for row in rows])))
            how = "`--mostly charity`" if mostly else "as by default"
            lines.append(
                f"| {rows[0][0]} | {how} | {raw:+.1%} | {mean:+.1%} | {spread:.1%} | {alone:.1%} | {both:.1%} |"
            )
            sys.stdout.write(lines[-1] + "\n")
    cost = time.process_time() - began
    lines += ["", f"{asked.regions} regions of {RECORDS:,} records, each linked once; {SEEDS} draws of {DRAWN} records in each; {REPLICATES} replicates.",
              f"Of the records of drawn children {np.mean(shares):.1%} were shown to the reader. {cost:.0f} CPU seconds."]  # fmt: skip
    sys.stdout.write("\n".join(lines[-2:]) + "\n")
    if asked.write:
        write_table(Path("docs/benchmarks.md"), "review_sample", lines)


if __name__ == "__main__":
    main()
