"""Ties, groups and members put into the shape a person reads, each tie with the rows that say so."""

from __future__ import annotations

import json
from collections.abc import Sequence

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.groups.incidence import Chances, Integers, Things, Truths
from joinedup.groups.rule import Grouping

NAMES = {
    "account": ("account", "accounts"),
    "address": ("home", "homes"),
    "phone": ("phone", "phones"),
    "place": ("place", "places"),
    "record": ("record", "records"),
    "vehicle": ("vehicle", "vehicles"),
}

HOW = {
    "tie": "the two share two small things or more.",
    "trio": (
        "the two share one thing, and a third person shares another thing with one of them or with each; of people who share"
        " such a thing alone, most are expected to belong together. The chance given is that of belonging together."
    ),
    "join": "the two share a thing, and stand in cores that were made one because they share such things.",
    "attachment": "the first or the second is no part of the core, and shares things with people of the group.",
}
"""What each word of the column `how` of the table `edges` says, to be shown wherever pairs are."""


def group_ids(group: Integers, core: Integers, people: Sequence[str]) -> list[str]:
    """Each person's group id, empty for none: "g_" and the id of the core's smallest person without its prefix.

    The id follows from the members alone, so that the same group has the same id in a run that finds others beside it.
    """
    first: dict[int, str] = {}
    for person in np.flatnonzero(core >= 0).tolist():
        first.setdefault(int(core[person]), "g_" + people[person].removeprefix("p_"))
    return [first[number] if number >= 0 else "" for number in group.tolist()]


def members_table(things: Things, grouping: Grouping, stability: Chances) -> pa.Table:
    """person_id, group_id, part (core or attached), stability, attached_by and cut_from of everybody in a group."""
    inside = np.flatnonzero(grouping.group >= 0)
    ids = group_ids(grouping.group, grouping.core, things.people)
    return pa.table(
        {
            "person_id": pa.array([things.people[index] for index in inside], pa.string()),
            "group_id": pa.array([ids[index] for index in inside], pa.string()),
            "part": pa.array(["core" if grouping.core[index] >= 0 else "attached" for index in inside], pa.string()),
            "stability": pa.array(stability[inside]),
            "attached_by": pa.array(grouping.by[inside], mask=grouping.by[inside] == 0),
            "cut_from": pa.array(grouping.lump[inside], mask=grouping.lump[inside] == 0),
        }
    )


def pairs_table(things: Things, grouping: Grouping) -> pa.Table:
    """person_l, person_r, shared, probability, how of every tie, pair of a trio, pair across joined cores, and attachment."""
    each = {"tie": grouping.ties, "trio": grouping.trios, "join": grouping.joins, "attachment": grouping.attachments}
    left, right = (np.concatenate(sides) for sides in zip(*((p.left, p.right) for p in each.values()), strict=True))
    people = pa.array(things.people, pa.string())
    return pa.table(
        {
            "person_l": people.take(pa.array(left)),
            "person_r": people.take(pa.array(right)),
            "shared": pa.array(np.concatenate([pairs.shared for pairs in each.values()])),
            "probability": pa.array(np.concatenate([pairs.chance for pairs in each.values()])),
            "how": pa.array(np.repeat(list(each), [len(pairs.left) for pairs in each.values()]), pa.string()),
        }
    )


def small_things(table: pa.Table, things: Things, small: Truths, members: pa.Table) -> pa.Table:
    """The rows of `table` (person_id, kind, value, mention_id) about members' small things, with `quoted`, the value as JSON."""
    indices = np.flatnonzero(small)
    named = pa.table(
        {
            "kind": pa.array([str(things.kinds[index]) for index in indices], pa.string()),
            "value": pa.array([things.values[index] for index in indices], pa.string()),
            "quoted": pa.array(
                [json.dumps(things.values[index], ensure_ascii=False) for index in indices], pa.string()
            ),
        }
    )
    mine = table.filter(pc.is_in(table["person_id"], value_set=pc.unique(members["person_id"])))
    return mine.join(named, ["kind", "value"], join_type="inner").select(
        ["person_id", "kind", "value", "quoted", "mention_id"]
    )


