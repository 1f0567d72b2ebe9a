"""Why a published number changed: only what differs and can be behind it, and nothing where nothing differs."""

from __future__ import annotations

from joinedup.store.difference import Cause, Shown, causes, published_changes

POLICE = Cause("changed return", "returns/police/a.csv", "police/a.csv")
COUNCIL = Cause("new return", "returns/council/b.csv", "council/b.csv")
CODE = Cause("version", "0.1 became 0.2")


def number(shown, recipe="r", *files):
    return Shown("N", shown, recipe, frozenset(files))


def why(before, after, known):
    found = published_changes({"n": before} if before else {}, {"n": after} if after else {}, known)
    return [change.why for change in found]


def test_a_number_printed_the_same_has_not_changed():
    assert why(number("5"), number("5"), [POLICE]) == []


def test_of_the_returns_only_those_with_rows_behind_the_number_are_named():
    assert why(number("5"), number("10", "r", "police/a.csv"), [POLICE, COUNCIL]) == [(POLICE,)]
    assert why(number("5", "r", "council/b.csv"), None, [POLICE, COUNCIL]) == [(COUNCIL,)]


def test_where_no_return_is_behind_it_every_one_may_have_moved_it_through_links():
    assert why(number("5"), number("10"), [POLICE, COUNCIL]) == [(POLICE, COUNCIL)]


def test_where_nothing_differs_a_change_has_no_reason():
    assert why(number("5"), number("10"), []) == [()]


def test_a_number_made_another_way_is_explained_by_code_or_configuration_alone():
    assert why(number("5"), number("10", "another", "police/a.csv"), [POLICE, CODE]) == [(CODE,)]
    assert why(number("5"), number("10", "another", "police/a.csv"), [POLICE]) == [()]


def test_reasons_are_those_a_reader_is_given():
    assert [cause.reason for cause in (POLICE, COUNCIL, CODE)] == ["correction", "new return", "code"]
    found = causes({"version": "1", "seed": 1, "inputs": []}, {"version": "2", "seed": 2, "inputs": []})
    assert {cause.reason for cause in found} == {"configuration", "code"}
