"""What links leave open of breakdowns: printed where it moves a published count, and telling nothing more of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.registry.disclosure import disclosure_rules
from joinedup.report import scale
from joinedup.report.blocks import Table
from joinedup.report.evidence import Evidence
from joinedup.report.press import Press
from joinedup.stats.disclosure import protect

RULE = disclosure_rules()["nhs_round_5"]
BOUNDS = {"F": (588, 604), "M": (79, 97), "conflicting": (0, 9), "not known": (303, 305)}


def left_open(made, facts, bounds):
    counts = [
        dict(row) | dict(zip(("lower", "upper"), bounds[row["value"]], strict=True))
        if (row["dimension"], row["status"]) == ("sex", "known") and row["value"] in bounds
        else row
        for row in made.tables()["counts"]
    ]
    press = Press(RULE)
    chapter = scale.chapter(Evidence(counts=counts), facts.frame, press)
    blocks = [block for section in chapter.sections for block in section.blocks if isinstance(block, Table)]
    return press, [block for block in blocks if block.caption.startswith("What the links leave open")]


def test_counts_that_links_may_move_stand_with_how_far(made, facts):
    press, [table] = left_open(made, facts, BOUNDS)
    assert [tuple(getattr(part, "shown", part) for part in row) for row in table.rows] == [
        ("Female", "Known", "600", "590", "605"),
        ("Male", "Known", "85", "80", "95"),
        ("Records conflict", "Known", "5", "0", "10"),
    ]
    lowest = table.rows[0][3]
    assert press.exact(lowest.number_id) == 588
    assert press.recipe(lowest.number_id).total == "lower"
    assert len(table.released.as_text()) == 3  # which stops for a number that no rule was applied to


def test_where_links_move_no_published_count_there_is_no_table(made, facts):
    assert left_open(made, facts, {})[1] == []
    press, tables = left_open(made, facts, {"F": (600, 602)})
    assert tables == []
    assert [
        each.number_id for each in press.numbers() if ".sex." in each.number_id and each.number_id.endswith("er")
    ] == []


@pytest.mark.parametrize("rule", sorted(disclosure_rules()))
@given(st.integers(0, 400), st.integers(0, 400))
def test_that_one_count_is_not_above_another_tells_no_more_than_their_published_values(rule, one, other):
    """Published values stand for ranges that do not meet, in the order of the counts: each count of the one range is at most each of the other."""
    one, other = sorted((one, other))
    low, high = (protect(each, **disclosure_rules()[rule].for_counts()).behind for each in (one, other))
    assert (low.least, low.most) == (high.least, high.most) or low.most < high.least


def by_status(made, facts, thin):
    counts = [
        row | {"thin": thin}
        if (row["dimension"], row["status"], row["population"]) == ("all", "known", "children")
        else row
        for row in made.tables()["counts"]
    ]
    chapter = scale.chapter(Evidence(counts=counts), facts.frame, Press(RULE))
    sentence = "".join(getattr(part, "shown", part) for part in chapter.findings[0].parts)
    [table] = [block for block in chapter.sections[0].blocks if isinstance(block, Table)]
    return sentence, table


def test_children_recorded_too_thinly_to_be_told_apart_stand_beside_their_count(made, facts):
    sentence, table = by_status(made, facts, 121)
    assert "known victims, 120 of them too thinly to be told from the others" in sentence
    assert [getattr(part, "shown", part) for part in table.rows[0]][:3] == ["Known", "995", "120"]
    assert "Each may be one of the other children" in table.note


def test_where_all_children_can_be_told_apart_nothing_is_said_of_it(made, facts):
    sentence, table = by_status(made, facts, 0)
    assert "thinly" not in sentence
    assert table.columns == ("Status", "Children", "Lowest", "Highest")
