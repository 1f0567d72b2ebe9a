from __future__ import annotations

import pytest

from joinedup.collect.values.codes import AMBIGUOUS, CodeReader, Reading, read_list
from joinedup.registry.code_sets import CodeSet, code_sets

NEEDS = CodeReader(
    CodeSet.model_validate(
        {
            "id": "needs",
            "title": "Needs",
            "version": "2011",
            "source": "these tests",
            "codes": {
                "N1": {"label": "Neglect & harm", "synonyms": ["harm"], "means": "harm"},
                "N2": {"label": "Illness"},
                "N0": {"label": "Not stated", "state": "not_stated"},
                "15": {"label": "Closed, other", "synonyms": ["shared"]},
                "7": {"label": "Refused", "state": "refused", "synonyms": ["shared"]},
            },
            "ambiguous": {"Councillor": ["N1", "N2"], "Illness (friend)": ["N2", "15"]},
        }
    )
)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("N1", "N1"), ("n1", "N1"), ("neglect and harm", "N1"), ("NEGLECT & HARM", "N1"), ("Harm", "N1"),
        ("N1 - Neglect and harm", "N1"), ("N1: anything else", "N1"), ("Illness (N2)", "N2"), ("15", "15"),
        ("015", "15"), ("15.0", "15"), ("closed other", "15"), ("7", "7"), ("07", "7"),
    ],
)  # fmt: skip
def test_codes_labels_and_other_spellings_are_read(raw, code):
    assert NEEDS.read(raw).code == code


def test_what_a_code_says_of_knowing_is_kept():
    assert NEEDS.read("refused") == Reading("7", "refused")
    assert NEEDS.read("N0").state == "not_stated"
    assert NEEDS.read("harm") == Reading("N1", "recorded", "harm")


@pytest.mark.parametrize("raw", ["councillor", "shared", "illness friend", "N1 - Illness"])
def test_a_label_of_two_codes_is_ambiguous_and_never_resolved(raw):
    assert NEEDS.read(raw) == Reading(None, "ambiguous", fault=AMBIGUOUS)


def test_what_is_not_in_the_scheme_is_said_with_the_scheme_and_version():
    found = NEEDS.read("somewhere else")
    assert (found.code, found.state) == (None, "not_in_scheme")
    assert found.fault == "a code or label of Needs (2011)"


def test_unknown_is_not_stated_and_no_fault():
    assert NEEDS.read("n/k") == Reading(None, "not_stated")


def test_lists_keep_each_entry():
    assert [(raw, reading.code) for raw, reading in read_list(NEEDS, "N1, N2; neglect & harm; what")] == [
        ("N1", "N1"), ("N2", "N2"), ("neglect & harm", "N1"), ("what", None),
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(code_sets()))
def test_every_registered_code_and_label_reads_to_itself(name):
    reader = CodeReader(code_sets()[name])
    for code, entry in code_sets()[name].codes.items():
        assert reader.read(code).code == code
        assert reader.read(entry.label).code == code
    for label in code_sets()[name].ambiguous:
        assert reader.read(label).state == "ambiguous"
