"""The press: the one place where a number of the report is made, protected, named and remembered."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from joinedup.domain.numbers import Recipe
from joinedup.errors import InternalError
from joinedup.registry.disclosure import DisclosureRule
from joinedup.stats.bounds import within_odds_ratio
from joinedup.stats.disclosure import ReleasedNumber, protect, protect_estimate, protect_share, withheld_count

INSTITUTIONS = "institutions_exact"
"""The rule for counts of agencies and files: they count no people, and the agencies are named beside them."""

PARTS = 1_000_000
"""A share that follows from published numbers is carried in millionths until it is printed in whole percent."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One number as the report prints it: its trace id, what it counts, and its published value. Never the exact one."""

    number_id: str
    label: str
    released: ReleasedNumber

    @property
    def shown(self) -> str:
        """The number as text."""
        return self.released.shown

    @property
    def is_nought(self) -> bool:
        """Whether it is published as nought, which only a true nought is."""
        return self.released.value == 0


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage made of published values; `made_of` are the trace ids of the counts it is made of."""

    label: str
    released: ReleasedNumber
    made_of: tuple[str, ...]
    how: Literal["share", "lowest", "highest", "from", "to", "ratio"] = "share"
    """A plain share is its first number of its last, less those between; a lowest or highest share holds for whatever
    counts stand behind the published ones; from and to are the ends where those not known may differ; a ratio is none."""

    @property
    def shown(self) -> str:
        """The share as text."""
        return self.released.shown


@dataclass(frozen=True, slots=True)
class References:
    """Ids of findings, which a page shows as links to them."""

    finding_ids: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The ids as text."""
        return ", ".join(self.finding_ids)


Part = str | Printed | Share | References
"""A piece of a sentence or a cell of a table."""


