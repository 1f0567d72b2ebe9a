"""Chapter: data quality by agency, and what the links between records are worth."""

from __future__ import annotations

from joinedup.domain.numbers import Recipe, number_id
from joinedup.report.blocks import Chapter, Finding, Section, Table, text_only
from joinedup.report.evidence import Evidence, Frame
from joinedup.report.press import Part, Press, Printed, Share, bind, in_brackets
from joinedup.report.words import SEVERITY_WORDS, first_upper, plain

NAME = "quality"
_GROUPS = {
    "group_records": "Records",
    "group_linked": "Linked to another agency's",
    "group_unlinkable": "Cannot be linked",
    "group_review": "Waiting for a person",
}
_SAID_ELSEWHERE = ("group_", "sample_", "children_corrected")
"""Measures of link_quality that are no plain facts about the links: those by group have their own table."""
_MEASURES = {
    "people": "Different people",
    "children": "Different children",
    "children_at_threshold": "Different children, were pairs of this probability one person",
    "records_scored": "Different records compared",
    "pairs_kept": "Pairs not plainly different",
    "pairs_linked": "Pairs taken as one person",
    "pairs_review": "Pairs held for a person to review",
    "links_left_out": "Likely links left out for a conflict or for other links",
    "biggest_person": "Mentions of the person who has most",
    "conflicts": "Groups of linked mentions with a conflict, not all joined",
    "conflicts_that_stand": "People who still hold a conflict",
    "decisions_against_later_ones": "Decisions set aside for later ones",
    "decisions_not_applied": "Decisions on a mention not in this run",
    "keys_set_aside": "Values that too many share to propose pairs",
    "mentions_with_a_key_set_aside": "Records with such a value",
}
"""The facts in words, in the order printed."""
_SCOPES = {"nhs_no": "NHS number", "upn": "Pupil number", "all": "All records"}
ROW_COLUMNS = {"rows": "Rows", "used": "Rows used", "refused": "Rows refused"}


def chapter(evidence: Evidence, frame: Frame, press: Press) -> Chapter:
    """Rows in, used and refused by agency; problems by agency and kind; facts about the links."""
    totals = {column: _total(evidence, press, column) for column in ROW_COLUMNS}
    share = press.share("Rows refused", totals["refused"], totals["rows"])
    sentence = (
        "Of {{quality.rows}} rows received, {{quality.used}} were used in whole or part and {{quality.refused}} refused"
    )
    sentence += f"{in_brackets('refused', share)}."
    matters = "" if totals["refused"].is_nought else "refused_rows"
    findings = [Finding(f"{NAME}-01", NAME, bind(sentence, {"refused": share}, press), matters)]
    sections = [
        Section("Rows by agency", (_rows(evidence, frame, press, (totals, share)),)),
        Section("Problems by agency and kind", (_problems(evidence, frame, press),)),
    ]
    if links := _links(evidence, press):
        intro = text_only(
            "Records that are one person's are linked by comparing names, dates, places and numbers. What that gave:"
        )
        sections.append(Section("Links between records", (*intro, links)))
    if groups := _by_group(evidence, press):
        intro = text_only(
            "Records that say less are linked less, and a child whose referral was closed without action often says least. "
            "Which links are wrong cannot be read off them; who is linked less, and who cannot be linked, can:"
        )
        sections.append(Section("Whom the links may serve worse", (*intro, groups)))
    return Chapter(NAME, "Data quality by agency", tuple(sections), tuple(findings))


def _by_group(evidence: Evidence, press: Press) -> Table | None:
    """Records by group: how many there are, are linked to another agency's, cannot be linked, and wait for a person."""
    counted = {
        (row["measure"], row["scope"]): int(row["value"]) for row in evidence.link_quality if row["measure"] in _GROUPS
    }
    body: list[tuple[Part, ...]] = []
    for scope in sorted({scope for _, scope in counted}, key=str):
        by, _, group = str(scope).partition(": ")
        numbers = [
            press.people(
                number_id("links", measure, scope),
                f"{words}: {by}, {plain(group)}",
                counted[measure, scope],
                Recipe("link_quality", {"measure": measure, "scope": scope}, total="value"),
            )
            for measure, words in _GROUPS.items()
        ]
        body.append((f"{first_upper(by)}: {plain(group)}", *numbers))
    headings = ("Records by", *_GROUPS.values())
    return Table("Records of children and their links, by group", headings, tuple(body)) if body else None


