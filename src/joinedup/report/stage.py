"""Stage report: writes what was found, what follows, what was published, and the page that says so."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ibis

import joinedup
from joinedup.domain.judgements import ON_PAIRS
from joinedup.errors import SettingsError
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.disclosure import DisclosureRule, disclosure_rules
from joinedup.registry.link_model import link_models
from joinedup.registry.local_rules import local_packs
from joinedup.registry.local_standards import all_standards
from joinedup.registry.rules import chosen_packs
from joinedup.report import answered, changed, checked, followed, method, patterns, processes, quality, scale
from joinedup.report.blocks import Chapter, Finding
from joinedup.report.disclosed import told_of
from joinedup.report.drafting import Facts
from joinedup.report.edited import Edited, edit
from joinedup.report.evidence import Change, Evidence, Frame
from joinedup.report.falsified import with_doubt
from joinedup.report.impact import impact_assessment
from joinedup.report.machine import data_files
from joinedup.report.page import Report, page
from joinedup.report.press import Press
from joinedup.report.recommended import recommendations
from joinedup.report.rows import finding_rows, recommended_rows
from joinedup.report.spreadsheet import ods
from joinedup.report.traced import traces
from joinedup.report.transparency import records
from joinedup.report.typeset import pdf
from joinedup.report.withheld import numbers_to_withhold
from joinedup.report.words import day_words
from joinedup.report.written import FINDINGS, RECOMMENDATIONS, read_written
from joinedup.settings import Inquiry
from joinedup.store.behind import own_recipe, own_recipes, records_by_return
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.difference import Shown, causes, published_changes
from joinedup.store.inputs import libraries
from joinedup.store.published import FOLDER as PUBLISHED
from joinedup.store.published import RECORD, Publications
from joinedup.store.runs import run_tail

NAME = "report"
READS = (
    "responses",
    "counts",
    "estimates",
    "overlaps",
    "sensitivities",
    "redrawn",
    "rule_coverage",
    "reviews",
    "timeliness",
    "audit_quarters",
    "profiles",
    "claims",
    "link_quality",
    "problems",
    "groups",
    "group_members",
    "hubs",
    "concerns",
    "unseen",
    "returns",
    "people",
    "mentions",
    "events",
    "memberships",
    "person_attributes",
    "breaches",
    "associations",
    "links",
    "decisions",
)
WRITES = ("findings", "recommendations", "released", "checks")
FOLDER = "report"
FILE = "index.html"
DRAFTS = "drafts"
"""Below the report's folder: documents for a person to complete, which are never published."""

_HEADLINE = {"asked", "estimate", "refused", "unreviewed", "unseen", "no_status"}
"""What the findings on the first page are about, besides the first of each chapter."""


def run(stage: StageRun) -> None:
    """Reads the results of all stages and what people wrote; writes findings, recommendations, released, checks, report/."""
    rule = _rule(stage.inquiry)
    frame, evidence = _frame(stage), _evidence(stage)
    press, drafted = _drafted(evidence, frame, rule)
    written = read_written(stage.inquiry_dir)
    edited = edit(drafted, written.findings, press, frame.allowed_numbers)
    chapters = [with_doubt(chapter) for chapter in edited.chapters]
    findings = [finding for chapter in chapters for finding in chapter.findings]
    finding_ids = frozenset(finding.finding_id for finding in findings)
    drafts = recommendations(findings)
    headline = _headline(chapters, edited)
    # The four objectives in their order: after the processes comes what should be done.
    chapters.insert(3, followed.chapter(drafts, written.recommendations, finding_ids))
    before, changes = _changes(stage, press)
    chapters += [method.chapter(frame, rule), changed.chapter(before, changes, press, frame)]
    protection = f"{rule.title[:1].lower()}{rule.title[1:]}"
    opened = traces(press, _behind(stage, press), frame)
    report = Report(frame, protection, chapters, headline, press.numbers(), opened)
    checks = [
        *checked.arithmetic(chapters, press),
        *checked.claims(evidence),
        *checked.bare_shares(chapters, evidence.profiles),
        *checked.sentences(edited, [finding.finding_id for finding in findings]),
        *checked.links(_links_open(stage), evidence.link_quality),
        *checked.answers(evidence),
        *changed.explained(changes),
        *checked.follow_up(
            written.recommendations, followed.not_taken_up(drafts, written.recommendations), finding_ids
        ),
    ]
    stage.write("findings", from_rows("findings", finding_rows(findings, headline, edited)))
    stage.write("recommendations", from_rows("recommendations", recommended_rows(drafts, written.recommendations)))
    stage.write("released", from_rows("released", press.rows()))
    stage.write("checks", from_rows("checks", checked.rows_of(checks)))
    facts = Facts(frame, evidence, press["quality.rows"].shown, protection, list(frame.agencies.values()))
    packs = chosen_packs(stage.inquiry.rule_packs, local_packs(stage.inquiry_dir))
    made = records(facts, packs, list(breach_rules().values()), link_models())
    _write_files(stage.run_dir / FOLDER, report, {**made, "impact-assessment.md": impact_assessment(facts)})


