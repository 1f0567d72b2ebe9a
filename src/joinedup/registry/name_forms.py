"""How names written differently are recognised as one: the rules of spelling and the table of nicknames."""

from __future__ import annotations

import re
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from pydantic import Field

from joinedup.registry.documents import Entry, read_document


class SpellingRule(Entry):
    """What is written so becomes so, and the names that show why."""

    from_: str = Field(alias="from")
    to: str
    why: str


class NameForms(Entry):
    """The rules of spelling, in order, and the words that are left out, lead or are joined."""

    version: str
    made: str
    particles: frozenset[str]
    leading: frozenset[str]
    joined: frozenset[str]
    rules: tuple[SpellingRule, ...]
    aspirates: dict[str, str]
    vowels: tuple[SpellingRule, ...]
    short: int = Field(ge=0)
    """A name with no more consonants than this keeps its vowels in its key."""

    @cached_property
    def compiled(self) -> tuple[tuple[tuple[re.Pattern[str], str], ...], tuple[tuple[re.Pattern[str], str], ...]]:
        """The rules of consonants and of vowels, ready for use on lines of one word each."""
        consonants, vowels = (
            tuple((re.compile(rule.from_, re.MULTILINE), rule.to) for rule in rules)
            for rules in (self.rules, self.vowels)
        )
        return consonants, vowels


class Nickname(Entry):
    """A given name and what it is shortened or turned to."""

    name: str
    forms: tuple[str, ...] = Field(min_length=1)


class Nicknames(Entry):
    """The table of nicknames, and how it was made."""

    version: str
    made: str
    sources: tuple[str, ...]
    names: tuple[Nickname, ...]

    @cached_property
    def roots(self) -> dict[str, tuple[str, ...]]:
        """For each form, the names it may stand for.

        >>> nicknames().roots["beth"]
        ('bethany', 'elizabeth')
        """
        found: dict[str, list[str]] = {}
        for entry in self.names:
            for form in entry.forms:
                found.setdefault(form, []).append(entry.name)
        return {form: tuple(dict.fromkeys(names)) for form, names in found.items()}


@cache
def name_forms() -> NameForms:
    """The rules of spelling.

    >>> "bin" in name_forms().particles
    True
    """
    return read_document(Path(str(files("joinedup.registry"))) / "name_forms.yaml", NameForms)


@cache
def nicknames() -> Nicknames:
    """The table of nicknames.

    >>> len(nicknames().names) > 200
    True
    """
    return read_document(Path(str(files("joinedup.registry"))) / "nicknames.yaml", Nicknames)
