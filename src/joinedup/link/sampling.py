"""The draw of a review sample: strata by source, by whether the record puts a child on a list, and by how sure its links are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

SURE, UNSURE, THIN = "sure", "unsure", "thin"
LISTED = "listed"
SURE_FROM = 0.95
SPREAD = {SURE: 0.1, UNSURE: 0.25, THIN: 0.4}
"""How much the links of such records are expected to err, as a standard deviation: the more, the more of them are drawn.
That of sure records is taken times the square root of the share of the others among their source's: where much is doubtful,
what looks sure is less so. Judgement only moves the draw between strata; what is estimated from it stays right whatever
these are."""
NOT_LISTED = 0.25
"""How much a record that puts no child on a list counts in the draw beside one that does."""
MOSTLY = 6.0
"""How much a record of a kind of agency that is asked for counts in the draw beside one of another."""
LEAST = 4
"""Records drawn from every stratum that has them: of fewer little could be said of how they vary."""


@dataclass(frozen=True, slots=True)
class Design:
    """Every record that could be drawn, in the order of mention_id: its stratum, its chance, and whether it was."""

    mention_ids: list[str]
    strata: list[str]
    probability: list[float]
    drawn: list[bool]


def draw(mentions: pa.Table, links: pa.Table, listed: Any, records: int, seed: int, mostly: str = "") -> Design:
    """Draws about so many records of children at random within each stratum.

    `mentions` are the mentions in the child role in the order of mention_id: mention_id, agency_kind, forename_fold,
    surname_fold, dob, dob_precision. `links` are the kept pairs. `listed` are the mentions that put a child on a list.
    Records of the kind of agency `mostly` are drawn more often than others.
    """
    ids = mentions["mention_id"].combine_chunks()
    strata = _strata(mentions, links, listed)
    names, stratum, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    wanted = _allocated(names.tolist(), sizes, min(records, len(ids)), mostly)
    rng = np.random.default_rng(seed)
    drawn = np.zeros(len(ids), dtype=bool)
    for place, number in enumerate(wanted.tolist()):
        drawn[rng.choice(np.flatnonzero(stratum == place), number, replace=False)] = True
    probability = (wanted / sizes)[stratum]
    return Design([str(name) for name in ids.to_pylist()], strata.tolist(), probability.tolist(), drawn.tolist())


def _strata(mentions: pa.Table, links: pa.Table, listed: Any) -> Any:
    """The name of each record's stratum."""
    ids = mentions["mention_id"].combine_chunks()
    size = len(ids)
    ends = [
        np.asarray(pc.fill_null(pc.index_in(links[side], value_set=ids), -1)) for side in ("mention_l", "mention_r")
    ]
    zone = np.asarray(links["zone"].to_pylist(), dtype=object)
    probability = np.asarray(links["probability"], dtype=np.float64)
    best, doubt = np.zeros(size), np.zeros(size, dtype=bool)
    for end in ends:
        here = end >= 0
        joined = here & (zone == "linked")
        np.maximum.at(best, end[joined], probability[joined])
        doubt[end[here & (zone == "review")]] = True
    doubt |= (best > 0) & (best < SURE_FROM)
    named = np.ones(size, dtype=bool)
    for column in ("forename_fold", "surname_fold"):
        named &= np.asarray(pc.fill_null(pc.greater(pc.utf8_length(mentions[column]), 0), False), dtype=bool)
    born = np.asarray(pc.fill_null(pc.equal(mentions["dob_precision"], "day"), False), dtype=bool)
    thin = (best == 0) & ~(named & born)
    certainty = np.where(doubt, UNSURE, np.where(thin, THIN, SURE))
    on_list = np.where(np.asarray(pc.is_in(ids, value_set=listed), dtype=bool), LISTED, "not listed")
    kinds = [kind or "other" for kind in mentions["agency_kind"].to_pylist()]
    parts = zip(kinds, on_list.tolist(), certainty.tolist(), strict=True)
    return np.array(["; ".join(part) for part in parts], dtype=object)


def _allocated(names: list[str], sizes: Any, records: int, mostly: str) -> Any:
    """How many of each stratum: by its size and how much its links are expected to err, some at least, and no more than it has."""
    parts = [name.split("; ") for name in names]
    doubtful: dict[str, float] = {}
    held: dict[str, float] = {}
    for (kind, _, certainty), size in zip(parts, sizes.tolist(), strict=True):
        held[kind] = held.get(kind, 0.0) + size
        doubtful[kind] = doubtful.get(kind, 0.0) + (size if certainty != SURE else 0)
    weight = np.array(
        [
            size * SPREAD[certainty] * (np.sqrt((1 + doubtful[kind]) / (1 + held[kind])) if certainty == SURE else 1.0)
            * (NOT_LISTED if on_list != LISTED else 1.0) * (MOSTLY if kind == mostly else 1.0)
            for (kind, on_list, certainty), size in zip(parts, sizes.tolist(), strict=True)
        ]
    )  # fmt: skip
    wanted = np.minimum(LEAST, sizes)
    while (left := records - int(wanted.sum())) > 0 and (open_still := wanted < sizes).any():
        share = np.where(open_still, weight, 0.0)
        more = left * share / share.sum()
        whole = np.floor(more).astype(np.int64)
        rest = left - int(whole.sum())
        whole[np.argsort(-(more - whole), kind="stable")[:rest]] += 1
        wanted = np.minimum(wanted + whole, sizes)
    return wanted
