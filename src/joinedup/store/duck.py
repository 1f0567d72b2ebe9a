"""The embedded engine: one DuckDB file a run, reached through Ibis."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.domain.tables import SHAPES
from joinedup.domain.tables.shape import TableShape
from joinedup.errors import InternalError, UnreadableError, UsageError
from joinedup.store.contract import arrow_schema

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

_IBIS_TYPES = {
    "text": "string",
    "integer": "int64",
    "number": "float64",
    "truth": "boolean",
    "date": "date",
    "moment": "timestamp(6)",
}
_TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "truth": "BOOLEAN",
    "date": "DATE",
    "moment": "TIMESTAMP",
}
_GIVEN = "given_to_write"
_THREADS = os.cpu_count() or 1
_ROW_GROUP = 122_880
"""As many rows as the engine keeps together."""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _ordered_by(shape: TableShape) -> list[str]:
    """The columns that fix the order of rows: every column closes it, so that rows that share the declared keys still stand in
    one fixed order."""
    return [*shape.order, *(column for column in shape.names if column not in shape.order)]


def rises(table: pa.Table, keys: Sequence[str]) -> bool:
    """Whether each row's keys come after those of the row before it, so that no two rows share them.

    >>> rises(pa.table({"a": ["x", "x", "y"], "b": [1, 2, 1]}), ("a", "b")), rises(pa.table({"a": ["x", "x"]}), ("a",))
    (True, False)
    """
    if table.num_rows < 2:
        return True
    alike, later = None, None
    for key in keys:
        column = _plain(table[key])
        if column is None:
            return False
        before, after = column.slice(0, len(column) - 1), column.slice(1)
        more = pc.less(before, after)
        later = more if later is None else pc.or_(later, pc.and_(alike, more))
        if pc.all(later).as_py():
            return True
        same = pc.equal(before, after)
        alike = same if alike is None else pc.and_(alike, same)
    return False


def _plain(column: Any) -> Any:
    """A column in one piece; None for one with empty values or of a type that this program orders otherwise than the engine."""
    whole = column.combine_chunks()
    comparable = pa.types.is_string(whole.type) or pa.types.is_integer(whole.type) or pa.types.is_date(whole.type)
    return whole if comparable and not whole.null_count else None


class DuckStore:
    """The tables of one run in one DuckDB file.

    Rows are written in the order their shape declares, with every column in its declared type; a table that lacks a
    declared column, or brings one that is not declared, is refused.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        if read_only and not path.exists():
            raise UnreadableError(
                f"{path.name} is missing from the run", remedy="Run the inquiry again: joinedup run DIR."
            )
        try:
            self._ibis = ibis.duckdb.connect(str(path), read_only=read_only, threads=_THREADS)
        except duckdb.Error as error:
            raise UnreadableError(
                f"{path.name} cannot be opened: {type(error).__name__}",
                remedy="The file is damaged or another program holds it. Close that program, or run the inquiry again.",
            ) from error
        self._connection: duckdb.DuckDBPyConnection = self._ibis.con

    def read(self, name: str) -> ibis.Table:
        """The table as an Ibis expression."""
        if name not in self._present():
            known = ", ".join(sorted(self._present()))
            raise UsageError(f"this run has no table {name!r}", remedy=f"It has: {known}.")
        return self._ibis.table(name)

    def arrow(self, name: str, columns: Sequence[str] = ()) -> pa.Table:
        """The named columns of the table, or all of them, as Arrow."""
        if name not in self._present():
            self.read(name)  # which says what there is
        wanted = ", ".join(map(_quoted, columns or SHAPES[name].names))
        found: pa.Table = self._connection.execute(f"SELECT {wanted} FROM {_quoted(name)}").to_arrow_table()
        return found

    def write(self, name: str, table: ibis.Table | pa.Table) -> int:
        """Writes the table in its declared shape and order; returns its rows."""
        shape = SHAPES.get(name)
        if shape is None:
            raise InternalError(f"no table {name!r} is declared in domain.tables")
        names = set(table.schema().names if isinstance(table, ibis.Table) else table.schema.names)
        if names != set(shape.names):
            lacks, undeclared = sorted(set(shape.names) - names), sorted(names - set(shape.names))
            raise InternalError(f"table {name!r} lacks {lacks} and has undeclared {undeclared}")
        if isinstance(table, pa.Table):
            self._write_arrow(shape, table)
        else:
            columns = {column.name: table[column.name].cast(_IBIS_TYPES[column.kind]) for column in shape.columns}
            order = [ibis.asc(column, nulls_first=True) for column in _ordered_by(shape)]
            self._ibis.create_table(name, table.select(**columns).order_by(order), overwrite=True)
        return self._rows(name)

    def _write_arrow(self, shape: TableShape, table: pa.Table) -> None:
        """Writes a table of Arrow by a query of its own: composing one takes longer than many a table to write."""
        columns = ", ".join(
            f"CAST({_quoted(column.name)} AS {_TYPES[column.kind]}) AS {_quoted(column.name)}"
            for column in shape.columns
        )
        order = ", ".join(f"{_quoted(column)} ASC NULLS FIRST" for column in _ordered_by(shape))
        # Rows that rise in the declared keys stand as they are to stand: sorting by every column takes most of the time.
        sorting = "" if rises(table, shape.order) else f" ORDER BY {order}"
        self._connection.register(_GIVEN, table)
        # A table that fits one group of rows is written by one thread: several would only wait for one another.
        if table.num_rows <= _ROW_GROUP:
            self._connection.execute("SET threads = 1")
        try:
            self._connection.execute(
                f"CREATE OR REPLACE TABLE {_quoted(shape.name)} AS SELECT {columns} FROM {_GIVEN}{sorting}"
            )
        finally:
            self._connection.unregister(_GIVEN)
            self._connection.execute(f"SET threads = {_THREADS}")

    def copy_from(self, other: Path, names: list[str]) -> None:
        """Copies the named tables of another run's file, as they are."""
        self._connection.execute(f"ATTACH '{str(other).replace(chr(39), chr(39) * 2)}' AS earlier (READ_ONLY)")
        try:
            for name in names:
                self._connection.execute(
                    f"CREATE OR REPLACE TABLE {_quoted(name)} AS SELECT * FROM earlier.{_quoted(name)}"
                )
        finally:
            self._connection.execute("DETACH earlier")

    def tables(self) -> dict[str, int]:
        """Every table present, in the dictionary's order, and its rows."""
        present = self._present()
        return {name: self._rows(name) for name in SHAPES if name in present}

    def fingerprint(self, name: str) -> str:
        """SHA-256 over the engine's row hashes in row order, with the column names and types."""
        hashes = self._connection.execute(f"SELECT hash(t) AS h FROM {_quoted(name)} AS t").fetchnumpy()["h"]
        digest = hashlib.sha256(str(arrow_schema(name)).encode())
        digest.update(hashes.tobytes())
        return digest.hexdigest()

    def close(self) -> None:
        """Closes the file; the write-ahead log is folded in first."""
        self._ibis.disconnect()

    def _rows(self, name: str) -> int:
        row = self._connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()
        return int(row[0]) if row else 0

    def _present(self) -> set[str]:
        rows = self._connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
        )
        return {str(name) for (name,) in rows.fetchall()}
