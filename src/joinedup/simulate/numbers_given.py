"""Numbers that belong to nobody: phones, vehicle marks, NHS and pupil numbers set aside for fiction or never issued."""

from __future__ import annotations

import numpy as np

from joinedup.domain.check_digits import nhs_check_digit, upn_check_letter
from joinedup.simulate.arrays import Texts

_MOBILE = "07700 900"
_DRAMA_PREFIXES: tuple[str, ...] = (
    "01632 960", "0113 496 0", "0114 496 0", "0115 496 0", "0116 496 0", "0117 496 0", "0118 496 0", "0121 496 0",
    "0131 496 0", "0141 496 0", "0151 496 0", "0161 496 0", "0191 498 0", "020 7946 0", "029 2018 0", "03069 990",
)  # fmt: skip
"""Three digits follow each. Ofcom, Telephone numbers for use in TV and radio drama programmes."""

_VEHICLE_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"


def phones(length: int) -> Texts:
    """Phone numbers, mobiles first; fewer than asked for when the ranges are used up, never a real one.

    >>> phones(1).tolist(), len(phones(10**6))
    (['07700 900000'], 17000)
    """
    numbers = [f"{prefix}{digits:03d}" for prefix in (_MOBILE, *_DRAMA_PREFIXES) for digits in range(1000)]
    return np.array(numbers[:length], dtype=object)


def vehicle_marks(rng: np.random.Generator, length: int) -> Texts:
    """Marks in the current pattern with the age identifier 01, which none was issued with; each different.

    The pattern began in September 2001 with 51 and ends in February 2051 with 00. Fewer than asked for when all are used.

    >>> str(vehicle_marks(np.random.default_rng(1), 1)[0])[2:5]
    '01 '
    """
    base = len(_VEHICLE_LETTERS)
    numbers = rng.permutation(min(base**5, max(4 * length, 1000)))[:length]
    marks = []
    for number in numbers.tolist():
        letters = "".join(_VEHICLE_LETTERS[number // base**place % base] for place in range(5))
        marks.append(f"{letters[3:]}01 {letters[:3]}")
    return np.array(marks, dtype=object)


def nhs_numbers(length: int, start: int = 0) -> Texts:
    """NHS numbers with right check digits, from 999, which the NHS keeps for tests and never issues.

    >>> nhs_numbers(1).tolist()
    ['9990000018']
    """
    numbers: list[str] = []
    serial = start
    while len(numbers) < length:
        serial += 1
        nine = f"999{serial % 1_000_000:06d}"
        digit = nhs_check_digit(nine)
        if digit is not None:
            numbers.append(f"{nine}{digit}")
    return np.array(numbers, dtype=object)


def pupil_numbers(area: np.ndarray, birth_year: np.ndarray) -> Texts:
    """Unique pupil numbers with right check letters, from authority numbers 980 to 989, which are not given out.

    `area` and `birth_year` one a child; the number carries the area, a school, the year of entry and a serial.
    """
    numbers = []
    for serial, (place, year) in enumerate(zip(area.tolist(), birth_year.tolist(), strict=True)):
        authority = 980 + 2 * place + serial // 10_000_000
        twelve = f"{authority}{serial // 1000 % 10_000:04d}{(year + 5) % 100:02d}{serial % 1000:03d}"
        numbers.append(upn_check_letter(twelve) + twelve)
    return np.array(numbers, dtype=object)
