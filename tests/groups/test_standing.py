"""Looking only at groups that have changed, and at what bears on them, gives what looking at the whole gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.groups import joining
from joinedup.groups.incidence import ones
from joinedup.groups.rule import TieRules, group_people
from joinedup.groups.sharing import Lone, Placed, Sharing
from joinedup.groups.standing import View


def sharing_of(seed: int) -> Sharing:
    """People who use a few things each, some links doubtful, some records with their places, some who may be one."""
    chance = np.random.default_rng(seed)
    people, things = int(chance.integers(10, 60)), int(chance.integers(8, 60))
    number = int(chance.integers(people, 4 * people))
    others = ones(chance.integers(0, people, number), chance.integers(0, things, number), (people, things))
    others = others.astype(np.float64)
    sure = others.copy()
    sure.data = chance.choice([1.0, 1.0, 0.9, 0.6], len(sure.data)) if chance.random() < 0.7 else sure.data
    homes = ones(np.arange(people), chance.integers(0, people, people), (people, people)).astype(np.float64)
    both = np.flatnonzero((others[:, [0]].toarray().ravel() > 0) & (others[:, [1]].toarray().ravel() > 0))
    placed = Placed(both, np.zeros(len(both), np.int64), np.ones(len(both), np.int64))
    one = np.flatnonzero(chance.random(people - 1) < 0.1)
    lone = Lone(chance.choice([0.02, 0.4, 0.8], things), 0.01, float(chance.choice([1.0, 8.0])))
    kind = np.zeros(things, np.int64)
    return Sharing(homes, others, homes, sure, sure, placed, one, one + 1, np.full(len(one), 0.3), kind, lone)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_the_groups_are_those_of_looking_at_the_whole_in_every_round(seed):
    sharing, rules = sharing_of(seed), TieRules(lump_cap=12)
    found = group_people(sharing, rules)

    class Whole(View):
        @classmethod
        def of(cls, evidence, alone, group, vouching, fresh):
            return View.of(evidence, alone, group, vouching, np.ones(len(fresh), np.bool_))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "View", Whole)
        whole = group_people(sharing, rules)
    for name in ("core", "attached", "by", "lump"):
        assert getattr(found, name).tolist() == getattr(whole, name).tolist()
    for name in ("trios", "joins", "attachments"):
        mine, theirs = getattr(found, name), getattr(whole, name)
        for column in ("left", "right", "shared", "chance"):
            assert getattr(mine, column).tolist() == getattr(theirs, column).tolist()
