"""What agencies put on file: rows by column id of a registered sheet, and, beside them, who each row really names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from joinedup.simulate.arrays import Texts
from joinedup.simulate.dates import BirthDates
from joinedup.simulate.region import AGENCIES, AREAS, Agency

Cells: TypeAlias = np.ndarray[Any, Any] | BirthDates
"""A column: texts, days, moments, or dates of birth as recorded."""


def births(cells: Cells) -> BirthDates:
    """A column of dates of birth. Raises TypeError for any other."""
    if isinstance(cells, BirthDates):
        return cells
    raise TypeError("the column holds no dates of birth")


def one_after_the_other(first: BirthDates, second: BirthDates) -> BirthDates:
    """Dates of birth of two sets of rows as one column."""
    return BirthDates(np.concatenate([first.day, second.day]), np.concatenate([first.precision, second.precision]))


@dataclass(frozen=True)
class Named:
    """Who one mention of each row really is: the person's number, -1 where the row names nobody in this part.

    `status` is what the row says of exploitation (None where nothing); only a child's counts as list membership.
    """

    role: str
    person: np.ndarray
    status: Texts | None = None

    def rows(self, index: np.ndarray) -> Named:
        """The naming of some rows."""
        return Named(self.role, self.person[index], None if self.status is None else self.status[index])


@dataclass(frozen=True)
class Filed:
    """Rows of one sheet of one form, of all agencies together; `agency` is an index into AGENCIES.

    `ref` names the column whose value the truth is keyed by: the mention's source reference.
    """

    form: str
    sheet: str
    agency: np.ndarray
    columns: Mapping[str, Cells]
    ref: str
    named: tuple[Named, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.agency)

    def rows(self, index: np.ndarray) -> Filed:
        """Some rows: a mask, or row numbers in the order wanted."""
        columns = {name: cells.rows(index) if isinstance(cells, BirthDates) else cells[index] for name, cells in self.columns.items()}  # fmt: skip
        return replace(
            self, agency=self.agency[index], columns=columns, named=tuple(one.rows(index) for one in self.named)
        )

    def of(self, agency: Agency) -> Filed:
        """The rows of one agency, in the order of its references so that the order tells nothing of who is named."""
        mine = np.flatnonzero(self.agency == AGENCIES.index(agency))
        return self.rows(mine)

    def refs(self) -> Texts:
        """The source reference of each row."""
        return np.asarray(self.columns[self.ref], dtype=object)


def covering(rng: np.random.Generator, form: str, area: np.ndarray) -> np.ndarray:
    """For something that happened in each area, the agency that holds it under one form; -1 where none does.

    Where several agencies of one form work in an area they share what happens there by their `share`; the rest of
    their shares is what nobody saw.
    """
    from_area = {one.id: number for number, one in enumerate(AREAS)}
    found = np.full(len(area), -1)
    draw = rng.random(len(area))
    reached = np.zeros(len(area))
    for number, one in enumerate(AGENCIES):
        if form not in one.asked:
            continue
        works = np.isin(area, [from_area[name] for name in one.areas])
        mine = works & (found < 0) & (draw < reached + one.share)
        found[mine] = number
        reached = reached + np.where(works, one.share, 0.0)
    return found


def shuffled(rng: np.random.Generator, filed: Filed) -> Filed:
    """The rows in an order that has nothing to do with who they name."""
    return filed.rows(rng.permutation(len(filed)))
