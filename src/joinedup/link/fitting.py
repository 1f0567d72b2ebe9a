"""The parameters of linking for the mentions at hand: a reference, drawn towards what the pairs' own patterns show.

Two mentions are of one child if they are of one home and of one child within it. Pairs that share a home are therefore a
model of their own: there nearly every other person is a brother or sister, who truly shares the surname, and only forename,
date of birth and sex tell. How often brothers and sisters agree (u), how often one child's mentions do (m), and what share
of pairs in homes of each size are one child (the prior) are all estimated inside homes. Among pairs that share no home u
comes of pairs drawn at random and of the frequencies of names, never of the pairs proposed: those are chosen for being
alike, and learning from them would take namesakes for one child.

Estimation is expectation-maximisation to the maximum of the posterior: the reference model counts as so many pairs
already seen (a Dirichlet prior), so that a level nobody reached keeps its reference, and a return of 200 rows can be
linked at all.

Source: Dempster, Laird and Rubin, JRSS B 39 (1977); Winkler, Section on Survey Research Methods, ASA (1988), for linkage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from joinedup.errors import RefusedError
from joinedup.link.frequencies import STEPS, Frequencies
from joinedup.link.levels import HOME_SIZES, HOME_WAYS, NAMESAKES, Coding, places
from joinedup.link.together import go_together
from joinedup.registry.link_model import LinkModel

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]
ROUNDS = 60
SETTLED = 1e-5
LEAST_MATCHES = 0.5
"""Before anything is seen, at least half a pair is taken to be one person: a prior of nothing could learn nothing."""
HOME_TRUST, HOME_STEP, WAY_STEP = 50.0, 3.0, 1.0
"""How many pairs the prior of homes of one size weighs as, and how far (in log-odds) it is taken to differ between returns."""
RARE = 1e-3
"""What brothers and sisters agree in more rarely than this is not learnt of them: the few pairs that show it are one person's."""
PRIOR_TRUST, MOST_PRIOR_TRUST = 0.25, 500.0
"""How much the reference prior weighs beside the pairs found, where homes are not shared, and the most pairs it weighs as."""
UNSEEN = 0.3
"""Of the namesakes that are expected, about so many are not seen by a date of birth of their own: theirs is missing or partial."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Different codes and how many pairs have each."""

    code: Numbers
    count: Shares

    @classmethod
    def of(cls, codes: Numbers) -> Patterns:
        """The patterns of pairs, from the code of each."""
        code, count = np.unique(codes, return_counts=True)
        return cls(code, count.astype(np.float64))

    def where(self, chosen: NDArray[np.bool_]) -> Patterns:
        """Only the chosen ones."""
        return Patterns(self.code[chosen], self.count[chosen])


@dataclass(frozen=True, slots=True)
class Strangers:
    """How pairs compare that were drawn at random from all, and from those that share a surname."""

    any: Patterns
    of_one_surname: Patterns


@dataclass(frozen=True, slots=True)
class Size:
    """How many mentions are linked, about how many people they are of, how many have a whole date of birth, and how many
    pairs have one and the same."""

    mentions: int
    children: int
    born_to_day: int = 0
    same_birth: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """The parameters of one part of the model: m and u by thing compared and place of level, and the prior by stratum."""

    m: dict[str, Shares]
    u: dict[str, Shares]
    prior: Shares
    families: dict[str, Numbers]
    together: dict[tuple[str, str], Shares]
    """For two things that go together among strangers, what is to be added for each pair of digits (together.py)."""
    children: int = 0
    """About how many people there are; 0 where namesakes are not counted."""

    def evidence(self, digits: Mapping[str, Numbers]) -> Shares:
        """The natural logarithm of m over u of everything compared, by pattern."""
        names = list(self.m)
        total = self.weights(names[0])[digits[names[0]]]
        for name in names[1:]:
            total += self.weights(name)[digits[name]]
        return total + self.going_together(digits)

    def _namesakes(self, digits: Mapping[str, Numbers]) -> Shares:
        """What is to be added where both bear one full name: how many others bear it is seen, and not only expected.

        Namesakes are expected from the frequencies of both names; their dates of birth are counted. Where more are seen
        than expected the name weighs less, and the other way round, as far as all are seen.
        """
        borne = digits["namesakes"] > 0
        weight = self.weights("forename")[digits["forename"]] + self.weights("surname")[digits["surname"]]
        weight = weight + self._borne_together(digits)
        exact = self.m["forename"][:STEPS].sum() * self.m["surname"][1 : STEPS + 1].sum()
        expected = np.maximum(self.children * exact * np.exp(-weight), 1e-6)
        seen = np.array([0.0, *NAMESAKES])[digits["namesakes"]]
        return np.where(borne, -np.log(seen / expected + UNSEEN), 0.0)

    def going_together(self, digits: Mapping[str, Numbers]) -> Shares:
        """What is added beside the sum of the weights: for things that go together, and for namesakes."""
        added = [
            table[digits[one], digits[other]] for (one, other), table in self.together.items() if one != "forename"
        ]
        added.append(self._borne_together(digits))
        if self.children:
            added.append(self._namesakes(digits))
        return np.asarray(np.sum(added, axis=0))

    def _borne_together(self, digits: Mapping[str, Numbers]) -> Shares:
        """What is to be added because bearers of one of the names bear the other oftener than strangers would.

        Of one full name it is known by its own two parts; of names that only nearly agree, by how common they are.
        """
        if ("forename", "surname") not in self.together:
            return np.zeros(len(digits["sex"]))
        by_step = -log(2.0) * (digits["together"] - 1)
        near = self.together["forename", "surname"][digits["forename"], digits["surname"]]
        return np.where(digits["together"] > 0, by_step, near)

    def weights(self, name: str) -> Shares:
        """The natural logarithm of m over u by digit: 0 for nothing to compare, then each place."""
        return np.concatenate([[0.0], np.log(self.m[name]) - np.log(self.u[name])])


