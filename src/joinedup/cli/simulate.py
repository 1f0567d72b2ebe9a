"""`joinedup simulate`: a fictional region's returns, with the truth beside them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import busy, next_command, out, print_json
from joinedup.errors import RefusedError, UsageError
from joinedup.simulate import DEFAULT_CHILDREN, Simulated
from joinedup.simulate import simulate as simulate_region


def simulate(
    directory: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to make; empty or new.")],
    *,
    children: Annotated[
        int | None, typer.Option(min=50, max=900_000, help=f"Children in the region; {DEFAULT_CHILDREN:,} without it.")
    ] = None,
    mentions: Annotated[
        int | None, typer.Option(min=150, max=2_500_000, help="Mentions wanted instead, met to within a few per cent.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The region's seed: the same seed gives the same files.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as JSON.")] = False,
) -> None:
    """Write a fictional region: about thirty agencies' returns in their own forms, and truth/ beside them.

    Two returns are broken, three agencies do not answer, one says it holds nothing. No place, person or number is real.
    """
    if children is not None and mentions is not None:
        raise UsageError("--children and --mentions say two sizes", remedy="Give one of them.")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise RefusedError(
            f"{directory} is not an empty folder", remedy="Give an empty or new folder; nothing was changed."
        )
    with busy("simulating"):
        made = simulate_region(directory, children=children, mentions=mentions, seed=seed)
    if as_json:
        print_json(asdict(made))
    else:
        _show(made)
    next_command(f"joinedup run {directory}")


def _show(made: Simulated) -> None:
    out.print(
        f"Made {made.directory}: {made.mentions:,} mentions in the returns of {made.agencies} agencies.",
        markup=False,
        soft_wrap=True,
    )
    out.print(
        f"Truth: {made.children:,} children, {made.exploited:,} of them exploited, {made.known_to_any:,} of these on some "
        f"agency's list; {made.suspects:,} suspects; {made.groups:,} groups. It lies in truth/, which no stage reads.",
        markup=False,
        soft_wrap=True,
    )
