"""The databases that linking can run on, and what it asks of any of them: tables in, queries run, tables of Arrow out.

The SQL is written once, in DuckDB's words (levels.py, splink_adapter.py); an engine that speaks others translates it. What
linking does with the pairs afterwards (fitting, clustering) asks no engine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from splink import DuckDBAPI


class Database(Protocol):
    """A database opened for the records of one model, gone with all it holds when it is closed."""

    splink: Any
    """Splink's own interface to it, through which Splink proposes pairs."""

    def give(self, name: str, table: pa.Table) -> None:
        """Lets queries read a table of Arrow under a name."""

    def make(self, name: str, query: str) -> None:
        """Keeps what a query finds as a table under a name, worked out once."""

    def drop(self, name: str) -> None:
        """Forgets a table that was made here or by Splink."""

    def ask(self, query: str) -> pa.Table:
        """What a query finds, its rows in the order that the query asks for."""


Engine = Callable[[], AbstractContextManager[Database]]
"""Opens a database, empty, and closes it."""


class Duck:
    """DuckDB in the memory of this process."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.splink = DuckDBAPI(connection)

    def give(self, name: str, table: pa.Table) -> None:
        """Lets queries read a table of Arrow under a name."""
        self._connection.register(name, table)

    def make(self, name: str, query: str) -> None:
        """Keeps what a query finds as a table under a name."""
        self._connection.execute(f"CREATE TABLE {name} AS {query}")

    def drop(self, name: str) -> None:
        """Forgets a table that was made here or by Splink."""
        self._connection.execute(f"DROP TABLE {name}")

    def ask(self, query: str) -> pa.Table:
        """What a query finds."""
        found: pa.Table = self._connection.execute(query).to_arrow_table()
        return found


@contextmanager
def duckdb_engine() -> Iterator[Duck]:
    """Opens DuckDB, on every processor there is."""
    connection = duckdb.connect(":memory:", config={"threads": os.cpu_count() or 1})
    try:
        yield Duck(connection)
    finally:
        connection.close()
