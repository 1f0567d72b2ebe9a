"""Cores begun from three people of whom no two share two things."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.groups.incidence import Chances, Integers, Truths, each_of
from joinedup.groups.lumps import ALONE
from joinedup.groups.sharing import NOBODY, Lone, Pairs, Sharing
from joinedup.groups.ties import components, counted_twice
from joinedup.stats.distinct import among, distinct

_LARGE_ODDS = 1e9
"""No chance is so near to one that its odds pass this."""


def trios(sharing: Sharing, outside: Truths, lone: Lone, least_chance: float, cap: int) -> tuple[Integers, Pairs]:
    """Each person's core begun from a trio, by number, or ALONE; and the pairs that begin them.

    Two people share one thing, and of people who share such a thing alone at least `least_chance` belong together
    (`lone`). A third shares another thing with one of them, or a further one with each. That all three belong together,
    every record being of the person it is linked to, must be as likely as `least_chance` too, somebody who belongs with one
    being likelier to belong with more (`Lone.third`). Only people `outside` every
    group are looked at; trios that hang together are one core, where they are no more people than `cap`.
    """
    strong = _Singles.of(sharing, outside, lone.chance, least_chance)
    ends = np.zeros(sharing.people, np.bool_)
    ends[strong.left] = ends[strong.right] = True
    if not ends.any():
        return np.full(sharing.people, ALONE, np.int64), Pairs.none()
    near = _Singles.of(sharing, outside, lone.chance, 0.0, ends)
    pairs = _open_trios(near, strong, lone, least_chance)
    pairs = pairs.with_others(_closed_trios(sharing.people, near, strong, lone, least_chance))
    if not len(pairs.left):
        return np.full(sharing.people, ALONE, np.int64), Pairs.none()
    keys, number = np.unique(pairs.left * sharing.people + pairs.right, return_inverse=True)
    highest = np.zeros(len(keys))
    np.maximum.at(highest, number, pairs.chance)
    left, right = np.divmod(keys, sharing.people)
    pairs = Pairs(left, right, np.ones(len(keys), np.int64), np.round(highest, 12))
    core = components(sharing.people, pairs)
    small = np.bincount(core[core >= 0]) <= cap
    kept = (core >= 0) & small[core]
    return np.where(kept, (np.cumsum(small) - 1)[core], ALONE), pairs.chosen(kept[pairs.left])


@dataclass(frozen=True)
class _Singles:
    """Two people, left < right, with a thing they share, its occasion (a record and its place have one), and the chance
    that they belong together."""

    left: Integers
    right: Integers
    occasion: Integers
    chance: Chances

    @classmethod
    def of(
        cls, sharing: Sharing, people: Truths, alone: Chances, least_chance: float, beside: Truths | None = None
    ) -> _Singles:
        """Those of the people that are no less likely than the least; with `beside`, one of the two is of these."""
        entries = sharing.other_chance.tocoo()
        mine = people[entries.row] & (alone[entries.col] * entries.data >= least_chance)
        if beside is not None:
            touched = np.asarray(sharing.others[np.flatnonzero(beside)].sum(axis=0)).ravel() > 0
            mine &= touched[entries.col]
        person, thing, sure = (each[mine] for each in (entries.row.astype(np.int64), entries.col, entries.data))
        order = np.lexsort((person, thing))
        person, thing, sure = person[order], thing[order].astype(np.int64), sure[order]
        found: list[tuple[Integers, Integers, Integers, Chances]] = [(NOBODY, NOBODY, NOBODY, np.zeros(0))]
        step = 1
        while step < len(person) and (same := thing[step:] == thing[:-step]).any():
            one = np.flatnonzero(same)
            if beside is not None:
                one = one[beside[person[one]] | beside[person[one + step]]]
            other = one + step
            found.append((person[one], person[other], thing[one], sure[one] * sure[other] * alone[thing[one]]))
            step += 1
        left, right, thing, chance = (np.concatenate(parts) for parts in zip(*found, strict=True))
        chance = chance * (1 - sharing.chance_same(left, right))
        keep = (chance >= least_chance) & ~_a_records_place(sharing, left, right, thing)
        return cls(left[keep], right[keep], _occasions(sharing)[thing[keep]], chance[keep])


def _open_trios(near: _Singles, strong: _Singles, lone: Lone, least_chance: float) -> Pairs:
    """The `strong` pairs, and those of `near` that share one of the two and another thing, where all three are likely enough.

    The odds that all three belong together are the product of the odds that each thing gives, times how much likelier a
    third is (`Lone.third`); beside them stand one pair alone or the other, and none (Bayes, the things taken as independent).
    """
    ends = np.r_[near.left, near.right]
    order = np.argsort(ends, kind="stable")
    met = [_beside(end, ends[order]) for end in (strong.left, strong.right)]
    pair = np.concatenate([one for one, _ in met])
    other = order[np.concatenate([place for _, place in met])] % max(len(near.left), 1)
    third = (strong.left[pair] != near.left[other]) | (strong.right[pair] != near.right[other])
    third &= strong.occasion[pair] != near.occasion[other]
    pair, other = pair[third], other[third]
    one, two = _odds(strong.chance[pair]), _odds(near.chance[other])
    together = one * two * lone.third
    whole = 1 + one + two + together
    sure = together / whole >= least_chance
    pair, other = pair[sure], other[sure]
    left, right = np.r_[strong.left[pair], near.left[other]], np.r_[strong.right[pair], near.right[other]]
    # Of each pair the chance that it belongs together, whether or not the third does.
    chance = np.r_[((one + together) / whole)[sure], ((two + together) / whole)[sure]]
    return Pairs(left, right, np.ones(len(left), np.int64), chance)


def _closed_trios(size: int, near: _Singles, strong: _Singles, lone: Lone, least_chance: float) -> Pairs:
    """The pairs of three people, of so many, of whom every two share another thing, one of the pairs being of the `strong`.

    Each of three things is evidence of its own: the odds that all three belong together are the product of the odds that
    each gives, divided by the odds `before`, for two of the three already make the third pair, and times how much likelier a
    third is; beside them stand one pair alone, and none (Bayes, the things taken as independent).
    """
    if lone.before <= 0:
        return Pairs.none()
    end, third = np.r_[near.left, near.right], np.r_[near.right, near.left]
    which = np.r_[np.arange(len(near.left)), np.arange(len(near.left))]
    by_end = np.argsort(end, kind="stable")
    from_left, one = _beside(strong.left, end[by_end])
    from_right, other = _beside(strong.right, end[by_end])
    one, other = by_end[one], by_end[other]
    # Rows of either end of one strong pair that lead to the same third person.
    order = np.argsort(from_right * size + third[other], kind="stable")
    met, place = _beside(from_left * size + third[one], (from_right * size + third[other])[order])
    pair, one, other = from_left[met], one[met], other[order][place]
    first, second = which[one], which[other]
    apart = (near.occasion[first] != near.occasion[second]) & (strong.occasion[pair] != near.occasion[first])
    apart &= strong.occasion[pair] != near.occasion[second]
    pair, first, second = pair[apart], first[apart], second[apart]
    odds = [_odds(chance) for chance in (strong.chance[pair], near.chance[first], near.chance[second])]
    together = odds[0] * odds[1] * odds[2] * lone.third / lone.before
    chance = together / (1 + sum(odds) + together)
    sure = chance >= least_chance
    pair, first, second, chance = pair[sure], first[sure], second[sure], chance[sure]
    left = np.r_[strong.left[pair], near.left[first], near.left[second]]
    right = np.r_[strong.right[pair], near.right[first], near.right[second]]
    return Pairs(left, right, np.ones(len(left), np.int64), np.tile(chance, 3))


def _odds(chance: Chances) -> Chances:
    found: Chances = np.minimum(chance / np.maximum(1 - chance, 1 / _LARGE_ODDS), _LARGE_ODDS)
    return found


def _beside(wanted: Integers, keys: Integers) -> tuple[Integers, Integers]:
    """Each place of `wanted` with each place of `keys`, which are in order, that holds the same."""
    begin, end = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
    return each_of(begin, end - begin)


def _a_records_place(sharing: Sharing, left: Integers, right: Integers, thing: Integers) -> Truths:
    """Which of them are the place of a record that names both: the record says so already."""
    one, other, place = counted_twice(sharing.placed)
    size, width = sharing.people, max(sharing.others.shape[1], 1)
    return among((left * size + right) * width + thing, distinct((one * size + other) * width + place))


def _occasions(sharing: Sharing) -> Integers:
    """Of each thing a number that it alone has; a record has that of the place it names: the two are one occasion."""
    number = np.arange(sharing.others.shape[1])
    number[sharing.placed.record] = sharing.placed.place
    return number
