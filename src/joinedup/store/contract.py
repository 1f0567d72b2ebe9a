"""What any engine behind the store must offer, and what every stage is handed.

The suite in tests/contract holds every engine to this; DuckDB is the first, and the room for a second is kept free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import ibis
import pyarrow as pa

from joinedup.domain.progress import Progress, no_progress
from joinedup.domain.tables import SHAPES
from joinedup.errors import InternalError
from joinedup.settings import Inquiry


class Store(Protocol):
    """The tables of one run."""

    def read(self, name: str) -> ibis.Table:
        """The table as an Ibis expression, its rows in the order its shape declares."""

    def arrow(self, name: str, columns: Sequence[str] = ()) -> pa.Table:
        """The named columns of the table, or all of them, as Arrow, in the same order: at once, without composing a query."""

    def write(self, name: str, table: ibis.Table | pa.Table) -> int:
        """Writes the whole table, replacing any before it, in its declared shape and order; returns its rows."""

    def tables(self) -> dict[str, int]:
        """Every table present and its rows."""

    def fingerprint(self, name: str) -> str:
        """A hash of the table's rows in order: equal for equal tables, whoever wrote them."""

    def close(self) -> None:
        """Lets go of the run's files."""


@dataclass(frozen=True)
class StageRun:
    """What a stage is handed: the tables it declared, the inquiry, the seed, and where its files go.

    A read outside READS or a write outside WRITES is a broken promise and stops the run.
    """

    stage: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    store: Store
    inquiry: Inquiry
    inquiry_dir: Path
    run_dir: Path
    seed: int
    fingerprint: str = ""
    """Hash of everything the run's results follow from; the same for the same inputs, whenever they are run."""
    from_run: str = ""
    """The run whose person ids are carried on, as the table last_ids has them; empty for the first."""
    progress: Progress = field(default=no_progress)
    basis: Mapping[str, Any] = field(default_factory=dict)
    """What the run is made of, as its manifest will say."""

    def read(self, name: str) -> ibis.Table:
        """The named table, as an Ibis expression (`.to_pyarrow()` brings a small one over)."""
        self._declared(name)
        return self.store.read(name)

    def arrow(self, name: str, columns: Sequence[str] = ()) -> pa.Table:
        """The named table, or some of its columns, as Arrow, in its declared order."""
        self._declared(name)
        return self.store.arrow(name, columns)

    def write(self, name: str, table: ibis.Table | pa.Table) -> int:
        """Writes the named table; returns its rows."""
        if name not in self.writes:
            raise InternalError(f"stage {self.stage} wrote the table {name!r} without declaring it")
        return self.store.write(name, table)

    def _declared(self, name: str) -> None:
        if name not in self.reads:
            raise InternalError(f"stage {self.stage} read the table {name!r} without declaring it")


def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of the named table's shape.

    >>> arrow_schema("decisions").field("sequence").type
    DataType(int64)
    """
    kinds: dict[str, pa.DataType] = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "date": pa.date32(),
        "moment": pa.timestamp("us"),
    }
    return pa.schema([(column.name, kinds[column.kind]) for column in SHAPES[name].columns])


def empty(name: str) -> pa.Table:
    """The named table with no rows, in its declared schema."""
    return arrow_schema(name).empty_table()


def from_rows(name: str, rows: list[dict[str, object]]) -> pa.Table:
    """The named table from a list of rows; a column a row does not carry is empty."""
    schema = arrow_schema(name)
    return pa.table(
        {field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in schema}, schema
    )
