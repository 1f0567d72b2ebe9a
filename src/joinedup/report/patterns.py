"""Chapter: patterns of offending, victim experience and vulnerability: concerns, unseen children, groups, profiles, claims."""

from __future__ import annotations

from dataclasses import replace

from joinedup.domain.numbers import Recipe
from joinedup.registry.rules import packs
from joinedup.report import associated
from joinedup.report.blocks import Block, Chapter, Finding, Section, Sentence, Table, text_only
from joinedup.report.evidence import Evidence, Frame, Row
from joinedup.report.press import Part, Press, bind, cell, in_brackets, without_numbers
from joinedup.report.profiled import sections as profile_sections
from joinedup.report.words import first_upper, plain

NAME = "patterns"

ROLE_WORDS = {
    "child": "Children",
    "suspect": "Suspects",
    "both": "Recorded both as child and as suspect",
    "other": "Others",
}


def chapter(evidence: Evidence, frame: Frame, press: Press) -> Chapter:
    """Concerns by rule, the size of the unseen list, groups in numbers, profiles with their unknowns, and claims."""
    profiled, profile_findings = profile_sections(evidence.profiles, press)
    concerns, groups = _concerns(evidence, press), _groups(evidence, press)
    findings = [*_concern_findings(evidence, press), *_group_findings(evidence, press), *profile_findings]
    claims, claim_findings = _claims(evidence, frame)
    numbered = tuple(
        replace(finding, finding_id=f"{NAME}-{place:02d}")
        for place, finding in enumerate([*findings, *claim_findings], start=1)
    )
    together = associated.section(evidence, press)
    sections = (concerns, *([together] if together else []), groups, *profiled, *claims)
    return Chapter(NAME, "Patterns of offending, victim experience and vulnerability", sections, numbered)


def _rule_titles() -> dict[str, str]:
    return {rule.id: rule.title for pack in packs().values() for rule in pack.rules}


def _concern_findings(evidence: Evidence, press: Press) -> list[Finding]:
    concerned = press.people(
        "concerns.children",
        "Children with at least one concern",
        evidence.concerned,
        Recipe("concerns", {}, "person_id"),
    )
    unseen = press.people(
        "unseen.children",
        "Children with a concern whom no agency is looking at",
        evidence.unseen,
        Recipe("unseen", {}, "person_id"),
    )
    share = {"unseen": press.share("Children with a concern whom no agency is looking at", unseen, concerned)}
    sentence = "For {{concerns.children}} children the joined records give a reason for a person to look."
    findings = [Finding("", NAME, bind(sentence, {}, press), "concerns")]
    if not concerned.is_nought:
        brackets = in_brackets("unseen", share["unseen"])
        sentence = (
            f"No agency had anything open for {{{{unseen.children}}}} of them{brackets} on the last day of the period, "
            "or only one that holds no part of the reason."
        )
        findings.append(Finding("", NAME, bind(sentence, share, press), "" if unseen.is_nought else "unseen"))
    return findings


def _concerns(evidence: Evidence, press: Press) -> Section:
    titles = _rule_titles()
    rows: list[tuple[Part, ...]] = []
    for row in evidence.rule_coverage:
        title = titles.get(row["rule"], first_upper(plain(row["rule"])))
        number = str(row["number_id"])
        rows.append(
            (
                title,
                row["pack"],
                press.people(
                    number, f"Children for whom fired: {title}", row["fired"], Recipe.from_json(row["recipe"])
                ),
                *(
                    press.people(
                        f"{number}.{column}",
                        f"Children, {words}: {title}",
                        row[column],
                        cell("rule_coverage", number, column),
                    )
                    for column, words in (("not_fired", "rule did not fire"), ("not_evaluable", "records do not allow"))
                ),
            )
        )
    table = Table(
        "Concerns by rule",
        ("Rule", "Pack", "Fired", "Did not fire", "Records do not allow"),
        tuple(rows),
        note="A child can stand under several rules. Children whose records do not hold what a rule needs are in its last column, not in the one before.",
    )
    warning = Sentence(
        (
            (
                "A concern is a reason for a person to look. It is no finding that a child was or was not exploited, and the "
                "number of children with concerns is no count of victims."
            ),
        ),
        "warning",
    )
    return Section("Concerns, and who is looking", (warning, table))


def _groups(evidence: Evidence, press: Press) -> Section:
    rows: list[tuple[Part, ...]] = [
        ("Groups", press.people("groups.all", "Groups of people tied together", evidence.groups, Recipe("groups", {}))),
        (
            "People in groups",
            press.people(
                "groups.people",
                "Different people in groups",
                evidence.in_groups,
                Recipe("group_members", {}, "person_id"),
            ),
        ),
    ]
    counted = {str(row["role"]): int(row["count"]) for row in evidence.members}
    for role, words in ROLE_WORDS.items():
        recipe = Recipe("group_members", {"role": role}, "person_id")
        rows.append(
            (f"{words} in groups", press.people(f"groups.{role}", f"{words} in groups", counted.get(role, 0), recipe))
        )
    for row in evidence.hubs:
        recipe = Recipe("hubs", {"kind": row["kind"], "state": row["state"]})
        words = f"Shared {plain(row['kind'])}: {'set aside, too many share it' if row['state'] == 'set_aside' else plain(row['state'])}"
        rows.append((words, press.people(f"hubs.{row['kind']}.{row['state']}", words, row["count"], recipe)))
    table = Table("Groups in numbers", ("What", "Number"), tuple(rows))
    intro = text_only(
        "A group is people whom small shared things tie: a phone, a vehicle, an account, a place. Such a tie is a lead, not a "
        "charge. Structure alone cannot tell a circle of friends from a group of concern; children placed in one home share its "
        "telephone and address; being tied to a suspect says nothing of guilt."
    )
    return Section("Groups", (*intro, table))


def _group_findings(evidence: Evidence, press: Press) -> list[Finding]:
    if not evidence.groups or "groups.all" not in press:
        return []
    sentence = "{{groups.people}} people stand in {{groups.all}} groups, {{groups.child}} of them as children and {{groups.suspect}} as suspects."
    return [Finding("", NAME, bind(sentence, {}, press), "groups")]


def _claims(evidence: Evidence, frame: Frame) -> tuple[list[Section], list[Finding]]:
    if not evidence.claims:
        return [], []
    rows: list[tuple[Part, ...]] = [
        (row["claim"], first_upper(row["verdict"]), _settled(row, frame)) for row in evidence.claims
    ]
    table = Table("Claims held against the data", ("Claim", "Verdict", "What would settle it"), tuple(rows))
    intro = text_only(
        "A claim is supported when it holds whatever the unrecorded values are, contradicted when it holds for none of "
        "them, and cannot be told otherwise."
    )
    blocks: tuple[Block, ...] = (*intro, table)
    findings = [
        Finding("", NAME, (f"The claim \u201c{row['claim']}\u201d cannot be told from these data.",), "claim")
        for row in evidence.claims
        if row["verdict"] == "cannot be told"
    ]
    return [Section("Claims", blocks)], findings


def _settled(row: Row, frame: Frame) -> str:
    from_claim = frozenset(word for word in str(row["claim"]).split() if word[:1].isdecimal())
    text = str(row["settled_by"] or "")
    return without_numbers(text, frame.allowed_numbers | from_claim)