@dataclass(frozen=True, slots=True)
class Fitted:
    """The parameters of both parts; `home` is None where homes are not weighed apart."""

    coding: Coding
    elsewhere: Part
    home: Part | None
    rounds: int

    def probability(self, codes: Numbers) -> Shares:
        """How probable it is that a pair with each code is one person."""
        size = self.coding.home.of(codes)
        digits = digits_of(self.coding, codes)
        odds = _log_odds(self.elsewhere.prior[0]) + self.elsewhere.evidence(digits)
        if self.home is not None:
            prior = self.home.prior[np.maximum(size - 1, 0)]
            at_home = _log_odds(prior) + self.home.evidence(digits)
            odds = np.where(size > 0, at_home, odds)
        return np.asarray(1 / (1 + np.exp(-odds)))


def digits_of(coding: Coding, codes: Numbers) -> dict[str, Numbers]:
    """The digits of codes, by thing compared."""
    return {digit.name: digit.of(codes) for digit in (coding.namesakes, coding.together, *coding.digits)}


def _log_odds(probability: Shares) -> Shares:
    return np.asarray(np.log(probability) - np.log1p(-probability))


def reference(model: LinkModel, names: Mapping[str, Frequencies], size: Size) -> Fitted:
    """The reference parameters for so many mentions, agreement on a name spread over the steps of its frequency.

    Raises RefusedError where a level would have no probability at all.
    """
    coding = Coding.of(model)
    elsewhere = _part(model, names, np.array([_prior_elsewhere(model, size.mentions)]), home=False)
    elsewhere = replace(elsewhere, children=size.children if model.by_home else 0)
    home = _part(model, names, np.tile(model.home_priors, HOME_WAYS), home=True) if model.by_home else None
    return Fitted(coding, elsewhere, home, 0)


def fit(
    model: LinkModel, names: Mapping[str, Frequencies], proposed: Patterns, strangers: Strangers | None, size: Size
) -> Fitted:
    """The parameters drawn from the reference towards the patterns of the pairs proposed and of pairs drawn at random.

    A model that does not learn, and one without strangers to learn from, stays as it is.
    """
    fitted = reference(model, names, size)
    if not model.learns or strangers is None:
        return fitted
    at_home = fitted.coding.home.of(proposed.code) > 0
    home, rounds = fitted.home, 0
    if home is not None:
        home, rounds = _fit_home(fitted, home, proposed.where(at_home), model.trust)
    elsewhere, more = _fit_elsewhere(fitted, proposed, strangers, model, size)
    return Fitted(fitted.coding, elsewhere, home, max(rounds, more))


def _prior_elsewhere(model: LinkModel, mentions: int) -> float:
    pairs = max(mentions * (mentions - 1) / 2, 1.0)
    return min(0.2, max(model.pairs_per_record * mentions, LEAST_MATCHES) / pairs)


