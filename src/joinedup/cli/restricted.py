"""Copies of restricted material: written only where asked, over nothing, and with a name and a reason in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.decide import append
from joinedup.domain.nouns import Decision
from joinedup.errors import UsageError
from joinedup.settings import load_inquiry

ByOption = Annotated[str, typer.Option(help="Who answers for the copy: a person's name.")]
WhyOption = Annotated[str, typer.Option("--why", help="Why it is needed, in a sentence.")]


def answered_for(directory: Path, what: str, how: str, by: str, why: str) -> None:
    """Records in the ledger that a copy is made; refuses one without a name or a reason."""
    load_inquiry(directory)
    append(directory, Decision(0, "restricted_copy_made", what, "", how, why, by, "", None))


def refuse_to_overwrite(folder: Path, names: Iterable[str]) -> None:
    """Refuses a folder that is not there, and files that are."""
    if not folder.is_dir():
        raise UsageError(f"the folder {folder} is not there", remedy="Make it first, or name another.")
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise UsageError(f"{folder / there[0]} is there already", remedy="Name another place, or move that file away.")


def write(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Writes the files; returns their paths."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [str(folder / name) for name in files]
