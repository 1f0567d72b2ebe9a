"""Cores begun from three people of whom no two share two things: one shares a thing with each of the others."""

from __future__ import annotations

import numpy as np

from joinedup.groups.incidence import Chances, Integers, Truths
from joinedup.groups.lumps import ALONE
from joinedup.groups.sharing import NOBODY, Pairs, Sharing
from joinedup.groups.ties import components, counted_twice


def trios(sharing: Sharing, outside: Truths, alone: Chances, least_chance: float, cap: int) -> tuple[Integers, Pairs]:
    """Each person's core begun from a trio, by number, or ALONE; and the pairs that begin them.

    One person shares one thing with a second and another thing with a third. `alone` holds of each thing the chance that
    two people who share it alone belong together (`lone.lone_chances`). That both pairs do, every record behind them
    being of the person it is linked to, must be at least as likely as `least_chance`. Only people `outside` every group
    are looked at; pairs of such trios that hang together are one core, where they are no more people than `cap`.
    """
    left, right, thing, chance = _single_pairs(sharing, outside, alone, least_chance)
    if not len(left):
        return np.full(sharing.people, ALONE, np.int64), Pairs.none()
    sure = chance * _best_other(left, right, _occasions(sharing)[thing], chance) >= least_chance
    left, right, chance = left[sure], right[sure], chance[sure]
    keys, number = np.unique(left * sharing.people + right, return_inverse=True)
    highest = np.zeros(len(keys))
    np.maximum.at(highest, number, chance)
    pairs = Pairs(*np.divmod(keys, sharing.people), np.bincount(number, minlength=len(keys)), np.round(highest, 12))
    core = components(sharing.people, pairs)
    small = np.bincount(core[core >= 0], minlength=1) <= cap
    renumbered = np.cumsum(small) - 1
    kept = (core >= 0) & small[core]
    core = np.where(kept, renumbered[core], ALONE)
    return core, pairs.chosen(kept[pairs.left])


def _single_pairs(
    sharing: Sharing, outside: Truths, alone: Chances, least_chance: float
) -> tuple[Integers, Integers, Integers, Chances]:
    """Every two people outside with each thing they share that may begin a core, and the chance that they belong together."""
    entries = sharing.other_chance.tocoo()
    mine = outside[entries.row] & (alone[entries.col] * entries.data >= least_chance)
    person, thing, sure = entries.row[mine].astype(np.int64), entries.col[mine].astype(np.int64), entries.data[mine]
    order = np.lexsort((person, thing))
    person, thing, sure = person[order], thing[order], sure[order]
    found: list[tuple[Integers, Integers, Integers, Chances]] = [(NOBODY, NOBODY, NOBODY, np.zeros(0))]
    step = 1
    while step < len(person) and (same := thing[step:] == thing[:-step]).any():
        one, other = np.flatnonzero(same), np.flatnonzero(same) + step
        found.append((person[one], person[other], thing[one], sure[one] * sure[other] * alone[thing[one]]))
        step += 1
    left, right, thing, chance = (np.concatenate(parts) for parts in zip(*found, strict=True))
    chance = chance * (1 - sharing.chance_same(left, right))
    keep = chance >= least_chance
    keep &= ~_a_records_place(sharing, left, right, thing)
    return left[keep], right[keep], thing[keep], chance[keep]


def _a_records_place(sharing: Sharing, left: Integers, right: Integers, thing: Integers) -> Truths:
    """Which of them are the place of a record that names both: the record says so already."""
    one, other, place = counted_twice(sharing.placed)
    size, width = sharing.people, max(sharing.others.shape[1], 1)
    return np.isin((left * size + right) * width + thing, (one * size + other) * width + place)


def _occasions(sharing: Sharing) -> Integers:
    """Of each thing a number that it alone has; a record has that of the place it names: the two are one occasion."""
    number = np.arange(sharing.others.shape[1])
    number[sharing.placed.record] = sharing.placed.place
    return number


def _best_other(left: Integers, right: Integers, occasion: Integers, chance: Chances) -> Chances:
    """Of each pair the highest chance of another pair with one of its people, by another thing; nought where there is none."""
    number = len(left)
    person, what, how = np.r_[left, right], np.r_[occasion, occasion], np.r_[chance, chance]
    order = np.lexsort((what, -how, person))
    person, what, how = person[order], what[order], how[order]
    people, first, place = np.unique(person, return_index=True, return_inverse=True)
    best, of_best = how[first], what[first]
    second = np.zeros(len(people))
    differs = what != of_best[place]
    np.maximum.at(second, place[differs], how[differs])
    other = np.zeros(2 * number)
    other[order] = np.where(differs, best[place], second[place])
    found: Chances = np.maximum(other[:number], other[number:])
    return found
