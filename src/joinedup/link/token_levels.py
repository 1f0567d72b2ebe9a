"""The levels of agreement that linkage tokens can tell apart, where they differ from those of names and dates in the clear.

The columns of a record keep the names they have in the clear and hold numbers of tokens: `born_day` is that of the whole date,
`born_month` that of month and year. Equal tokens are equal values, so most conditions stay as they are. Likeness of letters is
Dice's coefficient of two Bloom filters, held as eight whole numbers of 64 bits each; filters are salted with the date of birth,
so only those of one birthday are held against each other.
"""

from __future__ import annotations

WORDS = 8
"""Whole numbers of 64 bits that a Bloom filter is held in."""
BY_FILTERS = {"close": 0.6, "near": 0.45}
"""Levels that Bloom filters tell, and the least coefficient of each: about one slip of the pen in a name of six letters, and in
one of four."""

BITS = [f"{name}_bits{word}" for name in ("forename", "surname") for word in range(WORDS)]
ONES = ["forename_ones", "surname_ones"]
COLUMNS = ["born_turned", "born_month_day", "born_year_day", *BITS, *ONES]
"""The columns of a record that only tokens have."""

_TO_DAY = "born_day_l IS NOT NULL AND born_day_r IS NOT NULL"


def alike(name: str, level: str) -> str:
    """Whether the filters of two names reach a level."""
    both = " + ".join(f"CAST(bit_count({name}_bits{word}_l & {name}_bits{word}_r) AS INT)" for word in range(WORDS))
    return f"born_day_l = born_day_r AND 2.0 * ({both}) >= {BY_FILTERS[level]} * ({name}_ones_l + {name}_ones_r)"


DATE_OF_BIRTH = {
    "changed_over": f"{_TO_DAY} AND (born_turned_l = born_day_r OR born_turned_r = born_day_l)",
    "two_parts": (
        f"{_TO_DAY} AND (born_month_l = born_month_r OR born_month_day_l = born_month_day_r OR born_year_day_l = born_year_day_r)"
    ),
    "one_part": f"{_TO_DAY} AND born_year_l = born_year_r",
}
