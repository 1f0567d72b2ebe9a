"""Other methods behind the rule's contract, on graphs whose communities are plain."""

from __future__ import annotations

import importlib
import itertools

import numpy as np
import pyarrow as pa
import pytest

from joinedup.errors import UsageError
from joinedup.groups import communities
from joinedup.groups.beside import beside
from joinedup.groups.communities import METHODS, by_rule, louvain, newman_weights
from joinedup.groups.incidence import things_of
from joinedup.groups.sharing import NOBODY, Placed, sharing_of


def sharing(rows):
    columns = zip(*rows, strict=True)
    names = ("person_id", "kind", "value")
    things = things_of(pa.table({name: pa.array(column) for name, column in zip(names, columns, strict=True)}))
    return sharing_of(things, np.ones(len(things.values), bool), Placed(NOBODY, NOBODY, NOBODY))


def clusters():
    """Two sets of six, each with three phones of their own, and one account that joins one of each."""
    rows = [(f"{side}{n}", "phone", f"{side}{k}") for side in "ab" for n in range(6) for k in range(3)]
    return [*rows, ("a0", "account", "both"), ("b0", "account", "both")]


@pytest.mark.parametrize("method", [by_rule, *METHODS.values()])
def test_two_sets_with_one_thing_between_them_are_two_groups_to_every_method(method):
    found = method(sharing(clusters()))
    assert found.tolist() == [0] * 6 + [1] * 6
    assert found.tolist() == method(sharing(clusters())).tolist()


@pytest.mark.parametrize("method", [by_rule, *METHODS.values()])
def test_whoever_shares_nothing_is_in_no_group(method):
    assert method(sharing([("a", "phone", "1"), ("b", "phone", "2")])).tolist() == [-1, -1]


def test_newman_weights_give_each_thing_one_share_for_each_user():
    weights = newman_weights(sharing([(p, "phone", "1") for p in "abc"] + [(p, "address", "x") for p in "ab"]))
    assert weights.toarray().tolist() == [[0, 1.5, 0.5], [1.5, 0, 0.5], [0.5, 0.5, 0]]


def test_louvain_reaches_the_best_constant_potts_score_of_a_small_graph():
    """By trying every division of seven people."""
    chance = np.random.default_rng(3)
    rows = [(f"p{person}", "phone", str(thing)) for thing in range(9) for person in chance.choice(7, 2, replace=False)]
    shared = sharing(rows)
    weights = newman_weights(shared).toarray()

    def score(labels):
        pairs = [(i, j) for i, j in itertools.combinations(range(7), 2) if labels[i] == labels[j]]
        return sum(weights[pair] - communities.CPM_RESOLUTION for pair in pairs)

    found = louvain(shared)
    alone = itertools.count(100)
    best = max(score(labels) for labels in itertools.product(range(4), repeat=7))
    assert score([number if number >= 0 else next(alone) for number in found.tolist()]) == pytest.approx(best)


def test_without_the_library_the_error_says_how_to_get_it(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(communities, "import_module", absent)
    with pytest.raises(UsageError) as refused:
        louvain(sharing(clusters()))
    assert "joinedup[communities]" in refused.value.remedy
    assert importlib.import_module("networkit")


def test_beside_says_how_alike_and_on_whom_the_two_differ(region, group):
    for side in "ab":
        for n in range(4):
            for k in range(2):
                region.record(f"{side}{n}", phone=f"{side}{k}")
    for lone in ("x", "y"):
        region.record(lone, vehicle="Z")
    found = beside(group(region).read, "louvain")
    assert found.people == 10
    assert 0 < found.agreement < 1
    # The rule leaves a pair that shares one thing alone; a community method does not.
    assert [row["person_id"] for row in found.differ] == ["p_x", "p_y"]
    assert found.differ[0] == {
        "person_id": "p_x", "group_id": "", "community": 2, "together": 0, "only_here": 0, "only_there": 1,
    }  # fmt: skip
