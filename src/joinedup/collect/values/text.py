"""Text for comparison: names, addresses and places without what people write differently, and cells that say nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from joinedup.domain.plain import plain, plain_name

_ABSENT = frozenset(
    ["unknown", "notknown", "notrecorded", "notstated", "nk", "na", "none", "null", "nil", "nan", "notavailable", "notapplicable", "tbc", "tba", "unk", "blank", "nodata", "notgiven", "withheld"]
)  # fmt: skip

_ABSENT_NAMES = frozenset(
    [
        "unknown",
        "notknown",
        "notrecorded",
        "notstated",
        "notavailable",
        "notapplicable",
        "notgiven",
        "withheld",
        "tbc",
        "tba",
    ]
)
"""For names the list is short: Na, Nan, None and Null are names that people bear."""


def is_absent(raw: str) -> bool:
    """Whether a cell only says that nothing is known: 'unknown', 'n/k', 'N/A', '-', '?' and their like.

    >>> is_absent("N/K"), is_absent("-"), is_absent("Noone")
    (True, True, False)
    """
    kept = "".join(sign for sign in raw.casefold() if sign.isalnum())
    return kept in _ABSENT or not kept


def is_absent_name(raw: str) -> bool:
    """Whether a name cell only says that no name is known.

    >>> is_absent_name("not known"), is_absent_name("n/k"), is_absent_name("Na")
    (True, True, False)
    """
    kept = "".join(sign for sign in raw.casefold() if sign.isalnum())
    return kept in _ABSENT_NAMES or not kept or raw.strip().casefold() in ("n/k", "n/a", "n.k.", "n.a.")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as given and as compared (empty where it says nothing), and what was mended or is in doubt."""

    value: str | None
    fold: str | None
    changed: str | None = None


def parse_name(raw: str) -> Name:
    """A forename or surname for comparison: no case, accents, apostrophes or hyphens, no title in front.

    >>> parse_name("  O'Brien-Smith ").fold, parse_name("Mr Ahmed").fold, parse_name("Unknown").fold
    ('obrien smith', 'ahmed', None)
    """
    value = " ".join(raw.split())
    if is_absent_name(value):
        return Name(None, None)
    fold = plain_name(value)
    if not fold:
        return Name(value, None, "a name in letters")
    doubt = "one name in the cell; a comma may mean that surname and forename stand together" if "," in value else None
    return Name(value, fold, doubt)


_STREET_WORDS = {
    "street": "st", "str": "st", "road": "rd", "avenue": "ave", "av": "ave", "close": "cl", "crescent": "cres",
    "drive": "dr", "lane": "ln", "place": "pl", "square": "sq", "terrace": "terr", "ter": "terr", "court": "ct",
    "crt": "ct", "gardens": "gdns", "garden": "gdn", "grove": "gr", "park": "pk", "house": "hse", "apartment": "flat",
    "apt": "flat", "buildings": "bldgs", "building": "bldg", "mount": "mt", "saint": "st", "north": "n", "south": "s",
    "east": "e", "west": "w", "number": "no", "and": "&",
}  # fmt: skip


def fold_address(raw: str) -> str | None:
    """An address without case and punctuation, its common words shortened; None where it says nothing.

    >>> fold_address("Flat 2, 14 Mill Street"), fold_address("Apt. 2 14 MILL ST.")
    ('flat 2 14 mill st', 'flat 2 14 mill st')
    """
    if is_absent(raw):
        return None
    words = [_STREET_WORDS.get(word, word) for word in plain(raw).split()]
    return " ".join(word for word in words if word not in ("&", "no", "the")) or None


def fold_place(raw: str) -> str | None:
    """A place for comparison: as an address; None where it says nothing.

    >>> fold_place("The Bus Station, Mill Road")
    'bus station mill rd'
    """
    return fold_address(raw)


def split_list(raw: str) -> list[str]:
    """The entries of a cell that holds a list separated by ';' (or by line ends), without empties and repeats.

    >>> split_list("Jo; JJ ;; Jo")
    ['Jo', 'JJ']
    """
    return list(dict.fromkeys(part for piece in re.split(r"[;\r\n]+", raw) if (part := " ".join(piece.split()))))
