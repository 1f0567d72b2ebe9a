"""What people say of two mentions, and what several such judgements say together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

SAME = "same_person"
DIFFERENT = "not_same_person"
UNSURE = "unsure_person"
ON_PAIRS = (SAME, DIFFERENT, UNSURE)
"""The kinds of decision about two mentions. UNSURE joins nothing and parts nothing: it takes back what stood before."""

Name = TypeVar("Name", int, str)


class Judgements(Generic[Name]):
    """Judgements that agree: no two names that are to be apart are ever in one group."""

    def __init__(self) -> None:
        self.same: list[tuple[Name, Name]] = []
        self.apart: list[tuple[Name, Name]] = []
        self._above: dict[Name, Name] = {}
        self._kept_from: dict[Name, set[Name]] = {}

    def add(self, one: Name, other: Name, *, same: bool) -> bool:
        """Takes the judgement in and says so, or leaves it out because those taken in before say the opposite.

        >>> judgements = Judgements[str]()
        >>> [judgements.add("a", "b", same=True), judgements.add("b", "c", same=True), judgements.add("a", "c", same=False)]
        [True, True, False]
        """
        if same:
            joined = self.join(one, other)
            if joined:
                self.same.append((one, other))
            return joined
        if self.group(one) == self.group(other):
            return False
        self.apart.append((one, other))
        self.keep_apart([(one, other)])
        return True

    def join(self, one: Name, other: Name) -> bool:
        """Makes the two groups one, unless that would bring together two that are to be apart; whether they are one."""
        left, right = self.group(one), self.group(other)
        if left == right:
            return True
        if any(self.group(kept) == right for kept in self._kept_from.get(left, ())):
            return False
        self._above[right] = left
        if gone := self._kept_from.pop(right, None):
            self._kept_from.setdefault(left, set()).update(gone)
        return True

    def keep_apart(self, pairs: Iterable[tuple[Name, Name]]) -> None:
        """Keeps the two groups of each pair apart from now on."""
        for one, other in pairs:
            self._kept_from.setdefault(self.group(one), set()).add(other)
            self._kept_from.setdefault(self.group(other), set()).add(one)

    def group(self, name: Name) -> Name:
        """The name that stands for the group this one is in."""
        while (above := self._above.get(name, name)) != name:
            self._above[name] = self._above.get(above, above)
            name = above
        return name
