"""Chapter: what should be done, by whom and until when, what became of it, and the drafts nobody has taken up yet."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.report.blocks import Block, Chapter, Section, Sentence, Table, text_only
from joinedup.report.press import Part, References
from joinedup.report.recommended import Recommendation
from joinedup.report.words import day_words, first_upper, plain
from joinedup.report.written import Action, WrittenRecommendation

NAME = "recommendations"


def chapter(
    drafts: Sequence[Recommendation], written: Sequence[WrittenRecommendation], finding_ids: frozenset[str]
) -> Chapter:
    """Every recommendation with its actions, then the drafts that no recommendation follows up."""
    sections = [_written(each, finding_ids) for each in written]
    open_drafts = not_taken_up(drafts, written)
    if open_drafts or not sections:
        sections.append(_drafts(open_drafts))
    return Chapter(NAME, "What should be done", tuple(sections))


def not_taken_up(
    drafts: Sequence[Recommendation], written: Sequence[WrittenRecommendation]
) -> tuple[Recommendation, ...]:
    """The drafts none of whose findings a written recommendation follows from."""
    taken = {finding for each in written for finding in each.findings}
    return tuple(draft for draft in drafts if not taken & set(draft.findings))


def _written(each: WrittenRecommendation, finding_ids: frozenset[str]) -> Section:
    there = tuple(finding for finding in each.findings if finding in finding_ids)
    gone = [finding for finding in each.findings if finding not in finding_ids]
    said: list[Part] = [f"Recommendation {each.id}, made on {day_words(each.made)}. For: {each.to}."]
    if there:
        said += [" Follows from: ", References(there), "."]
    if gone:
        said.append(f" It also followed from findings that this report does not make again: {', '.join(gone)}.")
    table = Table(
        f"Actions of recommendation {each.id}",
        ("Action", "What is to be done", "Owner", "Due", "Status", "Evidence"),
        tuple(_action(action) for action in each.action),
    )
    blocks: tuple[Block, ...] = (Sentence(tuple(said)), table)
    return Section(each.text, blocks)


def _action(action: Action) -> tuple[Part, ...]:
    evidence = "; ".join(
        f"{day_words(seen.on)}: {seen.says}" + (f" ({seen.source})" if seen.source else "") for seen in action.evidence
    )
    due = day_words(action.due) if action.due else "no day set"
    return (action.id, action.text, action.owner, due, first_upper(plain(action.status)), evidence or "none yet")


def _drafts(drafts: Sequence[Recommendation]) -> Section:
    title = "Drafts that follow from the findings"
    if not drafts:
        return Section(title, text_only("No finding of this run gives rise to a recommendation."))
    intro = text_only("These are drafts that rules make of the findings. People decide which of them stand.")
    rows: tuple[tuple[Part, ...], ...] = tuple((each.action, each.owner, References(each.findings)) for each in drafts)
    return Section(title, (*intro, Table(title, ("What should be done", "For", "Follows from"), rows)))
