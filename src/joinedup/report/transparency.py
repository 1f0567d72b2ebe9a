"""Drafts of algorithmic transparency records for a person to complete: of linking, each rule pack, and the audit's rules.

They follow the sections of the UK government's Algorithmic Transparency Recording Standard (version 3.0: metadata, tier 1
overview, tier 2 owner, description, decision-making process, tool specification, risks). What the inquiry itself states is
filled in; what only its people can know is marked to be completed. Nothing here is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joinedup.registry.breach_rules import BreachRule
from joinedup.registry.link_model import LinkModels
from joinedup.registry.rules import Pack, Rule
from joinedup.registry.standards import Standard
from joinedup.report.drafting import TO_COMPLETE, Entries, Facts, document, entries_of
from joinedup.report.words import plain

_RISKS = (
    ("A child is missed", "Records that are not sent or not joined cannot be read together; the report says who did not answer."),
    ("Joined wrongly", "Doubtful pairs are held for review, and counts carry the ends they leave open."),
)  # fmt: skip
_BY_PEOPLE = "Rules written by people. No model is trained on outcomes for children."


@dataclass(frozen=True, slots=True)
class Tool:
    """What one record tells of: the words that differ from tool to tool, and the list of what it applies."""

    id: str
    title: str
    label: str
    about: str
    detailed: str
    integration: str
    provided: str
    model: str
    performance: str
    risk: tuple[str, str]
    listed: Sequence[str]


def records(facts: Facts, packs: Sequence[Pack], rules: Sequence[BreachRule], models: LinkModels) -> dict[str, str]:
    """The record of every algorithmic tool of a run, as Markdown by file name."""
    tools = (linking(models), *(finding(pack) for pack in packs), audit(rules, facts.frame.standards))
    return {f"transparency-record-{tool.id}.md": record(facts, tool) for tool in tools}


def finding(pack: Pack) -> Tool:
    """A rule pack, with every rule it holds."""
    return Tool(
        id=pack.id,
        title=pack.title,
        label=f"rule pack {pack.label}",
        about=f"{pack.about} Each rule gives a reason for a person to look at a child's records.",
        detailed=f"{len(pack.rules)} rules, each a test on dated events in the joined records of one child, listed below.",
        integration="A rule that fires puts a child on a list for a person to read. Nothing follows by itself.",
        provided="The rule, its reason, the dated events behind it, what is not recorded, and what would clear it. No score and no probability.",
        model=_BY_PEOPLE,
        performance="No published sensitivity or specificity exists for such rules, and none is claimed. What each rule found is in the report.",
        risk=("A child is listed without need", "Each rule says what it cannot mean and what clears it; a person reads before anything is done."),
        listed=["## The rules", "", *(line for rule in pack.rules for line in _rule(rule))],
    )  # fmt: skip


def audit(rules: Sequence[BreachRule], standards: Mapping[str, Standard]) -> Tool:
    """The audit of what was done: every standard with its clock, and every rule of how leads are ended."""
    listed = ["## The standards", ""]
    for standard in standards.values():
        told = (("Clock", f"{standard.clock.length} {plain(standard.clock.unit)} from {plain(standard.first_step)}"), ("Source", standard.label), ("What it cannot mean", standard.caveat))  # fmt: skip
        listed += [f"### {standard.title} (`{standard.id}`)", "", *entries_of(told), ""]
    listed += ["## The rules of how leads are ended", ""]
    for rule in rules:
        told = (("Needs", rule.needs), ("Source", rule.source), ("What it cannot mean", rule.caveat))
        listed += [f"### {rule.title} (`{rule.id}`)", "", *entries_of(told), ""]
    return Tool(
        id="audit",
        title="The audit of what was done",
        label=f"{len(standards)} standards and {len(rules)} rules",
        about="Every lead about a child is followed from record to record and held against published standards. What was late, not done or contradicted by another record is listed for a person to read.",
        detailed=f"{len(standards)} clocks of published standards and {len(rules)} rules of how leads are ended, each a test on dated events, listed below.",
        integration="A breach puts a lead on a list for a person to open. Nothing follows by itself, for a child, a worker or an agency.",
        provided="The standard or rule, its reason, the dated events behind it, and what is not recorded. No score, no league table.",
        model=_BY_PEOPLE,
        performance="A breach is what the records hold, which may differ from what was done: a step kept on paper counts as not recorded.",
        risk=("An agency or a worker is blamed for what was not recorded", "What the record cannot tell is counted apart, and shares are given as the lowest and highest they leave open."),
        listed=listed,
    )  # fmt: skip


def linking(models: LinkModels) -> Tool:
    """The joining of records that share no identifier, with what it compares."""
    listed = ["## What is compared", ""]
    for model in models.models:
        compared = ", ".join(plain(compared.id) for compared in model.compared)
        listed += entries_of(((plain(model.id), compared),))
    listed += ["", "## Sources of its parameters", "", *(f"- {source}" for source in models.sources), ""]
    return Tool(
        id="linking",
        title="The linking of records",
        label=f"parameters {models.version}",
        about="Records of several agencies that may be of one person are put together, so that nobody is counted twice and what each agency holds can be read side by side.",
        detailed="Pairs of records that share something rare are weighed by how far they agree; brothers, sisters and twins are told apart by a model of their own; pairs are then made into people so that no two certain facts contradict one another.",
        integration="Links are used for counting from an even chance on. Nobody is acted upon because of a link that a person has not confirmed.",
        provided="For every pair, in words: how likely it was before, what each field adds or takes, what is missing, and who else it could have been.",
        model=f"Probabilistic record linkage. {models.made}",
        performance="Missed and false links are estimated on the inquiry's own records by a random sample that two people read apart; the report gives them where it was read, and says so where it was not.",
        risk=("Some people's records are joined worse than others'", "Missed and false links are set out by kind of name, completeness, source and outcome wherever the truth is known; no such label enters linking."),
        listed=listed,
    )  # fmt: skip


def record(facts: Facts, tool: Tool) -> str:
    """The transparency record of one tool."""
    frame = facts.frame
    sections: list[tuple[str, Entries]] = [
        (
            "Metadata",
            [
                ("Name", f"{tool.title} ({tool.label}), used by {frame.name}"),
                ("Phase", TO_COMPLETE),
                ("Region", TO_COMPLETE),
                ("Standard", "Algorithmic Transparency Recording Standard, version 3.0"),
            ],
        ),
        ("Tier 1: overview", [("Description", tool.about), ("Website", TO_COMPLETE), ("Contact", TO_COMPLETE)]),
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
                ("Detailed description", tool.detailed),
                ("Scope", f"{frame.question} Period: {frame.period}. Not for use outside this question."),
                ("Benefit", TO_COMPLETE),
                ("Previous process", TO_COMPLETE),
                ("Alternatives considered", TO_COMPLETE),
            ],
        ),
        *_how_it_works(facts, tool),
    ]  # fmt: skip
    return document(f"Algorithmic transparency record: {tool.title}", sections, tool.listed)


def _how_it_works(facts: Facts, tool: Tool) -> list[tuple[str, Entries]]:
    """The sections on decisions, specification and risks."""
    frame = facts.frame
    return [
        (
            "Tier 2: decision-making process",
            [
                ("Process integration", tool.integration),
                ("Provided information", tool.provided),
                ("Human decisions and review", "Every decision is a named person's, with a reason, kept in an append-only ledger and applied by the next run."),
                ("Required training", TO_COMPLETE),
                ("Appeals and review", TO_COMPLETE),
            ],
        ),
        (
            "Tier 2: tool specification",
            [
                ("System architecture", f"joinedup {frame.version}: linking, then rules over dated events. Run ending in {frame.run}."),
                ("Model", tool.model),
                ("Data used", f"Returns of {len(facts.agencies)} agencies: {'; '.join(facts.agencies)}."),
                ("Sensitive attributes", "Ethnicity, nationality and religion cannot reach linking, rules or groups; tests hold this."),
                ("Performance", tool.performance),
            ],
        ),
        ("Tier 2: risks and mitigations", [*_RISKS, tool.risk, ("Further risks", TO_COMPLETE)]),
    ]  # fmt: skip


def _test(rule: Rule) -> str:
    """The rule's test in words: its kind, and what it is set to."""
    told = []
    for name, value in rule.test.model_dump(exclude={"kind"}, exclude_defaults=True).items():
        said = ", ".join(plain(str(each)) for each in value) if isinstance(value, (tuple, list)) else plain(str(value))
        told.append(f"{plain(name)} {said}")
    return f"{plain(rule.test.kind)}: {'; '.join(told)}"


def _rule(rule: Rule) -> list[str]:
    told = [
        ("Fires on", _test(rule)),
        ("Needs", rule.needs),
        ("What clears it", rule.clears),
        ("What it cannot mean", rule.caveat),
        ("Source", rule.source),
    ]
    return [f"### {rule.title} (`{rule.id}`)", "", *entries_of(told), ""]
