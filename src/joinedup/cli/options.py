"""Arguments and options that several verbs take, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Directory: TypeAlias = Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")]
Run: TypeAlias = Annotated[str | None, typer.Option(help="Which run; the latest without it.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]
