"""The published hand-made map of Annex A labels: what it sends two ways is reported, and our lists carry it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from joinedup.collect.values.codes import CodeReader
from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import forms
from joinedup.registry.label_maps import ambiguous_labels, fold_label

pytestmark = pytest.mark.external


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> dict[str, dict[str, dict[str, object]]]:
    text = (shared_data / "returns" / "spec" / "Annex_A_schema.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)["column_map"]


def sent_two_ways(rule: dict[str, object]) -> set[str]:
    """Counted without the program: labels that, in lower case, stand under two codes that differ in lower case."""
    under: dict[str, set[str]] = {}
    for category in rule.get("category") or ():
        names = category.get("name") or ()
        for name in names if isinstance(names, list) else [names]:
            under.setdefault(str(name).lower().strip(), set()).add(str(category["code"]).lower().strip())
    return {label for label, codes in under.items() if len(codes) > 1}


def test_every_label_sent_two_ways_is_reported(tables):
    found = ambiguous_labels(tables)
    counted = 0
    for table, columns in tables.items():
        for column, rule in columns.items():
            labels = sent_two_ways(rule)
            counted += len(labels)
            reported = found.get((table, column), {})
            assert {fold_label(label) for label in labels} <= set(reported), (table, column)
    assert counted > 0


def test_what_is_reported_beyond_that_differs_only_in_marks_or_names_two_codes(tables):
    """Folding finds a few more: labels that differ in punctuation alone, and codes that join two codes."""
    for (table, column), labels in ambiguous_labels(tables).items():
        plain = {fold_label(label) for label in sent_two_ways(tables[table][column])}
        for label in set(labels) - plain:
            spelled = {
                str(name).lower().strip()
                for category in tables[table][column]["category"]
                for name in category["name"]
                if fold_label(name) == label
            }
            joined = any(
                " / " in str(category["code"]) and label in {fold_label(name) for name in category["name"]}
                for category in tables[table][column]["category"]
            )
            assert len(spelled) > 1 or joined, (table, column, label)


def test_known_cases(tables):
    found = ambiguous_labels(tables)
    source = found["list_3", "Referral Source"]
    assert source["councillor"] == ("a) Individual", "f) LA Services")
    assert source["friend neighbour"] == ("a) Individual", "i) Other")
    assert found["list_1", "Gender"]["indeterminate"] == ("c) Not stated/recorded", "d) Neither")


def test_our_lists_resolve_none_of_them_in_silence(tables):
    """Each label sent two ways, read by the code set of its Annex A column, is ambiguous and is no code."""
    checked = 0
    by_heading = {
        (sheet.id, fold_label(name)): column
        for sheet in forms()["annex_a"].sheets
        for column in sheet.columns
        for name in (column.label, *column.synonyms)
    }
    for (table, heading), labels in ambiguous_labels(tables).items():
        column = by_heading.get((table, fold_label(heading)))
        if column is None or column.codes is None or heading == "Activity Status":
            continue
        reader = CodeReader(code_sets()[column.codes])
        for label in labels:
            if label == "nan":  # an empty cell as the map's maker wrote it
                continue
            raw = next(
                str(name)
                for category in tables[table][heading]["category"]
                for name in category["name"]
                if fold_label(name) == label
            )
            assert reader.read(raw).state == "ambiguous", (table, heading, raw)
            checked += 1
    assert checked > 40
