"""The tests `shares` and `named_with`: a child recorded with what a suspect is recorded with, or with a suspect by name."""

from __future__ import annotations

import ibis
import pyarrow as pa

from joinedup.domain.plain import plain_name
from joinedup.find.fired import Fired
from joinedup.find.records import Records, everyone_unless, held, said, speaks_of
from joinedup.find.things import FULL_DATES, WHERE
from joinedup.registry.rule_tests import NamedWith, Shares
from joinedup.settings import Period


def shares(records: Records, test: Shares, period: Period) -> Fired:
    """Children recorded with a thing of a suspect, the two records at most `test.within_days` apart, the later in the period.

    People of one home are left out: a number they share says that they live together. So is a place that both have from
    one case: its record names the two already. Where a day is not known the two cannot be held against the window. A
    child who is recorded with nothing of the kind cannot be told.
    """
    used = records.things
    mine = used.filter((used.role == "child") & used.kind.isin(test.things))
    if test.events:
        mine = mine.filter(mine.type.isin(test.events))
    others = used.filter((used.role == "suspect") & used.kind.isin(test.suspects or test.things))
    others = others.select(
        "sort", "value", other="person_id", other_event="event_id", other_agency="agency", other_day="day",
        other_case=others.agency + "|" + others.form.fill_null("") + "|" + others.case_ref,
    )  # fmt: skip
    pairs = mine.join(others, ["sort", "value"])
    same_case = (pairs.agency + "|" + pairs.form.fill_null("") + "|" + pairs.case_ref == pairs.other_case).fill_null(
        False
    )
    pairs = pairs.filter((pairs.person_id != pairs.other) & ~((pairs["sort"] == WHERE) & same_case))
    homes = records.homes
    together = homes.join(homes.select("home", other="person_id"), "home").select("person_id", "other").distinct()
    pairs = held(pairs.anti_join(together, ["person_id", "other"]))
    dated = pairs.filter(pairs.day.notnull() & pairs.other_day.notnull())
    dated = dated.mutate(first=ibis.least(dated.day, dated.other_day), last=ibis.greatest(dated.day, dated.other_day))
    close = dated.filter(
        (dated["last"].epoch_days() - dated["first"].epoch_days() <= test.within_days)
        & dated["last"].between(period.start, period.end)
    )
    undated = pairs.filter(pairs.day.isnull() | pairs.other_day.isnull())
    gaps = undated.group_by("person_id").aggregate(gaps=undated.value.nunique())
    counted = close.group_by("person_id").aggregate(
        count=close.other.nunique(), first=close["first"].min(), last=close["last"].max()
    )
    concerns = counted.left_join(gaps, "person_id").select(
        "person_id", "count", "first", "last", gaps=gaps.gaps.fill_null(0)
    )
    theirs = close.select("person_id", event_id="other_event", agency="other_agency")
    evidence = close.select("person_id", "event_id", "agency").union(theirs, distinct=True)
    kinds = records.carried.filter(records.carried.kind.isin(test.things))
    if test.events:
        kinds = kinds.filter(kinds.type.isin(test.events))
    without = records.children.anti_join(kinds, "person_id").select("person_id")
    untold = without.union(gaps.select("person_id"), distinct=True).anti_join(concerns, "person_id")
    return Fired(concerns, evidence, untold)


def named_with(records: Records, test: NamedWith, period: Period) -> Fired:
    """Children an event of whom names, in the detail, a person who bears the full name of a suspect.

    The name alone is held against the suspects' names, without case, accents and punctuation. Events whose detail is
    empty say nothing.
    """
    events = records.events.filter(records.events.type == test.event)
    told = events.mutate(told=speaks_of(events.details, (test.detail,)), name=said(events.details, test.detail))
    names = told.filter(told.told).select("name").distinct().to_pyarrow()["name"].to_pylist()
    folded = pa.table(
        {"name": pa.array(names, pa.string()), "fold": pa.array([plain_name(name) for name in names], pa.string())}
    )
    mentions, people = records.tables["mentions"], records.tables["people"]
    full = mentions.filter(
        (mentions.role == "suspect") & mentions.forename_fold.notnull() & mentions.surname_fold.notnull()
    )
    suspects = full.select("mention_id", fold=full.forename_fold + " " + full.surname_fold).join(people, "mention_id")
    suspects = suspects.select("fold", other="person_id").distinct()
    named = told.filter(told.told).join(ibis.memtable(folded), "name").join(suspects, "fold")
    named = named.filter(named.person_id != named.other)
    named = named.mutate(day=ibis.ifelse(named.start_precision.isin(FULL_DATES), named.start.date(), ibis.null("date")))
    inside = held(
        named.filter(named.day.between(period.start, period.end)).select(
            "person_id", "event_id", "agency", "day", "other"
        )
    )
    silent = told.filter(~told.told & (told.start.isnull() | (told.start.date() <= period.end)))
    gaps = silent.group_by("person_id").aggregate(gaps=silent.count())
    counted = inside.group_by("person_id").aggregate(
        count=inside.event_id.nunique(), first=inside.day.min(), last=inside.day.max()
    )
    concerns = counted.left_join(gaps, "person_id").select(
        "person_id", "count", "first", "last", gaps=gaps.gaps.fill_null(0)
    )
    nowhere = everyone_unless(records, told.filter(told.told))
    untold = gaps.select("person_id").union(nowhere, distinct=True).anti_join(concerns, "person_id")
    return Fired(concerns, inside.select("person_id", "event_id", "agency").distinct(), untold)
