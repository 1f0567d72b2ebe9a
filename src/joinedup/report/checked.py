"""What is held against a report before it may be published: arithmetic, bounds, sentences, links, answers, follow-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from joinedup.report.blocks import Block, Bullets, Chapter, Figure, Sentence, Table
from joinedup.report.edited import Edited
from joinedup.report.evidence import Evidence, Rows
from joinedup.report.press import Part, Press, Share, as_text
from joinedup.report.recommended import Recommendation
from joinedup.report.sample_read import SampleRead
from joinedup.report.written import CLOSED, WrittenRecommendation
from joinedup.stats.arithmetic import percentages, recompute

Standing = Literal["passed", "warning", "blocking"]
MOST_UNKNOWN = 0.05
"""Above this share of unknowns a share needs its bounds beside it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its outcome; `subject` is the number, finding or thing it is about."""

    check: str
    standing: Standing
    subject: str
    message: str


def arithmetic(chapters: Sequence[Chapter], press: Press) -> list[Check]:
    """Every percentage recomputed from its own published counts and base, and every percentage typed in a sentence."""
    shares = list(dict.fromkeys(part for part in _parts(chapters) if isinstance(part, Share)))
    found = [
        Check("arithmetic", "blocking", share.label, fault) for share in shares if (fault := _share_fault(share, press))
    ]
    for chapter in chapters:
        for finding in chapter.findings:
            for stated in percentages(as_text(finding.parts)):
                came = recompute(stated, rounded_to=press.rule.round_to)
                if came.holds is False:
                    found.append(Check("arithmetic", "blocking", finding.finding_id, came.message))
    passed = f"{len(shares)} percentages were recomputed from their counts and bases."
    return found or [Check("arithmetic", "passed", "", passed)]


def _share_fault(share: Share, press: Press) -> str:
    """What is wrong with a printed share; empty where it follows from the counts it is made of."""
    if share.released.value is None or share.how == "ratio":
        return ""
    shown, slack = float(share.shown.rstrip("%")), 0.5 + 1e-9
    if share.how in ("lowest", "highest"):
        *exact, whole = (press.exact(number) for number in share.made_of)
        truth = 100 * sum(exact) / whole if whole else 0.0
        outside = shown - truth > slack if share.how == "lowest" else truth - shown > slack
        return f"printed as {share.shown}, which the counts behind it do not keep to" if outside else ""
    if share.how in ("from", "to"):
        having, unknown, everybody = (press.exact(number) for number in share.made_of)
        # Were those not known like the others, the share would be that of those known: it lies between the two ends.
        alike = min(100 * having / (everybody - unknown), 100.0) if everybody > unknown else shown
        outside = shown - alike > slack if share.how == "from" else alike - shown > slack
        return f"printed as {share.shown}, and those known lie outside of it" if outside else ""
    part, *less, base = (press[number].released.value for number in share.made_of)
    if part is None or base is None or None in less:
        return f"printed as {share.shown} although one of its counts is withheld"
    left = base - sum(each for each in less if each is not None)
    expected = min(100 * part / left, 100.0) if left > 0 else 0.0
    return f"printed as {share.shown}, and its counts give {expected:.1f}%" if abs(shown - expected) > slack else ""


def claims(evidence: Evidence) -> list[Check]:
    """Every claim has both its bounds, or says that it cannot be told."""
    bare = [row for row in evidence.claims if row["lower"] is None or row["upper"] is None]
    found = [Check("bounds", "blocking", str(row["claim"]), "the claim is answered without its bounds") for row in bare]
    said = f"Claims, each with its bounds: {len(evidence.claims)}." if evidence.claims else "No claim is made."
    return found or [Check("bounds", "passed", "claims", said)]


def bare_shares(chapters: Sequence[Chapter], profiles: Rows) -> list[Check]:
    """No finding gives a share of a value that is unknown of more than 5% without its lowest and highest share."""
    unknown = {str(row["number_id"]): row["unknown"] / row["base"] for row in profiles if row["base"] and row["known"]}
    found = []
    for chapter in chapters:
        for finding in chapter.findings:
            shares = [part for part in finding.parts if isinstance(part, Share)]
            bounded = {(share.how, share.made_of[0]) for share in shares}
            for share in shares:
                part = share.made_of[0]
                beside = {("lowest", part), ("highest", part)} <= bounded
                if share.how == "share" and unknown.get(part, 0.0) > MOST_UNKNOWN and not beside:
                    message = (
                        f"{share.shown} of {part} stands without its lowest and highest share; too much is unknown"
                    )
                    found.append(Check("bounds", "blocking", finding.finding_id, message))
    return found or [Check("bounds", "passed", "findings", "No share stands without the bounds it needs.")]


def sentences(edited: Edited, drafted: Sequence[str]) -> list[Check]:
    """Every entry of findings.toml was taken; drafts that nobody has read are a warning."""
    found = [Check("findings", "blocking", each, why) for each, why in edited.faults.items()]
    unread = [each for each in drafted if each not in edited.taken]
    if unread:
        message = f"{len(unread)} findings stand as rules drafted them; nobody has put their name to them"
        found.append(Check("findings", "warning", ", ".join(unread[:5]), message))
    return found or [Check("findings", "passed", "", "Every finding has been read by a person.")]


def links(links_open: int, quality: Rows) -> list[Check]:
    """No pair of records held for review is still open, or a review sample stands in their place: the counts depend on it.

    `quality` are the rows of link_quality.
    """
    if not links_open:
        return [Check("linkage", "passed", "", "No pair of records is held for review.")]
    message = f"{links_open:,} pairs of records held for review are not decided"
    sample = SampleRead.of(quality)
    if sample is None:
        return [Check("linkage", "blocking", "links", message)]
    if short := sample.shortfalls():
        message += f", and the review sample does not stand for them: {'; '.join(short)}"
        return [Check("linkage", "blocking", "links", message)]
    return [Check("linkage", "passed", "links", f"{message}. {sample.said}")]


def answers(evidence: Evidence) -> list[Check]:
    """Agencies that were asked and gave no answer are a warning."""
    silent = sorted({str(row["agency"]) for row in evidence.responses if row["asked"] and row["state"] == "no_answer"})
    if not silent:
        return [Check("answers", "passed", "", "Every agency asked has answered.")]
    return [Check("answers", "warning", ", ".join(silent), f"{len(silent)} agencies have left a form unanswered")]


def follow_up(
    written: Sequence[WrittenRecommendation], left: Sequence[Recommendation], finding_ids: frozenset[str]
) -> list[Check]:
    """Every recommendation follows from a finding of this report and has an owner and a day for each open action."""
    found = []
    for each in written:
        if not finding_ids & set(each.findings):
            found.append(Check("follow-up", "warning", each.id, "it follows from no finding of this report"))
        undated = [action.id for action in each.action if action.due is None and action.status not in CLOSED]
        if undated:
            found.append(Check("follow-up", "warning", each.id, f"no day is set for {', '.join(undated)}"))
    if left:
        message = f"{len(left)} drafted recommendations have not been taken up or answered"
        found.append(Check("follow-up", "warning", ", ".join(each.recommendation_id for each in left), message))
    return found or [Check("follow-up", "passed", "", "Every recommendation follows from a finding and has its days.")]


def rows_of(checks: Sequence[Check]) -> list[dict[str, object]]:
    """The rows of the table checks, in order."""
    return [
        {
            "place": place,
            "check": each.check,
            "standing": each.standing,
            "subject": each.subject,
            "message": each.message,
        }
        for place, each in enumerate(checks, start=1)
    ]


def read_checks(rows: Sequence[Mapping[str, object]]) -> list[Check]:
    """The checks from the rows of the table checks."""
    standings: dict[str, Standing] = {"passed": "passed", "warning": "warning", "blocking": "blocking"}
    return [
        Check(str(row["check"]), standings[str(row["standing"])], str(row["subject"]), str(row["message"]))
        for row in rows
    ]


def _parts(chapters: Sequence[Chapter]) -> Iterator[Part]:
    for chapter in chapters:
        for finding in chapter.findings:
            yield from finding.parts
        for section in chapter.sections:
            for block in section.blocks:
                yield from _parts_of(block)


def _parts_of(block: Block) -> Iterator[Part]:
    if isinstance(block, Sentence):
        yield from block.parts
    elif isinstance(block, Bullets):
        for item in block.items:
            yield from item
    elif isinstance(block, Table):
        for row in block.rows:
            yield from row
    elif isinstance(block, Figure):
        yield from _parts_of(block.table)
