"""What a region plants for the rules of finding, and what no record could show."""

from __future__ import annotations

import pyarrow as pa

from joinedup.evaluate.concerns import by_rule, planted_in
from joinedup.evaluate.truth import Truth

RULE = "repeat_no_further_action"


def truth(*concerns, looking=()):
    """A truth of these concerns (person, sure, visible, agencies) of one rule, and of who has work open about whom."""
    names = ("person_id", "sure", "visible", "agencies")
    columns = {name: pa.array([row[place] for row in concerns], pa.string()) for place, name in enumerate(names)}
    columns["rule"] = pa.array([RULE] * len(concerns), pa.string())
    empty = pa.table({"person_id": pa.array([], pa.string())})
    work = pa.table({"person_id": [row[0] for row in looking], "agency": [row[1] for row in looking]})
    return Truth(empty, empty, empty, empty, pa.table(columns), empty, {}, work)


def test_what_no_record_could_join_is_neither_found_nor_missed_by_its_rule_and_still_belongs_on_the_list():
    planted = planted_in(
        truth(("T1", "1", "1", "council"), ("T2", "1", "0", "charity|council"), ("T3", "0", "1", "police")),
        frozenset({RULE}),
    )
    assert by_rule({("T1", RULE), ("T9", RULE)}, planted, frozenset({RULE})) == {
        RULE: {"recall": 1.0, "precision": 0.5, "planted": 1, "fired": 2, "not_visible": 1}
    }
    # Found all the same, it is right; and the list is held to joining without error.
    assert by_rule({("T2", RULE)}, planted, frozenset({RULE}))[RULE]["precision"] == 1.0
    assert planted.must_list == {"T1", "T2"}


def test_whoever_holds_a_part_of_it_and_has_work_open_takes_the_child_off_the_list():
    concerns = (("T1", "1", "1", "charity|council"), ("T2", "1", "1", "charity"))
    planted = planted_in(truth(*concerns, looking=[("T1", "council"), ("T2", "council")]), frozenset({RULE}))
    assert planted.must_list == planted.may_list == {"T2"}
