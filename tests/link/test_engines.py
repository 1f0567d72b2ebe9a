"""What linking asks of any engine, and that all of them give the same links; one suite, every engine."""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
from importlib.util import find_spec

import duckdb
import pyarrow as pa
import pytest
from py4j.protocol import Py4JError, Py4JNetworkError

from joinedup.errors import InternalError, SettingsError
from joinedup.link import engines, splink_adapter
from joinedup.link.engines import duckdb_engine, engine_of, ready
from joinedup.link.linking import Policy, link
from joinedup.link.pairs import Means
from joinedup.link.spark_session import failure
from joinedup.registry.link_model import link_models
from joinedup.settings import Inquiry
from joinedup.store.contract import from_rows

# PySpark leaves its own sockets and pipes to be closed by the collector of garbage.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

IDENTIFIERS = pa.schema([(name, pa.string()) for name in ("mention_id", "kind", "value")])


def inquiry(engine, **link):
    stated = {"name": "N", "question": "Q", "period": {"from": "2008-01-01", "to": "2011-06-29"}}
    return Inquiry.model_validate(stated | {"engine": engine, "link": link})


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def engine(request):
    """Each engine in turn; Spark's tests are skipped, loudly, where there is no Java, and fail there in CI."""
    try:
        ready(inquiry(request.param))
    except SettingsError as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{missing}. {missing.remedy}")
    # One compiler and one collector: Spark's Java is here for seconds, not for hours.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        with engine_of(inquiry(request.param, spark_master="local[2]", spark_memory="1g")) as opened:
            yield opened
    gc.collect()


@pytest.fixture
def database(engine):
    with engine() as opened:
        yield opened


@pytest.fixture(scope="module")
def region(make_region):
    found = make_region(260, seed=5)
    suspects = [
        {"mention_id": f"suspect-{number}", "agency": "northmoor-police", "form": "people", "source_ref": f"s{number}", "role": "suspect",
         "forename_fold": name, "surname_fold": "brook", "aliases": aliases, "postcode": "ZX1 1AA", "outcode": "ZX1"}
        for number, (name, aliases) in enumerate([("owen", "bear; mister b"), ("bear", ""), ("owain", None)])
    ]  # fmt: skip
    return (
        from_rows("mentions", sorted([*found.mentions, *suspects], key=lambda row: row["mention_id"])),
        pa.Table.from_pylist([{name: row[name] for name in IDENTIFIERS.names} for row in found.identifiers], IDENTIFIERS),
        from_rows("decisions", []),
    )  # fmt: skip


def linked(region, engine=duckdb_engine):
    return link(*region, link_models(), Policy(0.5, 0.1, 0.99), Means(engine))


def test_every_engine_gives_the_same_links_people_and_measures_of_quality(engine, region, monkeypatch):
    wanted = linked(region)
    monkeypatch.setattr(splink_adapter, "RECORDS_AT_ONCE", 200)
    found = linked(region, engine)
    assert wanted.links.num_rows > 200
    assert found.links.equals(wanted.links)
    assert found.people.equals(wanted.people)
    assert found.quality.equals(wanted.quality)


def test_one_record_alone_is_asked_of_no_engine(engine, region):
    mentions, identifiers, decisions = region
    found = linked((mentions.slice(0, 1), identifiers.slice(0, 0), decisions), engine)
    assert (found.links.num_rows, found.people.num_rows) == (0, 1)


def test_what_is_given_and_made_is_read_back_in_the_order_asked_for(database):
    database.give(
        "given", pa.table({"place": [3, 1, 2], "word": ["c", None, "b"], "things": [["x"], None, ["y", "z"]]})
    )
    database.make("made", "SELECT place, word, things FROM given WHERE place > 1")
    assert database.ask("SELECT place, things FROM made ORDER BY place").to_pydict() == {
        "place": [2, 3],
        "things": [["y", "z"], ["x"]],
    }
    assert database.ask("SELECT place FROM given ORDER BY place DESC")["place"].to_pylist() == [3, 2, 1]
    database.drop("made")
    database.make("made", "SELECT place FROM given WHERE place = 1")
    assert database.ask("SELECT place FROM made")["place"].to_pylist() == [1]


def test_two_databases_of_one_engine_know_nothing_of_each_other(engine):
    for places in ([1], [2, 3]):
        with engine() as database:
            database.give("given", pa.table({"place": places}))
            assert database.ask("SELECT place FROM given ORDER BY place")["place"].to_pylist() == places


