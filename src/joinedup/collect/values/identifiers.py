"""Identifiers that tie records together: phones, vehicles, accounts, NHS numbers and unique pupil numbers.

Each becomes an item: a normal form for comparison, the value as given, and whether it passed its format or check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

from joinedup.collect.values.parsed import Item
from joinedup.collect.values.text import is_absent, split_list
from joinedup.domain.check_digits import is_nhs_number, is_upn

EXPECTED_PHONE = "a phone number with its area or country code"
EXPECTED_VEHICLE = "a registration mark of 2 to 7 letters and digits"
EXPECTED_ACCOUNT = "an account name"
EXPECTED_NHS = "an NHS number: 10 digits with the right check digit"
EXPECTED_ENCODED = "tokens as `joinedup encode` writes them"
EXPECTED_UPN = "a unique pupil number: a letter and 12 signs with the right check letter"
ZERO_RESTORED = "a phone number had lost its leading 0, which was put back"

# Ofcom, National Telephone Numbering Plan: geographic 01 and 02, 03, 05, 070 and 076 with mobile 07, 08 and 09; nine or
# ten digits after the 0. Numbers kept for drama (Ofcom, Numbers for drama use) are shaped as any other and pass.
_NATIONAL = re.compile(r"^(?:7\d{9}|[12]\d{8,9}|3\d{9}|5[56]\d{8}|8\d{8,9}|9\d{9})$")
_TOKEN = re.compile(r"[0-9a-f]{24}|[0-9a-f]{128}")
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x)\s*\d+\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone number as an item, with what was mended or expected."""

    item: Item
    changed: str | None = None
    fault: str | None = None


def parse_phone(raw: str) -> Phone:
    """The number in the international form E.164; British where no country is given.

    >>> parse_phone("07700 900123").item.value, parse_phone("+44 (0)1632 960001").item.value
    ('+447700900123', '+441632960001')
    >>> parse_phone("7700900123").changed
    'a phone number had lost its leading 0, which was put back'
    """
    given = " ".join(raw.split())
    text = _EXTENSION.sub("", given).replace("(0)", "")
    digits = re.sub(r"\D", "", text)
    if not re.search(r"[A-Za-z]", text):
        for start in ("0044", "44"):
            if digits.startswith(start) and _NATIONAL.match(national := digits[len(start) :].lstrip("0")):
                return Phone(Item(f"+44{national}", given, valid=True))
        if "+" not in text and digits.startswith("0") and _NATIONAL.match(digits[1:]):
            return Phone(Item(f"+44{digits[1:]}", given, valid=True))
        if "+" not in text and len(digits) == 10 and _NATIONAL.match(digits):
            return Phone(Item(f"+44{digits}", given, valid=True), ZERO_RESTORED)
    return _foreign(text, given)


def _foreign(text: str, given: str) -> Phone:
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return Phone(Item(given, given, valid=False), fault=EXPECTED_PHONE)
    if number.country_code == 44 or not phonenumbers.is_possible_number(number):
        return Phone(Item(given, given, valid=False), fault=EXPECTED_PHONE)
    return Phone(Item(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), given, valid=True))