def _part(model: LinkModel, names: Mapping[str, Frequencies], prior: Shares, *, home: bool) -> Part:
    m, u, families = {}, {}, {}
    for compared in model.compared:
        if home and not compared.in_home:
            continue
        size = places(compared)
        these_m, these_u, family, place = np.zeros(size), np.zeros(size), np.zeros(size, dtype=np.int64), 0
        order = sorted({level.family for level in compared.levels})
        for level in compared.levels:
            share = (level.m_home, level.u_home) if home else (level.m, level.u)
            wide = STEPS if level.steps else 1
            span = slice(place, place + wide)
            family[span] = order.index(level.family)
            if share[0] is None or share[1] is None:
                raise RefusedError(
                    f"the link model gives {compared.id}.{level.id} no probability within a home",
                    remedy="Give every level of it m_home and u_home in the registry's link_model.json.",
                )
            these_m[span], these_u[span] = share
            if level.steps:
                spread_m, spread_u = _spread(names[compared.id], level.steps, (share[0], share[1]), home=home)
                these_m[span], these_u[span] = spread_m, spread_u
            place += wide
        if not home:
            these_u = _beside(_by_frequency(model, compared.id), these_u, these_u, family)
        m[compared.id], u[compared.id], families[compared.id] = these_m, these_u, family
    return Part(m, u, prior, families, {})


def _spread(names: Frequencies, steps: str, share: tuple[float, float], *, home: bool) -> tuple[Shares, Shares]:
    """The m and u of agreement on a name, over the steps of how common it is."""
    people, agree = (names.share, names.agree) if steps == "own" else (names.kin_share, names.kin_agree)
    floor = 2.0 ** -np.arange(1, STEPS + 1)
    # A step that nobody's name is in still has the weight of its frequency, for a pair scored later.
    people = np.maximum(people, 1e-6)
    m = share[0] * people / people.sum()
    if home:
        return m, share[1] * people / people.sum()
    seen = agree > 0
    return m, np.where(seen, np.maximum(agree, 1e-12), 1e-6 * floor)


def _fit_home(fitted: Fitted, start: Part, seen: Patterns, trust: float) -> tuple[Part, int]:
    """Both classes and the prior by home size, from the pairs that share a home."""
    stratum = fitted.coding.home.of(seen.code) - 1
    digits = digits_of(fitted.coding, seen.code)
    part, rounds, moved = start, 0, 1.0
    strata = HOME_WAYS * (len(HOME_SIZES) + 1)
    while rounds < ROUNDS and moved >= SETTLED:
        rounds += 1
        same = _posterior(part, digits, part.prior[stratum])
        ones, others = seen.count * same, seen.count * (1 - same)
        m = {name: _drawn_to(start.m[name], digits[name], ones, trust, part.families[name]) for name in part.m}
        u = {
            name: _beside(start.u[name] < RARE, start.u[name], _drawn_to(start.u[name], digits[name], others, trust, part.families[name]), part.families[name])
            for name in part.u
        }  # fmt: skip
        by_size = np.bincount(stratum, weights=ones, minlength=strata).astype(np.float64)
        of_size = np.bincount(stratum, weights=seen.count, minlength=strata).astype(np.float64)
        prior = _prior_of_homes(start.prior, by_size, of_size)
        moved = float(np.abs(prior - part.prior).max())
        part = replace(part, m=m, u=u, prior=prior)
    return part, rounds


