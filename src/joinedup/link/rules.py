"""What is one person without any model: an agency's own person id, an agency's repeats of one record, and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.domain.judgements import ON_PAIRS, SAME, UNSURE, Judgements
from joinedup.link.clusters import CERTAIN, Edges, Numbers

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

SAME_LOCAL_ID = "rule:same_local_id"
SAME_RECORD = "rule:same_record"
DECISION = "decision"
SAME_RECORD_PROBABILITY = 0.999

_RECORD = ("dob", "surname_fold", "forename_fold", "address_fold", "postcode", "nhs_no", "upn", "sex")
"""What two repeats of a record have in common, what tells most records apart first."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Pairs of mention numbers that people have said are one person, or two; and decisions about mentions not here."""

    same: tuple[tuple[int, int], ...]
    apart: tuple[tuple[int, int], ...]
    not_applied: int
    outweighed: int = 0
    """Decisions set aside because later ones, taken together, say the opposite."""


def same_local_id(mentions: pa.Table, population: Any) -> Edges:
    """Mentions with one person id of one agency in one form: the agency says they are one person."""
    keys = pc.binary_join_element_wise(
        mentions["agency"], mentions["form"], population, _nothing_as_null(mentions["local_id"]), "\x1f"
    )
    return _to_the_first(keys, CERTAIN)


def same_local_id_and_birth(mentions: pa.Table, population: Any) -> Edges:
    """Mentions with one person id of one agency in different forms, and one whole date of birth.

    An agency may number people anew for each form, so across forms the id needs the date of birth beside it.
    """
    to_day = pc.fill_null(pc.equal(mentions["dob_precision"], "day"), False)
    born = pc.if_else(to_day, mentions["dob"].cast(pa.string()), pa.scalar(None, pa.string()))
    keys = pc.binary_join_element_wise(
        mentions["agency"], population, _nothing_as_null(mentions["local_id"]), born, "\x1f"
    )
    return _to_the_first(keys, CERTAIN)


def same_record(mentions: pa.Table, population: Any) -> Edges:
    """One agency's mentions alike in everything compared: full name, whole date of birth, and an address or number.

    They stand for one another in scoring, so that a child written down ten times does not outweigh the rest.
    """
    whole = pc.and_(pc.equal(mentions["dob_precision"], "day"), pc.is_valid(mentions["dob"]))
    for column in ("forename_fold", "surname_fold"):
        whole = pc.and_(whole, pc.greater(pc.utf8_length(mentions[column]), 0))
    placed = [
        pc.greater(pc.utf8_length(mentions[column]), 0) for column in ("postcode", "address_fold", "nhs_no", "upn")
    ]
    has_place = placed[0]
    for other in placed[1:]:
        has_place = pc.or_kleene(has_place, other)
    known = pc.and_(pc.is_valid(mentions["agency"]), pc.is_valid(population))
    wanted = pc.fill_null(pc.and_kleene(pc.and_kleene(whole, has_place), known), False)
    given = [*(mentions[column] for column in _RECORD), mentions["agency"], population]
    # Records alike in everything are alike in each column: of every column, only rows that so far have another like them stay.
    rows = np.flatnonzero(np.asarray(wanted, dtype=bool))
    alike = np.zeros(len(rows), dtype=np.int64)
    for column in given:
        own = codes(_combined(column).take(pa.array(rows)))
        _, alike, times = np.unique(
            alike * (int(own.max(initial=-1)) + 2) + own + 1, return_inverse=True, return_counts=True
        )
        several = times[alike] > 1
        rows, alike = rows[several], alike[several]
    keys = np.full(mentions.num_rows, -1, dtype=np.int64)
    keys[rows] = alike
    return _first_of(keys, SAME_RECORD_PROBABILITY)


def decided(decisions: pa.Table, mention_ids: Any) -> Decided:
    """What the decisions say of the mentions of this run; a later decision on a pair takes the place of an earlier one.

    Decisions on different pairs can contradict each other too: a is b, b is c, a is not c. The later ones stand.
    """
    rows = sorted(decisions.to_pylist(), key=lambda row: row["sequence"])
    replaced = {row["replaces"] for row in rows if row["replaces"] is not None}
    wanted = [row for row in rows if row["kind"] in ON_PAIRS and row["sequence"] not in replaced]
    if not wanted:
        return Decided((), (), 0)
    ends = pa.table({side: pa.array([row[side] for row in wanted], pa.string()) for side in ("subject", "other")})
    places = [pc.index_in(ends[side], value_set=mention_ids).to_pylist() for side in ("subject", "other")]
    latest: dict[tuple[int, int], tuple[int, str]] = {}
    not_applied = 0
    for row, one, other in zip(wanted, *places, strict=True):
        if one is None or other is None or one == other:
            not_applied += 1
            continue
        latest[min(one, other), max(one, other)] = (row["sequence"], row["kind"])
    standing, outweighed = Judgements[int](), 0
    for (one, other), (_, kind) in sorted(latest.items(), key=lambda item: -item[1][0]):
        if kind != UNSURE:
            outweighed += not standing.add(one, other, same=kind == SAME)
    return Decided(tuple(sorted(standing.same)), tuple(sorted(standing.apart)), not_applied, outweighed)


def codes(values: Any) -> Numbers:
    """A number for each different value, -1 where there is none."""
    whole = _combined(values)
    encoded = (_nothing_as_null(whole) if pa.types.is_string(whole.type) else whole).dictionary_encode()
    return np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64)


def _to_the_first(keys: Any, strength: float) -> Edges:
    """A link from every row to the first row with its key."""
    return _first_of(codes(keys), strength)


def _first_of(numbers: Numbers, strength: float) -> Edges:
    """A link from every row to the first row with its number; -1 is none."""
    rows = np.flatnonzero(numbers >= 0)
    _, first, inverse = np.unique(numbers[rows], return_index=True, return_inverse=True)
    leader = rows[first][inverse]
    follows = leader != rows
    return Edges.of(leader[follows], rows[follows], strength)


def _combined(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _nothing_as_null(column: Any) -> Any:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
