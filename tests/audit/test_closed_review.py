"""Criteria held against closed leads: the funnel, by hand and by Operation Beaconport's published figures."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.audit.closed_review import changes, review_closed
from joinedup.errors import SettingsError
from joinedup.registry.closed_criteria import Criteria, read_criteria
from joinedup.stats.review_funnel import scope_of

STATED = {"name": "beaconport", "closed_from": "2010-01-01", "closed_to": "2010-12-31"}


@pytest.fixture
def closed(region):
    """Adds a closed crime with so many suspects."""

    def add(ref, day, outcome="16", suspects=2, person="p"):
        details = json.dumps({"outcome_code": outcome})
        given = {"agency": "police", "form": "police_crime", "case_ref": ref, "person": person}
        crime = region.event("crime", "2010-01-05", outcome="victim_does_not_support", details=details, **given)
        region.event("outcome", day, code=outcome, outcome="victim_does_not_support", **given)
        for number in range(suspects):
            region.people.append({"mention_id": f"s{ref}{number}", "person_id": f"{ref}{number}", "agency": "police", "kind": "adult"})  # fmt: skip
            region.involvements.append({"mention_id": f"s{ref}{number}", "event_id": crime, "role": "suspect"})
        return f"w_{crime}"

    return add


def test_a_lead_is_out_by_the_first_criterion_it_fails_and_untold_where_the_records_lack_one(region, closed):
    early, alone, dead, seen, unborn = (
        closed("a", "2009-12-31"), closed("b", "2010-03-01", suspects=1), closed("c", "2010-03-01", outcome="5"),
        closed("d", "2010-03-01"), closed("e", "2010-03-01"),
    )  # fmt: skip
    criteria = Criteria.model_validate(
        STATED | {"least_suspects": 2, "suspects_alive": True, "victim_under": 18, "not_reviewed_before": True}
    )
    review = review_closed(criteria, region.records(), frozenset({seen}))
    assert {one.pathway_id: (one.state, one.why) for one in review.looked} == {
        early: ("out", "closed from 2010-01-01 to 2010-12-31"),
        alone: ("out", "suspects: 2 or more"),
        dead: ("out", "suspects believed alive"),
        seen: ("out", "not reviewed before"),
        unborn: ("cannot_tell", "not recorded: victim under 18 when closed"),
    }
    assert [(number, left) for _, number, left in review.steps] == [(1, 4), (1, 3), (1, 2), (0, 2), (1, 1)]
    assert (review.scope.total, review.scope.examined, review.scope.in_scope, review.scope.bounds) == (5, 4, 0, (0, 1))


def test_when_criteria_change_the_difference_is_listed(region, closed):
    one, two = closed("a", "2010-03-01"), closed("b", "2010-03-01", suspects=1)
    records = region.records()
    strict = review_closed(Criteria.model_validate(STATED | {"least_suspects": 2}), records)
    loose = review_closed(Criteria.model_validate(STATED), records)
    before = {lead.pathway_id: lead.state for lead in strict.looked}
    assert before == {one: "in_scope", two: "out"}
    assert [(change.pathway_id, change.before, change.now) for change in changes(before, loose)] == [
        (two, "out", "in_scope")
    ]
    assert changes(before, strict) == ()
    assert [change.now for change in changes({"gone": "out"}, strict)] == ["", "in_scope", "out"]


def test_the_published_funnel_of_one_force():
    # Operation Beaconport, Metropolitan Police: about 9,000 cases in criteria over 15 years (600 a year), 2,200 examined,
    # about 1,200 still in scope; expected 2,000 to 3,000.
    scope = scope_of(9000, 2200, 1200)
    assert scope.total / 15 == 600
    assert (scope.unexamined, scope.examined - scope.in_scope) == (6800, 1000)
    assert (round(scope.share, 3), scope.bounds) == (0.545, (1200, 8000))
    # Were the examined drawn at random, more would be in scope than was expected: they were not, and the bounds hold both.
    low, high = scope.projected
    assert (round(low), round(high)) == (4767, 5050)
    assert all(scope.bounds[0] <= expected <= scope.bounds[1] for expected in (2000, 3000))


@given(st.integers(0, 500), st.data())
def test_whatever_the_unexamined_are_the_bounds_hold_all_in_scope(total, data):
    examined = data.draw(st.integers(0, total))
    in_scope = data.draw(st.integers(0, examined))
    hidden = data.draw(st.integers(0, total - examined))
    scope = scope_of(total, examined, in_scope)
    assert scope.bounds[0] <= in_scope + hidden <= scope.bounds[1]
    assert scope.projected is None or scope.bounds[0] <= scope.projected[0] <= scope.projected[1] <= scope.bounds[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "a"\nclosed_from = 2010-01-01', "closed_to: Field required"),
        ('name = "a"\nclosed_from = 2010-01-01\nclosed_to = 2009-01-01', "lies before"),
        ('name = "a"\nclosed_from = 2010-01-01\nclosed_to = 2011-01-01\noutcomes = ["lost"]', "no outcome 'lost'"),
        ("name = ", "not valid TOML"),
    ],
)
def test_a_fault_in_the_criteria_is_told(tmp_path, text, said):
    path = tmp_path / "criteria.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=said):
        read_criteria(path)
