"""`joinedup group`: one group, with everything that says so and what no single agency knows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.cli.console import next_command, out, print_json, print_table, say
from joinedup.cli.groups import say_cautions
from joinedup.cli.options import Directory, Run
from joinedup.cli.restricted import answered_for, refuse_to_overwrite, write
from joinedup.errors import UsageError
from joinedup.groups.drawing import RESTRICTED, html
from joinedup.groups.page import group_page
from joinedup.groups.reading import layout_of, records_of
from joinedup.store.runs import Runs

_ON_SCREEN = 20


def group(
    directory: Directory,
    group_id: Annotated[str, typer.Argument(metavar="GROUP", help="The group's id, from: joinedup groups DIR.")],
    *,
    run: Run = None,
    html_file: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write it as a page with a picture: restricted material; needs --by and --why.",
        ),
    ] = None,
    by: Annotated[str, typer.Option(help="Who answers for the page: a person's name.")] = "",
    why: Annotated[str, typer.Option("--why", help="Why the page is needed, in a sentence.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all of it as JSON, every tie with its source rows.")
    ] = False,
) -> None:
    """Show one group: members in roles, ties with reasons, timeline, which agency knows which part, what is not recorded."""
    runs = Runs(directory)
    with runs.reading(run) as store:
        records = records_of(store.read, group_id)
        layout = layout_of(store.read, group_id)
    if records is None:
        raise UsageError("the run has no group of that id", remedy=f"List them: joinedup groups {directory}")
    page = group_page(records)
    if html_file:
        text = html(page, layout, runs.find(run))
        refuse_to_overwrite(html_file.parent, [html_file.name])
        answered_for(directory, group_id, f"page of run {runs.find(run)}", by, why)
        (written,) = write(html_file.parent, {html_file.name: text})
        say(RESTRICTED)
        if not as_json:
            out.print(written, markup=False, soft_wrap=True)
    if as_json:
        print_json({**page, "layout": layout})
    elif html_file:
        pass
    else:
        _on_screen(page)
    next_command(f"joinedup around {directory} PERSON --hops 2")


def _on_screen(page: dict[str, Any]) -> None:
    told = page["group"]
    out.print(f"Group {told['group_id']}: {told['people']} people. {told['shared']}", style="bold", markup=False)
    out.print(f"Stability: {told['stability']:.2f} of the re-draws of uncertain links, on average.", markup=False)
    if page["cut"]:
        out.print(page["cut"], markup=False)
    if page["begun"]:
        out.print(page["begun"], markup=False)
    say_cautions()
    for role, members in page["members"].items():
        if members:
            rows = [
                (
                    row["person_id"],
                    row["part"] + {None: "", 1: ", by one thing", 2: ", by two things or more"}[row["attached_by"]],
                    row["stability"],
                    row["records"],
                    ", ".join(row["agencies"]),
                    row["also"],
                )
                for row in members
            ]
            print_table(role.capitalize(), ("person", "part", "stability", "records", "held by", "also"), rows)
    _ties(page)
    _knowledge(page["knowledge"])
    _events(page)
    print_table("Not recorded", ("what the records do not say",), [(line,) for line in page["not_recorded"]])


def _ties(page: dict[str, Any]) -> None:
    rows = [
        (
            *tie["people"],
            tie["how"],
            tie["shared"],
            tie["probability"],
            "; ".join(f"{why['kind']} {why['value']}" for why in tie["reasons"]),
        )
        for tie in page["ties"][:_ON_SCREEN]
    ]
    print_table(_some("Ties", page["ties"]), ("person", "person", "how", "shared", "probability", "because of"), rows)
    for name, told in page["how"].items():
        out.print(f"{name}: {told}", markup=False)
    names = ("kind", "value", "people", "ties", "ties_that_need_it", "pieces_without_it")
    things = [tuple(row[name] for name in names) for row in page["holds_together"][:_ON_SCREEN]]
    print_table(
        _some("What holds it together", page["holds_together"]), [name.replace("_", " ") for name in names], things
    )


def _knowledge(known: dict[str, Any]) -> None:
    rows = [
        (row["agency"], f"{row['members']} of {row['of_members']}", f"{row['ties']} of {row['of_ties']}")
        for row in known["agencies"]
    ]
    print_table("Which agency knows which part", ("agency", "members it holds", "ties its own records show"), rows)
    whole = ", ".join(known["whole_seen_by"]) or "no agency"
    out.print(f"The whole group can be seen from its own records by: {whole}.", markup=False)
    unseen, alone = len(known["ties_no_agency_sees"]), len(known["people_no_agency_ties"])
    members = known["agencies"][0]["of_members"] if known["agencies"] else 0
    ties = known["agencies"][0]["of_ties"] if known["agencies"] else 0
    out.print(
        f"No single agency knows {unseen} of the {ties} ties; {alone} of the {members} members are tied to nobody by what one"
        " agency alone knows.",
        markup=False,
    )
    if unseen:
        pairs = known["ties_no_agency_sees"]
        print_table(
            _some("Ties that only several agencies' records show", pairs), ("person", "person"), pairs[:_ON_SCREEN]
        )


def _events(page: dict[str, Any]) -> None:
    state = page["investigations"]
    out.print(f"Investigations touching it: {len(state['open'])} open, {len(state['closed'])} closed.", markup=False)
    rows = [
        (str(row["start"] or "")[:10], row["type"], row["agency"], row["outcome"], row["place"], len(row["people"]))
        for row in page["timeline"][-_ON_SCREEN:]
    ]
    print_table(
        _some("Timeline, the latest", page["timeline"]), ("day", "event", "agency", "outcome", "place", "members"), rows
    )


def _some(title: str, rows: list[Any]) -> str:
    return title if len(rows) <= _ON_SCREEN else f"{title} ({_ON_SCREEN} of {len(rows):,}; all: --json)"
