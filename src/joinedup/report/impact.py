"""A draft of the data protection impact assessment, for a person to complete.

It follows the steps of the Information Commissioner's sample. What the inquiry itself states is filled in; what only its
people can know is marked to be completed. Nothing here is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from joinedup.registry.forms import forms
from joinedup.report.drafting import TO_COMPLETE, Facts, document
from joinedup.report.words import STATE_WORDS, first_upper, plain

NOT_RETURNED = "not returned"
"""The value of an attribute that no return holds of a person."""
_SPECIAL = ("ethnicity", "nationality", "religion", "disability")


def impact_assessment(facts: Facts) -> str:
    """The data protection impact assessment of the inquiry, as far as its own facts go."""
    frame = facts.frame
    asked = sorted(
        {(frame.agency(row["agency"]), _form(row["form"])) for row in facts.evidence.responses if row["form"]}
    )
    answers = Counter(str(row["state"]) for row in facts.evidence.responses)
    held = {str(row["attribute"]).split(" (")[0] for row in facts.evidence.profiles if row["value"] != NOT_RETURNED}
    attributes = sorted(held)
    special = [first_upper(plain(name)) for name in attributes if name in _SPECIAL]
    sections: list[tuple[str, list[tuple[str, str]]]] = [
        (
            "Step 1: the need for an assessment",
            [
                ("Aim", frame.question),
                ("Why an assessment is needed", "Records of children and of suspects from several agencies are matched; special category and criminal offence data are among them."),
            ],
        ),
        (
            "Step 2: the processing",
            [
                ("Nature", "Agencies' files are read as received, records of one person are linked by likeness, children are counted, and dated events are held against rules. Files are never written to; every run is kept with the hash of every input."),
                ("Sources", "; ".join(f"{agency}: {form}" for agency, form in asked) or "None asked."),
                ("Answers so far", "; ".join(f"{STATE_WORDS[state].lower()} for {answers[state]} forms" for state in STATE_WORDS if answers[state]) or "none"),
                ("Scope", f"Rows received (as published): {facts.records}. Period: {frame.period}. Attributes described: {', '.join(plain(name) for name in attributes) or 'none'}."),
                ("Special category data", f"{', '.join(special) or 'None recorded'}. Ethnicity, nationality and religion are kept apart and used only to describe."),
                ("Criminal offence data", "Suspects as agencies name them, with the basis of each involvement (fact, allegation, assessment) kept."),
                ("Sharing", "Only the published report leaves: counts under disclosure control, no record of a person."),
                ("Retention", TO_COMPLETE),
                ("Relationship with the people, and what they expect", TO_COMPLETE),
            ],
        ),
        ("Step 3: consultation", [("Who is consulted, and how", TO_COMPLETE)]),
        (
            "Step 4: necessity and proportionality",
            [
                ("Lawful basis, and condition for special category and criminal offence data", TO_COMPLETE),
                ("Why no less would do", TO_COMPLETE),
                ("Keeping to the purpose", "inquiry.toml states the question and the period; forms flag each column as used for matching, for describing, or never."),
                ("Quality", "Rows that cannot be read are listed with file, row and what was expected; unknowns stand beside every number."),
                ("People's rights", TO_COMPLETE),
            ],
        ),
    ]  # fmt: skip
    risks = [
        "## Step 5 and 6: risks and measures",
        "",
        "| risk to people | measure in place | likelihood, severity, what remains |",
        "|---|---|---|",
        *(f"| {risk} | {measure} | {TO_COMPLETE} |" for risk, measure in _risks(facts)),
        "",
        "## Step 7: sign-off",
        "",
        *(f"- {who}: {TO_COMPLETE}" for who in ("Measures approved by", "Residual risks approved by", "Advice of the data protection officer", "Kept under review by")),
        "",
    ]  # fmt: skip
    return document(f"Data protection impact assessment: {frame.name}", sections, risks)


def _risks(facts: Facts) -> Iterable[tuple[str, str]]:
    yield (
        "Somebody is recognised from the published report",
        f"Disclosure control before anything leaves: {facts.rule}; earlier reports are held against each new one",
    )
    yield (
        "Two people are taken for one, or one for two",
        "Doubtful pairs are reviewed by people; counts carry the ends they leave open",
    )
    yield (
        "A child is treated on the word of a program",
        "No score, no probability; a named person decides, with a reason, in an append-only ledger",
    )
    yield (
        "A group is treated differently for its ethnicity, nationality or religion",
        "These cannot reach linking, rules or groups; a test changes every such value and requires that nothing moves",
    )
    yield "The folder of the inquiry is lost or read by others", f"Access and encryption of the machine: {TO_COMPLETE}"
    yield (
        "A number is published that the records do not bear out",
        "Every number recomputes from its run; two people answer for each publication",
    )


def _form(form: str) -> str:
    return forms()[form].title if form in forms() else plain(form)
