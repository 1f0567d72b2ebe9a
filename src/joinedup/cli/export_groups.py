"""`joinedup export-groups`: groups as GraphML or as entity and link tables, restricted material that a person answers for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, say
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.cli.restricted import ByOption, WhyOption, answered_for, refuse_to_overwrite, write
from joinedup.errors import UsageError
from joinedup.groups.drawing import RESTRICTED
from joinedup.groups.exports import FORMS, files_of
from joinedup.groups.page import group_page
from joinedup.groups.reading import records_of
from joinedup.store.runs import Runs


def export_groups(
    directory: Directory,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write; files that are there are kept.")],
    *,
    by: ByOption,
    why: WhyOption,
    form: Annotated[str, typer.Option(help="graphml, or i2 for tables of entities and links.")] = "graphml",
    group: Annotated[list[str] | None, typer.Option(help="Only this group; several may be named.")] = None,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Write groups for a charting program. The files identify people: who wrote them, and why, goes into the ledger."""
    if form not in FORMS:
        raise UsageError(f"there is no form {form!r}", remedy=f"Forms: {', '.join(FORMS)}.")
    runs = Runs(directory)
    with runs.reading(run) as store:
        known = store.read("groups").select("group_id").order_by("group_id").to_pyarrow()["group_id"].to_pylist()
        wanted = sorted(set(group)) if group else known
        found = [records_of(store.read, name) for name in wanted]
    if None in found:
        raise UsageError("the run has no group of that id", remedy=f"List them: joinedup groups {directory}")
    files = files_of([group_page(records) for records in found if records is not None], form)
    refuse_to_overwrite(folder, files)
    answered_for(directory, ",".join(group) if group else "all groups", f"{form} of run {runs.find(run)}", by, why)
    written = write(folder, files)
    say(RESTRICTED)
    if as_json:
        print_json({"run": runs.find(run), "groups": len(wanted), "files": written})
    else:
        for name in written:
            out.print(name, markup=False, soft_wrap=True)
    next_command(f"joinedup decisions {directory}")
