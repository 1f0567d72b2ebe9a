"""`joinedup protect`: tables of counts made safe to publish."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TextIO

import typer

from joinedup.cli.audit_release import audit_json
from joinedup.cli.cell_key_files import CELL_KEY, Keyed, keyed_tables
from joinedup.cli.cell_key_files import LAYOUT as KEYED_LAYOUT
from joinedup.cli.console import next_command, print_json, say
from joinedup.cli.csv_file import rows_of
from joinedup.cli.release_files import LAYOUT, Parts, parts_of
from joinedup.errors import RefusedError, UnreadableError, UsageError
from joinedup.registry.disclosure import suppression_rules
from joinedup.stats.disclosure import (
    Counted,
    Noise,
    ProtectedTables,
    ReleasedTable,
    SmallCounts,
    TooSparseError,
    UnprotectedError,
    counts_of,
    perturbed_tables,
    rounded_table,
    visible_without,
    withhold_together,
)

_SMALL, _NOISE = SmallCounts(), Noise()
_MENDED = "Put categories together, or leave a dimension out."


_Files = Annotated[
    list[Path],
    typer.Argument(metavar="TABLE.csv...", help="One column for each dimension, then count; several are one release."),
]
_LargestSmall = Annotated[
    int | None, typer.Option(min=1, help="Counts from 1 to this are small; 4, or what --rule says, without it.")
]
_Behind = Annotated[int, typer.Option(min=2, help="Counts that must stay possible for one who knows the rule.")]
_Rule = Annotated[str, typer.Option(help=f"Whose small counts: {', '.join(suppression_rules())}.", show_default=False)]
_Method = Annotated[
    Literal["withhold", "round", "cell-key"],
    typer.Option(help="Withhold counts, round all so that they add up, or add noise by the keys of the people."),
]
_Variance = Annotated[float, typer.Option(min=0.01, help="The variance of that noise, where a count leaves it room.")]
_KeyFile = Annotated[
    Path | None,
    typer.Option(help="For --method cell-key of files with one row a person: the key their record keys come from."),
]
_LeastVisible = Annotated[
    float, typer.Option(min=0, max=1, help="Refuse where a smaller share of people is in cells shown.")
]
_Collapse = Annotated[
    bool, typer.Option(help="Where too few would be shown, leave out the dimension that helps most, and say so.")
]
_Parts = Annotated[
    list[str] | None,
    typer.Option(metavar="DIMENSION=FILE", help="Categories that lie within others: a CSV of part and whole."),
]
_Folder = Annotated[
    Path | None, typer.Option("--out", help="Write each table under its name here; needed for several.")
]


def protect(
    files: _Files,
    *,
    largest_small: _LargestSmall = None,
    behind: _Behind = _SMALL.behind,
    rule: _Rule = "",
    method: _Method = "withhold",
    base: Annotated[int, typer.Option(min=2, help="What --method round rounds to.")] = 5,
    noise: Annotated[int, typer.Option(min=1, help="The most that --method cell-key adds or takes.")] = _NOISE.most,
    variance: _Variance = _NOISE.variance,
    key_file: _KeyFile = None,
    least_visible: _LeastVisible = 0.3,
    collapse: _Collapse = False,
    parts: _Parts = None,
    folder: _Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the audit and the table as JSON.")] = False,
) -> None:
    """Withhold the small counts of a table, and as many others as it takes, and write it with its totals.

    Margins are computed, not given; combinations without a row are nought. Withheld cells are written c, whatever they are
    withheld for. Tables are audited as an outsider would before they are written. Cell keys take one row a person (person,
    then the dimensions) and --key-file, or a column cell_key before count. Exit codes: 0 written, 2 usage, 3 a file could
    not be read, 4 refused: too sparse to publish, or not to be protected.
    """
    if len(files) > 1 and folder is None and not as_json:
        raise UsageError("several tables need a folder to be written to", remedy="Give --out FOLDER, or --json.")
    if key_file is not None and method != "cell-key":
        raise UsageError(
            "a key file is for --method cell-key", remedy="Add --method cell-key, or leave out --key-file."
        )
    limits, inside = _limits(largest_small, behind, rule), parts_of(parts or [])
    if method == "cell-key":
        keyed = keyed_tables(files, key_file, inside)
        tables = [each.table for each in keyed]
        made = _perturbed(keyed, _noise(noise, variance, limits), limits)
    elif method == "round":
        tables = [_read(file, inside) for file in files]
        made = _rounded(tables, base, limits)
    else:
        tables = [_read(file, inside) for file in files]
        made = _withheld(tables, limits, least_visible, collapse=collapse)
    if as_json:
        print_json(_told(made, tables))
    else:
        _write(made.tables, files, folder)
    within = {"round": base - 1, "cell-key": noise}.get(method, 0)
    say(_cost(made, method, base, noise))
    next_command(
        f"joinedup audit-release FILE...{f' --within {within}' if within else ''} --earlier OLD,"
        " with every table already published of nearly the same people"
    )


def _cost(made: ProtectedTables, method: str, base: int, noise: int) -> str:
    if method == "round":
        return f"every count rounded to a multiple of {base}; the totals are the sums of their parts"
    if method == "cell-key":
        return (
            f"every count within {noise} of what is shown, noughts as they are; the totals need not be the sums of their"
            " parts, so say so beside the table; keep the keys: with others the noise can be averaged away"
        )
    return (
        f"{made.primary:,} small counts and {made.secondary:,} others withheld;"
        f" {100 * made.visible:.0f}% of people are in cells shown"
    )


def _limits(largest_small: int | None, behind: int, rule: str) -> SmallCounts:
    known = suppression_rules()
    if rule and rule not in known:
        raise UsageError(f"there is no rule {rule!r} for withholding", remedy=f"Rules: {', '.join(known)}.")
    most = largest_small or (known[rule].small_to if rule else SmallCounts().most)
    return SmallCounts(1, most, behind)


def _read(file: Path, parts: Parts) -> Counted:
    rows = rows_of(file)
    if rows and CELL_KEY in [word.strip().lower() for word in rows[0]]:
        raise UsageError(
            f"{file.name} has a column {CELL_KEY}, which would be taken for a dimension",
            remedy="Add --method cell-key, or take the column out.",
        )
    try:
        dimensions, counts = counts_of(file.name, rows[0] if rows else [], rows[1:])
    except ValueError as error:
        raise UnreadableError(str(error), remedy=LAYOUT) from error
    return Counted(file.name, dimensions, counts, {name: parts[name] for name in dimensions if name in parts})


def _withheld(tables: list[Counted], limits: SmallCounts, least_visible: float, *, collapse: bool) -> ProtectedTables:
    names = ", ".join(table.name for table in tables)
    try:
        return withhold_together(tables, limits, least_visible)
    except TooSparseError as error:
        at = next(place for place, table in enumerate(tables) if table.name == error.table)
        shown = visible_without(tables[at], limits)
        if not shown:
            raise RefusedError(f"{error.table} is too sparse to publish: {error}", remedy=_MENDED) from error
        best = max(shown, key=lambda name: shown[name])
        if not collapse:
            remedy = f"{_MENDED} Without {best}, {100 * shown[best]:.0f}% of the people would be in counts that are not small."
            raise RefusedError(f"{error.table} is too sparse to publish: {error}", remedy=remedy) from error
        say(f"{error.table}: left out {best}; {error}")
        tables[at] = tables[at].without(best)
        return _withheld(tables, limits, least_visible, collapse=True)
    except UnprotectedError as error:
        raise RefusedError(f"{names}: {error}", remedy=_MENDED) from error
    except ValueError as error:
        raise UnreadableError(f"{names}: {error}", remedy=LAYOUT) from error


def _rounded(tables: Sequence[Counted], base: int, limits: SmallCounts) -> ProtectedTables:
    if len(tables) > 1:
        raise UsageError("tables are rounded one at a time", remedy="Give one table, or leave out --method round.")
    try:
        made, audit = rounded_table(tables[0], base, limits)
    except UnprotectedError as error:
        raise RefusedError(f"{tables[0].name}: {error}", remedy="Take another --base, or withhold.") from error
    except ValueError as error:
        raise UnreadableError(f"{tables[0].name}: {error}", remedy=LAYOUT) from error
    return ProtectedTables((made,), audit, 0, 0, 1.0)


def _noise(most: int, variance: float, limits: SmallCounts) -> Noise:
    if most <= limits.most:
        raise UsageError(
            f"noise of at most {most} cannot keep counts of 1 to {limits.most} from being shown",
            remedy=f"Give --noise {limits.most + 1} or more, or a smaller --largest-small.",
        )
    if variance > most**2:
        raise UsageError(
            f"noise of at most {most} cannot have a variance of {variance:g}",
            remedy=f"Give --variance up to {most**2}.",
        )
    return Noise(most, variance, limits.most)


def _perturbed(keyed: Sequence[Keyed], noise: Noise, limits: SmallCounts) -> ProtectedTables:
    names = ", ".join(each.table.name for each in keyed)
    try:
        made, audit = perturbed_tables([each.table for each in keyed], [each.keys for each in keyed], noise, limits)
    except UnprotectedError as error:
        raise RefusedError(
            f"{names}: {error}", remedy="Give more --noise, put categories together, or withhold."
        ) from error
    except ValueError as error:
        raise UnreadableError(f"{names}: {error}", remedy=KEYED_LAYOUT) from error
    return ProtectedTables(made, audit, 0, 0, 1.0)


def _told(made: ProtectedTables, tables: Sequence[Counted]) -> dict[str, object]:
    rows = {
        table.name: [dict(zip(released.columns, row, strict=True)) for row in released.as_text()]
        for released, table in zip(made.tables, tables, strict=True)
    }
    counted = {"primary": made.primary, "secondary": made.secondary, "share_visible": made.visible}
    return {**audit_json(made.audit), **counted, "table": next(iter(rows.values())), "tables": rows}


def _write(tables: Sequence[ReleasedTable], files: Sequence[Path], folder: Path | None) -> None:
    if folder is None:
        _rows_to(sys.stdout, tables[0])
        return
    folder.mkdir(parents=True, exist_ok=True)
    for table, file in zip(tables, files, strict=True):
        with (folder / file.name).open("w", encoding="utf-8", newline="") as opened:
            _rows_to(opened, table)


def _rows_to(stream: TextIO, table: ReleasedTable) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.as_text())
