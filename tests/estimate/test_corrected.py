"""The review sample in the stage: corrected tables, limits that carry the review, and no headline without one."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.estimate import stage
from joinedup.stats.intervals import chapman

KINDS = ("police", "social_care", "charity")


def inquiry(true_lists, missed, answered, kinds=KINDS):
    """Children by the lists they are truly on, one record a list. Of every `missed`th child the last record was not linked
    to the others. `answered` says of the number of a record whether it was drawn and read."""
    people, listed, memberships, answers, records = [], [], [], [], []
    for child, lists in enumerate(true_lists):
        mine = [f"m{child:04}-{place}" for place in lists]
        for number, (mention, place) in enumerate(zip(mine, lists, strict=True)):
            lost = child % missed == 0 and len(lists) > 1 and number == len(lists) - 1
            person = f"p{child:04}" + ("-apart" if lost else "")
            on = {"list": f"{kinds[place]}-a", "list_kind": kinds[place], "status": "known", "known_or_suspected": True}
            people.append({"mention_id": mention, "person_id": person, "agency": on["list"], "kind": "child"})
            listed.append({"mention_id": mention, **on})
            memberships.append({"person_id": person, "kind": "child", "strongest": True, **on})
            records.append((mention, mine))
    drawn = [answered(number) for number in range(len(records))]
    frame = [
        {"mention_id": mention, "stratum": "x", "probability": sum(drawn) / len(records), "answered": was}
        for (mention, _), was in zip(records, drawn, strict=True)
    ]
    for (mention, mine), was in zip(records, drawn, strict=True):
        answers += [{"record": mention, "mention_id": other} for other in mine] if was else []
    tables = {"people": people, "listed": listed, "memberships": memberships}
    return tables, tables | {"sample_frame": frame, "sample_answers": answers}


def rows_of(store, table):
    return store.read(table).to_pyarrow().to_pylist()


def lead(store):
    [row] = [row for row in rows_of(store, "estimates") if row["chosen"]]
    return row


def replicates(store):
    """What was drawn again for the estimate that leads, and how often."""
    return {(row["drawn"], row["replicates"]) for row in rows_of(store, "redrawn")}


TWO = [(0,)] * 300 + [(1,)] * 200 + [(0, 1)] * 100


def test_links_nobody_reviewed_make_no_headline_and_say_so(run_stage):
    without, _ = inquiry(TWO, 4, lambda _: False, KINDS[:2])
    store = run_stage(stage, without)
    row = lead(store)
    assert "not been reviewed" in row["unreviewed"]
    assert "not been reviewed" in row["assumptions"]
    assert row["estimate"] > chapman(400, 300, 100).estimate
    assert row["corrected_observed"] is None
    assert rows_of(store, "corrected_overlaps") == []


def test_a_sample_of_everything_gives_the_table_of_perfect_links(run_stage):
    _, reviewed = inquiry(TWO, 4, lambda _: True, KINDS[:2])
    store = run_stage(stage, reviewed)
    row, whole = lead(store), chapman(400, 300, 100)
    assert row["estimate"] == pytest.approx(whole.estimate)
    assert (row["lower"], row["upper"]) == pytest.approx((whole.limits.lower, whole.limits.upper))
    assert row["unreviewed"] is None
    assert (row["observed"], row["corrected_observed"]) == (625, 600)
    table = {
        each["pattern"]: each["count"]
        for each in rows_of(store, "corrected_overlaps")
        if each["replicate"] == 0 and each["scope"] == "children:known"
    }
    assert table == {"10": 300, "01": 200, "11": 100}


def test_a_part_reviewed_corrects_and_its_limits_are_wider(run_stage):
    draw = np.random.default_rng(3).random(2000) < 0.3
    without, reviewed = inquiry(TWO, 4, lambda number: bool(draw[number]), KINDS[:2])
    raw, row, whole = lead(run_stage(stage, without)), lead(run_stage(stage, reviewed)), chapman(400, 300, 100)
    assert abs(row["estimate"] - whole.estimate) < abs(raw["estimate"] - whole.estimate) / 2
    assert row["upper"] - row["lower"] > whole.limits.upper - whole.limits.lower
    assert row["lower"] < whole.estimate < row["upper"]
    again = run_stage(stage, reviewed)
    assert lead(again) == row
    assert replicates(again) == {("links", 200)}


def test_three_lists_are_modelled_on_the_corrected_table(run_stage):
    three = [(0,)] * 160 + [(1,)] * 140 + [(2,)] * 90 + [(0, 1)] * 50 + [(0, 2)] * 40 + [(1, 2)] * 35 + [(0, 1, 2)] * 20
    draw = np.random.default_rng(4).random(2000) < 0.4
    truly = lead(run_stage(stage, inquiry(three, 10**9, lambda _: True)[1]))
    without, reviewed = inquiry(three, 3, lambda number: bool(draw[number]))
    store = run_stage(stage, without)
    raw = lead(store)
    assert replicates(store) == {("people", 1000)}
    store = run_stage(stage, reviewed)
    row = lead(store)
    assert replicates(store) == {("people", 1000), ("links", 30)}
    links = [each["total"] for each in rows_of(store, "redrawn") if each["drawn"] == "links"]
    assert links[0] < row["estimate"] < links[-1]
    assert row["method"] == truly["method"] == raw["method"] == "log-linear: widened limits"
    assert abs(row["estimate"] - truly["estimate"]) < abs(raw["estimate"] - truly["estimate"])
    assert row["lower"] < truly["estimate"] < row["upper"]
    assert "corrected by a random sample" in row["assumptions"]


def test_no_lower_limit_falls_below_those_seen_on_lists_that_the_models_leave_out(run_stage):
    """The fourth list can hold one kind of child alone: 150 are seen on it and nowhere else."""
    three = [(0,)] * 160 + [(1,)] * 140 + [(2,)] * 90 + [(0, 1)] * 50 + [(0, 2)] * 40 + [(1, 2)] * 35 + [(0, 1, 2)] * 20
    kinds = (*KINDS, "health")
    agencies = [{"id": f"{kind}-a", "name": kind, "kind": kind, "asked": ["people"]} for kind in kinds]
    draw = np.random.default_rng(4).random(2000) < 0.1
    _, reviewed = inquiry(three + [(3,)] * 150, 3, lambda number: bool(draw[number]), kinds)
    settings = {"agency": agencies, "estimate": {"holds_only": {"health": "patients of one clinic"}}}
    rows = rows_of(run_stage(stage, reviewed, **settings), "estimates")
    given = [row for row in rows if row["method"].startswith("log-linear") and row["lower"] is not None]
    assert any("left out of the models" in row["assumptions"] for row in given)
    for row in given:
        assert row["corrected_observed"] <= row["lower"] <= row["estimate"] <= row["upper"]


def test_a_sample_that_most_records_came_after_does_not_stand_for_them(run_stage):
    _, reviewed = inquiry(TWO, 4, lambda _: True, KINDS[:2])
    row = lead(run_stage(stage, reviewed | {"sample_frame": reviewed["sample_frame"][:600]}))
    assert "since the review sample was drawn" in row["unreviewed"]
    assert row["corrected_observed"] is None
