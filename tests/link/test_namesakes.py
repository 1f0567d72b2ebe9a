"""How much oftener than by chance two names are borne together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joinedup.link.namesakes import TOGETHER_STEPS, born_with_name, borne_together


def bearers(habits, size, seed=3):
    """Names of so many people in each of some habits of naming, which share no name; and dates of birth."""
    chance = np.random.default_rng(seed)
    habit = np.repeat(np.arange(len(habits)), size)
    drawn = [np.concatenate([chance.integers(0, width, size) for width in habits]) for _ in range(2)]
    first, last = (habit * 100 + names for names in drawn)
    return habit, first, last, chance.integers(0, 10, len(habit)), chance.integers(0, 365, len(habit))


def test_names_of_one_habit_are_borne_together_as_many_times_as_often_as_there_are_habits():
    _, *people = bearers([20] * 8, 2_000)
    assert np.unique(borne_together(*people, 1.0)).tolist() == [3]
    _, *alone = bearers([20], 4_000)
    assert np.unique(borne_together(*alone, 1.0)).tolist() == [0]


def test_where_too_little_is_seen_what_was_taken_before_holds():
    nobody = np.arange(30)
    assert np.unique(borne_together(nobody, nobody, nobody % 9, nobody, 4.0)).tolist() == [2]


def test_two_records_of_one_child_with_a_slip_in_its_date_are_no_namesakes():
    first = np.repeat(np.arange(400), 2)
    year, day = np.repeat(np.arange(400) % 10, 2), np.repeat(np.arange(400) % 365, 2)
    slipped = np.where(np.arange(800) % 2 == 0, day, day + 1)
    assert (
        borne_together(first, first % 50, year, slipped, 1.0).max()
        == borne_together(first, first % 50, year, day, 1.0).max()
    )


@given(st.lists(st.tuples(*(st.integers(-1, 3),) * 4), max_size=30), st.randoms())
def test_the_order_of_the_rows_changes_no_step(rows, chance):
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4)
    order = np.arange(len(rows))
    chance.shuffle(order)
    found = borne_together(*columns.T, 2.0)
    assert found[order].tolist() == borne_together(*columns[order].T, 2.0).tolist()
    assert ((found >= -1) & (found < TOGETHER_STEPS)).all()
    assert ((found == -1) == ((columns[:, 0] < 0) | (columns[:, 1] < 0))).all()


def test_dates_of_birth_are_counted_for_each_full_name():
    forename, surname = np.array([1, 1, 1, 2, -1]), np.array([5, 5, 5, 5, 5])
    times, dates = born_with_name(forename, surname, np.array([19990407, 19990407, 20010812, -1, 19990407]))
    assert times.to_pylist() == [2, 2, 2, 0, 0]
    assert dates == 2


def test_a_slip_in_a_date_is_no_other_child_unless_so_many_bear_the_name_that_two_are_near_by_chance():
    def counted(born):
        return born_with_name(np.zeros(len(born), dtype=np.int64), np.zeros(len(born), dtype=np.int64), np.array(born))[
            0
        ][0].as_py()

    for slip in (19990417, 20000407, 19990507, 19990704):
        assert counted([19990407, slip]) == 1
    assert counted([19990407 + 10_000 * year for year in range(9)]) == 9
