"""`joinedup findings`: the findings of a run, and the sentences an analyst can copy into findings.toml and edit."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json
from joinedup.cli.options import Directory, Run
from joinedup.store.runs import Runs


def findings(
    directory: Directory,
    *,
    toml: Annotated[
        bool, typer.Option("--toml", help="Print them as entries of findings.toml, their numbers bound by id.")
    ] = False,
    run: Run = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Show each finding, what would have to be different for it to be wrong, and with --toml the text to edit."""
    with Runs(directory).reading(run) as store:
        rows = store.read("findings").to_pyarrow().to_pylist()
    if as_json:
        print_json([{**row, "numbers": json.loads(row["numbers"])} for row in rows])
    elif toml:
        out.print("\n\n".join(_entry(row) for row in rows), markup=False, soft_wrap=True)
    else:
        for row in rows:
            standing = "draft" if row["draft"] else "written"
            out.print(f"{row['finding_id']} ({standing}): {row['sentence']}", markup=False)
            out.print(f"    Wrong if: {row['wrong_if']}", markup=False)
    next_command(f"joinedup findings {directory} --toml")


def _entry(row: dict[str, str]) -> str:
    """The finding as an entry of findings.toml; JSON's strings are TOML's basic strings."""
    lines = ["[[finding]]", f"id = {_quoted(row['finding_id'])}", 'by = "NAME"']
    lines += [f"sentence = {_quoted(row['template'])}", f"wrong_if = {_quoted(row['wrong_if'])}"]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
