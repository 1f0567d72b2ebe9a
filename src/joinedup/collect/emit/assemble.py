"""All sheets of one form that stand in one agency's returns, made the tables of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyarrow as pa

from joinedup.collect import problems
from joinedup.collect.emit.arrow import pc
from joinedup.collect.emit.columns import constant, flat, raw
from joinedup.collect.emit.events import event_rows, happened, involvement_rows, started
from joinedup.collect.emit.identity import repeats
from joinedup.collect.emit.mentions import (
    Named,
    description_rows,
    identifier_rows,
    mention_rows,
    merge_mentions,
    name_people,
)
from joinedup.collect.emit.merging import distinct, earliest
from joinedup.collect.emit.rows import Rows, StandingSheet, gather
from joinedup.collect.ledger import Sender
from joinedup.registry.forms import Form

Made = dict[str, list[pa.Table]]
"""Tables by name, each in pieces that follow one another."""


def assemble(sender: Sender, form: Form, standing: Mapping[str, Sequence[StandingSheet]]) -> Made:
    """The mentions, descriptions, events, involvements, identifiers and problems of one form of one agency.

    `standing` gives the prepared sheets by sheet id; rows of every file of the form add up.
    """
    made: Made = defaultdict(list)
    drafts: dict[tuple[str, bool], list[pa.Table]] = defaultdict(list)
    dates: list[pa.Table] = []
    for sheet in form.sheets:
        if not standing.get(sheet.id):
            continue
        rows = gather(sender, form, sheet, standing[sheet.id])
        people: dict[str, Named] = {}
        for rule in sheet.mentions:
            people[rule.id], notes = name_people(rows, rule)
            made["problems"].append(notes)
            drafts[rule.id, bool(rule.key)].append(mention_rows(rows, people[rule.id]))
            made["identifiers"] += identifier_rows(rows, people[rule.id])
            made["descriptions"] += description_rows(rows, people[rule.id])
        made["problems"].append(_repeated(rows))
        dates += _events(rows, people, made)
    mentions = []
    for (_, keyed), tables in drafts.items():
        merged, notes = merge_mentions(tables, keyed=keyed)
        mentions.append(merged)
        made["problems"].append(notes)
    if mentions:
        made["mentions"].append(_with_first_date(pa.concat_tables(mentions), dates))
    for name, by in (
        ("identifiers", ["mention_id", "kind", "value"]),
        ("descriptions", ["mention_id", "attribute", "raw"]),
    ):
        if made[name]:
            made[name] = [distinct(pa.concat_tables(made[name]), by, ["raw"] if name == "identifiers" else ["basis"])]
    return dict(made)


def _events(rows: Rows, people: Mapping[str, Named], made: Made) -> list[pa.Table]:
    """Adds the sheet's events and involvements to `made`; gives each mention's event days."""
    dates = []
    for rule in rows.sheet.events:
        ids = happened(rows, rule)
        made["events"].append(event_rows(rows, rule, ids))
        made["involvements"] += involvement_rows(rows, rule, ids, people)
        day = started(rows, rule).cast(pa.date32())
        for involve in rule.involve:
            pairs = pa.table({"mention_id": people[involve.mention].ids, "day": day})
            dates.append(
                pairs.filter(pc.and_(pc.is_valid(ids), pc.and_(pc.is_valid(day), people[involve.mention].present)))
            )
    return dates


def _with_first_date(mentions: pa.Table, dates: Sequence[pa.Table]) -> pa.Table:
    ids = flat(mentions.column("mention_id"))
    nobody = pa.table({"mention_id": pa.array([], pa.string()), "day": pa.array([], pa.date32())})
    first = earliest(pa.concat_tables([nobody, *dates]), ids, "mention_id", "day")
    return mentions.append_column("first_date", first)


def _repeated(rows: Rows) -> pa.Table:
    """A note for each row of an own form whose reference stands on another row too: both are used."""
    none = problems.placed(problems.none(), "", "", "")
    if not rows.form.ours or "source_ref" not in rows.table.column_names:
        return none
    where = rows.table.filter(repeats(raw(rows.table, "source_ref")))
    label = rows.sheet.column("source_ref").label
    expected = constant("a reference that stands on one row only", where.num_rows)
    message = constant(
        "Another row carries the same reference. Both are used; give each row its own, or send the record once.",
        where.num_rows,
    )
    found = problems.of_rows((rows.sheet.id, label), flat(where.column("_row")), "note", expected, message)
    return pa.table(
        {
            "return_id": flat(where.column("_return")),
            "agency": constant(rows.sender.id, where.num_rows),
            "file": flat(where.column("_file")),
            **{name: found.column(name) for name in problems.SCHEMA.names},
        }
    )
