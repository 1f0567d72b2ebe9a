"""Chapter: who was asked, who answered, and how late."""

from __future__ import annotations

from joinedup.domain.numbers import Recipe, number_id
from joinedup.registry.forms import forms
from joinedup.report.blocks import Chapter, Finding, Section, Table, text_only
from joinedup.report.evidence import Evidence, Frame, Row, Rows
from joinedup.report.press import Part, Press, Printed, bind, cell
from joinedup.report.words import STATE_WORDS, day_words, plain

NAME = "answered"


def chapter(evidence: Evidence, frame: Frame, press: Press) -> Chapter:
    """Who answered: findings, agencies by answer, and every form asked of every agency."""
    asked = _agencies(press, evidence.responses, None)
    by_state = {state: _agencies(press, evidence.responses, state) for state in STATE_WORDS}
    findings = [_finding(press, by_state, asked)]
    if not by_state["no_answer"].is_nought:
        findings.append(_weight(press))
    meaning = text_only(
        "An agency that says it holds nothing has answered. An agency that has not answered may hold nothing or a great "
        "deal. Neither is counted as nought. What follows rests on those who sent data, and speaks for no others."
    )
    sections = (
        Section("Agencies by answer", (*meaning, _by_state(asked, by_state))),
        Section("Every form asked for", (_by_form(evidence.responses, frame, press),)),
    )
    return Chapter(NAME, "Who answered", sections, tuple(findings))


def _agencies(press: Press, responses: Rows, state: str | None) -> Printed:
    wanted = [row for row in responses if row["asked"] and state in (None, row["state"])]
    where: dict[str, str | int | bool] = {"asked": True}
    if state:
        where["state"] = state
    label = f"Agencies asked with the answer: {STATE_WORDS[state]}" if state else "Agencies asked"
    agencies = len({row["agency"] for row in wanted})
    return press.institutions(
        number_id("answered", state or "asked"), label, agencies, Recipe("responses", where, "agency")
    )


def _finding(press: Press, by_state: dict[str, Printed], asked: Printed) -> Finding:
    states = {state: f"{{{{{number.number_id}}}}}" for state, number in by_state.items()}
    sentence = (
        f"Of {{{{{asked.number_id}}}}} agencies asked, {states['data']} sent data for at least one form, "
        f"{states['holds_nothing']} said in writing of at least one that they hold nothing, {states['no_answer']} gave "
        f"no answer to at least one, and {states['unreadable']} sent at least one that could not be read."
    )
    return Finding("answered-01", NAME, bind(sentence, {}, press), "asked")


def _weight(press: Press) -> Finding:
    sentence = "Because {{answered.no_answer}} of {{answered.asked}} agencies have left a form unanswered, every count here is of what answering agencies hold, not of all children."
    return Finding("answered-02", NAME, bind(sentence, {}, press), "no_answer")


def _by_state(asked: Printed, by_state: dict[str, Printed]) -> Table:
    rows: list[tuple[Part, ...]] = [(STATE_WORDS[state], number) for state, number in by_state.items()]
    return Table(
        "Agencies by answer",
        ("Answer", "Agencies"),
        (*rows, ("All agencies asked", asked)),
        note="An agency asked for several forms stands under each answer it gave, so the lines need not add up.",
    )


def _by_form(responses: Rows, frame: Frame, press: Press) -> Table:
    rows = tuple(
        _row(row, frame, press)
        for row in sorted(responses, key=lambda row: (frame.agency(row["agency"]), row["agency"], row["form"]))
    )
    columns = ("Agency", "Form", "Answer", "Due", "Received", "Files", "Rows", "Rows refused")
    return Table("What each agency was asked for and what came", columns, rows)


def _row(row: Row, frame: Frame, press: Press) -> tuple[Part, ...]:
    known = forms()
    form = known[row["form"]].title if row["form"] in known else plain(row["form"] or "not recognised")
    agency = frame.agency(row["agency"])
    about = f"{agency}, {form}"
    number = str(row["number_id"])
    answer = STATE_WORDS.get(row["state"], plain(row["state"]))
    return (
        agency,
        form,
        answer if row["asked"] else f"{answer} (not asked for)",
        day_words(row["due"]) if row["due"] else "no day set",
        _received(row),
        press.institutions(number, f"Files: {about}", row["files"] or 0, Recipe.from_json(row["recipe"])),
        _rows_of(press, row, "rows", f"Rows: {about}"),
        _rows_of(press, row, "refused", f"Rows refused: {about}"),
    )


def _rows_of(press: Press, row: Row, column: str, label: str) -> Printed:
    return press.people(
        f"{row['number_id']}.{column}", label, row[column] or 0, cell("responses", row["number_id"], column)
    )


def _received(row: Row) -> str:
    if row["received"] is None:
        return "nothing received" if row["state"] in ("no_answer", "holds_nothing") else "day not known"
    late = row["days_late"]
    if late is None:
        return day_words(row["received"])
    said = "on time" if late <= 0 else f"{late} day{'s' if late > 1 else ''} late"
    return f"{day_words(row['received'])}, {said}"
