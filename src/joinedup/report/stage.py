"""Stage report: writes what was found, what follows, what was published, and the page that says so."""

from __future__ import annotations

import json
from importlib.metadata import version
from itertools import chain
from typing import Any

import joinedup
from joinedup.domain.numbers import Recipe
from joinedup.errors import SettingsError
from joinedup.registry.disclosure import DisclosureRule, disclosure_rules
from joinedup.report import answered, method, patterns, processes, quality, scale
from joinedup.report.blocks import Chapter, Finding
from joinedup.report.evidence import Evidence, Frame
from joinedup.report.page import Report, page
from joinedup.report.press import Press, as_text, ids_in
from joinedup.report.recommended import recommendations
from joinedup.report.traced import traces
from joinedup.report.words import day_words
from joinedup.settings import Inquiry
from joinedup.store.behind import followed, records_by_return
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.runs import run_tail

NAME = "report"
READS = (
    "responses",
    "counts",
    "estimates",
    "overlaps",
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
)
WRITES = ("findings", "recommendations", "released")
FOLDER = "report"
FILE = "index.html"

_HEADLINE = {"asked", "estimate", "refused", "unreviewed", "unseen", "no_status"}
"""What the findings on the first page are about, besides the first of each chapter."""


def run(stage: StageRun) -> None:
    """Reads the results of all stages; writes findings, recommendations, released and report/index.html."""
    rule = _rule(stage.inquiry)
    press = Press(rule)
    frame = _frame(stage)
    evidence = _evidence(stage)
    chapters: list[Chapter] = [
        part.chapter(evidence, frame, press) for part in (scale, patterns, processes, quality, answered)
    ]
    chapters.append(method.chapter(frame, rule))
    findings = list(chain.from_iterable(chapter.findings for chapter in chapters))
    follows = recommendations(findings)
    protection = f"{rule.title[:1].lower()}{rule.title[1:]}"
    opened = traces(press, _behind(stage, press), frame)
    report = Report(frame, protection, chapters, _headline(chapters), follows, press.numbers(), opened)
    _write_tables(stage, findings, report, press)
    folder = stage.run_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(page(report).encode("utf-8"))


def _write_tables(stage: StageRun, findings: list[Finding], report: Report, press: Press) -> None:
    said: list[dict[str, object]] = [
        {
            "place": place,
            "headline": finding in report.headline,
            "finding_id": finding.finding_id,
            "chapter": finding.chapter,
            "sentence": as_text(finding.parts),
            "numbers": json.dumps(ids_in(finding.parts)),
        }
        for place, finding in enumerate(findings, start=1)
    ]
    follow: list[dict[str, object]] = [
        {
            "recommendation_id": each.recommendation_id,
            "action": each.action,
            "owner": each.owner,
            "findings": "|".join(each.findings),
        }
        for each in report.recommendations
    ]
    stage.write("findings", from_rows("findings", said))
    stage.write("recommendations", from_rows("recommendations", follow))
    stage.write("released", from_rows("released", press.rows()))


def _headline(chapters: list[Chapter]) -> list[Finding]:
    """The findings of the first page: who answered, what leads each chapter, the estimate or its refusal, the unseen."""
    return [
        finding
        for chapter in sorted(chapters, key=lambda chapter: chapter.name != answered.NAME)
        for place, finding in enumerate(chapter.findings)
        if chapter.name != quality.NAME and (place == 0 or finding.matters in _HEADLINE)
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


def _frame(stage: StageRun) -> Frame:
    inquiry = stage.inquiry
    facts = (
        ("Inquiry", inquiry.name),
        ("Fingerprint of inputs, settings, decisions, seed and version", stage.fingerprint or "not given"),
        ("Seed", str(stage.seed)),
        ("joinedup", joinedup.__version__),
        ("Engine", f"{inquiry.engine} {version(inquiry.engine)}"),
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
    )


def _behind(stage: StageRun, press: Press) -> dict[str, dict[str, int]]:
    """The source records behind each number of the press, by return."""
    own: dict[str, Recipe] = {}
    for name in ("counts", "estimates"):
        for row in stage.read(name).select("number_id", "recipe").to_pyarrow().to_pylist():
            own[row["number_id"]] = Recipe.from_json(row["recipe"])
    recipes = {number.number_id: followed(press.recipe(number.number_id), own) for number in press.numbers()}
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
