"""`joinedup form`: an empty return form, or the list of forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table, say
from joinedup.errors import UsageError
from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import Form, forms
from joinedup.registry.templates import TYPE_WORDS, find_form, write_template


def form(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The form's id.")] = None,
    path: Annotated[
        Path | None, typer.Argument(metavar="OUT", help="Where to write it: .xlsx or .csv; NAME.xlsx without it.")
    ] = None,
    *,
    as_list: Annotated[bool, typer.Option("--list", help="List the forms.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list, or the form's columns, as JSON.")] = False,
) -> None:
    """Write an empty return form, with drop-downs and a notes sheet, for an agency to fill in."""
    if as_list or name is None:
        if name is not None:
            raise UsageError("--list and a form were both given", remedy="Give one of them.")
        _list(as_json)
        return
    if as_json:
        if path is not None:
            raise UsageError(
                "--json and a file to write were both given",
                remedy=f"`joinedup form {name} --json` prints the form; `joinedup form {name} OUT` writes it.",
            )
        print_json(_described(find_form(name)))
        next_command(f"joinedup form {name}")
        return
    find_form(name)
    target = path or Path(f"{name}.xlsx")
    if target.exists():
        raise UsageError(f"{target} is there already", remedy="Name another file, or move that one away.")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}", remedy="Make it first, or name another file.")
    write_template(name, target)
    out.print(str(target), markup=False, soft_wrap=True)
    say("Headings with a coloured ground must be filled in every row; the notes sheet says what each column means.")
    next_command(f"joinedup check {target}")


def _list(as_json: bool) -> None:
    known = sorted(forms().values(), key=lambda entry: (not entry.ours, entry.id))
    if as_json:
        print_json([_summary(entry) for entry in known])
    else:
        rows = [(entry.id, entry.title, "own" if entry.ours else "public") for entry in known]
        print_table("Return forms", ("form", "title", "whose"), rows)
    next_command("joinedup form people")


def _summary(entry: Form) -> dict[str, object]:
    return {
        "form": entry.id,
        "title": entry.title,
        "about": entry.about,
        "kind": entry.kind,
        "ours": entry.ours,
        "version": entry.version,
        "source": entry.source,
        "sheets": [sheet.id for sheet in entry.sheets],
    }


def _described(entry: Form) -> dict[str, object]:
    """The form with every column, as a script would want it."""
    sheets = [
        {
            "sheet": sheet.id,
            "title": sheet.title,
            "row": sheet.row,
            "columns": [
                {
                    "column": column.id,
                    "heading": column.label,
                    "required": column.required,
                    "type": column.type,
                    "write": TYPE_WORDS[column.type],
                    "flag": column.flag,
                    "means": column.means,
                    "example": column.example,
                    "also": list(column.synonyms),
                    "codes": {code: known.label for code, known in code_sets()[column.codes].codes.items()}
                    if column.codes
                    else {},
                }
                for column in sheet.columns
            ],
        }
        for sheet in entry.sheets
    ]
    return {**_summary(entry), "sheets": sheets}