def test_words_are_as_alike_on_every_engine_to_the_bit(database):
    draw = random.Random(4)
    words = ["", "ana", "murray", "majura", "zoë", "zoe", None]
    words += ["".join(draw.choice("abcdë ") for _ in range(draw.randrange(1, 11))) for _ in range(60)]
    pairs = pa.table(
        {"place": range(len(words) ** 2), "l": [one for one in words for _ in words], "r": words * len(words)}
    )
    asked = (
        "SELECT place, jaro_winkler_similarity(l, r) AS alike, damerau_levenshtein(l, r) AS edits, length(l) AS letters,"
        " substr(l, 1, 1) = substr(r, 1, 1) AS initial, starts_with(l, r) AS starts FROM pairs ORDER BY place"
    )
    database.give("pairs", pairs)
    with duckdb.connect() as connection:
        connection.register("pairs", pairs)
        wanted = connection.execute(asked).to_arrow_table()
    assert {name: values.to_pylist() for name, values in zip(wanted.column_names, database.ask(asked), strict=True)} == wanted.to_pydict()  # fmt: skip


def test_lists_are_compared_alike_on_every_engine(database):
    lists = [None, [], ["a"], ["b", "a"], ["", "c"], [""]]
    rows = [(one, other) for one in lists for other in lists]
    pairs = pa.table({"place": range(len(rows)), "l": [one for one, _ in rows], "r": [other for _, other in rows]})
    asked = (
        "SELECT place, coalesce(list_has_any(l, r), FALSE) AS shared, coalesce(NOT list_has_any(l, r), FALSE) AS apart,"
        " coalesce(list_has_any(list_filter(l, a -> a <> ''), list_filter(r, a -> a <> '')), FALSE) AS named,"
        " coalesce(list_contains(l, 'a'), FALSE) AS holds FROM pairs ORDER BY place"
    )
    database.give("pairs", pairs)
    with duckdb.connect() as connection:
        connection.register("pairs", pairs)
        wanted = connection.execute(asked).to_arrow_table()
    assert database.ask(asked).to_pydict() == wanted.to_pydict()


@pytest.mark.parametrize("engine", ["spark"], indirect=True)
def test_a_failure_within_spark_is_told_by_its_kind_and_repeats_no_value(engine):

    def fail():
        with engine() as database:
            database.give("given", pa.table({"word": ["a name"]}))
            database.ask("SELECT CAST(word AS INT) AS number FROM given")

    with pytest.raises(InternalError, match="Spark failed while linking") as stopped:
        fail()
    assert "a name" not in str(stopped.value)
    assert stopped.value.__suppress_context__


def test_an_engine_whose_library_is_missing_names_the_remedy(monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: None if name == "pyspark" else find_spec(name))
    with pytest.raises(SettingsError, match=r"needs pyspark, which is not installed") as stopped:
        ready(inquiry("spark"))
    assert "joinedup[spark]" in stopped.value.remedy


def test_an_engine_whose_java_is_missing_names_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SettingsError, match="needs Java") as stopped:
        ready(inquiry("spark"))
    assert "openjdk-17" in stopped.value.remedy
    ready(inquiry("duckdb"))


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("Error: java.lang.UnsupportedClassVersionError: x", "a Java that is too old"),
        ("no room", "did not start on link.spark_master"),
    ],
)
def test_a_java_that_cannot_start_spark_names_the_remedy(monkeypatch, tmp_path, says, told):
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SettingsError, match=told) as stopped, engine_of(inquiry("spark")):
        pass
    assert 'engine = "duckdb"' in stopped.value.remedy
    del stopped
    gc.collect()


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (
            Py4JError("java.lang.OutOfMemoryError: Java heap space; ana brook"),
            SettingsError,
            "link.spark_memory = '1g'",
        ),
        (ConnectionRefusedError(111, "refused"), SettingsError, "ran out of memory"),
        (Py4JNetworkError("Answer from Java side is empty"), SettingsError, "or was ended"),
        (Py4JError("ana brook"), InternalError, "Py4JError"),
    ],
)
def test_what_spark_says_of_a_failure_is_never_repeated(error, kind, told):
    found = failure(error, "1g")
    assert type(found) is kind
    assert told in found.message
    assert found.remedy
    assert "ana" not in found.message


def test_nothing_of_spark_is_imported_for_duckdb():
    asked = "import sys, joinedup.pipeline; print([name for name in ('pyspark', 'py4j') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "[]\n"
