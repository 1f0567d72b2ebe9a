"""One raw sheet, parsed: the rows that can be used, the rows refused, and a problem for everything lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from joinedup.collect import problems
from joinedup.collect.emit.arrow import Array, pc
from joinedup.collect.emit.columns import constant, over_distinct
from joinedup.collect.recognise import Recognised
from joinedup.collect.sheets import RawSheet
from joinedup.collect.values.columns import ColumnOptions, parse_column
from joinedup.collect.values.dates import DateOptions
from joinedup.collect.values.parsed import ParsedColumn
from joinedup.registry.code_sets import CodeSet
from joinedup.registry.forms import FormColumn, Sheet

_CODED = frozenset({"code", "codes", "sex", "role", "status", "yes_no"})


@dataclass(frozen=True, slots=True)
class ParseContext:
    """What the reading of values depends on beside the form: code sets, the year dates end in, and the agency's habits."""

    code_sets: Mapping[str, CodeSet]
    latest_year: int
    unknown_dates_of_birth: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """One recognised sheet with its values parsed.

    `table` holds the rows used: `_row` (the row as a person counts it), each found column's raw text under the
    column's id, and its parsed parts as `id:part`. rows = used + refused. `problems` are without their file.
    """

    form: str
    sheet: str
    name: str
    table: pa.Table
    rows: int
    refused: int
    problems: pa.Table
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """The rows used in whole or part."""
        return int(self.table.num_rows)


def prepare(raw: RawSheet, found: Recognised, sheet: Sheet, context: ParseContext) -> Prepared:
    """The sheet's rows as parsed by the form's columns, and what could not be used of them."""
    name = raw.name or sheet.id
    headings = {column: raw.headings[place] for column, place in found.columns.items()}
    found_problems = [_of_headings(name, found, raw)]
    keep, refusals = _usable(raw, found, sheet, name)
    found_problems += refusals
    rows = raw.rows.filter(keep)
    columns: dict[str, Array] = {"_row": rows}
    births = birth_columns(sheet)
    for column in sheet.columns:
        if column.id not in found.columns:
            continue
        cells = raw.table.column(found.columns[column.id]).combine_chunks().filter(keep)
        parsed = parse_column(column.type, cells, _options(column, context, birth=column.id in births))
        columns[column.id] = cells
        columns |= {f"{column.id}:{part}": values for part, values in parsed.parts.items()}
        columns[f"{column.id}:fault"] = parsed.fault
        found_problems += _of_values((name, headings[column.id]), rows, parsed)
    table = pa.table(columns)
    return Prepared(
        found.form,
        found.sheet,
        name,
        table,
        raw.rows_in,
        raw.rows_in - table.num_rows,
        problems.together(found_problems),
        headings,
    )


def birth_columns(sheet: Sheet) -> frozenset[str]:
    """The columns that hold a date of birth."""
    return frozenset(mention.fields["dob"] for mention in sheet.mentions if "dob" in mention.fields) | {
        column.id for column in sheet.columns if column.id == "dob"
    }


def _options(column: FormColumn, context: ParseContext, *, birth: bool) -> ColumnOptions:
    dates = DateOptions(context.latest_year, birth, context.unknown_dates_of_birth if birth else ())
    code_set = context.code_sets[column.codes] if column.codes and column.type in _CODED else None
    return ColumnOptions(dates, code_set)


def _of_headings(name: str, found: Recognised, raw: RawSheet) -> pa.Table:
    tables = []
    if found.unmatched:
        shown = [heading for heading in found.unmatched if len(heading) <= 60] if raw.headings_sure else []
        listed = f": {'; '.join(shown[:40])}" if shown else ""
        message = (
            f"{len(found.unmatched)} headings belong to no column of the form and were not read{listed}. Where one "
            f"should be, name it in inquiry.toml under the agency's mapping."
        )
        tables.append(problems.one("note", f"headings of the form {found.form}", message, sheet=name))
    tables += [
        problems.one(
            "note",
            f'a column "{suggestion.label}"',
            suggestion.words[0].upper() + suggestion.words[1:],
            sheet=name,
            column=suggestion.label,
        )
        for suggestion in found.suggestions
    ]
    return problems.together(tables)


def _usable(raw: RawSheet, found: Recognised, sheet: Sheet, name: str) -> tuple[Array, list[pa.Table]]:
    keep = pa.repeat(pa.scalar(value=True), raw.table.num_rows)
    refusals = []
    for column in (column for column in sheet.columns if column.required):
        if column.id not in found.columns:
            if raw.table.num_rows:
                message = (
                    f'Every row is refused: the form needs the column "{column.label}" and the file has none. Add it, '
                    f'or say in inquiry.toml which heading stands for it: mapping = {{ "their heading" = "{column.id}" }}'
                )
                expected = f'a column "{column.label}"'
                refusals.append(problems.one("refused_row", expected, message, sheet=name, column=column.label))
            keep = pa.repeat(pa.scalar(value=False), raw.table.num_rows)
            continue
        place = found.columns[column.id]
        empty = pc.and_(pc.is_null(raw.table.column(place).combine_chunks()), keep)
        rows = raw.rows.filter(empty)
        if len(rows):
            wanted = constant(f"a value under {column.label}", len(rows))
            words = "The row is refused: this cell may not be empty in this form. Fill it in and send the return again."
            where = (name, raw.headings[place])
            refusals.append(problems.of_rows(where, rows, "refused_row", wanted, constant(words, len(rows))))
        keep = pc.and_(keep, pc.invert(empty))
    return keep, refusals


def _of_values(where: tuple[str, str], rows: Array, parsed: ParsedColumn) -> list[pa.Table]:
    found = []
    for severity, reasons, template in (
        ("lost_value", parsed.fault, "The value is not {}. It is left out and the rest of the row is used; mend it at its source."),
        ("changed_value", parsed.changed, "The value was read otherwise than it stands: {}. Check it at its source."),
    ):  # fmt: skip
        some = pc.is_valid(reasons)
        expected = reasons.filter(some)
        if len(expected):
            message = over_distinct(template.format, expected, pa.string())
            found.append(problems.of_rows(where, rows.filter(some), severity, expected, message))
    return found
