"""Names as they are compared: a key that spellings share, the names a short form may stand for, and the parts of a name.

Pure functions of one name in plain small letters (`forename_fold`, `surname_fold`); what is done to a name depends on its
letters alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from joinedup.registry.name_forms import name_forms, nicknames

_ASPIRATE = re.compile("kh|gh|dh|th|bh|jh")
_DOUBLED = re.compile(r"(.)\1+")
_INNER_VOWELS = re.compile("(?<=.)[aeiouyh]")
_INNER_SOFT = re.compile("(?<=.)h")
_VOWELS = frozenset("aeiou")
_NO_VOWELS = str.maketrans("", "", "aeiouy")
_HEARD: dict[str, str] = {}
"""The sounds worked out so far: what follows from a word alone is worked out once."""


@dataclass(frozen=True, slots=True)
class Forms:
    """One name in the forms it is compared by. `forms` and `parts` are sorted and hold no value twice."""

    key: str
    """Shared by spellings of one name, whatever the order of its parts."""
    forms: tuple[str, ...]
    """The key, and the keys of the whole names it may be short for: one in common makes two names kindred."""
    parts: tuple[str, ...]
    """The forms of each part that is not common before other names: one in common makes two names partly alike."""


def sound(word: str) -> str:
    """One word's key: what is left when spellings that sound alike are brought together.

    >>> [sound(word) for word in ("hussain", "husein", "smyth", "smith", "kowalska", "kovalski", "omar", "umar")]
    ['hsn', 'hsn', 'smt', 'smt', 'kvlsk', 'kvlsk', 'umar', 'umar']
    """
    if word not in _HEARD:
        _HEARD[word] = _heard(word)
    return _HEARD[word]


def forenames(folds: Sequence[str]) -> list[Forms]:
    """The forms of several given names."""
    hear(folds)
    return [forename(fold) for fold in folds]


def surnames(folds: Sequence[str]) -> list[Forms]:
    """The forms of several family names."""
    hear(folds)
    return [surname(fold) for fold in folds]


def hear(folds: Iterable[str]) -> None:
    """Works out the sounds of all words of these names at once, which takes a fraction of asking for one after the other."""
    words = sorted({word for fold in folds for word in _words(fold)} - _HEARD.keys())
    if words:
        _HEARD.update(zip(words, _heard("\n".join(words)).split("\n"), strict=True))


def _heard(lines: str) -> str:
    """The key of each line, a word; the rules are made to keep within lines."""
    rules = name_forms()
    consonants, vowels = rules.compiled
    text = lines
    for pattern, becomes in consonants:
        if becomes or pattern.pattern.startswith("^"):
            text = pattern.sub(becomes, text)
        else:
            text = _ASPIRATE.sub(lambda found: rules.aspirates[found[0]], text)
    keys = _DOUBLED.sub(r"\1", text).split("\n")
    skeletons = [_INNER_VOWELS.sub("", key) for key in keys]
    short = [place for place, skeleton in enumerate(skeletons) if len(skeleton.translate(_NO_VOWELS)) <= rules.short]
    kept = _INNER_SOFT.sub("", "\n".join(keys[place] for place in short))
    for pattern, becomes in vowels:
        kept = pattern.sub(becomes, kept)
    found = ["a" + skeleton[1:] if skeleton[:1] in _VOWELS else skeleton for skeleton in skeletons]
    for place, key in zip(short, _DOUBLED.sub(r"\1", kept).split("\n"), strict=False):
        found[place] = key
    return "\n".join(found)


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
