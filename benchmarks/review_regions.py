"""Regions for the benchmark of the review sample: children on four lists, as linking meets them, with the truth beside.

Two populations: one made here, and that of the benchmark of linking (`benchmarks/linking`), on which nothing of the review
sample was developed. In both the charity's list is the poor one: half its rows have no date of birth. Where a region's lists
are independent, every child stands on each list by a chance of its own, whatever the others hold, and some on none: so the
number of all children is known, and what an estimate of it assumes holds. Every rate of error is an assumption.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from benchmarks.linking import population
from benchmarks.linking.datasets import mentions_of
from joinedup.store.contract import from_rows

LISTS = ("charity", "police", "social_care", "school")
SHARES = (0.14, 0.36, 0.29, 0.21)
CHANCES = (0.2, 0.45, 0.36, 0.3)
"""Where lists are independent: the chance of standing on each."""
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ai", "ou")]


@dataclass(frozen=True)
class Region:
    """The tables mentions and identifiers (phones), the true child of each mention, and how many children there are in all."""

    mentions: pa.Table
    phones: pa.Table
    true: np.ndarray
    children: int

    @property
    def on(self) -> np.ndarray:
        """The list of each mention as one bit."""
        return np.left_shift(1, np.array([LISTS.index(kind) for kind in self.mentions["agency_kind"].to_pylist()]))


def made_here(records: int, seed: int, independent: bool) -> Region:
    """A region with made-up names, of about so many records."""
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(SYLLABLES, size)) for size in rng.choice([2, 3], 3000)]
    common = 1 / (np.arange(3000) + 40.0)
    common = np.cumsum(common / common.sum())
    rows: list[dict[str, object]] = []
    phones: list[dict[str, object]] = []
    true: list[int] = []
    child = 0
    while len(rows) < records:
        surname = words[np.searchsorted(common, rng.random(), side="right")]
        street, number, phone = words[rng.integers(3000)], rng.integers(1, 90), f"+4477009{rng.integers(10**5):05}"
        home = (
            f"ZX{rng.integers(1, 99)} {rng.integers(10)}{'ABDEF'[rng.integers(5)]}{'GHJLN'[rng.integers(5)]}",
            f"{number} {street} road",
        )
        for _ in range(rng.choice([1, 2, 3], p=[0.6, 0.28, 0.12])):
            forename, sex = words[np.searchsorted(common, rng.random(), side="right")], "FM"[rng.integers(2)]
            born = datetime.date(1994, 1, 1) + datetime.timedelta(days=int(rng.integers(5000)))
            for place in _places(rng, independent):
                rows.append(_written(rng, (forename, surname, born, sex, home), LISTS[place], words, len(rows)))
                true.append(child)
                if rng.random() < 0.3:
                    phones.append(
                        {"mention_id": rows[-1]["mention_id"], "kind": "phone", "value": phone, "valid": True}
                    )
            child += 1
    return Region(from_rows("mentions", rows), from_rows("identifiers", phones), np.array(true), child)


def _places(rng: np.random.Generator, independent: bool) -> list[int]:
    """The lists one child is on."""
    if independent:
        return np.flatnonzero(rng.random(len(LISTS)) < CHANCES).tolist()
    return rng.choice(4, rng.choice([1, 2, 3, 4], p=[0.45, 0.3, 0.15, 0.1]), p=SHARES).tolist()


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


def of_linking(records: int, seed: int, independent: bool) -> Region:
    """A region of the benchmark of linking: names of three structures, spellings, twins, several rows of a child on one list."""
    if independent:
        lists, children = population.independent(records, CHANCES, seed)
    else:
        lists = population.make(records, seed)
        children = len(np.unique(lists.child))
    mentions, phones = mentions_of(lists)
    place = mentions.schema.get_field_index("agency_kind")
    kinds = pa.array(lists.columns["list"].tolist(), pa.string())
    return Region(mentions.set_column(place, "agency_kind", kinds), phones, lists.child, children)


POPULATIONS: dict[str, Callable[[int, int, bool], Region]] = {"made here": made_here, "of linking": of_linking}
