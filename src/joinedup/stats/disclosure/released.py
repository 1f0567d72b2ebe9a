"""The types that may leave an inquiry, and the rules that make them.

A count of people is shown as nought when it is truly nought, behind one sign when it is small, and rounded otherwise.
Totals are protected on their own and never added up from protected cells, so they need not agree with them. The rule
comes in as plain values: the registry holds it, with its source.

A `ReleasedNumber` does not hold the exact count, so it cannot be had back from what a report is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass

from joinedup.stats.disclosure.tables import TOTAL, WITHHELD, Between, Count, PublishedTable

_MADE_HERE = object()
"""Only this module holds it: a released number made anywhere else is refused."""

NOT_AVAILABLE = "not available"
ROUNDING_ONLY = "rounded_estimate"


def _must_be_made_here(key: object, what: str) -> None:
    if key is not _MADE_HERE:
        raise TypeError(f"a {what} is made only by joinedup.stats.disclosure, after its rule has been applied")


@dataclass(frozen=True, slots=True)
class ReleasedNumber:
    """One number as it may be published. It never holds the exact value, and only this module makes one."""

    shown: str
    """The number as text: what is printed."""
    rule: str
    """Id of the rule that was applied."""
    value: float | None
    """The published value as a number, for a chart; empty where a sign stands in its place."""
    behind: Between | None = None
    """The counts that may stand behind what is shown, as its reader knows; None where it says nothing of a count."""
    key: InitVar[object] = None

    def __post_init__(self, key: object) -> None:
        _must_be_made_here(key, "ReleasedNumber")

    def __str__(self) -> str:
        return self.shown

    @property
    def is_withheld(self) -> bool:
        """Whether a sign stands in its place that says nothing of the count, but that it is not nought."""
        return self.shown == WITHHELD and self.behind is None

    @property
    def said(self) -> Count:
        """What it says of a count: the count, a range of counts, or None (nothing).

        >>> protect(13, small_from=1, small_to=7, round_to=5).said
        Between(least=13, most=17)
        """
        if self.behind is None:
            return None
        return self.behind.least if self.behind.least == self.behind.most else self.behind


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """A table as it may be published: labels, and numbers that a rule has been applied to. Only this module makes one."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | ReleasedNumber, ...], ...]
    rule: str
    key: InitVar[object] = None

    def __post_init__(self, key: object) -> None:
        _must_be_made_here(key, "ReleasedTable")

    def as_text(self) -> tuple[tuple[str, ...], ...]:
        """The rows with every cell as it is printed."""
        return tuple(tuple(str(cell) for cell in row) for row in self.rows)

    def published(
        self, name: str, count: str, total: str = TOTAL, parts: Mapping[str, Mapping[str, str]] | None = None
    ) -> PublishedTable:
        """What the column `count` of this table says, for an audit; every column of labels is a dimension.

        `total` is the label of totals here, `parts` says which category lies in which. Rows without a number in that column are left out. Raises ValueError where
        there is no such column, or the labels are no table.
        """
        if count not in self.columns:
            raise ValueError(f"the table has no column {count!r}")
        at = self.columns.index(count)
        labelled = [
            place for place in range(len(self.columns)) if all(isinstance(row[place], str) for row in self.rows)
        ]
        counts: dict[tuple[str, ...], Count] = {}
        for row in self.rows:
            if isinstance(number := row[at], ReleasedNumber) and number.shown != NOT_AVAILABLE:
                labels = tuple(TOTAL if row[place] == total else str(row[place]) for place in labelled)
                counts[labels] = number.said
        return PublishedTable(name, tuple(self.columns[place] for place in labelled), counts, parts or {})


