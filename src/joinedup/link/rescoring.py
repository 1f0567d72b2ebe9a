"""The scores of a run that has little new to see: what the run before kept, and what its new records touch.

The result is that of scoring everything with the parameters carried on, to the bit. Pairs of records that stand as they
stood keep their codes; pairs with a record that is new or changed are proposed and compared; and where these join groups
that were apart, the pairs between the groups, too unlikely to have been kept, are compared again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

from joinedup.link.engines import Engine
from joinedup.link.fields import Prepared
from joinedup.link.kept import Kept, marks
from joinedup.link.proposals import PROPOSALS
from joinedup.link.scoring import Found, Keep, Scores, scores_of
from joinedup.link.splink_adapter import Pairs, compare
from joinedup.registry.link_model import LinkModel

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Numbers = NDArray[np.int64]


def rescore(prepared: Prepared, model: LinkModel, keep: Keep, last: Kept, engine: Engine) -> Scores | None:
    """The scores, from those kept and what is new since; None where so much is new that the parameters are to be learnt anew.

    `prepared` are the records with names as common as `last` has them.
    """
    change = _Change.of(prepared.records, last)
    if last.enough_changed(change.many):
        return None
    size, numbers = prepared.records.num_rows, np.asarray(prepared.records["number"], dtype=np.int64)
    fitted = last.parameters.fitted

    def probability(found: Found) -> NDArray[np.float64]:
        codes, pattern = np.unique(found.code, return_inverse=True)
        return fitted.probability(codes)[pattern] if len(codes) else np.zeros(0)

    new = _with_touched(prepared.records, model, change, engine)
    found = Found.together([change.standing(last.pairs), new])
    groups = keep.groups(numbers[found.left], numbers[found.right], probability(found))[numbers]
    between = _between(prepared.records, model, change, groups)
    known = np.isin(between.left * size + between.right, found.left * size + found.right)
    between = Pairs(between.left[~known], between.right[~known])
    found = Found.together([found, _compared(prepared.records, model, between, engine)])
    parameters = replace(last.parameters, changed=last.parameters.changed + change.many, held=prepared.held)
    compared = change.mark, len(new) + len(between), len(change.touched)
    return scores_of(found, probability(found), prepared.records, keep, (model, parameters), compared)


@dataclass(frozen=True, slots=True)
class _Change:
    """Which records stand as the last run had them, by place, and where; which do not; how many are new, changed or gone."""

    mark: Numbers
    stands: Numbers
    touched: Numbers
    place_now: Numbers
    """By place in the last run's records, the place now; -1 where the record is gone or changed."""
    component: Numbers
    """By place now, the group of the last run; -1 where the record is new or changed."""
    many: int

    @classmethod
    def of(cls, records: pa.Table, last: Kept) -> _Change:
        mark = marks(records)
        before = np.asarray(
            pc.fill_null(pc.index_in(records["mention_id"], value_set=_whole(last.records["mention_id"])), -1),
            dtype=np.int64,
        )
        old = np.asarray(last.records["mark"], dtype=np.int64)
        same = before >= 0
        same[same] = old[before[same]] == mark[same]
        stands, touched = np.flatnonzero(same), np.flatnonzero(~same)
        place_now = np.full(len(old), -1, dtype=np.int64)
        place_now[before[stands]] = stands
        component = np.full(len(mark), -1, dtype=np.int64)
        component[stands] = np.asarray(last.records["component"], dtype=np.int64)[before[stands]]
        gone = len(old) - int((before >= 0).sum())
        return cls(mark, stands, touched, place_now, component, len(touched) + gone)

    def standing(self, pairs: pa.Table) -> Found:
        """The pairs kept of two records that stand, by place now."""
        left, right, code = (np.asarray(pairs[name], dtype=np.int64) for name in ("place_l", "place_r", "code"))
        left, right = self.place_now[left], self.place_now[right]
        both = (left >= 0) & (right >= 0)
        return Found(left[both], right[both], code[both])


