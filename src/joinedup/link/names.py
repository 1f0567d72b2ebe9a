"""Names as they are compared: a key that spellings share, the names a short form may stand for, and the parts of a name.

Pure functions of one name in plain small letters (`forename_fold`, `surname_fold`); what is done to a name depends on its
letters alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from joinedup.registry.name_forms import name_forms, nicknames

_ASPIRATE = re.compile("kh|gh|dh|th|bh|jh")
_DOUBLED = re.compile(r"(.)\1+")
_INNER_VOWELS = re.compile("(?<=.)[aeiouyh]")
_INNER_SOFT = re.compile("(?<=.)h")


@dataclass(frozen=True, slots=True)
class Forms:
    """One name in the forms it is compared by. `forms` and `parts` are sorted and hold no value twice."""

    key: str
    """Shared by spellings of one name, whatever the order of its parts."""
    forms: tuple[str, ...]
    """The key, and the keys of the whole names it may be short for: one in common makes two names kindred."""
    parts: tuple[str, ...]
    """The forms of each part that is not common before other names: one in common makes two names partly alike."""


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """One word's key: what is left when spellings that sound alike are brought together.

    >>> [sound(word) for word in ("hussain", "husein", "smyth", "smith", "kowalska", "kovalski", "omar", "umar")]
    ['hsn', 'hsn', 'smt', 'smt', 'kvlsk', 'kvlsk', 'umar', 'umar']
    """
    rules = name_forms()
    consonants, vowels = rules.compiled
    text = word
    for pattern, becomes in consonants:
        if becomes or pattern.pattern.startswith("^"):
            text = pattern.sub(becomes, text)
        else:
            text = _ASPIRATE.sub(lambda found: rules.aspirates[found[0]], text)
    text = _DOUBLED.sub(r"\1", text)
    skeleton = _INNER_VOWELS.sub("", text)
    if sum(sign not in "aeiouy" for sign in skeleton) <= rules.short:
        text = _INNER_SOFT.sub("", text)
        for pattern, becomes in vowels:
            text = pattern.sub(becomes, text)
        return _DOUBLED.sub(r"\1", text)
    return ("a" + skeleton[1:]) if skeleton[0] in "aeiou" else skeleton


@lru_cache(maxsize=200_000)
def forename(fold: str) -> Forms:
    """A given name's forms: its key, those of the names it may be short for, and those of its parts.

    >>> forename("mohammed hamza").parts == forename("hamzah").parts
    True
    >>> bool(set(forename("becky").forms) & set(forename("rebecca").forms))
    True
    """
    words = _words(fold)
    leading = name_forms().leading
    called = [word for word in words if word not in leading] or words
    forms = {_key(words), sound("".join(words))}
    if len(called) == 1:
        forms |= _roots(called[0]) if len(words) == 1 else set()
    parts = {form for word in called for form in (sound(word), *_roots(word))}
    return Forms(_key(words), tuple(sorted(forms)), tuple(sorted(parts)))


@lru_cache(maxsize=200_000)
def surname(fold: str) -> Forms:
    """A family name's forms: its key in any order of parts, with and without particles, and the keys of its parts.

    >>> surname("al hassan").forms == surname("hassan").forms, surname("smith jones").key == surname("jones smith").key
    (True, True)
    """
    words = _words(fold)
    return Forms(
        _key(words), tuple(sorted({_key(words), sound("".join(words))})), tuple(sorted({sound(word) for word in words}))
    )


def _words(fold: str) -> list[str]:
    """The words of a name without particles, with Mac and Abdul joined to what follows."""
    rules, words = name_forms(), fold.split()
    kept: list[str] = []
    before = ""
    for place, word in enumerate(words):
        if word in rules.joined and place + 1 < len(words):
            before += word
        elif word not in rules.particles or place + 1 == len(words):
            kept.append(before + word)
            before = ""
    return kept or words


def _key(words: list[str]) -> str:
    return " ".join(sorted(dict.fromkeys(sound(word) for word in words)))


def _roots(word: str) -> set[str]:
    return {sound(root) for root in nicknames().roots.get(word, ())}