def nearest(value: float, step: int) -> int:
    """The multiple of `step` nearest to `value`, halves upwards.

    >>> nearest(12, 5), nearest(13, 5), nearest(15, 10)
    (10, 15, 20)
    """
    return int((value + step / 2) // step) * step


def protect(
    count: int | None,
    *,
    small_from: int,
    small_to: int,
    round_to: int,
    small_shown: str = "",
    rule: str = "",
) -> ReleasedNumber:
    """The count as it may be published.

    `small_from` to `small_to` is shown as `small_shown` (by default the rounded middle of that range); nought is shown
    as nought; every other count is rounded to the nearest `round_to`, but never into the small range. An absent count
    is shown as not available. Raises ValueError for a negative count.

    >>> [protect(n, small_from=1, small_to=7, round_to=5).shown for n in (0, 1, 7, 8, 12, 13, 1264)]
    ['0', '5', '5', '10', '10', '15', '1,265']
    """
    named = rule or f"{small_from}-{small_to}-round-{round_to}"
    if count is None:
        return ReleasedNumber(NOT_AVAILABLE, named, None, None, _MADE_HERE)
    if count < 0:
        raise ValueError("a count of people cannot be below nought")
    if count == 0:
        return ReleasedNumber("0", named, 0.0, Between(0, 0), _MADE_HERE)
    if small_from <= count <= small_to:
        sign = small_shown or str(nearest((small_from + small_to) / 2, round_to))
        value = float(sign) if sign.isdecimal() else None
        return ReleasedNumber(sign, named, value, Between(small_from, small_to), _MADE_HERE)
    rounded = nearest(count, round_to)
    # A rounded value inside the hidden range would read as a small count that was let through.
    first = (small_to // round_to + 1) * round_to
    shown = max(rounded, first)
    return ReleasedNumber(f"{shown:,}", named, float(shown), _behind(shown, first, small_to, round_to), _MADE_HERE)


def withheld_count(rule: str) -> ReleasedNumber:
    """A count that is not shown because it would, with others, give a small one away. Never for a true nought.

    >>> withheld_count("nhs_round_5").shown, withheld_count("nhs_round_5").said
    ('c', None)
    """
    return ReleasedNumber(WITHHELD, rule, None, None, _MADE_HERE)


def _behind(shown: int, first: int, small_to: int, round_to: int) -> Between:
    """The counts that are rounded to `shown`: the first above the hidden range also takes in all that fell below it."""
    half = round_to // 2
    least = small_to + 1 if shown == first else max(shown - half, small_to + 1)
    return Between(least, shown + (round_to - 1) // 2)


def protect_estimate(value: float | None, *, round_to: int) -> ReleasedNumber:
    """A modelled number as it may be published: rounded, since its last digits mean nothing. Not for counts.

    >>> protect_estimate(3047.8, round_to=10).shown
    '3,050'
    """
    if value is None:
        return ReleasedNumber(NOT_AVAILABLE, ROUNDING_ONLY, None, None, _MADE_HERE)
    if value < 0:
        raise ValueError("an estimated number of people cannot be below nought")
    rounded = nearest(value, round_to)
    return ReleasedNumber(f"{rounded:,}", ROUNDING_ONLY, float(rounded), None, _MADE_HERE)


def protect_share(part: ReleasedNumber, base: ReleasedNumber) -> ReleasedNumber:
    """The share `part` is of `base` in whole percent, from the published values alone, so that it gives nothing more away.

    Not available where either is hidden or the base is nought.

    >>> rule = {"small_from": 1, "small_to": 7, "round_to": 5}
    >>> protect_share(protect(1264, **rule), protect(2083, **rule)).shown
    '61%'
    """
    if part.value is None or not base.value:
        return ReleasedNumber(NOT_AVAILABLE, base.rule, None, None, _MADE_HERE)
    # Rounding cells and base apart can push the part above its base.
    share = min(part.value / base.value, 1.0)
    return ReleasedNumber(f"{nearest(100 * share, 1)}%", base.rule, share, None, _MADE_HERE)


def protect_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    counts: Sequence[str],
    protection: Mapping[str, int | str],
) -> ReleasedTable:
    """The table with each column of `counts` protected by the rule and every other column taken as a label.

    `protection` holds the keywords of `protect`. A label that is a number is refused with ValueError: a number leaves
    only through a rule.

    >>> rule = {"small_from": 1, "small_to": 7, "round_to": 5}
    >>> protect_table(["area", "children"], [["ZX", 3], ["ZY", 0]], counts=["children"], protection=rule).as_text()
    (('ZX', '5'), ('ZY', '0'))
    """
    unknown = [name for name in counts if name not in columns]
    if unknown:
        raise ValueError(f"the table has no columns {unknown} to protect")
    released: list[tuple[str | ReleasedNumber, ...]] = []
    for row in rows:
        cells: list[str | ReleasedNumber] = []
        for name, value in zip(columns, row, strict=True):
            if name in counts:
                cells.append(_count_cell(name, value, protection))
            elif isinstance(value, str | ReleasedNumber):
                cells.append(value)
            else:
                raise ValueError(f"column {name!r} holds a number that no rule was applied to; list it in counts")
        released.append(tuple(cells))
    return ReleasedTable(tuple(columns), tuple(released), str(protection.get("rule", "")), _MADE_HERE)


def _count_cell(name: str, value: object, protection: Mapping[str, int | str]) -> ReleasedNumber:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError(
            f"column {name!r} is to be protected as a count and holds something that is not a whole number"
        )
    return protect(
        value,
        small_from=int(protection["small_from"]),
        small_to=int(protection["small_to"]),
        round_to=int(protection["round_to"]),
        small_shown=str(protection.get("small_shown", "")),
        rule=str(protection.get("rule", "")),
    )
