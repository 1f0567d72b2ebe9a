"""What goes together among strangers: a surname and the forenames given with it, a forename and the sex, a surname and a place.

Fellegi and Sunter's weights add up only where things agree independently. They do not: where a surname is shared, the
forename is shared far more often than by chance, because families who bear the one tend to choose the other, and namesakes
would be taken for one child, most often those whose community has few surnames. How much more often is seen in pairs that
share a surname and are two people beyond doubt, since their years of birth differ; nothing but the names themselves is used.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from joinedup.link.frequencies import STEPS
from joinedup.registry.link_model import Compared, LinkModel

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]
TRUST = 5.0
"""So many pairs, expected in a place by chance, weigh as much as what is taken to hold before: first independence, then the
mean over all surnames. A place that so few pairs reach by chance that none was seen tells nothing."""
_APART = {"different", "other_year", "years_apart"}
_SURNAME, _FORENAME = "surname", "forename"


def go_together(
    model: LinkModel, u: Mapping[str, Shares], digits: Mapping[str, Numbers], count: Shares
) -> dict[tuple[str, str], Shares]:
    """What is to be added to a pair's weight for each two digits, from pairs that share a surname.

    `digits` and `count` are the patterns of pairs that share a surname. Only those whose dates of birth lie apart are used.
    """
    compared = {one.id: one for one in model.compared}
    apart = _digits(compared["date_of_birth"], _APART)
    strangers = np.isin(digits["date_of_birth"], apart)
    seen = {name: values[strangers] for name, values in digits.items()}
    weight = count[strangers]
    surname = _classes(compared[_SURNAME])
    found = {
        (name, _SURNAME): _given(u[name], seen[name], weight, surname[seen[_SURNAME]], surname, prior)
        for name, prior in ((_FORENAME, model.names_together), ("place", 1.0))
        if name in compared
    }
    likely = _classes(compared[_FORENAME])
    found["sex", _FORENAME] = _given(u["sex"], seen["sex"], weight, likely[seen[_FORENAME]], likely, 1.0)
    return found


def _digits(compared: Compared, levels: set[str]) -> list[int]:
    """The digits of the levels named."""
    found: list[int] = []
    place = 1
    for level in compared.levels:
        wide = STEPS if level.steps else 1
        if level.id in levels:
            found += range(place, place + wide)
        place += wide
    return found


def _classes(compared: Compared) -> Numbers:
    """The class of each digit of a name: 0 where names do not agree, 1 where nearly, and from 2 one for each step."""
    classes, following = [0], 2
    for level in compared.levels:
        if level.steps:
            classes += range(following, following + STEPS)
            following += STEPS
        else:
            classes.append(1 if level.id in ("close", "part", "other_name", "known_as") else 0)
    return np.array(classes, dtype=np.int64)


def _given(u: Shares, digit: Numbers, weight: Shares, given: Numbers, classes: Numbers, prior: float) -> Shares:
    """Minus the logarithm of how much more often strangers reach each place where the class of the other is given."""
    size = len(u) + 1
    agree = given > 0
    table = np.zeros((int(classes.max()) + 1, size))
    np.add.at(table, (given[agree], digit[agree]), weight[agree])
    table[:, 0] = 0
    base = np.concatenate([[0.0], u / u.sum()])
    usual = np.concatenate([[1.0], prior_for(u, prior)])
    pooled = _times(table.sum(axis=0), base, usual)
    by_class = np.stack([_times(row, base, pooled) for row in table])
    by_class[1] = pooled
    added = np.zeros((size, len(classes)))
    for place, one in enumerate(classes.tolist()):
        if one:
            added[1:, place] = -np.log(by_class[one][1:])
    return added


def _times(seen: Shares, base: Shares, usual: Shares) -> Shares:
    """How many times as often as by chance each place is reached, drawn towards `usual` as if TRUST were expected there."""
    return np.asarray((seen + TRUST * usual) / (seen.sum() * base + TRUST))


def prior_for(u: Shares, times: float) -> Shares:
    """How many times as often each place is taken to be reached before anything is seen: more often where it is rare."""
    return np.where(u < 0.01, times, 1.0)
