from __future__ import annotations

import re

import pytest

from joinedup.registry.code_sets import CodeSet, code_sets
from joinedup.registry.forms import forms

ALL = [pytest.param(code_set, id=code_set.id) for code_set in code_sets().values()]
NOT_KNOWN = {
    "refused", "declined", "prefernottosay", "informationnotyetobtained", "notyetobtained", "notstated", "notknown",
    "unknown", "notrecorded", "notasked",
}  # fmt: skip


def fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@pytest.mark.parametrize("code_set", ALL)
def test_a_code_set_says_where_it_comes_from(code_set: CodeSet):
    assert len(code_set.source.strip()) > 10
    assert code_set.version.strip()
    assert code_set.codes


@pytest.mark.parametrize("code_set", ALL)
def test_a_label_stands_for_one_code(code_set: CodeSet):
    meant: dict[str, set[str]] = {}
    for code, entry in code_set.codes.items():
        for label in (code, entry.label, *entry.synonyms):
            meant.setdefault(fold(label), set()).add(code)
    assert {label: codes for label, codes in meant.items() if len(codes) > 1} == {}
    assert not {fold(label) for label in code_set.ambiguous} & set(meant), "a label is both resolved and ambiguous"
    assert all(len(codes) > 1 for codes in code_set.ambiguous.values())


@pytest.mark.parametrize("code_set", ALL)
def test_ways_of_not_knowing_are_no_recorded_values(code_set: CodeSet):
    for code, entry in code_set.codes.items():
        # "Refused" of a care leaver is refused contact: something known.
        if fold(entry.label) in NOT_KNOWN and code_set.id not in {"ssda903_in_touch", "annex_a_in_touch"}:
            assert entry.state != "recorded", f"{code}: {entry.label}"
        if entry.since and entry.until:
            assert entry.since <= entry.until


def test_refused_not_yet_obtained_and_not_stated_stay_apart():
    dfe = code_sets()["ethnicity_dfe"].codes
    assert (dfe["REFU"].state, dfe["NOBT"].state) == ("refused", "not_yet_obtained")
    self_defined = code_sets()["ethnicity_16_1"].codes
    states = [self_defined[code].state for code in ("REFU", "NOBT", "NS", "NASK")]
    assert states == ["refused", "not_yet_obtained", "not_stated", "not_asked"]


def test_sizes_of_published_schemes():
    """Counted by hand in the schemas and guides: DfE 18 and two ways of not knowing; 16+1; 18+1; outcomes 0 to 22."""
    sizes = {name: len(code_sets()[name].codes) for name in code_sets()}
    assert sizes["ethnicity_dfe"] == 20
    assert sizes["ethnicity_ic"] == 7
    added = {"REFU", "NOBT", "NASK"}
    assert len(set(code_sets()["ethnicity_16_1"].codes) - added) == 17
    assert len(set(code_sets()["ethnicity_18_1"].codes) - added) == 19
    assert list(code_sets()["police_outcome"].codes) == [str(number) for number in range(23)]
    assert sizes["referral_source"] == 22
    assert sizes["primary_need"] == 10
    assert sizes["closure_reason"] == 9
    assert sizes["disability"] == 13


def test_years_of_codes_that_came_later():
    factors = code_sets()["assessment_factors"].codes
    assert [factors[code].since for code in ("18B", "18C", "19B", "19C", "24A", "11A")] == [2021] * 4 + [2022, None]
    assert code_sets()["closure_reason"].codes["RC9"].since == 2023
    assert code_sets()["referral_source"].codes["5D"].since == 2023


def test_schemes_of_ethnicity_are_never_merged_and_nationality_is_no_ethnicity():
    schemes = {name: entry for name, entry in code_sets().items() if name.startswith("ethnicity_")}
    for name, scheme in schemes.items():
        labels = {fold(label) for entry in scheme.codes.values() for label in (entry.label, *entry.synonyms)}
        assert not labels & {"british", "english", "irish", "asian", "other"} or name == "ethnicity_census_2021", name
        for other_name, other in schemes.items():
            own_keys = "ethnicity_census_2021"  # its codes are words of ours, not a published code
            if name == other_name or own_keys in {name, other_name}:
                continue
            if {name, other_name} == {"ethnicity_16_1", "ethnicity_18_1"}:
                continue
            codes = {fold(code) for code, entry in other.codes.items() if entry.state == "recorded"}
            assert not labels & codes, f"{name} reads codes of {other_name}"


def test_every_code_set_is_used_or_is_a_scheme_of_ethnicity():
    used = {column.codes for form in forms().values() for sheet in form.sheets for column in sheet.columns}
    assert set(code_sets()) - used == {"ethnicity_18_1", "ethnicity_census_2021"}