def _with_touched(records: pa.Table, model: LinkModel, change: _Change, engine: Engine) -> Found:
    """The proposed pairs of a new or changed record and any other, and their codes."""
    if not len(change.touched):
        return Found.together([])
    # New and changed records come last, so that the later record of a pair says whether one of the two is new.
    near = _meeting(records, model, change)
    order = np.concatenate([near, change.touched])
    found = compare(records.take(pa.array(order, pa.int64())), model, (), engine, since=len(near)).proposed
    ends = order[found.left], order[found.right]
    return Found(np.minimum(*ends), np.maximum(*ends), found.codes[found.pattern])


def _meeting(records: pa.Table, model: LinkModel, change: _Change) -> Numbers:
    """The records that stand and have a key in common with one that is new or changed."""
    touched = pa.array(change.touched, pa.int64())
    proposals = PROPOSALS[model.id]
    met = np.zeros(records.num_rows, dtype=bool)
    for key in proposals.plain:
        column = _whole(records[key])
        met |= np.asarray(pc.is_in(column, value_set=column.take(touched).drop_null().unique()), dtype=bool)
    for key in proposals.lists:
        column = _whole(records[key])
        values = pc.list_flatten(column)
        shared = np.asarray(pc.is_in(values, value_set=pc.list_flatten(column.take(touched)).unique()), dtype=bool)
        met[np.asarray(pc.list_parent_indices(column), dtype=np.int64)[shared]] = True
    met[change.touched] = False
    return np.flatnonzero(met)


def _between(records: pa.Table, model: LinkModel, change: _Change, groups: Numbers) -> Pairs:
    """The pairs that would be proposed of two records that stand, of one group now and of two in the last run."""
    stands = change.stands[np.lexsort((change.component[change.stands], groups[change.stands]))]
    starts = np.flatnonzero(np.diff(groups[stands], prepend=-1, append=-1)) if len(stands) else np.zeros(1, dtype=int)
    left, right = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    before = change.component[stands]
    # In a group that was several, two neighbours differ in where they were.
    moved = np.flatnonzero((np.diff(before) != 0) & (np.diff(groups[stands]) == 0))
    for group in np.unique(np.searchsorted(starts, moved, side="right") - 1):
        members = stands[starts[group] : starts[group + 1]]
        if len(np.unique(change.component[members])) > 1:
            one, other = np.triu_indices(len(members), 1)
            apart = change.component[members[one]] != change.component[members[other]]
            left.append(members[one[apart]])
            right.append(members[other[apart]])
    ends = np.concatenate(left), np.concatenate(right)
    pairs = Pairs(np.minimum(*ends), np.maximum(*ends))
    order = np.lexsort((pairs.right, pairs.left))
    pairs = Pairs(pairs.left[order], pairs.right[order])
    proposed = _proposed(records, model, pairs)
    return Pairs(pairs.left[proposed], pairs.right[proposed])


def _proposed(records: pa.Table, model: LinkModel, pairs: Pairs) -> NDArray[np.bool_]:
    """Which of the pairs have a key in common."""
    found = np.zeros(len(pairs), dtype=bool)
    sides = [records.take(pa.array(places, pa.int64())) for places in (pairs.left, pairs.right)]
    for key in PROPOSALS[model.id].plain:
        found |= np.asarray(pc.fill_null(pc.equal(sides[0][key], sides[1][key]), False), dtype=bool)
    for key in PROPOSALS[model.id].lists:
        lists = (side[key].to_pylist() for side in sides)
        found |= np.array([bool(one and other and {*one} & {*other}) for one, other in zip(*lists, strict=True)], dtype=bool)  # fmt: skip
    return found


def _compared(records: pa.Table, model: LinkModel, pairs: Pairs, engine: Engine) -> Found:
    """The pairs with their codes."""
    if not len(pairs):
        return Found.together([])
    needed, at = np.unique(np.concatenate([pairs.left, pairs.right]), return_inverse=True)
    asked = Pairs(at[: len(pairs)], at[len(pairs) :])
    compared = compare(records.take(pa.array(needed, pa.int64())), model, (asked,), engine, since=len(needed))
    return Found(pairs.left, pairs.right, compared.drawn[0])


def _whole(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
