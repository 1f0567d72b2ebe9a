"""Spark behind linking: `local[*]` on this machine, or a cluster. Imported only where it is asked for (extra `spark`).

The SQL arrives in DuckDB's words and is translated. Spark has no likeness of words of its own, so the two measures that the
levels ask for run in its Python workers, on RapidFuzz, over whole columns: they give what DuckDB gives, to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlglot
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.pandas.functions import pandas_udf
from pyspark.sql.types import DoubleType
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from splink import SparkAPI
from splink.internals.exceptions import SplinkException
from sqlglot import exp

from joinedup.link.engines import Engine
from joinedup.link.spark_session import failure, started


def translated(query: str) -> str:
    """A query in DuckDB's words in those of Spark.

    >>> translated("SELECT list_has_any(a, b) AS alike FROM t")
    'SELECT ARRAYS_OVERLAP(a, b) AS alike FROM t'
    """
    return _spoken(sqlglot.parse_one(query, read="duckdb"))


def _spoken(query: exp.Expr) -> str:
    words: str = query.transform(_in_spark).sql("spark")
    return words


def _in_spark(node: exp.Expr) -> exp.Expr:
    """What sqlglot would leave in words that Spark does not know."""
    if isinstance(node, exp.ArrayOverlaps):
        return exp.Anonymous(this="ARRAYS_OVERLAP", expressions=[node.this, node.expression])
    if isinstance(node, exp.JarowinklerSimilarity):
        return exp.Anonymous(this="jaro_winkler_similarity", expressions=[node.this, node.expression])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "list_intersect":
        return exp.Anonymous(this="ARRAY_INTERSECT", expressions=node.expressions)
    return node


def _measure(of: ModuleType, name: str) -> Any:
    """A measure of two columns of words, empty where either is. It travels to the workers by value, so they need not have
    this program."""

    def measured(left: pd.Series, right: pd.Series) -> pd.Series:
        both = (left.notna() & right.notna()).to_numpy()
        # DuckDB compares bytes, and of two empty words says 0 either way.
        words = ([word.encode() for word in side[both]] for side in (left, right))
        found = np.full(len(left), np.nan)
        found[both] = process.cpdist(*words, scorer=getattr(of, name), dtype=np.float64)
        found[both & ((left == "") & (right == "")).to_numpy()] = 0
        return pd.Series(found).where(both, None)

    measured.__annotations__ = {"left": pd.Series, "right": pd.Series, "return": pd.Series}
    return pandas_udf(measured, DoubleType())  # type: ignore[call-overload]


class Spark:
    """What one model's linking asks, in a session of its own."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        session.udf.register("jaro_winkler_similarity", _measure(JaroWinkler, "similarity"))
        session.udf.register("damerau_levenshtein", _measure(DamerauLevenshtein, "distance"))
        self.splink: Any = SparkAPI(  # type: ignore[no-untyped-call]
            spark_session=session,
            break_lineage_method="persist",
            num_partitions_on_repartition=session.sparkContext.defaultParallelism,
            register_udfs_automatically=False,
        )

    def give(self, name: str, table: pa.Table) -> None:
        """Lets queries read a table of Arrow under a name."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def make(self, name: str, query: str) -> None:
        """Keeps what a query finds as a table under a name."""
        found = self._session.sql(translated(query)).persist()
        found.count()  # now, so that what it was made of can be dropped
        found.createOrReplaceTempView(name)

    def drop(self, name: str) -> None:
        """Forgets a table that was made here or by Splink."""
        self._session.table(name).unpersist()
        self._session.catalog.dropTempView(name)

    def ask(self, query: str) -> pa.Table:
        """What a query finds."""
        asked = sqlglot.parse_one(query, read="duckdb")
        order = asked.args.get("order")
        # Put in order here: Spark would run the whole query once more to see where to cut it into ranges.
        asked.set("order", None)
        found: pa.Table = self._session.sql(_spoken(asked)).toArrow()
        if order is None:
            return found
        ways: list[Any] = [
            (each.this.name, "descending" if each.args.get("desc") else "ascending") for each in order.expressions
        ]
        return found.sort_by(ways)

    def close(self) -> None:
        """Forgets everything."""
        self._session.catalog.clearCache()


@contextmanager
def spark_engine(master: str, memory: str) -> Iterator[Engine]:
    """Starts Spark on a master, gives the engine, and ends Spark and its Java.

    Raises SettingsError where Java is missing, Spark does not start, or its memory does not suffice.
    """
    with started(master, memory) as session:

        @contextmanager
        def engine() -> Iterator[Spark]:
            database = Spark(session.newSession())
            try:
                yield database
            except (Py4JError, PySparkException, SplinkException, ConnectionError) as error:
                # What Spark says of a failure can hold values of the records: only its kind is told.
                raise failure(error, memory) from None
            finally:
                database.close()

        yield engine
