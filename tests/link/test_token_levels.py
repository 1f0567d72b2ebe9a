from __future__ import annotations

import duckdb
import pytest

from joinedup.link.token_levels import BY_FILTERS, WORDS, alike


def asked(level, left, right, ones, birthdays=(7, 7)):
    """What the condition of a level says of two filters, each given as the word it repeats."""
    sides = {"l": (left, ones[0], birthdays[0]), "r": (right, ones[1], birthdays[1])}
    columns = ", ".join(
        [
            f"CAST({word} AS BIGINT) AS forename_bits{place}_{side}"
            for side, (word, _, _) in sides.items()
            for place in range(WORDS)
        ]
        + [f"{count} AS forename_ones_{side}, {born} AS born_day_{side}" for side, (_, count, born) in sides.items()]
    )
    return duckdb.sql(f"SELECT {alike('forename', level)} FROM (SELECT {columns})").fetchone()[0]


def test_filters_with_every_bit_set_are_counted_in_full():
    assert asked("close", -1, -1, (512, 512)) is True


@pytest.mark.parametrize("level", BY_FILTERS)
def test_filters_reach_a_level_from_its_coefficient_on_and_only_on_one_birthday(level):
    # Two filters of 8 x 8 bits share 8 x 4: a coefficient of one half.
    assert asked(level, 0xFF, 0xFF0, (64, 64)) == (BY_FILTERS[level] <= 0.5)
    assert asked(level, 0xFF, 0xFF, (64, 64)) is True
    assert not asked(level, 0xFF, 0xFF, (64, 64), birthdays=(7, 8))
    assert not asked(level, 0xFF, 0xFF, (64, 64), birthdays=("NULL", "NULL"))