def _prior_of_homes(reference: Shares, ones: Shares, pairs: Shares) -> Shares:
    """The share of pairs that are one person, by way a home is shared and within it by size: the reference moved by one step for
    all homes and by one for those of each way, as far as all pairs ask for it, then drawn towards the pairs of each way and size.

    How many brothers and sisters a return holds differs from return to return, for homes of every size alike. The steps are
    learnt from all of them at once, so that where homes hold one person each, few pairs are enough to show it.
    """
    way = np.repeat(np.arange(HOME_WAYS), len(reference) // HOME_WAYS)
    moves = np.column_stack([np.ones(len(way)), way[:, None] == np.arange(HOME_WAYS)])
    odds, held = _log_odds(reference), np.array([HOME_STEP] + [WAY_STEP] * HOME_WAYS) ** -2.0
    steps, moved = np.zeros(len(held)), reference
    for _ in range(50):
        slope = moves.T @ (ones - pairs * moved) - held * steps
        bend = (moves.T * (pairs * moved * (1 - moved))) @ moves + np.diag(held)
        change = np.clip(np.linalg.solve(bend, slope), -1.0, 1.0)
        steps += change
        moved = 1 / (1 + np.exp(-odds - moves @ steps))
        if np.abs(change).max() < SETTLED:
            break
    return np.asarray((HOME_TRUST * moved + ones) / (HOME_TRUST + pairs))


def _fit_elsewhere(
    fitted: Fitted, proposed: Patterns, strangers: Strangers, model: LinkModel, size: Size
) -> tuple[Part, int]:
    """The m and the prior from the pairs proposed, the u from pairs drawn at random, less what of them is one person."""
    start, coding = fitted.elsewhere, fitted.coding
    seen = proposed.where(coding.home.of(proposed.code) == 0)
    drawn = strangers.any.where(coding.home.of(strangers.any.code) == 0)
    alike = strangers.of_one_surname.where(coding.home.of(strangers.of_one_surname.code) == 0)
    digits, by_chance = digits_of(coding, seen.code), digits_of(coding, drawn.code)
    fixed = {name: _by_frequency(model, name) for name in start.u}
    fixed["date_of_birth"][0] = True
    at_home = proposed.where(coding.home.of(proposed.code) > 0)
    one_home_one_birth = float(at_home.count[digits_of(coding, at_home.code)["date_of_birth"] == 1].sum())
    pairs = max(size.mentions * (size.mentions - 1) / 2, 1.0)
    expected = start.prior[0] * pairs
    # Among strangers the reference keeps a twentieth of the weight, however many pairs there are: namesakes stand among the
    # pairs proposed, and could teach that one child's dates of birth differ.
    trust = max(model.trust, expected / 20)
    prior_trust = min(PRIOR_TRUST, MOST_PRIOR_TRUST / expected)
    part, rounds = start, 0
    for rounds in range(1, ROUNDS + 1):
        same = seen.count * _posterior(part, digits, np.full(len(seen.code), part.prior[0]))
        strangers_of_one_birth = size.same_birth - one_home_one_birth - same[digits["date_of_birth"] == 1].sum()
        given = start.u | {
            "date_of_birth": _birthdays(start.u["date_of_birth"], strangers_of_one_birth, size, 20 * model.trust)
        }
        others = drawn.count * (1 - _posterior(part, by_chance, np.full(len(drawn.code), part.prior[0])))
        u = {
            name: _beside(fixed[name], given[name], _drawn_to(start.u[name], by_chance[name], others, 20 * model.trust, part.families[name]), part.families[name])
            for name in part.u
        }  # fmt: skip
        if rounds == 1:
            together = go_together(model, u, digits_of(coding, alike.code), alike.count)
        part = replace(part, u=u, together=together)
        ones = seen.count * _posterior(part, digits, np.full(len(seen.code), part.prior[0]))
        m = {name: _drawn_to(start.m[name], digits[name], ones, trust, part.families[name]) for name in part.m}
        prior = np.array(
            [min(0.2, max((prior_trust * expected + ones.sum()) / (prior_trust + 1), LEAST_MATCHES) / pairs)]
        )
        moved = float(np.abs(np.log(prior) - np.log(part.prior)).max())
        part = replace(part, m=m, prior=prior)
        if moved < SETTLED:
            break
    return part, rounds


def _posterior(part: Part, digits: Mapping[str, Numbers], prior: Shares) -> Shares:
    return np.asarray(1 / (1 + np.exp(-_log_odds(prior) - part.evidence(digits))))


def _drawn_to(start: Shares, digit: Numbers, weight: Shares, trust: float, families: Numbers) -> Shares:
    """The probabilities of the places: the reference, as `trust` pairs, and what was seen; one in sum for each family."""
    counts = np.bincount(digit, weights=weight, minlength=len(start) + 1)[1:]
    total = trust * start + counts
    return np.asarray(total / np.bincount(families, weights=total)[families])


def _by_frequency(model: LinkModel, name: str) -> NDArray[np.bool_]:
    """The places whose u is the frequency of the name itself."""
    compared = next(one for one in model.compared if one.id == name)
    return np.concatenate([np.full(STEPS if level.steps else 1, bool(level.steps)) for level in compared.levels])


def _beside(fixed: NDArray[np.bool_], kept: Shares, other: Shares, families: Numbers) -> Shares:
    """The kept shares where they are fixed, and the other ones scaled so that each family adds up to one."""
    taken = np.bincount(families, weights=np.where(fixed, kept, 0.0))
    left = np.bincount(families, weights=np.where(fixed, 0.0, other))
    scale = (1 - taken) / np.where(left > 0, left, 1.0)
    return np.where(fixed, kept, other * scale[families])


def _birthdays(start: Shares, pairs: float, size: Size, trust: float) -> Shares:
    """The u of dates of birth, where how many strangers share a whole date is counted over all pairs and not drawn."""
    of = size.born_to_day * (size.born_to_day - 1) / 2
    counted = start.copy()
    counted[0] = max((trust * start[0] + max(pairs, 0.0)) / (trust + of), start[0] / 4)
    return counted
