from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.collect.values.text import fold_address, fold_place, is_absent, parse_name, plain, split_list


@pytest.mark.parametrize(
    ("raw", "fold"),
    [
        ("O'Brien", "obrien"),
        ("O\u2019BRIEN", "obrien"),
        ("Smith-Jones", "smith jones"),
        ("  Zoë   Anne ", "zoe anne"),
        ("Łukasz", "lukasz"),
        ("Þór", "thor"),
        ("Miss Ann", "ann"),
        ("Master", "master"),
        ("Null", "null"),
        ("Na", "na"),
        ("unknown", None),
        ("N/K", None),
        ("???", None),
    ],
)
def test_names_fold_alike_however_written(raw, fold):
    assert parse_name(raw).fold == fold


def test_a_name_keeps_how_it_was_given_and_a_comma_is_reported():
    found = parse_name("ASH,  Jo")
    assert (found.value, found.fold) == ("ASH, Jo", "ash jo")
    assert found.changed
    assert "Jo" not in found.changed


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    assert plain(plain(text)) == plain(text)
    assert parse_name(text).fold == parse_name(text.swapcase()).fold or not text.isascii()


def test_addresses_fold_alike():
    assert fold_address("Flat 2, 14 Mill Street, Northmoor") == fold_address("APT 2 14 Mill St. Northmoor")
    assert fold_address("n/k") is None
    assert fold_place("The Park") == fold_place("park")


@pytest.mark.parametrize("raw", ["-", "N/A", "not known", "TBC", "nil", "  "])
def test_words_that_say_nothing(raw):
    assert is_absent(raw)


def test_lists_are_split_without_empties_and_repeats():
    assert split_list(" a ;b;; a\nc ") == ["a", "b", "c"]
