from __future__ import annotations

import json
import random

import pytest

from joinedup.audit import stage
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.standards import standards
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.duck import DuckStore
from joinedup.store.numbers import read_numbers, recompute


def fill(region):
    region.missing("2010-03-01 10:00", "2010-03-02 10:00", case="1")
    region.missing("2010-03-01 10:00", "2010-03-20 10:00", case="2", person="q")
    region.missing("2010-03-01 10:00", offered="no", case="3", person="r", agency="other-force")
    region.missing("2010-03-01 10:00", offered=None, case="4", person="s")
    region.referral("2010-09-06", "2010-10-01", case="5")
    region.referral("2010-09-06", case="6", person="q")


def test_descriptions_are_not_read():
    assert "descriptions" not in stage.READS


@pytest.fixture(scope="module")
def filled(tmp_path_factory, new_region):
    """One run of the whole stage, which takes seconds: every standard and every rule."""
    region = new_region()
    fill(region)
    return made(tmp_path_factory.mktemp("audit"), region)


def made(folder, region):
    store = DuckStore(folder / "evidence.duckdb")
    for name in stage.READS:
        store.write(name, from_rows(name, region.tables().get(name, [])))
    inquiry = Inquiry.model_validate(
        {"name": "N", "question": "Q", "period": {"from": "2008-01-01", "to": "2011-06-29"}}
    )
    stage.run(StageRun(stage.NAME, stage.READS, stage.WRITES, store, inquiry, folder, folder, 1))
    return store


def test_every_printed_number_recomputes(filled):
    numbers = read_numbers(filled)
    held = {name: number.value for name, number in numbers.items() if number.value}
    assert held == {
        "review.assessment_45_working_days.all": 1,
        "review.assessment_45_working_days.council": 1,
        "review.return_interview_72h.all": 2,
        "review.return_interview_72h.other-force": 1,
        "review.return_interview_72h.police": 1,
    }
    assert {name.split(".")[1] for name in numbers} == {*standards(), *breach_rules()}
    assert all(recompute(filled, number.recipe) == number.value for number in numbers.values())


def test_the_share_met_is_bounded_by_what_the_record_cannot_tell(filled, rows):
    (row,) = rows(filled, "reviews", rule="return_interview_72h", agency="police")
    assert (row["due"], row["met"], row["breached"], row["not_recorded"]) == (3, 1, 1, 1)
    assert (row["share_lower"], row["share_upper"]) == (1 / 3, 2 / 3)
    assert row["standard"].startswith("Return interview within 72 hours")


def test_with_nothing_due_a_share_is_empty_and_not_nought(filled, rows):
    (row,) = rows(filled, "reviews", rule="conference_15_working_days")
    assert (row["agency"], row["due"], row["share_lower"], row["share_upper"]) == ("all", 0, None, None)


def test_pathways_follow_the_case(region, pathways):
    episode, interview = region.missing("2010-03-01 10:00", "2010-03-02 10:00", case="1")
    given = {"agency": "council", "form": "cin_census", "case_ref": "c1"}
    referral, assessment = region.referral("2010-09-06", "2010-10-01", case="c1")
    closure = region.event("closure", "2010-11-01", **given)
    region.event("closure", "2010-10-05", **{**given, "agency": "other-council"})
    nothing = region.event("referral", "2010-09-07", agency="council", form="cin_census", outcome="no_further_action")
    found = {row["pathway_id"]: row for row in pathways(region)}
    assert set(found) == {f"w_{event}" for event in (episode, referral, nothing)}
    assert json.loads(found[f"w_{episode}"]["events"]) == [episode, interview]
    assert (str(found[f"w_{episode}"]["started"]), str(found[f"w_{episode}"]["ended"])) == (
        "2010-03-01 10:00:00", "2010-03-02 10:00:00",
    )  # fmt: skip
    assert json.loads(found[f"w_{referral}"]["events"]) == [referral, assessment, closure]
    assert str(found[f"w_{referral}"]["ended"]) == "2010-11-01 00:00:00"
    assert json.loads(found[f"w_{nothing}"]["events"]) == [nothing]
    assert str(found[f"w_{nothing}"]["ended"]) == "2010-09-07 00:00:00"


def test_one_referral_of_two_children_is_a_pathway_each(region, pathways):
    event = region.event("referral", "2010-09-07", agency="charity", form="charity_referrals")
    region.people.append({"mention_id": "m9", "person_id": "q", "agency": "charity", "kind": "child"})
    region.involvements.append({"mention_id": "m9", "event_id": event, "role": "child"})
    found = sorted(pathways(region), key=lambda row: row["pathway_id"])
    assert [(row["pathway_id"], row["person_id"]) for row in found] == [(f"w_{event}", "p"), (f"w_{event}-2", "q")]


def test_the_order_of_rows_changes_nothing(filled, tmp_path, region):
    fill(region)
    for rows in (region.people, region.involvements, region.events):
        random.Random(5).shuffle(rows)
    after = made(tmp_path, region)
    assert all(filled.fingerprint(name) == after.fingerprint(name) for name in stage.WRITES)