def _drafted(evidence: Evidence, frame: Frame, rule: DisclosureRule) -> tuple[Press, list[Chapter]]:
    """The chapters as rules make them, with the numbers withheld that would give a small one away."""
    withheld: frozenset[str] = frozenset()
    while True:
        press = Press(rule, withheld)
        chapters = [part.chapter(evidence, frame, press) for part in (scale, patterns, processes, quality, answered)]
        more = numbers_to_withhold(
            {str(row["number_id"]): told for row in press.rows() if (told := told_of(row))}, rule
        )
        if more <= withheld:
            return press, chapters
        # Without a number others are not printed either, and what they said is no more said: so it is looked at again.
        withheld |= more


def _write_files(folder: Path, report: Report, drafts: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(page(report).encode("utf-8"))
    (folder / "report.pdf").write_bytes(pdf(report))
    (folder / "tables.ods").write_bytes(ods(report))
    (folder / "data").mkdir(exist_ok=True)
    for name, content in data_files(report).items():
        (folder / "data" / name).write_bytes(content)
    (folder / DRAFTS).mkdir(exist_ok=True)
    for name, text in drafts.items():
        (folder / DRAFTS / name).write_bytes(text.encode("utf-8"))


def written_files(inquiry_dir: Path) -> list[str]:
    """What the report follows from besides the other stages' tables: what people wrote, and the latest publication."""
    published = Publications(inquiry_dir).ids()
    return [FINDINGS, RECOMMENDATIONS, *(f"{PUBLISHED}/{each}/{RECORD}" for each in published[-1:])]


def _changes(stage: StageRun, press: Press) -> tuple[str, list[Change]]:
    """The id of the latest publication, and every number that it printed otherwise, with what can be behind that."""
    latest = Publications(stage.inquiry_dir).latest()
    if latest is None:
        return "", []
    before, own = latest.numbers(), own_recipes(stage)
    now = {str(row["number_id"]): (str(row["shown"]), str(row["recipe"])) for row in press.rows()}
    differing = {each for each, (shown, _) in now.items() if each not in before or before[each].shown != shown}
    recipes = {each: own_recipe(press.recipe(each), own) for each in differing}
    files = records_by_return(stage, recipes.values(), stage.reads, by="file")
    after = {
        each: Shown(
            press[each].label,
            shown,
            recipe,
            frozenset(files.get(recipes[each].to_json(), {})) if each in recipes else frozenset(),
        )
        for each, (shown, recipe) in now.items()
    }
    found = published_changes(before, after, causes(latest.manifest, stage.basis))
    return latest.publication_id, [
        Change(each.number_id, each.label, each.before, each.after, tuple((c.reason, c.what, c.file) for c in each.why))
        for each in found
    ]


def _links_open(stage: StageRun) -> int:
    """Pairs held for review that nobody has decided, not even that it cannot be told."""
    links, decisions = stage.read("links"), stage.read("decisions")
    held = links.filter(links.zone == "review")
    on_pairs = decisions.filter(decisions.kind.isin(ON_PAIRS)).select(
        mention_l=ibis.least(decisions.subject, decisions.other),
        mention_r=ibis.greatest(decisions.subject, decisions.other),
    )
    return int(held.anti_join(on_pairs, ["mention_l", "mention_r"]).count().to_pyarrow().as_py())


def _headline(chapters: list[Chapter], edited: Edited) -> list[Finding]:
    """The findings of the first page: who answered, what leads each chapter, the estimate or its refusal, the unseen;
    and those an analyst puts there or takes off."""
    return [
        finding
        for chapter in sorted(chapters, key=lambda chapter: chapter.name != answered.NAME)
        for place, finding in enumerate(chapter.findings)
        if edited.headline.get(
            finding.finding_id, chapter.name != quality.NAME and (place == 0 or finding.matters in _HEADLINE)
        )
    ]


def _rule(inquiry: Inquiry) -> DisclosureRule:
    known = disclosure_rules()
    wanted = inquiry.report.disclosure_rule
    if wanted not in known:
        raise SettingsError(
            f"inquiry.toml: report.disclosure_rule names {wanted!r}, which is not a registered rule",
            remedy=f"Rules: {', '.join(sorted(known))}.",
        )
    return known[wanted]


def _engine(engine: str) -> str:
    used = libraries(engine)
    return f"DuckDB {used['duckdb']}" + (f"; linking on Spark {used['pyspark']}" if engine == "spark" else "")


def _frame(stage: StageRun) -> Frame:
    inquiry = stage.inquiry
    facts = (
        ("Inquiry", inquiry.name),
        ("Fingerprint of inputs, settings, decisions, seed and version", stage.fingerprint or "not given"),
        ("Seed", str(stage.seed)),
        ("joinedup", joinedup.__version__),
        ("Engine", _engine(inquiry.engine)),
        ("Charts", f"Altair {version('altair')}, vl-convert {version('vl-convert-python')}"),
        ("Rule packs", ", ".join(inquiry.rule_packs) or "none"),
        ("Two records are one person from a probability of", f"{inquiry.link.linked_at:g}"),
        ("A pair is held for review from", f"{inquiry.link.review_from:g}"),
        ("An estimate needs on both lists at least", str(inquiry.estimate.least_overlap)),
    )
    settings = {f"{inquiry.estimate.least_overlap}", f"{inquiry.estimate.level * 100:g}"}
    return Frame(
        inquiry.name,
        inquiry.report.title or inquiry.name,
        inquiry.question,
        f"{day_words(inquiry.period.start)} to {day_words(inquiry.period.end)}",
        {agency.id: agency.name for agency in inquiry.agency},
        facts,
        allowed_numbers=frozenset(settings),
        run=run_tail(stage.fingerprint) if stage.fingerprint else "not given",
        version=joinedup.__version__,
        standards=all_standards(stage.inquiry_dir),
    )


def _behind(stage: StageRun, press: Press) -> dict[str, dict[str, int]]:
    """The source records behind each number of the press, by return."""
    own = own_recipes(stage)
    recipes = {number.number_id: own_recipe(press.recipe(number.number_id), own) for number in press.numbers()}
    counted = records_by_return(stage, recipes.values(), stage.reads)
    return {number_id: counted.get(recipe.to_json(), {}) for number_id, recipe in recipes.items()}


def _evidence(stage: StageRun) -> Evidence:
    def rows(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = stage.read(name).to_pyarrow().to_pylist()
        return found

    def counted(name: str, by: list[str], distinct: str = "") -> list[dict[str, Any]]:
        table = stage.read(name)
        count = table[distinct].nunique() if distinct else table.count()
        found: list[dict[str, Any]] = table.group_by(by).agg(count=count).order_by(by).to_pyarrow().to_pylist()
        return found

    def different(name: str, column: str) -> int:
        return int(stage.read(name)[column].nunique().to_pyarrow().as_py())

    return Evidence(
        responses=rows("responses"),
        counts=rows("counts"),
        estimates=rows("estimates"),
        overlaps=rows("overlaps"),
        sensitivities=rows("sensitivities"),
        redrawn=rows("redrawn"),
        rule_coverage=rows("rule_coverage"),
        reviews=rows("reviews"),
        timeliness=rows("timeliness"),
        audit_quarters=rows("audit_quarters"),
        profiles=rows("profiles"),
        claims=rows("claims"),
        associations=rows("associations"),
        link_quality=rows("link_quality"),
        problems=counted("problems", ["agency", "severity"]),
        members=counted("group_members", ["role"], "person_id"),
        hubs=counted("hubs", ["kind", "state"]),
        groups=int(stage.read("groups").count().to_pyarrow().as_py()),
        in_groups=different("group_members", "person_id"),
        concerned=different("concerns", "person_id"),
        unseen=different("unseen", "person_id"),
    )
