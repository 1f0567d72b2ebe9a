"""Starts and ends Spark and its Java, quietly, and says what stopped it in words that mend it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from py4j.protocol import Py4JError, Py4JNetworkError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from joinedup.errors import InternalError, JoinedupError, SettingsError
from joinedup.link.engines import DUCKDB, JAVA


@contextmanager
def started(master: str, memory: str) -> Iterator[SparkSession]:
    """A session of Spark on a master; Spark and its Java have ended when it closes.

    Raises SettingsError where Spark does not start: no such master, a Java that is too old.
    """
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # Java's own output is kept from the reader: its warnings are not for them, and can hold values of the records.
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryDirectory() as warehouse:
        conf = SparkConf().setAll([*_settings(master, memory), ("spark.sql.warehouse.dir", warehouse)])
        try:
            gateway = launch_gateway(conf, {"stdout": subprocess.DEVNULL, "stderr": said})  # type: ignore[no-untyped-call]
        except PySparkException:
            raise _not_started(master, said) from None
        try:
            try:
                context = SparkContext(conf=conf, gateway=gateway)
            except (Py4JError, PySparkException):
                raise _not_started(master, said) from None
            try:
                yield SparkSession(context)
            finally:
                context.stop()
        finally:
            _end(gateway)


def _settings(master: str, memory: str) -> list[tuple[str, str]]:
    """What Spark is told; whatever else a cluster needs is read from its own spark-defaults.conf."""
    found = [
        ("spark.app.name", "joinedup link"),
        ("spark.master", master),
        ("spark.driver.memory", memory),
        ("spark.executor.memory", memory),
        ("spark.driver.maxResultSize", "0"),  # the pairs all come back here
        ("spark.ui.enabled", "false"),
        ("spark.ui.showConsoleProgress", "false"),
        ("spark.sql.session.timeZone", "UTC"),
    ]
    if master.startswith("local"):
        found += [
            # Nobody beyond this machine can reach it, and what does not fit into memory is on disk in no readable form.
            ("spark.driver.host", "127.0.0.1"),
            ("spark.driver.bindAddress", "127.0.0.1"),
            ("spark.io.encryption.enabled", "true"),
            ("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 1))),
        ]
    return found


def _not_started(master: str, said: Any) -> SettingsError:
    said.seek(0)
    text = said.read()
    if "UnsupportedClassVersionError" in text or "Unrecognized option" in text:
        return SettingsError('engine = "spark" found a Java that is too old', remedy=f"{JAVA}, {DUCKDB}")
    return SettingsError(
        f"Spark did not start on link.spark_master = {master!r}",
        remedy=f"Check that the master can be reached and that link.spark_memory is to be had there, {DUCKDB}",
    )


def _end(gateway: Any) -> None:
    """Ends Java, and lets PySpark forget it so that it could be started anew."""
    gateway.shutdown()
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(timeout=30)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 -- PySpark has no other way


def failure(error: Exception, memory: str) -> JoinedupError:
    """What to tell of a failure within Spark: its kind, never its words, which can hold values of the records."""
    try:
        text = str(error)  # which asks Java
    except (Py4JError, ConnectionError) as gone:
        error, text = gone, ""
    if "OutOfMemoryError" in text or isinstance(error, (Py4JNetworkError, ConnectionError)):
        return SettingsError(
            f"Spark ran out of memory, or was ended, while linking (link.spark_memory = {memory!r})",
            remedy=f"Give it more in inquiry.toml, {DUCKDB}",
        )
    kind = error.getCondition() if isinstance(error, PySparkException) else type(error).__name__
    return InternalError(
        f"Spark failed while linking: {kind}", remedy='Write engine = "duckdb" in inquiry.toml meanwhile.'
    )