# Driver and Vehicle Licensing Agency, Vehicle registration numbers and number plates (INF104), and the earlier series.
_MARKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}[A-HJ-PR-Z]{3}$",  # current, from September 2001
        r"^[A-HJ-NPR-TV-Y]\d{1,3}[A-HJ-PR-Y][A-Z]{2}$",  # prefix, 1983 to 2001
        r"^[A-Z]{3}\d{1,3}[A-HJ-NPR-TV-Y]$",  # suffix, 1963 to 1983
        r"^(?:[A-Z]{1,3}\d{1,4}|\d{1,4}[A-Z]{1,3})$",  # dateless, Northern Ireland among them
    )
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier as an item, with what was expected where it is at fault."""

    item: Item
    fault: str | None = None


def parse_vehicle(raw: str) -> Identifier:
    """A registration mark in capitals without spaces; valid where it follows a series issued in the United Kingdom.

    >>> parse_vehicle("ab51 abc").item
    Item(value='AB51ABC', raw='ab51 abc', valid=True)
    >>> parse_vehicle("QQ99QQ9").item.valid
    False
    """
    given = " ".join(raw.split())
    mark = re.sub(r"[^A-Z0-9]", "", given.upper())
    if not 2 <= len(mark) <= 7 or not any(sign.isdigit() for sign in mark):
        return Identifier(Item(given, given, valid=False), EXPECTED_VEHICLE)
    return Identifier(Item(mark, given, any(pattern.match(mark) for pattern in _MARKS)))


def parse_account(raw: str) -> Identifier:
    """An online account name without case, the sign '@' in front, or the address of its platform.

    >>> parse_account("@Sky_Lark9").item.value
    'sky_lark9'
    """
    given = " ".join(raw.split())
    name = re.sub(r"^https?://(?:www\.)?[^/]+/+", "", given.casefold()).strip("/ ").lstrip("@")
    if not name:
        return Identifier(Item(given, given, valid=False), EXPECTED_ACCOUNT)
    return Identifier(Item(name, given, " " not in name))


def parse_nhs_number(raw: str) -> Identifier:
    """An NHS number without spaces; valid where its check digit is right.

    >>> parse_nhs_number("943 476 5919").item
    Item(value='9434765919', raw='943 476 5919', valid=True)
    """
    return _checked(raw, is_nhs_number, EXPECTED_NHS)


def parse_pupil_number(raw: str) -> Identifier:
    """A unique pupil number in capitals without spaces; valid where its check letter is right.

    >>> parse_pupil_number("h801200001001").item.valid
    True
    """
    return _checked(raw, is_upn, EXPECTED_UPN)


def _checked(raw: str, passes: object, expected: str) -> Identifier:
    given = " ".join(raw.split())
    text = re.sub(r"[\s\-]", "", given.upper())
    valid = bool(callable(passes) and passes(text))
    return Identifier(Item(text if valid else given, given, valid), None if valid else expected)


@dataclass(frozen=True, slots=True)
class Listed:
    """The identifiers of one list cell, with what was mended or expected for any of them."""

    items: tuple[Item, ...]
    changed: str | None = None
    fault: str | None = None


def parse_phones(raw: str) -> Listed:
    """The phone numbers of a list cell.

    >>> [item.value for item in parse_phones("07700 900001; 07700 900002").items]
    ['+447700900001', '+447700900002']
    """
    found = [parse_phone(part) for part in _entries(raw)]
    items = _distinct([phone.item for phone in found])
    changed = next((phone.changed for phone in found if phone.changed), None)
    return Listed(items, changed, next((phone.fault for phone in found if phone.fault), None))


def parse_vehicles(raw: str) -> Listed:
    """The registration marks of a list cell."""
    return _listed([parse_vehicle(part) for part in _entries(raw)])


def parse_accounts(raw: str) -> Listed:
    """The account names of a list cell."""
    return _listed([parse_account(part) for part in _entries(raw)])


def parse_tokens(raw: str) -> Listed:
    """The linkage tokens of a cell: 24 hexadecimal digits each, or the 128 of a Bloom filter.

    Anything else is not kept at all: it may be a name that stands in the wrong column.

    >>> parse_tokens("3f0c9a4be1d27788aa10c4d2; Ana").items
    (Item(value='3f0c9a4be1d27788aa10c4d2', raw='3f0c9a4be1d27788aa10c4d2', valid=True),)
    """
    given = [part for part in split_list(raw) if not is_absent(part)]
    tokens = [part for part in given if _TOKEN.fullmatch(part)]
    fault = EXPECTED_ENCODED if len(tokens) < len(given) else None
    return Listed(_distinct([Item(token, token, valid=True) for token in tokens]), None, fault)


def _entries(raw: str) -> list[str]:
    parts = [piece for part in split_list(raw) for piece in re.split(r"\s*,\s*|\s+(?:or|and|/)\s+", part)]
    return [part for part in parts if not is_absent(part)]


def _listed(found: list[Identifier]) -> Listed:
    fault = next((one.fault for one in found if one.fault), None)
    return Listed(_distinct([one.item for one in found]), None, fault)


def _distinct(items: list[Item]) -> tuple[Item, ...]:
    """Each normal value once, the first as given."""
    return tuple(
        {item.value: item for item in reversed(items)}[value] for value in dict.fromkeys(i.value for i in items)
    )
