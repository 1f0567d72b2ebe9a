"""groups: ties by shared small things, the hubs set aside, the groups and their members."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa

from joinedup.groups.evidence import households, placed_records, recorded, shared_things, taking_part
from joinedup.groups.incidence import Things, Truths, household_matrix, hub_things, one_household, things_of
from joinedup.groups.ties import group_people
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
READS = ("people", "mentions", "involvements", "events", "identifiers", "decisions")
WRITES = ("edges", "hubs", "groups", "group_members")


def run(stage: StageRun) -> None:
    """Groups the children and suspects whose records speak of exploitation, going missing, crime or intelligence."""
    registered = hubs()
    people, involvements, events = stage.read("people"), stage.read("involvements"), stage.read("events")
    mentions = stage.read("mentions")
    roles = ibis.memtable(taking_part(people, involvements, events, registered).to_pyarrow())
    seen = recorded(involvements, events, registered)
    table = shared_things(roles, people, stage.read("identifiers"), mentions, seen).to_pyarrow()
    things = things_of(table)
    homes = household_matrix(households(roles, people, mentions).to_pyarrow(), things.people, registered.household_cap)
    hub, back = hub_things(
        things,
        {str(kind): cap.cap for kind, cap in registered.caps.items()},
        tuple(place.words for place in registered.places_by_nature),
        _brought_back(stage),
    )
    small = (~hub | back) & ~one_household(things, homes)
    grouping = group_people(things, small, placed_records(roles, people, seen).to_pyarrow())
    found = members_table(things, grouping)
    shared = ibis.memtable(small_things(table, things, small, found))
    members = ibis.memtable(group_members_table(ibis.memtable(found), roles).to_pyarrow())
    dates = involvements.join(events, "event_id").select("mention_id", day=events.start.date())
    stage.write("hubs", _hubs_table(things, hub, back, registered))
    stage.write("edges", edges_table(ibis.memtable(pairs_table(things, grouping)), shared))
    stage.write("groups", groups_table(members, shared, people, dates))
    stage.write("group_members", members)


def _brought_back(stage: StageRun) -> frozenset[str]:
    """The things, named `kind:value`, that a decision lets make ties again."""
    decisions = stage.read("decisions")
    chosen = decisions.filter(decisions.kind == "entity_is_not_a_hub").select("subject").to_pyarrow()
    return frozenset(chosen["subject"].to_pylist())


def _hubs_table(things: Things, hub: Truths, back: Truths, registered: Hubs) -> pa.Table:
    caps = {str(kind): cap.cap for kind, cap in registered.caps.items()}
    found = np.flatnonzero(hub)
    users = things.users
    return pa.table(
        {
            "kind": pa.array([str(things.kinds[index]) for index in found], pa.string()),
            "value": pa.array([things.values[index] for index in found], pa.string()),
            "people": pa.array([int(users[index]) for index in found], pa.int64()),
            "cap": pa.array([caps[str(things.kinds[index])] for index in found], pa.int64()),
            "state": pa.array(["brought_back" if back[index] else "set_aside" for index in found], pa.string()),
        }
    )