def _total(evidence: Evidence, press: Press, column: str) -> Printed:
    exact = sum(row[column] or 0 for row in evidence.responses)
    return press.people(
        f"quality.{column}", f"{ROW_COLUMNS[column]}, all agencies", exact, Recipe("responses", {}, total=column)
    )


def _rows(evidence: Evidence, frame: Frame, press: Press, whole: tuple[dict[str, Printed], Share]) -> Table:
    body: list[tuple[Part, ...]] = []
    for agency in sorted({row["agency"] for row in evidence.responses}, key=lambda each: (frame.agency(each), each)):
        name = frame.agency(agency)
        numbers = [
            press.people(
                number_id("quality", agency, column),
                f"{words}: {name}",
                sum(row[column] or 0 for row in evidence.responses if row["agency"] == agency),
                Recipe("responses", {"agency": agency}, total=column),
            )
            for column, words in ROW_COLUMNS.items()
        ]
        body.append((name, *numbers, press.share(f"Share of rows refused: {name}", numbers[2], numbers[0])))
    totals, share = whole
    body.append(("All agencies", *totals.values(), share))
    return Table(
        "Rows received, used and refused",
        ("Agency", *ROW_COLUMNS.values(), "Share refused"),
        tuple(body),
        note="Rows refused still stand in the run, each with its file, sheet, row and what was expected.",
    )


def _problems(evidence: Evidence, frame: Frame, press: Press) -> Table:
    counted = {(row["agency"], row["severity"]): int(row["count"]) for row in evidence.problems}
    kinds = [kind for kind in SEVERITY_WORDS if any(key[1] == kind for key in counted)]
    body: list[tuple[Part, ...]] = [
        (
            frame.agency(agency),
            *(
                press.people(
                    number_id("problems", agency, kind),
                    f"{SEVERITY_WORDS[kind]}: {frame.agency(agency)}",
                    counted.get((agency, kind), 0),
                    Recipe("problems", {"agency": agency, "severity": kind}),
                )
                for kind in kinds
            ),
        )
        for agency in sorted({key[0] for key in counted}, key=lambda each: (frame.agency(each), each))
    ]
    return Table(
        "Problems by agency and kind",
        ("Agency", *(SEVERITY_WORDS[kind] for kind in kinds)),
        tuple(body),
        note="" if body else "No problem was found in any return.",
    )


def _links(evidence: Evidence, press: Press) -> Table | None:
    """The measured facts about linking that are whole numbers; shares and scores stay in the run's table."""
    body: list[tuple[Part, ...]] = []
    order = [*_MEASURES]
    for row in sorted(
        evidence.link_quality, key=lambda row: order.index(row["measure"]) if row["measure"] in order else len(order)
    ):
        value = row["value"]
        if str(row["measure"]).startswith(_SAID_ELSEWHERE):
            continue
        if value is None or value < 0 or not float(value).is_integer():
            continue
        where: dict[str, str | int | bool] = {"measure": row["measure"], "scope": row["scope"]}
        measure = _MEASURES.get(row["measure"], first_upper(plain(row["measure"])))
        scope = _SCOPES.get(row["scope"], first_upper(plain(row["scope"])))
        number = press.people(
            number_id("links", row["measure"], row["scope"]),
            f"{measure}: {scope}",
            int(value),
            Recipe("link_quality", where, total="value"),
        )
        body.append((measure, scope, number))
    return Table("Facts about the links", ("Measure", "Of", "Number"), tuple(body)) if body else None
