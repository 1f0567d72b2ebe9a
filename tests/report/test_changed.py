"""The chapter of changes: every number with its reason, an agency's name and no file, and no silence about none."""

from __future__ import annotations

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report.blocks import shown
from joinedup.report.changed import UNEXPLAINED, chapter, explained, reasons
from joinedup.report.evidence import Change, Frame
from joinedup.report.press import Press

FRAME = Frame("N", "N", "Q", "P", {"police": "Northmoor Police"})
CORRECTED = Change("n.one", "One", "700", "705", (("correction", "returns/police/x.csv", "police/x.csv"),))
DECIDED = Change("n.gone", "Gone", "10", None, (("decision", "decision 3 (same_person) was recorded", ""),))


@pytest.fixture
def press():
    made = Press(disclosure_rules()["nhs_round_5"])
    made.people("n.one", "One", 706, Recipe("people", {}, "person_id"))
    return made


def test_every_change_is_told_with_its_reason(press):
    [section] = chapter("0001-0123abcd", [CORRECTED, DECIDED], press, FRAME).sections
    rows = [tuple(shown(cell) for cell in row) for row in section.blocks[-1].rows]
    assert rows == [
        ("One", "700", "705", "correction: Northmoor Police"),
        ("Gone", "10", "not printed", "decision: decision 3 (same_person) was recorded"),
    ]


def test_the_first_report_and_an_unchanged_one_say_so(press):
    first, unchanged = (chapter(before, [], press, FRAME).sections[0] for before in ("", "0001-0123abcd"))
    assert "published no report before" in shown(first.blocks[0].parts[0])
    assert "stands as it was published in report 0001-0123abcd" in shown(unchanged.blocks[0].parts[0])


def test_a_change_without_a_reason_blocks(press):
    bare = Change("n.one", "One", "700", "705", ())
    assert reasons(bare, FRAME) == UNEXPLAINED
    assert [check.standing for check in explained([CORRECTED])] == ["passed"]
    assert [(check.standing, check.subject) for check in explained([CORRECTED, bare])] == [("blocking", "n.one")]
