"""Postcodes of the United Kingdom: full, or the outward half alone, in standard spacing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from joinedup.collect.values.text import is_absent

EXPECTED = "a postcode such as AB1 2CD, or its first half"
MENDED = "the letter O and the digit 0 (or I and 1) were told apart by their place in a postcode"

# The pattern published by the Cabinet Office with the bulk data transfer guidance for schools, with GIR 0AA.
_OUTWARD = r"(?:[A-Z]\d{1,2}|[A-Z][A-HJ-Y]\d{1,2}|[A-Z]\d[A-Z]|[A-Z][A-HJ-Y]\d[A-Z])"
_FULL = re.compile(rf"^(?:GIR0AA|{_OUTWARD}\d[A-Z]{{2}})$")
_HALF = re.compile(rf"^{_OUTWARD}$")
_SECTOR = re.compile(rf"^({_OUTWARD}) \d$")
_FORCES = re.compile(r"^BFPO(?:C/?O)?(\d{1,4})$")
_SHAPES = {2: ("A0",), 3: ("A00", "AA0", "A0A"), 4: ("AA00", "AA0A")}
_AS_DIGIT = {"O": "0", "I": "1", "L": "1"}
_AS_LETTER = {"0": "O", "1": "I"}


@dataclass(frozen=True, slots=True)
class Postcode:
    """A full postcode (None where only a half is known), its outward half, and what was mended or expected."""

    value: str | None = None
    outcode: str | None = None
    changed: str | None = None
    fault: str | None = None


def parse_postcode(raw: str) -> Postcode:
    """The postcode a cell states.

    >>> parse_postcode("ab12cd").value, parse_postcode("AB1").outcode, parse_postcode("AB1 2C").outcode
    ('AB1 2CD', 'AB1', None)
    >>> parse_postcode("ABI 2CD").value, parse_postcode("BFPO 801").value
    ('AB1 2CD', 'BFPO 801')
    """
    if is_absent(raw):
        return Postcode()
    spaced = " ".join(raw.upper().split())
    text = re.sub(r"[^A-Z0-9]", "", spaced)
    if forces := _FORCES.match(text):
        return Postcode(f"BFPO {forces[1]}", "BFPO")
    if _FULL.match(text):
        return _full(text, None)
    if sector := _SECTOR.match(spaced):
        return Postcode(outcode=sector[1])
    if _HALF.match(text):
        return Postcode(outcode=text)
    mended = _mend(text)
    return _full(mended, MENDED) if mended else Postcode(fault=EXPECTED)


def _full(text: str, changed: str | None) -> Postcode:
    return Postcode(f"{text[:-3]} {text[-3:]}", text[:-3], changed)


def _mend(text: str) -> str | None:
    """The one full postcode nearest to the text when O and 0, I and 1 may stand for each other; None where unsure."""
    shapes = _SHAPES.get(len(text) - 3, ())
    found: dict[str, int] = {}
    for shape in shapes:
        mended = "".join(_fits(sign, wanted) for sign, wanted in zip(text, shape + "0AA", strict=True))
        if _FULL.match(mended):
            found[mended] = sum(1 for left, right in zip(text, mended, strict=True) if left != right)
    fewest = min(found.values(), default=0)
    nearest = sorted(mended for mended, changes in found.items() if changes == fewest)
    return nearest[0] if len(nearest) == 1 else None


def _fits(sign: str, wanted: str) -> str:
    return (_AS_DIGIT if wanted == "0" else _AS_LETTER).get(sign, sign)
