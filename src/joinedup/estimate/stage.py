"""Stage estimate: writes the overlaps of the lists, and what they say of the children no list holds."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from joinedup.errors import SettingsError
from joinedup.estimate.corrected import Review
from joinedup.estimate.described import COLUMNS, Asked, Beside
from joinedup.estimate.estimates import tables
from joinedup.estimate.known_of_lists import KnownOfLists, feeds_of, list_of_each
from joinedup.estimate.meanings import Meanings, Span
from joinedup.estimate.population import Options as Modelled
from joinedup.estimate.two_lists import Options
from joinedup.registry.list_facts import list_facts
from joinedup.settings import Agency, Inquiry
from joinedup.stats.reviewed_records import reviewed
from joinedup.store.contract import StageRun, from_rows

NAME = "estimate"
READS = ("memberships", "people", "listed", "sample_frame", "sample_answers", "events", "involvements")
WRITES = ("overlaps", "corrected_overlaps", "estimates", "sensitivities", "redrawn")


def run(stage: StageRun) -> None:
    """Reads memberships, the review sample and referrals; writes overlaps, raw and corrected, estimates, and of the one
    that leads what it turns on and how its replicates lie.

    Raises SettingsError for a grouping that cannot be meant.
    """
    settings = stage.inquiry.estimate
    _check_groups(stage.inquiry)
    memberships = stage.read("memberships").select(
        "person_id", "kind", "list", "list_kind", "status", "known_or_suspected", *COLUMNS.values()
    )
    sampled = (stage.read(name).to_pyarrow() for name in ("people", "sample_frame", "sample_answers"))
    review = Review.of(reviewed(*sampled), stage.read("listed").to_pyarrow())
    made = tables(
        memberships.to_pyarrow(),
        settings.lists,
        Options(settings.least_overlap, settings.level),
        Modelled(seed=stage.seed, level=settings.level),
        review,
        Beside(_known(stage), Asked(settings.strata, settings.covariates)),
    )
    every = (made.overlaps, made.corrections, made.estimates, made.sensitivities, made.redrawn)
    for name, rows in zip(WRITES, every, strict=True):
        stage.write(name, from_rows(name, rows))


def _check_groups(inquiry: Inquiry) -> None:
    named = [agency for agencies in inquiry.estimate.lists.values() for agency in agencies]
    twice = sorted({agency for agency in named if named.count(agency) > 1})
    unknown = sorted({agency for agency in named if inquiry.agency_of(agency) is None})
    if twice or unknown:
        raise SettingsError(
            f"inquiry.toml: [estimate] lists names agencies twice {twice} or that the inquiry does not have {unknown}",
            remedy="Name each agency once, by the id it has in its [[agency]] entry.",
        )
    lists = {*inquiry.estimate.lists, *(agency.kind for agency in inquiry.agency)}
    strange = sorted(
        {*(name for pair in inquiry.estimate.never_both for name in pair), *inquiry.estimate.holds_only} - lists
    )
    if strange:
        raise SettingsError(
            f"inquiry.toml: [estimate] never_both or holds_only names lists that the inquiry does not have {strange}",
            remedy=f"Lists are the groups of [estimate] lists and the kinds of agencies: {', '.join(sorted(lists))}.",
        )


def _known(stage: StageRun) -> KnownOfLists:
    """What settings, agencies, dates and referrals say of the lists."""
    settings = stage.inquiry.estimate
    list_of = list_of_each([(agency.id, agency.kind) for agency in stage.inquiry.agency], settings.lists)
    agencies: dict[str, list[Agency]] = {}
    for agency in stage.inquiry.agency:
        agencies.setdefault(list_of[agency.id], []).append(agency)
    areas = {
        name: frozenset(str(agency.area) for agency in each)
        for name, each in agencies.items()
        if all(agency.area for agency in each)
    }
    only = {
        name: whom
        for name, each in agencies.items()
        if (whom := list_facts().whom(tuple(form for agency in each for form in agency.asked)))
    }
    spans, on = _lists(stage)
    feeds = feeds_of(_referrals(stage, list_of), on)
    meanings = _meanings(stage.inquiry, agencies, spans)
    return KnownOfLists(settings.never_both, areas, spans, {**only, **settings.holds_only}, feeds, meanings)


def _meanings(inquiry: Inquiry, agencies: Mapping[str, list[Agency]], spans: Mapping[str, Span]) -> Meanings:
    """What the agencies of each list say of whom and of which days their returns are."""
    definitions = {name: frozenset(one.definition for one in each if one.definition) for name, each in agencies.items()}
    windows = {
        name: frozenset((one.covers.start, one.covers.end) for one in each if one.covers)
        for name, each in agencies.items()
    }
    return Meanings(
        {name: each for name, each in definitions.items() if each},
        {name: each for name, each in windows.items() if each},
        frozenset(name for name, each in agencies.items() if not all(one.definition and one.covers for one in each)),
        (inquiry.period.start, inquiry.period.end),
        spans,
    )


def _lists(stage: StageRun) -> tuple[dict[str, Span], dict[str, frozenset[str]]]:
    """The first and last day of each list, where every child on it is dated, and the children on it."""
    children = stage.read("memberships").filter(ibis._.kind == "child")
    groups = [(agency, name) for name, named in stage.inquiry.estimate.lists.items() for agency in named]
    name = children.list.cases(*groups, else_=children.list_kind) if groups else children.list_kind
    by_list = (
        children.mutate(name=name)
        .group_by("name")
        .agg(
            first=ibis._.first_date.min(),
            last=ibis._.first_date.max(),
            undated=ibis._.first_date.isnull().sum(),
            children=ibis._.person_id.collect(distinct=True),
        )
        .order_by("name")
        .to_pyarrow()
        .to_pylist()
    )
    spans = {row["name"]: (row["first"], row["last"]) for row in by_list if row["first"] and not row["undated"]}
    return spans, {row["name"]: frozenset(row["children"]) for row in by_list}


def _referrals(stage: StageRun, list_of: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Children referred: the list the referral came from, the list it went to and the child."""
    events, involvements, people = (stage.read(name) for name in ("events", "involvements", "people"))
    named = events.details.re_extract(r'"referred_to": ?"([^"]*)"', 1).fill_null("")
    referrals = events.filter(events.type == "referral").select("event_id", "agency", "code", "scheme", to=named)
    children = involvements.filter(involvements.role == "child").select("event_id", "mention_id")
    joined = referrals.join(children, "event_id").join(people.select("mention_id", "person_id"), "mention_id")
    rows = joined.select("agency", "code", "scheme", "to", "person_id").distinct().to_pyarrow()
    by_name = {agency.name.casefold(): list_of[agency.id] for agency in stage.inquiry.agency}
    by_kind: dict[str, str] = {agency.kind: list_of[agency.id] for agency in reversed(stage.inquiry.agency)}
    found: list[tuple[str, str, str]] = []
    for row in rows.to_pylist():
        here, there = list_of.get(row["agency"]), by_name.get(row["to"].strip().casefold())
        if here and there:
            found.append((here, there, row["person_id"]))
        source = by_kind.get(list_facts().kind_of_source(row["scheme"], row["code"]) or "")
        if here and source:
            found.append((source, here, row["person_id"]))
    return found
