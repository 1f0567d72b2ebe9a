"""The databases that linking can run on, and what it asks of any of them: tables in, queries run, tables of Arrow out.

The SQL is written once, in DuckDB's words (levels.py, splink_adapter.py); an engine that speaks others translates it. What
linking does with the pairs afterwards (fitting, clustering) asks no engine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from splink import DuckDBAPI

from joinedup.errors import SettingsError
from joinedup.settings import Inquiry

JAVA = "Install Java 17 or 21 (on Debian: apt-get install openjdk-17-jre-headless)"
DUCKDB = 'or write engine = "duckdb" in inquiry.toml: it gives the same links.'


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
        """What a query finds; in its order, where it asks for one by columns that it finds."""


Engine = Callable[[], AbstractContextManager[Database]]
"""Opens a database, empty, and closes it."""


class Duck:
    """DuckDB in the memory of this process."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.splink = DuckDBAPI(connection)

    def give(self, name: str, table: pa.Table) -> None:
        """Lets queries read a table of Arrow under a name."""
        # As a table of its own: some plans of DuckDB's cannot filter Arrow in place.
        self._connection.register(f"given_{name}", table)
        self.make(name, f"SELECT * FROM given_{name}")
        self._connection.unregister(f"given_{name}")

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


def ready(inquiry: Inquiry) -> None:
    """Raises SettingsError where this machine lacks what the inquiry's engine needs, before anything is begun."""
    if inquiry.engine != "spark":
        return
    missing = [name for name in ("pyspark", "pandas") if find_spec(name) is None]
    if missing:
        raise SettingsError(
            f'engine = "spark" needs {" and ".join(missing)}, which {"are" if missing[1:] else "is"} not installed',
            remedy=f"pip install 'joinedup[spark]', {DUCKDB}",
        )
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home, "bin")) if home else None) is None:
        where = f"where JAVA_HOME says it is ({home})" if home else "on this machine"
        raise SettingsError(f'engine = "spark" needs Java, which is not {where}', remedy=f"{JAVA}, {DUCKDB}")


@contextmanager
def engine_of(inquiry: Inquiry) -> Iterator[Engine]:
    """The engine that the inquiry asks for, started and ended.

    Raises SettingsError where this machine lacks what it needs, or it does not start.
    """
    ready(inquiry)
    if inquiry.engine == "duckdb":
        yield duckdb_engine
        return
    spark = import_module("joinedup.link.spark")  # only now: PySpark is an extra
    with spark.spark_engine(inquiry.link.spark_master, inquiry.link.spark_memory) as engine:
        yield engine