def edges_table(pairs: ibis.Table, shared: ibis.Table) -> ibis.Table:
    """The table `edges`: each pair with its reasons; `shared` is what small_things gives.

    Every thing the two share is listed; `shared` of the pair counts their homes once, and a record with its place once.
    """
    left = pairs.join(shared, pairs.person_l == shared.person_id).select(
        "person_l", "person_r", "shared", "probability", "how", "kind", "value", "quoted", "mention_id"
    )
    right = shared.select(person_r="person_id", kind="kind", value="value", other="mention_id")
    keys = ["person_r", "kind", "value"]
    both = left.join(right, keys)
    what = ["person_l", "person_r", "shared", "probability", "how", "kind", "value", "quoted"]
    said = both.select(*what, mention="mention_id").union(both.select(*what, mention="other")).distinct()
    things = said.group_by(what).aggregate(mentions=said.mention.group_concat('","', order_by=said.mention))
    things = things.mutate(
        reason=ibis.literal('{"kind":"')
        + things.kind
        + '","value":'
        + things.quoted
        + ',"mentions":["'
        + things.mentions
        + '"]}'
    )
    return things.group_by(["person_l", "person_r", "shared", "probability", "how"]).aggregate(
        reasons=ibis.literal("[") + things.reason.group_concat(",", order_by=[things.kind, things.value]) + "]"
    )


def group_members_table(members: ibis.Table, roles: ibis.Table) -> ibis.Table:
    """The table `group_members`."""
    joined = members.join(roles, "person_id")
    return joined.select(
        "group_id",
        "person_id",
        "part",
        role=ibis.cases(
            (joined.is_child & joined.is_suspect, "both"), (joined.is_child, "child"), (joined.is_suspect, "suspect"),
            else_="other",
        ),
        stability="stability", attached_by="attached_by",
    )  # fmt: skip


def groups_table(
    members: ibis.Table, lumps: ibis.Table, shared: ibis.Table, people: ibis.Table, dates: ibis.Table
) -> ibis.Table:
    """The table `groups`: `members` in its final shape, `lumps` with group_id and cut_from, `dates` with mention_id and
    day of every event taken part in."""
    child, suspect = members.role.isin(["child", "both"]), members.role.isin(["suspect", "both"])
    sizes = members.group_by("group_id").aggregate(
        people=members.count(),
        children=child.sum(),
        suspects=suspect.sum(),
        stability=members.stability.mean().round(6),
    )
    mine = members.select("group_id", "person_id").join(people, "person_id").select("group_id", "agency", "mention_id")
    holders = mine.group_by("group_id").aggregate(agencies=mine.agency.nunique())
    dated = mine.join(dates, "mention_id")
    span = dated.group_by("group_id").aggregate(first_date=dated.day.min(), last_date=dated.day.max())
    cut = lumps.group_by("group_id").aggregate(cut_from=lumps.cut_from.max())
    sizes = sizes.join(cut, "group_id")
    joined = sizes.join(holders, "group_id").left_join(span, "group_id").drop("group_id_right")
    return joined.left_join(_sentences(members, shared), "group_id").drop("group_id_right")


def _sentences(members: ibis.Table, shared: ibis.Table) -> ibis.Table:
    """group_id and what holds the group together: things used by two members or more, counted by kind."""
    used = members.select("group_id", "person_id").join(shared, "person_id")
    things = used.group_by(["group_id", "kind", "value"]).aggregate(users=used.person_id.nunique())
    things = things.filter(things.users > 1)
    kinds = things.group_by(["group_id", "kind"]).aggregate(number=things.count())
    one = ibis.cases(*((kinds.kind == kind, one) for kind, (one, _) in NAMES.items()), else_=kinds.kind)
    many = ibis.cases(*((kinds.kind == kind, many) for kind, (_, many) in NAMES.items()), else_=kinds.kind)
    kinds = kinds.mutate(words=kinds.number.cast("string") + " " + ibis.ifelse(kinds.number == 1, one, many))
    return kinds.group_by("group_id").aggregate(
        shared=ibis.literal("Shared by two members or more: ")
        + kinds.words.group_concat(", ", order_by=kinds.kind)
        + ibis.literal(".")
    )
