"""People by things as a sparse matrix: which things are hubs, which are one household's, and which may tie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Chances = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Things:
    """`people` by `kinds`/`values`: a one where a person is recorded with a thing. People and things in sorted order.

    `chance` has the same entries: the chance that one of the mentions that say so is of that person. `row_person` and
    `row_thing`: the person and thing of each row of the table it was made from.
    """

    people: list[str]
    kinds: npt.NDArray[np.str_]
    values: list[str]
    matrix: sparse.csr_matrix
    chance: sparse.csr_matrix
    row_person: Integers
    row_thing: Integers

    @property
    def users(self) -> Integers:
        """How many people are recorded with each thing."""
        return np.asarray(self.matrix.sum(axis=0), np.int64).ravel()


def coded(column: pa.ChunkedArray[Any]) -> tuple[list[str], Integers]:
    """The column's distinct values in order, and each row's place among them."""
    values = pc.unique(column)
    values = values.take(pc.array_sort_indices(values))
    return [str(value) for value in values.to_pylist()], pc.index_in(column, value_set=values).to_numpy().astype(
        np.int64
    )


def things_of(table: pa.Table, chances: Chances | None = None) -> Things:
    """The incidence of a table of person_id, kind, value; rows may stand twice and in any order.

    `chances`: of each row the chance that its mention is of the person; certain without it. The highest counts.
    """
    people, rows = coded(table["person_id"])
    kinds, kind_codes = coded(table["kind"])
    values, value_codes = coded(table["value"])
    both, columns = np.unique(kind_codes * max(len(values), 1) + value_codes, return_inverse=True)
    columns = columns.astype(np.int64)
    matrix = ones(rows, columns, (len(people), len(both)))
    kind_of, value_of = np.divmod(both, max(len(values), 1))
    names = [values[index] for index in value_of.tolist()]
    chance = highest(matrix, rows, columns, chances)
    return Things(people, np.array(kinds, dtype=str)[kind_of], names, matrix, chance, rows, columns)


def highest(matrix: sparse.csr_matrix, rows: Integers, columns: Integers, chances: Chances | None) -> sparse.csr_matrix:
    """The matrix with the highest chance of each entry's rows in place of its one."""
    found = matrix.astype(np.float64)
    if chances is None or not len(chances):
        return found
    entry = rows * matrix.shape[1] + columns
    order = np.lexsort((chances, entry))
    last = np.ones(len(order), np.bool_)
    np.not_equal(entry[order][1:], entry[order][:-1], out=last[:-1])
    found.sort_indices()
    found.data[:] = chances[order][last]
    return found


def household_matrix(table: pa.Table, people: list[str], cap: int) -> sparse.csr_matrix:
    """People (in the order given) by households of at most `cap` people, from a table of person_id, household."""
    known = pc.index_in(table["person_id"], value_set=pa.array(people, pa.string()))
    inside = pc.is_valid(known)
    table, rows = table.filter(inside), pc.drop_null(known).to_numpy().astype(np.int64)
    names, columns = coded(table["household"])
    matrix = ones(rows, columns, (len(people), len(names)))
    return matrix[:, np.asarray(matrix.sum(axis=0)).ravel() <= cap]


def ones(rows: Integers, columns: Integers, shape: tuple[int, int]) -> sparse.csr_matrix:
    """A one wherever a row and column are given, once or oftener."""
    matrix = sparse.csr_matrix((np.ones(len(rows), np.int32), (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def each_of(begin: Integers, number: Integers) -> tuple[Integers, Integers]:
    """Of spans that begin at `begin` and are so many long: which span, and which place, one after another.

    >>> [column.tolist() for column in each_of(np.array([7, 0, 4]), np.array([2, 0, 1]))]
    [[0, 0, 2], [7, 8, 4]]
    """
    span = np.repeat(np.arange(len(begin)), number)
    within = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
    return span, np.repeat(begin, number) + within


def hub_things(things: Things, caps: Mapping[str, int], by_nature: tuple[str, ...]) -> Truths:
    """Which things are hubs: shared by more people than their kind's cap, or a place that two or more share and whose name
    holds one of the words of `by_nature`."""
    cap = np.array([caps[kind] for kind in things.kinds], np.int64)
    natural = np.fromiter(
        (
            kind == "place" and any(words in value for words in by_nature)
            for kind, value in zip(things.kinds, things.values, strict=True)
        ),
        np.bool_,
        len(things.values),
    )
    return np.asarray((things.users > cap) | (natural & (things.users > 1)))


def decided(things: Things, judgements: Mapping[str, bool]) -> tuple[Truths, Truths]:
    """Which things a decision has brought back, and which it has set aside; `judgements`: `kind:value` to whether it may tie."""
    back, aside = np.zeros(len(things.values), np.bool_), np.zeros(len(things.values), np.bool_)
    if judgements:
        for index, (kind, value) in enumerate(zip(things.kinds.tolist(), things.values, strict=True)):
            may_tie = judgements.get(f"{kind}:{value}")
            back[index], aside[index] = may_tie is True, may_tie is False
    return back, aside


def one_household(things: Things, households: sparse.csr_matrix) -> Truths:
    """Which things other than homes are used by the people of one household only.

    A number or a car that a family shares says again that they live together; it is not a second thing they share.
    """
    together = (things.matrix.T.tocsr() @ households).tocsr()
    most = (
        np.asarray(together.max(axis=1).todense(), np.int64).ravel()
        if together.shape[1]
        else np.zeros(len(things.values))
    )
    return np.asarray((most >= things.users) & (things.kinds != "address"))
