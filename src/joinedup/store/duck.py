"""The embedded engine: one DuckDB file a run, reached through Ibis."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa

from joinedup.domain.tables import SHAPES
from joinedup.errors import InternalError, UnreadableError, UsageError
from joinedup.store.contract import arrow_schema

_IBIS_TYPES = {
    "text": "string",
    "integer": "int64",
    "number": "float64",
    "truth": "boolean",
    "date": "date",
    "moment": "timestamp(6)",
}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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
            self._ibis = ibis.duckdb.connect(str(path), read_only=read_only, threads=os.cpu_count() or 1)
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

    def write(self, name: str, table: ibis.Table | pa.Table) -> int:
        """Writes the table in its declared shape and order; returns its rows."""
        shape = SHAPES.get(name)
        if shape is None:
            raise InternalError(f"no table {name!r} is declared in domain.tables")
        names = set(table.schema().names if isinstance(table, ibis.Table) else table.schema.names)
        if names != set(shape.names):
            lacks, undeclared = sorted(set(shape.names) - names), sorted(names - set(shape.names))
            raise InternalError(f"table {name!r} lacks {lacks} and has undeclared {undeclared}")
        given = table if isinstance(table, ibis.Table) else ibis.memtable(table)
        columns = {column.name: given[column.name].cast(_IBIS_TYPES[column.kind]) for column in shape.columns}
        # Every column closes the order: rows that share the declared keys still stand in one fixed order.
        rest = [column for column in shape.names if column not in shape.order]
        order = [ibis.asc(column, nulls_first=True) for column in (*shape.order, *rest)]
        self._ibis.create_table(name, given.select(**columns).order_by(order), overwrite=True)
        return self._rows(name)

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
