"""groups: ties by shared small things, the hubs set aside, the groups and their members."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa

from joinedup.groups.belonging import Identities, compared, identities, places
from joinedup.groups.evidence import households, incidences, placed_records, recorded, shared_things, taking_part
from joinedup.groups.incidence import (
    Things,
    Truths,
    coded,
    decided,
    household_matrix,
    hub_things,
    one_household,
    things_of,
)
from joinedup.groups.layout import layout_table
from joinedup.groups.redraws import Redraw, Rows, stability
from joinedup.groups.rule import TieRules, group_people
from joinedup.groups.sharing import Placed, sharing_of
from joinedup.groups.told import (
    edges_table,
    group_members_table,
    groups_table,
    members_table,
    pairs_table,
    small_things,
)
from joinedup.registry.hubs import Hubs, hubs
from joinedup.store.contract import StageRun

NAME = "groups"
READS = ("people", "mentions", "involvements", "events", "identifiers", "links", "decisions")
WRITES = ("incidences", "edges", "hubs", "groups", "group_members", "group_layout")


def run(stage: StageRun) -> None:
    """Groups the children and suspects whose records speak of exploitation, going missing, crime or intelligence."""
    registered = hubs()
    people, involvements, events = stage.read("people"), stage.read("involvements"), stage.read("events")
    mentions = stage.read("mentions")
    roles = ibis.memtable(taking_part(people, involvements, events, registered).to_pyarrow())
    seen = recorded(involvements, events, registered)
    table = shared_things(roles, people, stage.read("identifiers"), mentions, seen).to_pyarrow()
    who = _identities(stage, table)
    mention_of = places(table["mention_id"], who.mentions)
    things = things_of(table, who.belonging[mention_of])
    homes = household_matrix(households(roles, people, mentions).to_pyarrow(), things.people, registered.household_cap)
    by_nature = tuple(place.words for place in registered.places_by_nature)
    hub = hub_things(things, {str(kind): cap.cap for kind, cap in registered.caps.items()}, by_nature)
    back, aside = decided(things, _judged(stage))
    of_one_home = one_household(things, homes)
    small = ((~hub & ~aside) | back) & ~of_one_home
    placed = _placed(placed_records(roles, people, seen).to_pyarrow(), things, who)
    figures = registered.ties
    rules = TieRules(figures.least_chance, figures.lone_at_least, figures.vouches_from, figures.lump_cap)
    by_person = Placed(who.person[placed.person], placed.record, placed.place)
    grouping = group_people(sharing_of(things, small, by_person, (who.one, who.other, who.same)), rules)
    rows = Rows(mention_of, things.row_thing, placed)
    stable = stability(things, small, rows, who, grouping, Redraw(figures.redraws, stage.seed, rules))
    found = members_table(things, grouping, stable)
    shared = ibis.memtable(small_things(table, things, small, found))
    lumps = ibis.memtable(found)
    members = ibis.memtable(group_members_table(lumps, roles).to_pyarrow())
    dates = involvements.join(events, "event_id").select("mention_id", day=events.start.date())
    stage.write("hubs", _hubs_table(things, hub, back, aside, registered))
    use = np.where(
        (hub & ~back) | aside,
        "set_aside",
        np.where(things.users < 2, "one_person", np.where(of_one_home, "one_household", "may_tie")),
    )
    said = table.append_column("probability", pa.array(who.belonging[mention_of]))
    said = ibis.memtable(said.append_column("use", pa.array(use[things.row_thing].astype(str), pa.string())))
    stage.write("incidences", incidences(said, involvements, events, mentions))
    stage.write("edges", edges_table(ibis.memtable(pairs_table(things, grouping)), shared))
    stage.write("groups", groups_table(members, lumps, shared, people, dates))
    stage.write("group_members", members)
    stage.write("group_layout", layout_table(things, small, grouping))


def _identities(stage: StageRun, table: pa.Table) -> Identities:
    """How surely each mention is of its person, for the people of the table, in the order of Things.people."""
    people, sharing = (
        stage.read("people"),
        ibis.memtable(table.select(["person_id"]).group_by("person_id").aggregate([])),
    )
    mine = people.semi_join(sharing, "person_id").select("person_id", "mention_id").to_pyarrow()
    pairs = compared(people, stage.read("links"), sharing, stage.inquiry.link.linked_at)
    return identities(mine, pairs.to_pyarrow())


def _placed(table: pa.Table, things: Things, who: Identities) -> Placed:
    """The records with their places, by mention and by column of `things`; those that are no thing of it are left out."""
    number = {
        (kind, value): column
        for column, (kind, value) in enumerate(zip(things.kinds.tolist(), things.values, strict=True))
        if kind in {"record", "place"}
    }
    columns = []
    for kind in ("record", "place"):
        values, codes = coded(table[kind])
        columns.append(np.array([number.get((kind, value), -1) for value in values], np.int64)[codes])
    known = (columns[0] >= 0) & (columns[1] >= 0)
    mention = places(table["mention_id"], who.mentions)
    return Placed(mention[known], columns[0][known], columns[1][known])


def _judged(stage: StageRun) -> dict[str, bool]:
    """What decisions say of things, named `kind:value`: whether each may make ties. The latest decision counts."""
    decisions = stage.read("decisions")
    chosen = decisions.filter(decisions.kind.isin(["entity_is_not_a_hub", "entity_is_a_hub"])).order_by("sequence")
    rows = chosen.select("subject", "kind").to_pyarrow().to_pylist()
    return {row["subject"]: row["kind"] == "entity_is_not_a_hub" for row in rows}


def _hubs_table(things: Things, hub: Truths, back: Truths, aside: Truths, registered: Hubs) -> pa.Table:
    caps = {str(kind): cap.cap for kind, cap in registered.caps.items()}
    found = np.flatnonzero(hub | aside)
    state = np.where(aside, "set_aside_by_decision", np.where(back, "brought_back", "set_aside"))
    users = things.users
    return pa.table(
        {
            "kind": pa.array([str(things.kinds[index]) for index in found], pa.string()),
            "value": pa.array([things.values[index] for index in found], pa.string()),
            "people": pa.array([int(users[index]) for index in found], pa.int64()),
            "cap": pa.array([caps[str(things.kinds[index])] for index in found], pa.int64()),
            "state": pa.array([str(state[index]) for index in found], pa.string()),
        }
    )
