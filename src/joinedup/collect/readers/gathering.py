"""From rows of cells to a raw sheet: finds the heading row, squares ragged rows, and accounts for every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from joinedup.collect.readers.options import ReadOptions
from joinedup.collect.sheets import RawSheet, ReadProblem, fold_heading, text_table

SAMPLE_ROWS = 60
"""Rows looked at to find the headings: title lines may stand above them."""

_KEPT_UNKNOWN = 1000

Row = Sequence[str | None]


def heading_row(rows: Sequence[Row], vocabulary: frozenset[str]) -> tuple[int, bool]:
    """Which of the first rows of a sheet holds the headings, and whether that is sure.

    The row with the most cells that are known headings, the earliest of equals; where no row has enough of them, the
    first that is nearly as wide as the widest, and then it is not sure.

    >>> heading_row([["Missing return"], ["Surname", "DOB"], ["Ash", "2001-04-03"]], frozenset({"surname", "dob"}))
    (1, True)
    """
    filled = [sum(1 for cell in row if cell and cell.strip()) for row in rows]
    hits = [len({fold_heading(cell) for cell in row if cell} & vocabulary) for row in rows]
    best = max(range(len(rows)), key=lambda place: (hits[place], -place))
    if hits[best] >= 2 or (hits[best] and hits[best] * 2 >= filled[best]):
        return best, True
    widest = max(filled)
    return next(place for place, count in enumerate(filled) if count and count >= 0.8 * widest), False


class Gatherer:
    """Takes the rows of one sheet in order and makes them a raw sheet.

    Each row given is kept, refused with a problem, or blank. `shifting` says that a cell too many means the cells
    stand in the wrong columns (as in CSV), so the row is refused; in a workbook the cell is left out with a problem.
    """

    def __init__(self, name: str, options: ReadOptions, *, shifting: bool) -> None:
        self.name = name
        self.options = options
        self.shifting = shifting
        self.headings: tuple[str, ...] | None = None
        self.headings_sure = False
        self.problems: list[ReadProblem] = []
        self.kept = 0
        self.refused = 0
        self.blank = 0
        self.passed = 0
        self._waiting: list[tuple[int, Row]] = []
        self._chunks: list[pa.Table] = []
        self._numbers: list[pa.Array[Any]] = []
        self._short: list[int] = []
        self._known = True

    @property
    def full(self) -> bool:
        """Whether as many rows as were wanted have been kept."""
        limit = self.options.limit
        return limit is not None and self.headings is not None and self.kept >= limit

    def refuse(self, number: int, expected: str, message: str) -> None:
        """Counts one row that cannot be used, and says why."""
        self.refused += 1
        self.problems.append(ReadProblem(self.name, number, "", "refused_row", expected, message))

    def note(self, message: str, expected: str = "", row: int | None = None, column: str = "") -> None:
        """Says one thing about the sheet that costs no row."""
        self.problems.append(ReadProblem(self.name, row, column, "note", expected, message))

    def add_rows(self, numbers: Sequence[int], rows: Sequence[Row]) -> None:
        """Takes rows of cells with their numbers; the headings are found among the first of them."""
        if self.headings is None:
            self._waiting.extend(zip(numbers, rows, strict=True))
            if len(self._waiting) < SAMPLE_ROWS:
                return
            self.settle()
        elif rows:
            self._square(list(numbers), list(rows))

    def settle(self) -> None:
        """Chooses the heading row from what has come so far, and takes the rows below it."""
        if self.headings is not None:
            return
        waiting, self._waiting = self._waiting, []
        filled = [(number, row) for number, row in waiting if any(cell and cell.strip() for cell in row)]
        if not filled:
            self.headings = ()
            self.blank += len(waiting)
            return
        place, sure = heading_row([row for _, row in filled[:SAMPLE_ROWS]], self.options.vocabulary)
        header_number, header = filled[place]
        self.headings = tuple((cell or "").strip() for cell in header)
        self.headings_sure = sure
        self._known = bool({fold_heading(heading) for heading in self.headings} & self.options.vocabulary)
        if place:
            self.note(f"{place} line(s) above the headings were taken for a title and not read", row=header_number)
        self._doubled()
        below = [(number, row) for number, row in waiting if number > header_number]
        self.add_rows([number for number, _ in below], [row for _, row in below])

    def add_columns(self, numbers: pa.Array[Any], columns: Sequence[pa.Array[Any]]) -> None:
        """Takes whole columns, one per heading, with the rows' numbers."""
        table = text_table(columns)
        empty = pa.array([True] * table.num_rows)
        for column in table.columns:
            empty = pc.and_(empty, pc.is_null(column.chunk(0)))
        if count := empty.true_count:
            self.blank += count
            keep = pc.invert(empty)
            table, numbers = table.filter(keep), numbers.filter(keep)
        if (again := self._again(table)) is not None:
            for number in map(int, numbers.filter(again).to_numpy()):
                self.refuse(number, "a row of values", "the headings stand here again; take the row out")
            table, numbers = table.filter(pc.invert(again)), numbers.filter(pc.invert(again))
        if (limit := self.options.limit) is not None:
            table, numbers = table.slice(0, limit - self.kept), numbers.slice(0, limit - self.kept)
        if self._hopeless:
            self.passed += table.num_rows
            return
        self.kept += table.num_rows
        self._chunks.append(table)
        self._numbers.append(numbers)

    def sheet(self) -> RawSheet:
        """The sheet, once every row has been given."""
        self.settle()
        headings = self.headings or ()
        schema = pa.schema([(str(place), pa.string()) for place in range(len(headings))])
        table = pa.concat_tables([schema.empty_table(), *self._chunks]) if headings else schema.empty_table()
        numbers = pa.concat_arrays([pa.array([], pa.int64()), *self._numbers])
        if self._short:
            self.note(
                f"{len(self._short)} row(s) have fewer cells than there are headings; the missing cells were read as empty",
                f"{len(headings)} cells in each row",
                row=self._short[0],
            )
        if headings and not self.kept and not self.refused:
            self.note("there are headings and no rows below them", "at least one row")
        self._unheaded(table, headings)
        return RawSheet(
            self.name,
            headings,
            table,
            numbers,
            self.refused,
            self.blank,
            headings_sure=self.headings_sure,
            passed_rows=self.passed,
        )

    @property
    def _hopeless(self) -> bool:
        """Whether no heading is known to any form, and enough rows were kept to show for it."""
        return self.kept >= _KEPT_UNKNOWN and not self._known

    def _again(self, table: pa.Table) -> Any:
        """Which rows only repeat the headings, as where two files were put together; None where none does."""
        same: Any = None
        for heading, column in zip(self.headings or (), table.columns, strict=True):
            if heading and self.headings_sure:
                equal: Any = pc.fill_null(pc.equal(column.combine_chunks(), pa.scalar(heading)), pa.scalar(False))
                same = equal if same is None else pc.and_(same, equal)
                if not same.true_count:
                    return None
        return same

    def _square(self, numbers: list[int], rows: list[Row]) -> None:
        width = len(self.headings or ())
        if any(len(row) != width for row in rows):
            squared = [(number, self._fit(number, row, width)) for number, row in zip(numbers, rows, strict=True)]
            numbers = [number for number, row in squared if row is not None]
            rows = [row for _, row in squared if row is not None]
        if rows:
            columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
            self.add_columns(pa.array(numbers, pa.int64()), columns)

    def _fit(self, number: int, row: Row, width: int) -> Row | None:
        """The row with exactly `width` cells; None when it was refused."""
        if len(row) < width:
            if any(cell and cell.strip() for cell in row):
                self._short.append(number)
            return [*row, *([None] * (width - len(row)))]
        extra = sum(1 for cell in row[width:] if cell and cell.strip())
        if extra and self.shifting:
            self.refuse(
                number,
                f"{width} cells",
                f"the row has {len(row)} cells for {width} headings, so its values may stand in the wrong columns; "
                "put quotation marks round any value that holds the delimiter, or remove the extra cell",
            )
            return None
        if extra:
            self.problems.append(
                ReadProblem(
                    self.name, number, "", "lost_value", f"{width} cells",
                    f"{extra} cell(s) to the right of the headings were not read; give them a heading",
                )
            )  # fmt: skip
        return row[:width]

    def _doubled(self) -> None:
        if not self.headings_sure:
            return
        seen: set[str] = set()
        for heading in self.headings or ():
            folded = fold_heading(heading)
            if folded and folded in seen:
                self.note(
                    "the heading stands more than once; the first column is used", "each heading once", None, heading
                )
            seen.add(folded)

    def _unheaded(self, table: pa.Table, headings: tuple[str, ...]) -> None:
        for place, heading in enumerate(headings):
            if not heading and (count := table.num_rows - table.column(place).null_count):
                self.problems.append(
                    ReadProblem(
                        self.name, None, "", "note", "a heading above each column",
                        f"column {place + 1} has {count} value(s) and no heading, and was not read",
                    )
                )  # fmt: skip
