"""What is known of the lists besides who is on them: pairs nobody can be on both of, lists of one kind of child, referrals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from joinedup.estimate.cautions import LEAST_LISTS
from joinedup.estimate.meanings import Meanings, Span
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.results import Refusal

LEAST_SHARE = 0.05
"""Of the children on a list, those who came by referral from another, from which the lists are said to feed one another."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Children who came onto one list by referral from another: how many, of how many on that list."""

    source: str
    target: str
    children: int
    among: int

    @property
    def sentence(self) -> str:
        """The feed in words."""
        return (
            f"{self.children:,} of {self.among:,} children on the list {self.target} came by referral from {self.source}: one list "
            "feeds the other, and a model that takes the two to be independent gives too few."
        )


@dataclass(frozen=True, slots=True)
class KnownOfLists:
    """What is known of the lists of an inquiry.

    `never`: pairs said to exclude each other; `areas`, `spans`: where and when a list's agencies hold anybody, for lists of which it
    is known; `only`: lists that can hold one kind of child alone, and which; `feeds`: referrals from one list to another; `meanings`: whom and when each list says it is of.
    """

    never: tuple[tuple[str, ...], ...] = ()
    areas: Mapping[str, frozenset[str]] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    feeds: tuple[Feed, ...] = ()
    meanings: Meanings = field(default_factory=Meanings)

    def marked(self, table: OverlapTable) -> tuple[OverlapTable, tuple[str, ...]]:
        """The table with the pairs marked that nobody can be on both of, and sentences that say which and why.

        A pair is marked where it is said to exclude each other, and where its lists share no area, or no day between their first and
        last, if nobody is on both: somebody on both proves it possible, and that is said where it was denied.
        """
        marks, said = [], []
        for one, other in combinations(table.lists, 2):
            why = self._why(one, other)
            if why is None:
                continue
            if not table.on_both([one], [other]):
                marks.append((one, other))
                said.append(f"Nobody can be on both {one} and {other}: {why}.")
            elif why == _SAID:
                said.append(
                    f"inquiry.toml says that nobody can be on both {one} and {other}, yet some are: it is taken for possible."
                )
        return OverlapTable(table.lists, table.counts, tuple(marks)), tuple(said)

    def modelled(self, table: OverlapTable) -> tuple[OverlapTable, tuple[str, ...]]:
        """The table without lists that can hold one kind of child alone, where three others remain; and what was left out.

        Children whom such a list cannot hold have no chance of it, which no model of these rooms says.
        """
        narrow = [name for name, size in zip(table.lists, table.sizes, strict=True) if name in self.only and size]
        wide = [name for name, size in zip(table.lists, table.sizes, strict=True) if name not in self.only and size]
        said = [f"The list {name} can hold only {self.only[name]}" for name in narrow]
        if not narrow:
            return table, ()
        if len(wide) < LEAST_LISTS:
            why = "it stays in the models, which take everybody to have had a chance of it, since fewer than three others remain."
            return table, tuple(f"{each}: {why}" for each in said)
        why = "it is left out of the models, and children on it alone are counted as seen only."
        return table.taking(wide), tuple(f"{each}: {why}" for each in said)

    def sentences_of(self, table: OverlapTable) -> tuple[str, ...]:
        """The feeds between lists that hold anybody, and what is not known of whom and when they are of."""
        held = [name for name, size in zip(table.lists, table.sizes, strict=True) if size]
        feeds = (each.sentence for each in self.feeds if {each.source, each.target} <= {*held})
        return (*feeds, *self.meanings.sentences(held))

    def refusal(self, table: OverlapTable) -> Refusal | None:
        """Why the lists that hold anybody give no total together, by what they say they mean."""
        return self.meanings.refusal([name for name, size in zip(table.lists, table.sizes, strict=True) if size])

    def _why(self, one: str, other: str) -> str | None:
        if any({one, other} == set(each) for each in self.never):
            return _SAID
        areas = self.areas.get(one), self.areas.get(other)
        if areas[0] and areas[1] and not areas[0] & areas[1]:
            return "they share no area"
        spans = self.spans.get(one), self.spans.get(other)
        if spans[0] and spans[1] and max(spans[0][0], spans[1][0]) > min(spans[0][1], spans[1][1]):
            return "they share no day of the period"
        return None


_SAID = "inquiry.toml says so"


def feeds_of(referrals: Iterable[tuple[str, str, str]], on: Mapping[str, frozenset[str]]) -> tuple[Feed, ...]:
    """The feeds worth saying, of referrals as (source list, target list, child); the largest share first. `on`: the children on each list.

    A child counts once, and only if on the list that it was referred to: a referral that came to nothing feeds no list.
    """
    children: dict[tuple[str, str], set[str]] = {}
    for source, target, child in referrals:
        if source != target and on.get(source) and child in on.get(target, ()):
            children.setdefault((source, target), set()).add(child)
    found = [
        Feed(source, target, len(held), len(on[target]))
        for (source, target), held in children.items()
        if len(held) >= LEAST_SHARE * len(on[target])
    ]
    return tuple(sorted(found, key=lambda each: (-each.children / each.among, each.source, each.target)))


def list_of_each(agencies: Sequence[tuple[str, str]], groups: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The list of each agency (id, kind): the group that names it, else its kind.

    >>> list_of_each([("north", "police"), ("clinic", "health")], {"all police": ["north"]})
    {'north': 'all police', 'clinic': 'health'}
    """
    group_of = {agency: name for name, named in groups.items() for agency in named}
    return {agency: group_of.get(agency, kind) for agency, kind in agencies}
