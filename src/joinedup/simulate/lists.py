"""Who sees which exploited child: different chances for each kind of agency, and none of them independent.

A child's hidden exposure raises every chance; a charity's referral makes social care likelier to know, and social care
the police. Capture-recapture that assumes independence is meant to be wrong here, by a known amount.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.simulate.groups import Exploitation
from joinedup.simulate.population import Population


@dataclass(frozen=True)
class Seen:
    """For each exploited child (in the order of `Exploitation.children`), whether each kind of list holds them."""

    charity: np.ndarray
    social_care: np.ndarray
    police: np.ndarray
    intelligence: np.ndarray
    online: np.ndarray
    health: np.ndarray
    youth_justice: np.ndarray
    licensing: np.ndarray


def _chance(logit: np.ndarray) -> np.ndarray:
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def see(rng: np.random.Generator, population: Population, exploitation: Exploitation) -> Seen:
    """Which kinds of list hold each exploited child."""
    exposure = population.exposure[exploitation.children]
    in_care = ~np.isnat(population.care_from[exploitation.children])
    in_group = exploitation.group >= 0

    def seen(logit: np.ndarray) -> np.ndarray:
        return np.asarray(rng.random(len(exposure)) < _chance(logit))

    charity = seen(-0.5 + 0.7 * exposure)
    social_care = seen(-0.9 + 0.7 * exposure + 0.8 * charity + 0.8 * in_care)
    police = seen(-0.9 + 0.6 * exposure + 0.5 * social_care + 0.3 * in_group)
    return Seen(
        charity, social_care, police, seen(-1.5 + 0.5 * exposure + 0.8 * in_group), seen(-2.8 + 0.3 * exposure),
        seen(-1.8 + 0.6 * exposure), seen(-1.8 + 0.5 * exposure), seen(-2.5 + 0.4 * in_group),
    )  # fmt: skip
