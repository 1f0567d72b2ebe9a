"""Ethnicity, nationality and religion cannot enter finding: not by a table, not by a detail, not by a value."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from joinedup.collect import stage as collect
from joinedup.find import stage as find
from joinedup.registry.forms import forms
from joinedup.registry.rules import packs
from joinedup.settings import load_inquiry
from joinedup.simulate import simulate
from joinedup.store.contract import StageRun
from joinedup.store.duck import DuckStore

SOURCES = sorted((Path(__file__).resolve().parents[2] / "src/joinedup/find").glob("*.py"))
EVENTS = [
    pytest.param(sheet, event, id=f"{form.id}-{sheet.id}-{event.id}")
    for form in forms().values()
    for sheet in form.sheets
    for event in sheet.events
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_line_of_finding_speaks_of_them(path):
    text = path.read_text(encoding="utf-8").lower()
    assert not [word for word in ("ethnic", "nationality", "religion", "descriptions") if word in text]


def test_the_tables_that_hold_them_are_not_read():
    assert not {"descriptions", "person_attributes", "profiles"} & set(find.READS)


@pytest.mark.parametrize(("sheet", "event"), EVENTS)
def test_no_event_carries_a_column_that_is_flagged_never(sheet, event):
    """What a rule sees of an event is its type, outcome, place and details: none of them may be such a column."""
    used = {*event.details, *event.case_ref, event.code, event.place, event.outcome}
    never = {column.id for column in sheet.columns if column.flag == "never"}
    assert not used & never


def test_no_rule_names_a_detail_that_is_flagged_never_in_any_form():
    never = {
        column.id
        for form in forms().values()
        for sheet in form.sheets
        for column in sheet.columns
        if column.flag == "never"
    }
    named = set()
    for pack in packs().values():
        for rule in pack.rules:
            test = rule.test.model_dump()
            named |= {str(test.get(key)) for key in ("detail", "whole")} | {
                *test.get("recorded_by", ()),
                *test.get("part", ()),
            }
            named |= {str(each.detail) for each in getattr(rule.test, "matchings", ())}
    assert never
    assert not named & never


def change(folder: Path) -> int:
    """Gives every value under a heading that a form flags `never` another value; how many were changed."""
    headings = {
        name.casefold() for form in forms().values() for sheet in form.sheets for column in sheet.columns
        if column.flag == "never" for name in (column.label, column.id, *column.synonyms)
    }  # fmt: skip
    changed = 0
    for path in sorted(folder.rglob("*.csv")):
        text = path.read_bytes().decode(
            "cp1252" if b"\xe9" in path.read_bytes() or b"\xfc" in path.read_bytes() else "utf-8", "replace"
        )
        delimiter = max(",;\t", key=text.splitlines()[0].count)
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        places = [place for place, name in enumerate(rows[0]) if name.casefold() in headings]
        for number, row in enumerate(rows[1:]):
            for place in places:
                row[place] = f"other {number}"
                changed += 1
        stream = io.StringIO()
        csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
        path.write_text(stream.getvalue(), encoding="utf-8")
    return changed


def seen_by_finding(folder: Path, name: str) -> dict[str, str]:
    """The fingerprints of what collect makes of the returns and finding reads, by itself or by way of linking."""
    store, inquiry = DuckStore(folder / f"{name}.duckdb"), load_inquiry(folder)
    collect.run(StageRun(collect.NAME, collect.READS, collect.WRITES, store, inquiry, folder, folder, 1))
    tables = {
        table: store.fingerprint(table)
        for table in ("events", "involvements", "identifiers", "mentions", "descriptions")
    }
    store.close()
    return tables


def test_changing_every_such_value_changes_nothing_that_finding_sees(tmp_path):
    """Concerns and their order follow from these tables alone, so that they cannot change either."""
    simulate(tmp_path, children=60, seed=3)
    rewrite_only = seen_by_finding(tmp_path, "before")
    assert change(tmp_path / "returns") > 100
    after = seen_by_finding(tmp_path, "after")
    assert after.pop("descriptions") != rewrite_only.pop("descriptions")
    assert after == rewrite_only
