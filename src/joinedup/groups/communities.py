"""Other ways of grouping, beside the rule: what another method would say of the same evidence.

Each takes what the rule takes and gives what the rule gives, one group number a person. They optimise a figure over the
whole graph and cannot say why two people stand together; the rule's groups remain the run's groups.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from scipy import sparse

from joinedup.errors import UsageError
from joinedup.groups.incidence import Integers
from joinedup.groups.lumps import ALONE
from joinedup.groups.rule import TieRules, group_people
from joinedup.groups.sharing import Sharing

CPM_RESOLUTION = 0.05
"""A community holds together while its people share, on average over its pairs, more than this (Newman-weighted)."""

Method = Callable[[Sharing], Integers]


def by_rule(sharing: Sharing) -> Integers:
    """The project's own rule, certain of every link it is given."""
    return group_people(sharing, TieRules()).group


def louvain(sharing: Sharing) -> Integers:
    """Communities by the constant Potts model (Louvain moves, refined), with Newman's weight 1/(k-1) for each thing shared.

    networkit optimises modularity. With a loop at every person that makes all degrees one D, modularity at gamma is the
    constant Potts model at gamma D/n, to the constant that loops add. Its Leiden never ends on some graphs at so high a
    gamma, so Louvain with a second round of moves is run. Nodes are taken in their order: nothing is drawn. Sources: Blondel
    and others (2008), Journal of Statistical Mechanics P10008; Traag, Van Dooren and Nesterov (2011), Physical Review E 84,
    016114; Newman (2001), Physical Review E 64, 016132.
    """
    weights = newman_weights(sharing)
    people, degree = _within(weights)
    if not len(people):
        return np.full(sharing.people, ALONE, np.int64)
    networkit = _networkit()
    graph = _graph(networkit, weights[people][:, people])
    top = float(degree.max())
    for place, lacking in enumerate((top - degree[people]).tolist()):
        if lacking > 0:
            graph.addEdge(place, place, lacking / 2)  # a loop counts twice towards its degree
    gamma = CPM_RESOLUTION * len(people) / top
    found = networkit.community.PLM(graph, refine=True, gamma=gamma, par="none", turbo=False)
    return _numbered(sharing.people, people, found.run().getPartition().getVector())


def map_equation(sharing: Sharing) -> Integers:
    """Communities that shorten the description of a walk over the graph (the map equation, as Infomap's), by moves of nodes.

    The same weights as for Louvain. Source: Rosvall and Bergstrom (2008), PNAS 105, 1118-1123.
    """
    weights = newman_weights(sharing)
    people, _ = _within(weights)
    if not len(people):
        return np.full(sharing.people, ALONE, np.int64)
    networkit = _networkit()
    graph = _graph(networkit, weights[people][:, people])
    found = networkit.community.LouvainMapEquation(graph, False, 32, "none")
    return _numbered(sharing.people, people, found.run().getPartition().getVector())


METHODS: dict[str, Method] = {"louvain": louvain, "map-equation": map_equation}
"""What may stand beside the rule, by the name a person gives."""


def newman_weights(sharing: Sharing) -> sparse.csr_matrix:
    """People by people: of each thing both use, the chance that both do over the number of its other users."""
    things = sparse.hstack([sharing.other_chance, sharing.home_chance]).tocsr()
    users = sparse.hstack([sharing.others, sharing.homes]).sum(axis=0)
    share = 1.0 / np.maximum(np.asarray(users, np.float64).ravel() - 1.0, 1.0)
    weights: sparse.csr_matrix = (sparse.csr_matrix(things.multiply(share)) @ things.T).tocsr()
    weights.setdiag(0)
    weights.eliminate_zeros()
    weights.sort_indices()
    return weights


def _within(weights: sparse.csr_matrix) -> tuple[Integers, Any]:
    """People who share anything, and everybody's weighted degree."""
    degree = np.asarray(weights.sum(axis=1), np.float64).ravel()
    return np.flatnonzero(degree > 0), degree


def _networkit() -> ModuleType:
    try:
        networkit = import_module("networkit")
    except ImportError as error:
        raise UsageError(
            "other ways of grouping need the library networkit, which is not installed",
            remedy="pip install 'joinedup[communities]'",
        ) from error
    # One thread, so that the same graph gives the same communities.
    networkit.setNumberOfThreads(1)
    networkit.setSeed(1, False)
    return networkit


def _graph(networkit: ModuleType, weights: sparse.csr_matrix) -> Any:
    upper = sparse.triu(weights, k=1).tocoo()
    return networkit.GraphFromCoo(
        (upper.data, (upper.row, upper.col)), n=weights.shape[0], weighted=True, directed=False
    )


def _numbered(size: int, people: Integers, labels: list[int]) -> Integers:
    """Groups of two or more in the order of their first person; everybody else ALONE."""
    label = np.asarray(labels, np.int64)
    _, first, inverse, sizes = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    order = np.full(len(sizes), ALONE, np.int64)
    several = np.flatnonzero(sizes > 1)
    order[several[np.argsort(first[several])]] = np.arange(len(several))
    found = np.full(size, ALONE, np.int64)
    found[people] = order[inverse]
    return found
