"""Check digits of the identifiers that carry one. Pure arithmetic on text already stripped of spaces."""

from __future__ import annotations

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_check_digit(nine: str) -> int | None:
    """The tenth digit of an NHS number, or None where the nine digits can carry none.

    Modulus 11, weights 10 to 2 (NHS Data Dictionary, NHS NUMBER).

    >>> nhs_check_digit("943476591")
    9
    """
    remainder = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return {11: 0, 10: None}.get(remainder, remainder)


def is_nhs_number(text: str) -> bool:
    """Whether ten digits are an NHS number with the right check digit and not one digit repeated.

    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918"), is_nhs_number("0000000000")
    (True, False, False)
    """
    if len(text) != 10 or not (text.isascii() and text.isdigit()) or len(set(text)) == 1:
        return False
    return nhs_check_digit(text[:9]) == int(text[9])


def upn_check_letter(twelve: str) -> str:
    """The first letter of a unique pupil number, from the twelve signs that follow it.

    Modulus 23, weights 2 to 13; in a temporary number the last sign is a letter and counts by its place among the
    check letters (Department for Education, Unique pupil numbers: a guide for schools and local authorities).

    >>> upn_check_letter("801200001001")
    'H'
    """
    values = [int(sign) if sign.isdigit() else _UPN_LETTERS.index(sign) for sign in twelve]
    return _UPN_LETTERS[sum(value * weight for value, weight in zip(values, range(2, 14), strict=True)) % 23]


def is_upn(text: str) -> bool:
    """Whether the text is a unique pupil number, permanent or temporary, with the right check letter.

    >>> is_upn("H801200001001"), is_upn("A801200001001"), is_upn("")
    (True, False, False)
    """
    if len(text) != 13 or text[0] not in _UPN_LETTERS or not (text[1:12].isascii() and text[1:12].isdigit()):
        return False
    if not (text[12].isdigit() or text[12] in _UPN_LETTERS):
        return False
    return upn_check_letter(text[1:]) == text[0]
