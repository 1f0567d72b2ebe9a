"""An analyst's findings: bound to the run's numbers, and not taken where they name or type what it does not hold."""

from __future__ import annotations

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report.blocks import Chapter, Finding
from joinedup.report.edited import bound, edit, template_of
from joinedup.report.press import Press, as_text, bind
from joinedup.report.written import WrittenFinding

NOBODY = frozenset()


@pytest.fixture
def press():
    made = Press(disclosure_rules()["nhs_round_5"])
    for name, exact in {"all": 993, "one": 701, "unknown": 93}.items():
        made.people(f"count.{name}", name, exact, Recipe("people", {}, "person_id"))
    return made


def chapters(press):
    share = {"one": press.share("One", press["count.one"], press["count.all"])}
    draft = Finding(
        "scale-01", "scale", bind("{{count.one}} of {{count.all}} ({{%one}}) on 1 list.", share, press), "m"
    )
    return [Chapter("scale", "Size", (), (draft, Finding("scale-02", "scale", ("Other.",))))]


def written(sentence, **more):
    return WrittenFinding(id=more.pop("id", "scale-01"), by="A. Analyst", sentence=sentence, **more)


def test_a_draft_is_edited_in_its_place_and_keeps_what_follows_from_it(press):
    found = edit(chapters(press), [written("Now {{count.one}}.", wrong_if="w.", headline=True)], press, NOBODY)
    [chapter] = found.chapters
    assert [each.finding_id for each in chapter.findings] == ["scale-01", "scale-02"]
    assert as_text(chapter.findings[0].parts) == "Now 700."
    assert (chapter.findings[0].matters, chapter.findings[0].wrong_if) == ("m", "w.")
    assert found.headline == {"scale-01": True}
    assert found.taken == {"scale-01"}


def test_a_template_copied_from_a_draft_gives_the_draft_again(press):
    [chapter] = chapters(press)
    template = template_of(chapter.findings[0])
    assert template == "{{count.one}} of {{count.all}} ({{count.one / count.all}}) on 1 list."
    found = edit([chapter], [written(template)], press, NOBODY)
    assert not found.faults
    assert as_text(found.chapters[0].findings[0].parts) == as_text(chapter.findings[0].parts)


def test_bounds_can_be_written(press):
    said = as_text(
        bound("{{lowest count.one / count.all}} to {{highest count.one + count.unknown / count.all}}", press)
    )
    assert said == "70% to 80%"


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("{{count.won}} children.", "near it: count.one"),
        ("About 700 children.", "it types 700"),
        ("{{count.one + count.all / count.all}}", "only a highest share"),
        ("{{count.one children.", "begins with"),
    ],
)
def test_what_cannot_stand_is_not_taken_and_the_draft_stays(press, sentence, why):
    found = edit(chapters(press), [written(sentence)], press, NOBODY)
    assert why in found.faults["scale-01"]
    assert as_text(found.chapters[0].findings[0].parts).startswith("700 of 995")
    assert found.taken == frozenset()


def test_a_number_that_counts_nothing_of_the_run_is_said_to_be_one(press):
    found = edit(chapters(press), [written("Within 72 hours: {{count.one}}.", plain_numbers=("72",))], press, NOBODY)
    assert not found.faults


def test_findings_are_added_and_left_out(press):
    entries = [
        written("New: {{count.all}}.", id="ours", chapter="scale"),
        WrittenFinding(id="scale-02", by="A", leave_out=True, why="It says nothing."),
        written("No chapter.", id="theirs"),
    ]
    found = edit(chapters(press), entries, press, NOBODY)
    assert [each.finding_id for each in found.chapters[0].findings] == ["scale-01", "ours"]
    assert found.left_out == {"scale-02": "It says nothing."}
    assert "needs its 'chapter'" in found.faults["theirs"]
