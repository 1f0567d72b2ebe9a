from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.simulate.errors import Clerk, mistyped
from joinedup.simulate.names import spellings
from joinedup.simulate.numbers_given import phones
from joinedup.simulate.population import Population, make_population
from joinedup.simulate.region import AGENCIES


@pytest.fixture(scope="module")
def population() -> Population:
    return make_population(np.random.default_rng(2), 20_000, phones(17_000))


def index_of(agency: str) -> int:
    return [one.id for one in AGENCIES].index(agency)


@given(st.text(alphabet="abcdefgHIJ", min_size=3, max_size=14), st.integers(0, 3), st.integers(0, 30))
def test_a_slip_of_the_keyboard_changes_at_most_one_letter_in_length_and_never_the_first(
    name: str, kind: int, place: int
) -> None:
    written = mistyped(name, kind, place)
    assert abs(len(written) - len(name)) <= 1
    assert written[0] == name[0]


@pytest.mark.parametrize("agency", ["harbour-project", "northmoor-police", "northmoor-hospitals"])
def test_faults_come_as_often_as_the_agency_s_recording_says(population: Population, agency: str) -> None:
    number, person = index_of(agency), np.arange(len(population))
    recording = AGENCIES[number].recording
    clerk = Clerk(np.random.default_rng(9), AGENCIES)
    record = clerk.child(
        population, np.full(len(person), number), person, np.full(len(person), np.datetime64("2010-05-01"))
    )
    assert np.mean(record.dob.precision == 0) == pytest.approx(recording.dob_missing, abs=0.012)
    assert np.mean([line is None for line in record.address]) == pytest.approx(recording.address_missing, abs=0.012)
    full = record.dob.precision == 3
    wrong = np.mean(record.dob.day[full] != population.born[full])
    assert 0 < wrong <= recording.dob_slip + recording.dob_placeholder * 2 + 0.012
    both = recording.sex_missing + recording.sex_wrong
    assert np.mean(record.sex != population.sex) == pytest.approx(both, abs=0.01)


def test_another_spelling_is_one_the_lists_hold(population: Population) -> None:
    person = np.arange(4_000)
    clerk = Clerk(np.random.default_rng(1), AGENCIES)
    mask = np.ones(len(person), dtype=bool)
    written = clerk._spelled(population.forename[person], population.sex[person], mask)
    changed = 0
    for name, sex, other in zip(population.forename[person], population.sex[person], written, strict=True):
        assert other == name or other in spellings(name, sex)
        changed += other != name
    assert changed > 2_000
