"""What any engine behind the store promises; one suite, every engine."""

from __future__ import annotations

from datetime import date

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.errors import InternalError, UsageError
from joinedup.store.contract import Store, arrow_schema, empty, from_rows
from joinedup.store.duck import DuckStore, rises


@pytest.fixture(params=["duckdb"])
def store(request: pytest.FixtureRequest, tmp_path):
    engine = {"duckdb": DuckStore}[request.param](tmp_path / "evidence")
    yield engine
    engine.close()


def decision(sequence: int, **also: object) -> dict[str, object]:
    return {"sequence": sequence, "kind": "same_person", "subject": "m_1", "other": "m_2", **also}


def test_what_is_written_is_read_back_in_the_declared_order_and_types(store: Store) -> None:
    rows = [decision(3), decision(1, reason="Ärger 'quoted'"), decision(2)]
    assert store.write("decisions", from_rows("decisions", rows)) == 3
    back = store.read("decisions").to_pyarrow()
    assert back["sequence"].to_pylist() == [1, 2, 3]
    assert back["reason"].to_pylist() == ["Ärger 'quoted'", None, None]
    assert back.schema.field("sequence").type == pa.int64()


def test_an_expression_is_written_as_a_table_is(store: Store) -> None:
    store.write("decisions", from_rows("decisions", [decision(1), decision(2)]))
    once = store.fingerprint("decisions")
    store.write("decisions", store.read("decisions").filter(ibis._.sequence > 0))
    assert store.fingerprint("decisions") == once


def test_an_empty_table_is_a_table(store: Store) -> None:
    assert store.write("mentions", empty("mentions")) == 0
    assert store.tables() == {"mentions": 0}
    assert store.read("mentions").to_pyarrow().num_rows == 0


def test_a_table_without_a_declared_column_is_refused(store: Store) -> None:
    with pytest.raises(InternalError, match="lacks"):
        store.write("decisions", from_rows("decisions", []).drop_columns(["reason"]))


def test_a_table_with_an_undeclared_column_is_refused(store: Store) -> None:
    table = empty("decisions").append_column("extra", pa.array([], pa.string()))
    with pytest.raises(InternalError, match="undeclared"):
        store.write("decisions", table)


def test_a_table_nobody_declared_is_refused(store: Store) -> None:
    with pytest.raises(InternalError, match="no table"):
        store.write("gossip", pa.table({"a": [1]}))


def test_a_table_that_is_not_there_is_named_with_those_that_are(store: Store) -> None:
    store.write("decisions", empty("decisions"))
    with pytest.raises(UsageError, match="nonsense") as caught:
        store.read("nonsense")
    assert "decisions" in caught.value.remedy


def test_dates_and_moments_come_back_as_such(store: Store) -> None:
    rows = [{"person_id": "p_1", "list": "a", "status": "known", "strongest": True, "first_date": date(2010, 4, 3)}]
    store.write("memberships", from_rows("memberships", rows))
    assert store.read("memberships").to_pyarrow().schema.equals(arrow_schema("memberships"))
    assert store.read("memberships").to_pyarrow()["first_date"].to_pylist() == [date(2010, 4, 3)]


def test_columns_are_read_at_once_in_the_order_asked_for_and_rows_in_the_declared_one(store: Store) -> None:
    store.write("decisions", from_rows("decisions", [decision(2, reason="b"), decision(1, reason="a")]))
    assert store.arrow("decisions").equals(store.read("decisions").to_pyarrow())
    assert store.arrow("decisions", ("reason", "sequence")).to_pylist() == [
        {"reason": "a", "sequence": 1}, {"reason": "b", "sequence": 2},
    ]  # fmt: skip
    with pytest.raises(UsageError, match="nonsense"):
        store.arrow("nonsense")


def test_rows_that_stand_in_the_declared_order_are_known_to_and_others_are_not() -> None:
    rows = pa.table({"a": ["x", "x", "y"], "b": [1, 2, 1], "c": [2.0, 1.0, 3.0]})
    assert rises(rows, ("a", "b"))
    assert not rises(rows, ("a",)), "two rows share the key, so other columns decide"
    assert not rises(rows, ("b",))
    assert not rises(rows, ("c",)), "numbers that may be no number are left to the engine"
    assert not rises(pa.table({"a": [None, "x"]}), ("a",))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["m_1", "m_2", "m_3"]), st.text(max_size=3)), max_size=8), st.randoms())
def test_rows_in_any_order_give_one_fingerprint(tmp_path_factory, pairs, random) -> None:
    rows = [{"mention_id": mention, "kind": "phone", "value": value, "raw": value} for mention, value in pairs]
    shuffled = list(rows)
    random.shuffle(shuffled)
    engine = DuckStore(tmp_path_factory.mktemp("store") / "evidence")
    try:
        engine.write("identifiers", from_rows("identifiers", rows))
        first = engine.fingerprint("identifiers")
        engine.write("identifiers", from_rows("identifiers", shuffled))
        assert engine.fingerprint("identifiers") == first
        engine.write("identifiers", from_rows("identifiers", [*rows, rows[0]] if rows else [{"mention_id": "m"}]))
        assert engine.fingerprint("identifiers") != first
    finally:
        engine.close()
