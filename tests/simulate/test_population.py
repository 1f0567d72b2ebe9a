from __future__ import annotations

import numpy as np
import pytest

from joinedup.simulate.numbers_given import nhs_numbers, phones, pupil_numbers, vehicle_marks
from joinedup.simulate.population import TWIN_SHARE, Population, make_population
from joinedup.simulate.region import LAST_RECORD, PERIOD_START


@pytest.fixture(scope="module")
def population() -> Population:
    return make_population(np.random.default_rng(3), 30_000, phones(17_000))


def test_twins_are_as_common_among_later_births_as_stated(population: Population) -> None:
    later = len(population) - len(np.unique(population.household))
    assert np.sum(population.twin_of >= 0) / later == pytest.approx(TWIN_SHARE, abs=0.004)


def test_no_three_children_of_a_household_share_a_day_of_birth(population: Population) -> None:
    keys = population.household * 100_000 + population.born.astype(int)
    assert np.unique(keys, return_counts=True)[1].max() == 2


def test_what_happens_to_a_child_happens_in_the_period_and_before_eighteen(population: Population) -> None:
    first, last = population.window()
    assert (first <= last).mean() > 0.99
    assert (first >= np.datetime64(PERIOD_START)).all()
    assert (last <= np.datetime64(LAST_RECORD)).all()
    assert ((last - population.born).astype(int) < 6575).all()


def test_a_child_lives_in_its_placement_while_in_care_and_at_home_before_and_after(population: Population) -> None:
    child = np.flatnonzero(~np.isnat(population.care_to))
    before, during = population.care_from[child] - 1, population.care_from[child]
    assert (population.home_on(child, during) == population.placement[child]).all()
    for day in (before, population.care_to[child]):
        home = population.home_on(child, day)
        assert ((home == population.home[child]) | (home == population.home_before[child])).all()


def test_a_home_phone_is_one_household_s(population: Population) -> None:
    held = np.array([phone is not None for phone in population.phone])
    pairs = {(phone, home) for phone, home in zip(population.phone[held], population.household[held], strict=True)}
    assert len(pairs) == len({phone for phone, _ in pairs}) > 5_000


def test_numbers_are_each_given_once() -> None:
    assert len(set(nhs_numbers(5_000).tolist())) == 5_000
    assert len(set(vehicle_marks(np.random.default_rng(1), 5_000).tolist())) == 5_000
    assert len(set(phones(17_000).tolist())) == 17_000
    many = pupil_numbers(np.zeros(20_000, dtype=int), np.full(20_000, 1995))
    assert len(set(many.tolist())) == 20_000