class Press:
    """Makes printed numbers under one disclosure rule. A number id always means the same number, or it stops the run."""

    def __init__(self, rule: DisclosureRule, withheld: frozenset[str] = frozenset()) -> None:
        """`withheld` are the ids of numbers that would, with others, give a small one away."""
        self.rule = rule
        self.withheld = withheld
        self._made: dict[str, Printed] = {}
        self._rows: dict[str, dict[str, object]] = {}

    def people(self, number_id: str, label: str, exact: int, recipe: Recipe) -> Printed:
        """A count that comes of people: protected by the inquiry's rule. Rows, pathways and groups count as people too."""
        return self._keep(number_id, label, exact, self._protected(number_id, exact), recipe)

    def as_published(self, number_id: str, exact: int) -> str:
        """What `people` would print of a count, without making a number of it: a number that is made has to be printed."""
        return self._protected(number_id, exact).shown

    def institutions(self, number_id: str, label: str, exact: int, recipe: Recipe) -> Printed:
        """A count of agencies or files, printed as it is."""
        released = protect(exact, small_from=1, small_to=0, round_to=1, rule=INSTITUTIONS)
        return self._keep(number_id, label, exact, released, recipe)

    def estimate(self, number_id: str, label: str, exact: float, recipe: Recipe) -> Printed:
        """A modelled number, rounded as the inquiry's rule says."""
        released = protect_estimate(exact, round_to=self.rule.estimates_round_to)
        return self._keep(number_id, label, exact, released, recipe)

    def ends(self, number: Printed) -> tuple[int, int] | None:
        """The smallest and the largest count that may stand behind a published count; None where nothing is published.

        What a reader knows too: the sign for small counts stands for all of them, and a rounded count for its neighbours.
        """
        shown, rule = number.released, self.rule
        if shown.is_withheld:
            return None
        if shown.rule == rule.id and shown.shown == rule.small_shown:
            return rule.small_from, rule.small_to
        if shown.value is None:
            return None
        value = int(shown.value)
        if value == 0 or shown.rule != rule.id:
            return value, value
        lowest = max(rule.smallest_shown, value - rule.round_to // 2)
        # The first rounded value above the hidden range takes in all that would have been rounded into it.
        first = value - rule.round_to <= rule.small_to
        return rule.smallest_shown if first else lowest, value + (rule.round_to - 1) // 2

    def is_small(self, number: Printed) -> bool:
        """Whether the sign for small counts is published in its place."""
        return number.released.rule == self.rule.id and number.shown == self.rule.small_shown

    def share(self, label: str, part: Printed, base: Printed, *, less: Printed | None = None) -> Share:
        """The share `part` is of `base` (less those of `less`), from their published values.

        Not available where one of them is a small count: a share of a sign that stands for several counts would mislead.
        """
        numbers = (part, base) if less is None else (part, less, base)
        made_of = tuple(number.number_id for number in numbers)
        if any(self.is_small(number) or number.released.value is None for number in numbers):
            return self._none(label, made_of)
        if less is None:
            return Share(label, protect_share(part.released, base.released), made_of)
        remaining = max(0.0, (base.released.value or 0.0) - (less.released.value or 0.0))
        return Share(label, protect_share(part.released, _published(remaining)), made_of)

    def lowest(self, label: str, part: Printed, base: Printed) -> Share:
        """The lowest share of `base` that `part` can be, whatever exact counts stand behind the published ones."""
        made_of = (part.number_id, base.number_id)
        ends, whole = self.ends(part), self.ends(base)
        if ends is None or whole is None or self.is_small(base):
            return self._none(label, made_of)
        return Share(label, protect_share(_published(ends[0]), _published(whole[1])), made_of, "lowest")

    def highest(self, label: str, parts: Sequence[Printed], base: Printed) -> Share:
        """The highest share of `base` that the parts together can be, whatever counts stand behind the published ones."""
        made_of = (*(part.number_id for part in parts), base.number_id)
        ends, whole = [self.ends(part) for part in parts], self.ends(base)
        if whole is None or None in ends or self.is_small(base):
            return self._none(label, made_of)
        most = sum(end[1] for end in ends if end is not None)
        return Share(label, protect_share(_published(most), _published(whole[0])), made_of, "highest")

    def between(
        self, label: str, part: Printed, whole: tuple[Printed, Printed], ratio: float, leeway: tuple[int, int] = (0, 0)
    ) -> tuple[Share, Share]:
        """The lowest and highest share of all that `part` can be, whatever counts stand behind the published ones.

        `whole` is the number not known and the base, `ratio` how far the odds of those not known may differ (infinity:
        nothing assumed). `leeway` is how many fewer and more people the links allow, taken up to the next rounded number.
        """
        made_of = (part.number_id, whole[0].number_id, whole[1].number_id)
        counted, unknown, base = self.ends(part), self.ends(whole[0]), self.ends(whole[1])
        names = (f"Lowest share {label}", f"Highest share {label}")
        if counted is None or unknown is None or base is None or self.is_small(whole[1]):
            return self._none(names[0], made_of), self._none(names[1], made_of)
        fewer, more = (math.ceil(each / self.rule.round_to) * self.rule.round_to for each in leeway)
        bounds = [
            within_odds_ratio(min(with_value, everybody - missing), everybody - missing, missing, ratio)
            for with_value in (max(0, counted[0] - fewer), counted[1] + more)
            for everybody in (max(1, base[0] - fewer), base[1] + more)
            for missing in (min(unknown[0], everybody), min(unknown[1], everybody))
        ]
        ends = min(each.lower for each in bounds), max(each.upper for each in bounds)
        lower, upper = (protect_share(_published(PARTS * end), _published(PARTS)) for end in ends)
        return Share(names[0], lower, made_of, "from"), Share(names[1], upper, made_of, "to")

    def ratio(self, label: str, value: float, made_of: tuple[str, ...]) -> Share:
        """A ratio for every hundred, worked out from published counts alone, which are named."""
        if not math.isfinite(value):
            return self._none(label, made_of)
        return Share(label, _published(100 * value), made_of, "ratio")

    def _protected(self, number_id: str, exact: int) -> ReleasedNumber:
        if number_id in self.withheld and exact:
            return withheld_count(self.rule.id)
        return protect(exact, **self.rule.for_counts())

    def _none(self, label: str, made_of: tuple[str, ...]) -> Share:
        return Share(label, protect(None, **self.rule.for_counts()), made_of)

    def __getitem__(self, number_id: str) -> Printed:
        """The number made under this id; a sentence that names a number nobody made is a broken promise."""
        try:
            return self._made[number_id]
        except KeyError:
            raise InternalError(f"the report speaks of the number {number_id!r}, which it does not hold") from None

    def __contains__(self, number_id: str) -> bool:
        return number_id in self._made

    def recipe(self, number_id: str) -> Recipe:
        """The recipe of the number made under this id."""
        return Recipe.from_json(str(self._rows[number_id]["recipe"]))

    def exact(self, number_id: str) -> float:
        """The exact value behind the number: for checks within the run, never for print."""
        return float(str(self._rows[number_id]["exact"]))

    def numbers(self) -> list[Printed]:
        """Every number made, by trace id."""
        return [self._made[each] for each in sorted(self._made)]

    def rows(self) -> list[dict[str, object]]:
        """The rows of the table released, by trace id."""
        found = []
        for each in sorted(self._rows):
            released = self._made[each].released
            # A modelled number says nothing of a count.
            ends = None if released.rule not in (self.rule.id, INSTITUTIONS) else self.ends(self._made[each])
            found.append({**self._rows[each], "least": ends and ends[0], "most": ends and ends[1]})
        return found

    def _keep(self, number_id: str, label: str, exact: float, released: ReleasedNumber, recipe: Recipe) -> Printed:
        row: dict[str, object] = {
            "number_id": number_id,
            "label": label,
            "exact": float(exact),
            "shown": released.shown,
            "rule": released.rule,
            "recipe": recipe.to_json(),
        }
        before = self._rows.setdefault(number_id, row)
        if (before["exact"], before["recipe"]) != (row["exact"], row["recipe"]):
            raise InternalError(f"two different numbers of the report have the id {number_id!r}")
        return self._made.setdefault(number_id, Printed(number_id, label, released))


def _published(value: float) -> ReleasedNumber:
    """A value that follows from published numbers alone, so that no rule has to be applied to it again."""
    return protect_estimate(value, round_to=1)


def cell(table: str, number_id: str, column: str) -> Recipe:
    """The recipe of a number that stands beside another in one row of a table: that row's column."""
    return Recipe(table, {"number_id": number_id}, total=column)


def bind(sentence: str, shares: Mapping[str, Share], press: Press) -> tuple[Part, ...]:
    """The sentence with each `{{number id}}` replaced by its number and each `{{%name}}` by the share of that name.

    Raises InternalError for a number or share that was not made: text cannot drift from data.
    """
    parts: list[Part] = []
    for position, piece in enumerate(re.split(r"\{\{(.+?)\}\}", sentence)):
        if position % 2 == 0:
            if piece:
                parts.append(piece)
        elif piece.startswith("%"):
            if piece[1:] not in shares:
                raise InternalError(f"the report speaks of the share {piece[1:]!r}, which it does not hold")
            parts.append(shares[piece[1:]])
        else:
            parts.append(press[piece])
    return tuple(parts)


def in_brackets(name: str, share: Share) -> str:
    """The place of a share in a sentence: in brackets, or nothing where the share is not available."""
    return "" if share.released.value is None else f" ({{{{%{name}}}}})"


def as_text(parts: tuple[Part, ...]) -> str:
    """The parts as one plain sentence, numbers as published."""
    return "".join(part if isinstance(part, str) else part.shown for part in parts)


def ids_in(parts: tuple[Part, ...]) -> list[str]:
    """The trace ids of the numbers in the parts, each once, in order; a share brings those it is made of."""
    found: dict[str, None] = {}
    for part in parts:
        if isinstance(part, Printed):
            found[part.number_id] = None
        elif isinstance(part, Share):
            found.update(dict.fromkeys(part.made_of))
    return list(found)


def without_numbers(text: str, allowed: frozenset[str] = frozenset()) -> str:
    """The text with every number taken out but those allowed: sentences of earlier stages may quote exact counts.

    >>> without_numbers("Only 3 stand on both; fewer than 7 decide nothing.", frozenset({"7"}))
    'Too few stand on both; fewer than 7 decide nothing.'
    >>> without_numbers("It would give 12 fewer.")
    'It would give [not shown] fewer.'
    """
    text = re.sub(r"\b(O|o)nly \d+(?:[.,]\d+)*\b", lambda found: f"{'T' if found[1] == 'O' else 't'}oo few", text)
    return re.sub(
        r"\d+(?:[.,]\d+)*",
        lambda found: found.group() if found.group() in allowed else "[not shown]",
        text,
    )
