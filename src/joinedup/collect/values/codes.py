"""Labels and codes as agencies write them, to the code of one published scheme; never from one scheme to another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from joinedup.collect.sheets import fold_heading
from joinedup.collect.values.text import is_absent, split_list
from joinedup.registry.code_sets import CodeSet

_NUMBER = re.compile(r"0*(\d+)(?:\.0+)?")

AMBIGUOUS = "a code, or a label that stands for one code only; this label is in use for more than one"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one raw label is in its scheme.

    `state` is that of the code (recorded, refused, not_yet_obtained, not_stated, not_asked), else ambiguous or
    not_in_scheme, and then `code` is None; a word for "unknown" that is no code of the scheme is not_stated.
    """

    code: str | None
    state: str
    means: str | None = None
    fault: str | None = None


def _fold(text: str) -> str:
    return fold_heading(text.replace("&", " and "))


class CodeReader:
    """Reads labels into one code set: by code, then label, then other spellings; a label of two codes is ambiguous."""

    def __init__(self, code_set: CodeSet) -> None:
        self.code_set = code_set
        self._codes = {code.strip().casefold(): code for code in code_set.codes}
        self._labels: dict[str, set[str]] = {}
        for code, entry in code_set.codes.items():
            for label in (entry.label, *entry.synonyms):
                self._labels.setdefault(_fold(label), set()).add(code)
        for label, codes in code_set.ambiguous.items():
            self._labels.setdefault(_fold(label), set()).update({*codes, ""})
        self._labels.pop("", None)

    @property
    def expected(self) -> str:
        """What a value should have been, in words."""
        return f"a code or label of {self.code_set.title} ({self.code_set.version})"

    def read(self, raw: str) -> Reading:
        """What the raw value is in this scheme."""
        text = raw.strip()
        if code := self._by_code(text):
            return self._known(code)
        found = self._labels.get(_fold(text), set())
        if not found and (number := _NUMBER.fullmatch(text)):
            found = self._labels.get(number[1], set())
        if not found:
            found = self._in_two_halves(text)
        if len(found) == 1:
            return self._known(next(iter(found)))
        if found:
            return Reading(None, "ambiguous", fault=AMBIGUOUS)
        if is_absent(text):
            return Reading(None, "not_stated")
        return Reading(None, "not_in_scheme", fault=self.expected)

    def _known(self, code: str) -> Reading:
        entry = self.code_set.codes[code]
        return Reading(code, entry.state, entry.means or None)

    def _by_code(self, text: str) -> str | None:
        if code := self._codes.get(text.casefold()):
            return code
        # Spreadsheets take zeros off codes and put '.0' on: 01, 1 and 1.0 are one code where only one is registered.
        if number := _NUMBER.fullmatch(text):
            return self._codes.get(number[1]) or self._codes.get(f"0{number[1]}")
        return None

    def _in_two_halves(self, text: str) -> set[str]:
        """'N1 - label' and 'label (N1)': the code, where the words beside it are no other code's."""
        halves = re.fullmatch(r"([A-Za-z0-9+]{1,8})\s*[-:=.)\u2013]\s*(.+)", text)
        after = re.fullmatch(r"(.+?)\s*[(\[]\s*([A-Za-z0-9+]{1,8})\s*[)\]]", text)
        pair = (halves[1], halves[2]) if halves else (after[2], after[1]) if after else None
        if pair is None or (code := self._by_code(pair[0])) is None:
            return set()
        return {code} | self._labels.get(_fold(pair[1]), set())


def read_list(reader: CodeReader, raw: str) -> list[tuple[str, Reading]]:
    """Each entry of a list cell with its reading; a comma separates too, where the whole is no label.

    >>> from joinedup.registry.code_sets import Code
    >>> scheme = CodeSet(id="c", title="C", version="1", source="s", codes={"A": Code(label="one"), "B": Code(label="two")})
    >>> [reading.code for _, reading in read_list(CodeReader(scheme), "A; two")]
    ['A', 'B']
    """
    found: list[tuple[str, Reading]] = []
    for part in split_list(raw):
        whole = reader.read(part)
        if whole.state == "not_in_scheme" and "," in part:
            pieces: Iterable[str] = [piece.strip() for piece in part.split(",") if piece.strip()]
            found += [(piece, reader.read(piece)) for piece in pieces]
        else:
            found.append((part, whole))
    return found
