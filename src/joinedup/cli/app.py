"""The command `joinedup`: its verbs, each loaded when it is called, and the exit codes.

0 done, 1 findings in the data, 2 usage, 3 data could not be read, 4 refused, 5 internal error.
"""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from joinedup import __version__
from joinedup.cli.console import err, out
from joinedup.errors import EXIT_INTERNAL, JoinedupError


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: where its function is, and the sentence the overview shows."""

    module: str
    function: str
    help: str


VERBS: dict[str, Verb] = {
    "init": Verb("inquiry", "init", "Make an inquiry folder with a commented inquiry.toml."),
    "form": Verb("forms", "form", "Write an empty return form, or list the forms."),
    "check": Verb("check", "check", "Say what form a file is, how many rows it has, and which fail and why."),
    "encode": Verb(
        "encode", "encode_file", "Turn a file into keyed linkage tokens, for an agency that may not send names."
    ),
    "run": Verb("run", "run", "Run every stage and write one immutable run."),
    "status": Verb("inquiry", "status", "Show who was asked, who answered, how late, and how many rows failed."),
    "show": Verb("show", "show", "Print any table of a run."),
    "unseen": Verb("unseen", "unseen", "List the children with concerns whom nobody is looking at."),
    "child": Verb("child", "child", "Show one child across agencies: timeline, concerns, ties, pathways."),
    "pathway": Verb("pathway", "pathway", "Follow one lead across agencies, and what of it was left undone."),
    "breaches": Verb("breaches", "breaches", "List what was late, left undone or contradicted, by rule and agency."),
    "review-closed": Verb("review_closed", "review_closed_verb", "Look at closed leads again by stated criteria."),
    "audit-sample": Verb("audit_sample", "audit_sample", "Draw leads at random for two readers on one form."),
    "audit-result": Verb("audit_sample", "audit_result", "Say what two readers found, and how far they agree."),
    "association": Verb(
        "association", "association_of_run", "Say how missing and exploitation go together in the records."
    ),
    "groups": Verb("groups", "groups", "List the groups of people tied by small things they share."),
    "group": Verb("group", "group", "Show one group: members, ties and reasons, and what no single agency knows."),
    "path": Verb("path", "path", "Show the shortest chain of ties from one person to another."),
    "around": Verb("path", "around", "Show who stands within so many ties of a person."),
    "places": Verb("groups", "places", "List the places where records put several children."),
    "export-groups": Verb(
        "export_groups", "export_groups", "Write groups for a charting program: restricted material."
    ),
    "bring-back": Verb("hubs", "bring_back", "Decide that a thing set aside as shared by many may tie people again."),
    "set-aside": Verb("hubs", "set_aside", "Decide that a thing ties nobody, however few share it."),
    "trace": Verb("trace", "trace", "Open a printed number: the rows, files and decisions behind it."),
    "diff": Verb("diff", "diff", "Show which published numbers changed between two runs, and why."),
    "rules": Verb("rules", "rules", "List the rules of finding, explain one, or try a pack on its own examples."),
    "standards": Verb(
        "standards", "standards", "List what leads are audited by, explain one, or try it on its examples."
    ),
    "report": Verb("report", "report", "Say where the report is, or copy it."),
    "findings": Verb("findings", "findings", "Show the findings, and the text of them that an analyst edits."),
    "recommendations": Verb("recommendations", "recommendations", "List what is due, and what became of it."),
    "publish": Verb("publish", "publish", "Go through the checklist and publish the report of a run."),
    "claim": Verb("claim", "claim", "Say whether a claim is supported, contradicted, or cannot be told."),
    "rates": Verb("rates", "show_rates", "Hold a run's people against a population you bring: rates with limits."),
    "protect": Verb("protect", "protect", "Make a table of counts safe to publish."),
    "audit-release": Verb("audit_release", "audit_release", "Say what published tables give away of withheld cells."),
    "review": Verb("review", "review", "Walk the pairs held for review, the most informative first."),
    "explain": Verb("explain", "explain", "Say why two mentions were or were not joined."),
    "sample": Verb("sample", "sample", "Draw a random sample of records for two people to review blind."),
    "sample-result": Verb("sample", "sample_result", "Take the readers' answers, and say how good the links are."),
    "decide": Verb("decide", "decide", "Record a person's decision in the ledger."),
    "decisions": Verb("decide", "decisions", "List the decisions that stand."),
    "simulate": Verb("simulate", "simulate", "Write a fictional region's returns with the truth beside them."),
    "estimate": Verb("estimate", "estimate", "Estimate from a table of overlaps how many no list holds, or refuse."),
    "evaluate": Verb("evaluate", "evaluate", "Hold a run against the planted truth."),
    "demo": Verb("demo", "demo", "Simulate a region, run the inquiry, compare with the truth."),
}


class LazyVerbs(TyperGroup):
    """Loads a verb's module only when it is asked for: a file is checked without waiting for the chart library."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (the signature is typer's)
        """The verbs, in the order of the work."""
        return list(VERBS)

    # The context's and command's own types are private to typer.
    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  (the signature is typer's)
        """The verb's command, or None when there is none of that name."""
        if (verb := VERBS.get(cmd_name)) is None:
            return None
        function = getattr(import_module(f"joinedup.cli.{verb.module}"), verb.function)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name=cmd_name, short_help=verb.help)(function)
        return get_command(single)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  (the signature is typer's)
        """The overview of verbs, from the table alone: nothing is loaded to print it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.help) for name, verb in VERBS.items()])


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"joinedup {__version__}")
        raise typer.Exit


app = typer.Typer(cls=LazyVerbs, add_completion=False, no_args_is_help=True, rich_markup_mode=None)


@app.callback(
    epilog="Exit codes: 0 done, 1 findings in the data, 2 usage, 3 data could not be read, 4 refused, 5 internal error."
)
def root(
    *,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Agencies' files in, a reproducible assessment out."""


def main() -> None:
    """Runs the command, and turns what it stops for into a message and a documented exit code."""
    try:
        app(standalone_mode=True)
    except JoinedupError as error:
        err.print(f"Error: {error.message}", style="red", markup=False)
        if error.remedy:
            err.print(f"Mend:  {error.remedy}", markup=False)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001  (the last line of defence: nothing personal may reach the screen)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        err.print(f"Internal error: {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}", style="red")
        err.print("Mend:  Report it with this line; its own message is held back because it may quote data.")
        if os.environ.get("JOINEDUP_DEBUG"):
            traceback.print_exception(error)
        sys.exit(EXIT_INTERNAL)


if __name__ == "__main__":
    main()
