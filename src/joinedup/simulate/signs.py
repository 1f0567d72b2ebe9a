"""What records say of company and places: found where a suspect lives, found with a suspect, a vehicle, an account.

Planted after everything else and from chance of its own, so that nothing else of a region changes with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from joinedup.simulate.arrays import Texts, either, held, nothing
from joinedup.simulate.crime import group_things
from joinedup.simulate.filing import Cells, Filed
from joinedup.simulate.groups import Exploitation
from joinedup.simulate.missing import group_of_child
from joinedup.simulate.population import Population

FOUND_AT_HOME, FOUND_WITH, WITH_ANOTHER_CHILD, IN_VEHICLE, ACCOUNT = 0.06, 0.12, 0.12, 0.2, 0.12
"""Shares of records of exploited children that say so; of a third, with another child, all children's."""


@dataclass(frozen=True)
class Signs:
    """Adds what is found with children to rows already made."""

    rng: np.random.Generator
    population: Population
    exploitation: Exploitation

    def missing(self, filed: Filed) -> Filed:
        """Missing episodes: now and then found at a suspect's home, or with somebody by name, a suspect or another child."""
        child = filed.named[0].person
        suspect = self._suspect(child)
        people, length = self.exploitation.suspects, len(child)
        who = np.maximum(suspect, 0)
        at_home = (suspect >= 0) & (self.rng.random(length) < FOUND_AT_HOME)
        with_them = (suspect >= 0) & (self.rng.random(length) < FOUND_WITH)
        other = self.rng.integers(0, len(self.population), length)
        friend = ~with_them & (self.rng.random(length) < WITH_ANOTHER_CHILD)
        names = _full(people.forename[who], people.surname[who])
        friends = _full(self.population.forename[other], self.population.surname[other])
        return _with(
            filed,
            found_at=either(at_home, people.homes.line[people.home[who]], np.asarray(filed.columns["found_at"])),
            found_with=either(with_them, names, either(friend, friends, None)),
        )

    def intelligence(self, filed: Filed) -> Filed:
        """Logs: children of a group in one of its vehicles."""
        child = _person(filed, "child")
        group = group_of_child(self.exploitation, len(self.population))[np.maximum(child, 0)]
        group = np.where(child >= 0, group, -1)
        vehicles = np.asarray(filed.columns["vehicles"])
        seen = group_things(self.rng, self.exploitation.vehicles, group, IN_VEHICLE, nothing(len(child)))
        return _with(filed, vehicles=either(held(seen), seen, vehicles))

    def charities(self, filed: Filed) -> Filed:
        """Charities' rows: an account of a suspect that the child uses too."""
        child = _person(filed, "child")
        suspect = self._suspect(child)
        account = self.exploitation.suspects.account[np.maximum(suspect, 0)]
        used = (suspect >= 0) & held(account) & (self.rng.random(len(child)) < ACCOUNT)
        return _with(filed, accounts=either(used, account, np.asarray(filed.columns["accounts"])))

    def _suspect(self, child: np.ndarray) -> np.ndarray:
        """A suspect of each exploited child, -1 for every other."""
        member_of = np.full(len(self.population), -1)
        member_of[self.exploitation.children] = np.arange(len(self.exploitation.children))
        member = np.where(child >= 0, member_of[np.maximum(child, 0)], -1)
        return np.where(member >= 0, self.exploitation.suspect_for(self.rng, np.maximum(member, 0)), -1)


def _full(forename: Texts, surname: Texts) -> Texts:
    return np.array([f"{one} {other}" for one, other in zip(forename.tolist(), surname.tolist(), strict=True)], object)


def _person(filed: Filed, role: str) -> np.ndarray:
    return next(named.person for named in filed.named if named.role == role)


def _with(filed: Filed, **columns: Cells) -> Filed:
    return replace(filed, columns={**filed.columns, **columns})
