"""`joinedup association`: how missing and exploitation go together in the records, and what that cannot mean."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.find.missing_history import CANNOT_MEAN, EXPLOITED, MISSING
from joinedup.stats.association import Association, Counted, association
from joinedup.store.runs import Runs

_WORDS = {
    "known": "known to be exploited", "suspected_or_at_risk": "suspected or at risk", "not_recorded": "nothing recorded",
    "missing": "missing on record", "not_missing": "no episode on record", "cannot_be_told": "cannot be told",
}  # fmt: skip


def association_of_run(
    directory: Directory,
    *,
    run: Run = None,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Level of the limits.")] = 0.95,
    as_json: AsJson = False,
) -> None:
    """Say how much oftener children known to be exploited are on record as missing than others, with limits and bounds.

    Children suspected or at risk may belong to either side; children of whose missing episodes nobody sent any record cannot be
    told. The figures are exact and not for publication: the report has them protected.
    """
    runs = Runs(directory)
    with runs.reading(run) as store:
        rows = store.read("associations").to_pyarrow().to_pylist()
    number = {(row["exploited"], row["missing"]): row["count"] for row in rows}
    sides = {one: Counted(*(number.get((one, other), 0) for other in MISSING)) for one in EXPLOITED}
    found = association(sides["known"], sides["not_recorded"], sides["suspected_or_at_risk"], level)
    if as_json:
        document: dict[str, Any] = {"run": runs.find(run), "base": sum(side.all for side in sides.values())}
        document |= {"counts": {name: asdict(side) for name, side in sides.items()}, **asdict(found)}
        print_json(document | {"cannot_mean": CANNOT_MEAN})
    else:
        _on_screen(sides, found)
    next_command(f"joinedup show {directory} associations")


def _on_screen(sides: dict[str, Counted], found: Association) -> None:
    table = [(_WORDS[name], side.all, side.yes, side.no, side.unknown) for name, side in sides.items()]
    print_table(
        "Children by what records say", ("exploitation", "children", *(_WORDS[name] for name in MISSING)), table
    )
    if found.risk is not None and found.risk_of_others is not None:
        out.print(f"On record as missing: {found.risk:.1%} of those known, {found.risk_of_others:.1%} of those of whom nothing is recorded.")  # fmt: skip
    if found.ratio is not None and found.ratio_limits is not None:
        out.print(f"Ratio: {found.ratio:.2f} ({found.ratio_limits.lower:.2f} to {found.ratio_limits.upper:.2f}, limits of chance).")  # fmt: skip
    if found.difference is not None and found.difference_limits is not None:
        limits = found.difference_limits
        out.print(f"Difference: {found.difference:+.1%} ({limits.lower:+.1%} to {limits.upper:+.1%}).")
    if found.ratio_bounds and found.difference_bounds:
        low, high = found.ratio_bounds
        least, most = found.difference_bounds
        out.print(f"Whatever the unknowns are: ratio {low:.2f} to {high:.2f}, difference {least:+.1%} to {most:+.1%}.")
    if found.refused:
        out.print(f"No ratio: {found.refused}.", markup=False)
    out.print(CANNOT_MEAN, markup=False, soft_wrap=True)
