"""Decisions as a run applies them, held against the ledger's own rules; and repeats of one record."""

from __future__ import annotations

import datetime
from dataclasses import asdict, replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from joinedup.casework.ledger import on_a_pair
from joinedup.domain.judgements import DIFFERENT, ON_PAIRS, SAME, UNSURE
from joinedup.domain.nouns import Decision
from joinedup.errors import RefusedError
from joinedup.link import rules
from joinedup.link.clusters import Constraints, Edges, cluster
from joinedup.store.contract import from_rows

IDS = [f"m{number}" for number in range(7)]
names = st.sampled_from(IDS)
pairs = st.tuples(names, names).filter(lambda pair: pair[0] != pair[1])
histories = st.lists(st.tuples(pairs, st.sampled_from(ON_PAIRS)), max_size=8)
scores = st.lists(st.tuples(pairs, st.sampled_from([0.02, 0.3, 0.5, 0.8, 0.99])), max_size=12)
numbers = st.lists(st.sampled_from([-1, -1, 0, 1]), min_size=len(IDS), max_size=len(IDS))


class Ledger:
    """The ledger's rules without its file: appended, the later taking the place of the earlier."""

    def __init__(self):
        self.rows = []

    def standing(self):
        replaced = {row.replaces for row in self.rows}
        return [row for row in self.rows if row.sequence not in replaced]

    def append(self, pair, kind):
        """Whether it was taken in."""
        said = Decision(len(self.rows) + 1, kind, *pair, kind, "seen", "A. Person", "2026-01-02T03:04:05+00:00")
        try:
            self.rows.append(on_a_pair(said, self.standing()))
        except RefusedError:
            return False
        return True

    def of(self, pair):
        return next((row.kind for row in self.standing() if {row.subject, row.other} == set(pair)), UNSURE)


def decided(rows):
    return rules.decided(from_rows("decisions", [asdict(row) for row in rows]), pa.array(IDS))


def people(ledger, scored, values):
    found = decided(ledger.standing())
    ends = np.array([[IDS.index(name) for name in pair] for pair, _ in scored], dtype=int).reshape(-1, 2).T
    edges = Edges.of(*ends, [probability for _, probability in scored])
    constraints = Constraints({"nhs_no": np.array(values)}, found.apart, found.same)
    return cluster(edges, len(IDS), constraints).component.tolist()


@given(scores, numbers, histories, pairs)
def test_merge_then_unmerge_restores_exactly(scored, values, history, pair):
    ledger = Ledger()
    for said, kind in history:
        ledger.append(said, kind)
    before, stood = people(ledger, scored, values), ledger.of(pair)
    if ledger.append(pair, SAME):
        merged = people(ledger, scored, values)
        assert merged[IDS.index(pair[0])] == merged[IDS.index(pair[1])]
        assert ledger.append(pair, stood)
    assert people(ledger, scored, values) == before


@given(scores, numbers, histories, pairs)
def test_split_then_taken_back_restores_exactly(scored, values, history, pair):
    ledger = Ledger()
    for said, kind in history:
        ledger.append(said, kind)
    before, stood = people(ledger, scored, values), ledger.of(pair)
    if ledger.append(pair, DIFFERENT):
        split = people(ledger, scored, values)
        assert split[IDS.index(pair[0])] != split[IDS.index(pair[1])]
        assert ledger.append(pair, stood)
    assert people(ledger, scored, values) == before


@given(histories)
def test_a_ledger_that_refuses_contradictions_loses_no_decision(history):
    ledger = Ledger()
    for said, kind in history:
        ledger.append(said, kind)
    found = decided(ledger.standing())
    assert found.outweighed == 0
    assert len(found.same) + len(found.apart) == sum(row.kind != UNSURE for row in ledger.standing())


def test_of_decisions_that_contradict_each_other_the_later_stand():
    said = [(("m0", "m1"), SAME), (("m1", "m2"), SAME), (("m0", "m2"), DIFFERENT)]
    blank = Decision(0, "", "", "", "", "seen", "A. Person", "2026-01-02T03:04:05+00:00")
    rows = [
        replace(blank, sequence=place, kind=kind, subject=one, other=other)
        for place, ((one, other), kind) in enumerate(said, start=1)
    ]
    found = decided(rows)
    assert (found.same, found.apart, found.outweighed) == (((1, 2),), ((0, 2),), 1)


def test_unsure_takes_back_and_joins_and_parts_nothing():
    ledger = Ledger()
    ledger.append(("m0", "m1"), SAME)
    ledger.append(("m1", "m0"), UNSURE)
    assert [row.replaces for row in ledger.rows] == [None, 1]
    found = decided(ledger.standing())
    assert (found.same, found.apart, found.not_applied) == ((), (), 0)


RECORDS = st.fixed_dictionaries({
    "agency": st.sampled_from(["a", "a", "b"]), "forename_fold": st.sampled_from(["ana", "ana", "ana", "ben", ""]),
    "surname_fold": st.just("brook"), "dob": st.sampled_from([datetime.date(2005, 4, 3)] * 3 + [datetime.date(2005, 4, 4), None]),
    "dob_precision": st.sampled_from(["day"] * 5 + ["year"]), "sex": st.sampled_from(["F", "F", "F", "M", None, ""]),
    "postcode": st.sampled_from(["ZX1 1AA", "ZX1 1AA", None]), "nhs_no": st.sampled_from([None, None, "9434765919"]),
})  # fmt: skip
WHOLE = ("agency", "forename_fold", "surname_fold", "dob", "sex", "postcode", "nhs_no")


@given(st.lists(st.tuples(RECORDS, st.sampled_from(["children", "children", "suspects", None])), max_size=14))
def test_repeats_are_an_agencys_records_alike_in_everything_as_held_side_by_side(given_rows):
    rows = [row | {"mention_id": f"m{place:02}"} for place, (row, _) in enumerate(given_rows)]
    population = [kind for _, kind in given_rows]
    first, wanted = {}, []
    for place, row in enumerate(rows):
        named = row["forename_fold"] and row["surname_fold"] and row["dob"] and row["dob_precision"] == "day"
        if named and population[place] and (row["postcode"] or row["nhs_no"]):
            leader = first.setdefault((population[place], *(row[name] or "" for name in WHOLE)), place)
            if leader != place:
                wanted.append((leader, place))
    found = rules.same_record(from_rows("mentions", rows), pa.array(population, pa.string()))
    assert sorted(zip(found.left.tolist(), found.right.tolist(), strict=True)) == sorted(wanted)
