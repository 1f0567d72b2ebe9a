"""Drafts for a person to complete: an algorithmic transparency record for each rule pack, and an impact assessment.

The first follows the sections of the UK government's Algorithmic Transparency Recording Standard (version 3.0: metadata,
tier 1 overview, tier 2 owner, description, decision-making process, tool specification, risks); the second the steps of
the Information Commissioner's sample data protection impact assessment. What the inquiry itself states is filled in;
what only its people can know is marked to be completed. Nothing here is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from joinedup.registry.forms import forms
from joinedup.registry.rules import Pack, Rule
from joinedup.report.evidence import Evidence, Frame
from joinedup.report.words import STATE_WORDS, first_upper, plain

TO_COMPLETE = "_[to be completed by a person]_"
_DRAFT = "> **Draft.** Made by Joinedup from the inquiry's own facts. A person completes and answers for it before it is used."
_SPECIAL = ("ethnicity", "nationality", "religion", "disability")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the drafts are filled from: `records` is the rows received as published, `rule` the disclosure rule in words."""

    frame: Frame
    evidence: Evidence
    records: str
    rule: str
    agencies: Sequence[str]


def drafts(facts: Facts, packs: Sequence[Pack]) -> dict[str, str]:
    """Every draft as Markdown, by file name."""
    made = {f"transparency-record-{pack.id}.md": transparency_record(facts, pack) for pack in packs}
    return {**made, "impact-assessment.md": impact_assessment(facts)}


def transparency_record(facts: Facts, pack: Pack) -> str:
    """The transparency record of one rule pack."""
    frame = facts.frame
    sections: list[tuple[str, list[tuple[str, str]]]] = [
        (
            "Metadata",
            [
                ("Name", f"{pack.title} (rule pack {pack.label}), used by {frame.name}"),
                ("Phase", TO_COMPLETE),
                ("Region", TO_COMPLETE),
                ("Standard", "Algorithmic Transparency Recording Standard, version 3.0"),
            ],
        ),
        (
            "Tier 1: overview",
            [
                ("Description", f"{pack.about} Each rule gives a reason for a person to look at a child's records."),
                ("Website", TO_COMPLETE),
                ("Contact", TO_COMPLETE),
            ],
        ),
        (
            "Tier 2: owner and responsibility",
            [
                ("Organisation", TO_COMPLETE),
                ("Team", TO_COMPLETE),
                ("Senior responsible owner", TO_COMPLETE),
                ("Supplier", "None: the rules and the program are open and run on the inquiry's own machines."),
            ],
        ),
        (
            "Tier 2: description and rationale",
            [
                ("Detailed description", _how_rules_work(pack)),
                ("Scope", f"{frame.question} Period: {frame.period}. Not for use outside this question."),
                ("Benefit", TO_COMPLETE),
                ("Previous process", TO_COMPLETE),
                ("Alternatives considered", TO_COMPLETE),
            ],
        ),
        *_how_it_works(facts),
    ]  # fmt: skip
    rules = [line for rule in pack.rules for line in _rule(rule)]
    return _document(f"Algorithmic transparency record: {pack.title}", sections, ["## The rules", "", *rules])


def _how_it_works(facts: Facts) -> list[tuple[str, list[tuple[str, str]]]]:
    """The sections on decisions, specification and risks."""
    frame = facts.frame
    return [
        (
            "Tier 2: decision-making process",
            [
                ("Process integration", "A rule that fires puts a child on a list for a person to read. Nothing follows by itself."),
                ("Provided information", "The rule, its reason, the dated events behind it, what is not recorded, and what would clear it. No score and no probability."),
                ("Human decisions and review", "Every decision is a named person's, with a reason, kept in an append-only ledger and applied by the next run."),
                ("Required training", TO_COMPLETE),
                ("Appeals and review", TO_COMPLETE),
            ],
        ),
        (
            "Tier 2: tool specification",
            [
                ("System architecture", f"joinedup {frame.version}: linking, then rules over dated events. Run ending in {frame.run}."),
                ("Model", "Rules written by people. No model is trained on outcomes for children."),
                ("Data used", f"Returns of {len(facts.agencies)} agencies: {'; '.join(facts.agencies)}."),
                ("Sensitive attributes", "Ethnicity, nationality and religion cannot reach linking, rules or groups; tests hold this."),
                ("Performance", "No published sensitivity or specificity exists for such rules, and none is claimed. What each rule found is in the report."),
            ],
        ),
        (
            "Tier 2: risks and mitigations",
            [
                ("A child is missed", "Records that are not sent or not joined cannot fire a rule; the report says who did not answer."),
                ("A child is listed without need", "Each rule says what it cannot mean and what clears it; a person reads before anything is done."),
                ("Joined wrongly", "Doubtful pairs are held for review, and counts carry the ends they leave open."),
                ("Further risks", TO_COMPLETE),
            ],
        ),
    ]  # fmt: skip


def impact_assessment(facts: Facts) -> str:
    """The data protection impact assessment of the inquiry, as far as its own facts go."""
    frame = facts.frame
    asked = sorted(
        {(frame.agency(row["agency"]), _form(row["form"])) for row in facts.evidence.responses if row["form"]}
    )
    answers = {row["state"] for row in facts.evidence.responses}
    attributes = sorted({str(row["attribute"]).split(" (")[0] for row in facts.evidence.profiles})
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
                ("Answers so far", ", ".join(STATE_WORDS[state].lower() for state in STATE_WORDS if state in answers) or "none"),
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
    return _document(f"Data protection impact assessment: {frame.name}", sections, risks)


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


def _how_rules_work(pack: Pack) -> str:
    return f"{len(pack.rules)} rules, each a test on dated events in the joined records of one child, listed below."


def _rule(rule: Rule) -> list[str]:
    told = [
        ("Fires on", f"{plain(rule.test.kind)}: {', '.join(plain(name) for name in rule.test.event_types)}"),
        ("Needs", rule.needs),
        ("What clears it", rule.clears),
        ("What it cannot mean", rule.caveat),
        ("Source", rule.source),
    ]
    return [f"### {rule.title} (`{rule.id}`)", "", *(f"- **{name}:** {_line(said)}" for name, said in told), ""]


def _document(title: str, sections: Sequence[tuple[str, Sequence[tuple[str, str]]]], more: Sequence[str]) -> str:
    lines = [f"# {title}", "", _DRAFT, ""]
    for heading, entries in sections:
        lines += [f"## {heading}", "", *(f"- **{name}:** {_line(said)}" for name, said in entries), ""]
    return "\n".join([*lines, *more]).rstrip() + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
