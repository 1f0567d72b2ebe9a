"""Dates of birth as they are shown to people: as far as they are known, and no further."""

from __future__ import annotations

_KNOWN = {"year": len("1994"), "month": len("1994-03")}


def as_known(born: object, precision: object) -> str:
    """A date of birth as far as it is known: the first day of a year or a month stands for the whole of it.

    >>> as_known("1994-01-01", "year"), as_known("1994-03-01", "month"), as_known("1994-03-05", "day"), as_known(None, "")
    ('1994', '1994-03', '1994-03-05', '')
    >>> as_known("1900-01-01", "placeholder")
    '1900-01-01 (placeholder)'
    """
    if born is None or born == "":
        return ""
    return str(born)[: _KNOWN.get(str(precision))] + (" (placeholder)" if precision == "placeholder" else "")
