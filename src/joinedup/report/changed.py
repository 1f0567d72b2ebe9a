"""Chapter: what changed since the last report, number by number, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.report.blocks import Chapter, Section, Table, text_only
from joinedup.report.checked import Check
from joinedup.report.evidence import Change, Frame
from joinedup.report.press import Part, Press

NAME = "changes"
UNEXPLAINED = "no reason was found"


def chapter(before: str, changes: Sequence[Change], press: Press, frame: Frame) -> Chapter:
    """Every number that the report published as `before` printed otherwise; before the first there is nothing to compare."""
    title = "Changes since the last report"
    if not before:
        said = text_only("This inquiry has published no report before this one, so there is nothing to compare.")
        return Chapter(NAME, title, (Section("The first report", said),))
    if not changes:
        said = text_only(f"Every number stands as it was published in report {before}.")
        return Chapter(NAME, title, (Section("Nothing changed", said),))
    intro = text_only(
        f"These numbers differ from report {before}. A reason names what differs between the two reports and can be behind "
        "the change: a new return, a correction to a return, a person's decision, a setting, or the program."
    )
    rows: tuple[tuple[Part, ...], ...] = tuple(
        (
            change.label,
            change.before or "not printed",
            press[change.number_id] if change.after is not None else "not printed",
            reasons(change, frame),
        )
        for change in changes
    )
    table = Table("Numbers that changed", ("Number", "Was", "Is", "Reason"), rows)
    return Chapter(NAME, title, (Section("Every number that changed", (*intro, table)),))


def reasons(change: Change, frame: Frame) -> str:
    """The reasons in a reader's words: of returns their agencies, never their files."""
    said: dict[str, dict[str, None]] = {}
    for reason, what, file in change.why:
        said.setdefault(reason, {})[frame.agency(file.split("/")[0]) if file else what] = None
    return "; ".join(f"{reason}: {', '.join(about)}" for reason, about in said.items()) or UNEXPLAINED


def explained(changes: Sequence[Change]) -> list[Check]:
    """Every change has a reason: one without blocks publishing."""
    bare = [change for change in changes if not change.why]
    found = [
        Check("changes", "blocking", each.number_id, f"{each.before} became {each.after}, and {UNEXPLAINED}")
        for each in bare
    ]
    said = (
        f"{len(changes)} numbers changed since the last report, each with its reason."
        if changes
        else "No number changed."
    )
    return found or [Check("changes", "passed", "", said)]
