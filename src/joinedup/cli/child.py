"""`joinedup child`: the whole picture of one child across agencies."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from typing import Annotated, Any

import ibis
import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.groups import say_cautions
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.cli.unseen import concern_of, print_concern, rows_behind, title_of, written
from joinedup.errors import UsageError
from joinedup.find.looking import open_on
from joinedup.registry.events import outcomes
from joinedup.store.contract import Store
from joinedup.store.runs import Runs

Row = dict[str, Any]
_FACTS = ("forename", "surname", "dob", "sex", "postcode", "nhs_no", "upn")


def child(
    directory: Directory,
    person: Annotated[str, typer.Argument(metavar="ID", help="The child's person_id, as the other verbs print it.")],
    *,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Show one child across agencies: who knows of the child, the timeline, concerns, ties, pathways, and what is not recorded."""
    runs = Runs(directory)
    last = datetime.date.fromisoformat(runs.manifest(run)["settings"]["period"]["to"])
    with runs.reading(run) as store:
        found = picture(store, person, last)
    if as_json:
        print_json({"run": runs.find(run), **found})
    else:
        _on_screen(found)
    next_command(f'joinedup decide {directory} concern_reviewed ID --by "NAME" --reason "WHY"')


def picture(store: Store, person: str, last: datetime.date) -> Row:
    """Everything the run holds of one child, as plain data; work is open or not as at the day `last`.

    Raises UsageError when the run has no child of that id.
    """
    mentions = _rows(store.read("people").filter(ibis._.person_id == person))
    if not any(row["kind"] == "child" for row in mentions):
        raise UsageError("this run has no child of that id", remedy=_where_to_look(store, person))
    timeline = _timeline(store, [row["mention_id"] for row in mentions])
    fired = _of(store, "concerns", person)
    behind = rows_behind(store, fired)
    concerns = [concern_of(row, behind) for row in fired]
    told_by = Counter(row["agency"] for row in mentions)
    holders = {agency for concern in concerns for agency in concern["agencies"]}
    return {
        "person_id": person,
        "known_to": [
            {"agency": agency, "records": told_by[agency], "holds_a_concern": agency in holders}
            for agency in sorted(told_by)
        ],
        "open_now": _open(store, person, last),
        "concerns": concerns,
        "timeline": timeline,
        "ties": _ties(store, person),
        "groups": _of(store, "group_members", person),
        "pathways": _pathways(store, person),
        "not_recorded": _not_recorded(store, [row["mention_id"] for row in mentions], timeline, concerns),
        "decisions": _rows(store.read("decisions").filter((ibis._.subject == person) | (ibis._.other == person))),
        "identity_changes": _identity_changes(store, person),
    }


def _identity_changes(store: Store, person: str) -> list[Row]:
    """The merges and splits since the run before that the person was part of; none in a run that did not record them."""
    if "identity_changes" not in store.tables():
        return []
    changes = store.read("identity_changes")
    mine = changes.filter((changes.before == person) | (changes.after == person)).select("change_id")
    return _rows(changes.filter(changes.change_id.isin(mine.change_id)))


def _where_to_look(store: Store, person: str) -> str:
    """Where the records of an id that was given up are now."""
    if "former_ids" in store.tables():
        former = store.read("former_ids").filter(ibis._.person_id == person).select("mention_id")
        now = former.join(store.read("people"), "mention_id").select("person_id").distinct()
        if names := sorted(row["person_id"] for row in _rows(now)):
            return f"That id was given up in a merge; its records are now with {', '.join(names)}."
    return "joinedup unseen DIR prints ids."


def _rows(table: ibis.Table) -> list[Row]:
    found: list[Row] = table.to_pyarrow().to_pylist()
    return found


def _of(store: Store, name: str, person: str) -> list[Row]:
    rows = _rows(store.read(name).filter(ibis._.person_id == person))
    return [{column: value for column, value in row.items() if column != "person_id"} for row in rows]


def _timeline(store: Store, mentions: list[str]) -> list[Row]:
    """Every event the child's mentions stand in, in order of its start; those of no known start come last."""
    parts, events = store.read("involvements"), store.read("events")
    mine = parts.filter(parts.mention_id.isin(mentions)).select("event_id", "role", "status").distinct()
    rows = _rows(mine.join(events, "event_id"))
    rows.sort(
        key=lambda row: (row["start"] is None, str(row["start"]), row["event_id"], row["role"], row["status"] or "")
    )
    return [
        {
            "start": written(row, "start"), "end": written(row, "end"), "agency": row["agency"], "type": row["type"],
            "role": row["role"], "status": row["status"], "outcome": row["outcome"], "place": row["place_raw"],
            "event_id": row["event_id"], "details": json.loads(row["details"]) if row["details"] else {},
        }
        for row in rows
    ]  # fmt: skip


def _open(store: Store, person: str, last: datetime.date) -> list[Row]:
    """What agencies have open about the child on the last day, and since when."""
    looking = store.read("looking")
    rows = _rows(open_on(looking.filter(looking.person_id == person), last))
    return [{name: row[name] for name in ("agency", "type", "since", "event_id")} for row in rows]


def _ties(store: Store, person: str) -> list[Row]:
    """The people tied to the child, what they share, and in which roles the records name them."""
    edges = store.read("edges").filter((ibis._.person_l == person) | (ibis._.person_r == person))
    found = []
    for row in _rows(edges):
        other = row["person_r"] if row["person_l"] == person else row["person_l"]
        found.append({"person_id": other, "shared": row["shared"], "things": json.loads(row["reasons"])})
    people, parts = store.read("people"), store.read("involvements")
    others = people.filter(people.person_id.isin([row["person_id"] for row in found])) if found else people.limit(0)
    roles: dict[str, set[str]] = {}
    for row in _rows(others.join(parts, "mention_id").select("person_id", "role").distinct()):
        roles.setdefault(row["person_id"], set()).add(row["role"])
    found.sort(key=lambda row: (-row["shared"], row["person_id"]))
    return [{**row, "roles": sorted(roles.get(row["person_id"], ()))} for row in found]


def _pathways(store: Store, person: str) -> list[Row]:
    """The child's pathways, each with the breaches of it."""
    breaches = _of(store, "breaches", person)
    return [
        {**row, "breaches": [breach for breach in breaches if breach["pathway_id"] == row["pathway_id"]]}
        for row in sorted(_of(store, "pathways", person), key=lambda row: (str(row["started"]), row["pathway_id"]))
    ]


def _not_recorded(store: Store, mentions: list[str], timeline: list[Row], concerns: list[Row]) -> list[str]:
    """What a reader would look for and no agency recorded, in sentences."""
    known = store.read("mentions").filter(ibis._.mention_id.isin(mentions)).select(*_FACTS)
    rows = _rows(known)
    found = [f"No agency recorded: {name}." for name in _FACTS if all(row[name] in (None, "") for row in rows)]
    undated = sum(row["start"] is None for row in timeline)
    if undated:
        found.append(f"Events without a known start: {undated}.")
    return found + [concern["not_recorded"] for concern in concerns if concern["not_recorded"]]


def _moment(value: datetime.datetime | None) -> str:
    """A moment; the day alone where it stands at its first minute, as moments known to the day do."""
    if value is None:
        return ""
    return f"{value:%Y-%m-%d}" if value.time() == datetime.time() else f"{value:%Y-%m-%d %H:%M}"


def _on_screen(found: Row) -> None:
    out.print(found["person_id"], style="bold", markup=False)
    print_table(
        "Known to", ("agency", "records", "holds a concern"), [tuple(row.values()) for row in found["known_to"]]
    )
    out.print("Concerns" if found["concerns"] else "No rule fired.", style="bold")
    for concern in found["concerns"]:
        print_concern(concern)
    looking = [f"{row['agency']} ({title_of(row['type'])}, since {row['since']})" for row in found["open_now"]]
    out.print(f"Looking on the last day: {'; '.join(looking) or 'nobody'}.", markup=False, soft_wrap=True)
    headings = ("from", "to", "agency", "what", "as", "status", "outcome")
    told = [
        (row["start"], row["end"], row["agency"], title_of(row["type"]), row["role"], row["status"], _outcome(row["outcome"]))
        for row in found["timeline"]
    ]  # fmt: skip
    print_table("Timeline", headings, told)
    ties = [
        (row["person_id"], " and ".join(row["roles"]), ", ".join(sorted({thing["kind"] for thing in row["things"]})))
        for row in found["ties"]
    ]
    print_table("Ties", ("person", "named as", "by"), ties)
    if ties:
        say_cautions()
    steps = [
        (title_of(row["kind"]), row["agency"], _moment(row["started"]), _moment(row["ended"]), " ".join(breach["reason"] for breach in row["breaches"]))
        for row in found["pathways"]
    ]  # fmt: skip
    print_table("Pathways", ("kind", "agency", "started", "ended", "breaches"), steps)
    for sentence in found["not_recorded"]:
        out.print(f"Not recorded: {sentence}", markup=False, soft_wrap=True)
    for row in found["identity_changes"]:
        out.print(
            f"Since run {row['from_run']}: {row['change']}, {row['before']} then, {row['after']} now "
            f"({row['mentions']} records). {row['cause']}.", markup=False, soft_wrap=True,
        )  # fmt: skip
    for row in found["decisions"]:
        out.print(f"Decided: {row['judgement']}, {row['decided_by']}, {row['decided_at']}.", markup=False)


def _outcome(outcome: str | None) -> str | None:
    registered = outcomes().get(outcome or "")
    return registered.title if registered else outcome
