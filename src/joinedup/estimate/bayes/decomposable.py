"""The number of people, averaged over every decomposable graph of dependence between lists.

Madigan & York (1997), "Bayesian methods for estimation of the size of a closed population", Biometrika 84(1), 19-31; the
hyper-Dirichlet law is Dawid & Lauritzen (1993), Annals of Statistics 21(3), 1272-1317.

A graph joins lists that depend on each other. Where it is decomposable (chordal), the chance of a pattern is the product
over its cliques, divided by that over its separators, and the evidence of a table of N people has a closed form:

    p(table | graph, N) = N! / prod y! x prod over cliques M(C) / prod over separators M(S),
    M(S) = Gamma(1) / Gamma(N + 1) x prod over cells of S of Gamma(y_cell + d_S) / Gamma(d_S),

where d_S = 2^-|S|: one person's worth of prior, spread evenly over the cells. N enters only through Gamma(N + 1) and the
cell of each S that no list reaches. So one score for each set of lists and each N is enough, and the evidence of all
graphs is one product of matrices: how often each set stands above and below the line, times the scores.

The complete graph lets every list depend on all others at will. It says nothing of the unseen cell but its prior, and can
still win the average, since it fits what is seen exactly; then the estimate is the prior's. It is left out unless asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from joinedup.estimate.bayes.patterns import MOST_MASS_AT_CAP, Patterns, Refusal

METHOD = "dga"
MOST_LISTS = 6
"""18,154 graphs; at seven lists there are 617,675."""
EVERY_NUMBER_TO = 256
"""Up to so many unseen people each number has its own place on the grid; beyond, each place is 1/500 above the last."""
STEP = 1 / 500
BEYOND_CAP = 100
"""The grid goes on to so many caps, to see what the cap cuts off."""


@dataclass(frozen=True, slots=True)
class Options:
    """The prior and its cap.

    `prior`: the chance of N people before the table is seen, proportional to 1/N or the same for all. `cap`: the most
    people thought possible, as a multiple of those observed. `include_complete` puts the complete graph in the average.
    """

    prior: Literal["1/N", "uniform"] = "1/N"
    cap: float = 30.0
    include_complete: bool = False
    level: float = 0.95

    def __post_init__(self) -> None:
        if self.cap <= 1 or not 0 < self.level < 1 or self.prior not in ("1/N", "uniform"):
            raise ValueError('cap must be over 1, level between 0 and 1, prior "1/N" or "uniform"')


@dataclass(frozen=True, slots=True)
class Graph:
    """One decomposable graph: its cliques, as places of lists in the table, its posterior weight and median of N."""

    cliques: tuple[tuple[int, ...], ...]
    weight: float
    median: int


@dataclass(frozen=True, slots=True)
class GraphAverage:
    """The posterior of the number of people: `probability` of each of `population`, up to the cap.

    Exactly one of `estimate` (the median) and `refused` is given. `mass_at_cap` is the share of the posterior that the cap
    cuts off. `graphs` are the likeliest, heaviest first.
    """

    observed: int
    estimate: int | None
    lower: int | None
    upper: int | None
    refused: Refusal | None
    warnings: tuple[str, ...]
    options: Options
    mass_at_cap: float
    graphs: tuple[Graph, ...]
    population: NDArray[np.int64]
    probability: NDArray[np.float64]

    def quantile(self, share: float) -> int:
        """The smallest number of people with at least `share` of the posterior at or below it."""
        return _quantile(self.population, self.probability, self.observed, share)


def average(lists: int, counts: ArrayLike, options: Options | None = None) -> GraphAverage:
    """The posterior of the number of people over all decomposable graphs, or its refusal.

    `counts` holds the people of each bit pattern of the lists, 2**lists of them; index 0 is not used. Three to six lists.
    Assumes a closed population, true links, people alike but for chance, and that dependence between lists follows some
    decomposable graph short of the complete one.

    The hepatitis A outbreak of Chao and others (1997), three lists:

    >>> found = average(3, [0, 69, 55, 21, 63, 17, 18, 28])
    >>> (found.observed, found.lower, found.estimate, found.upper)
    (271, 354, 402, 630)
    """
    chosen = options or Options()
    table = Patterns.of(lists, counts)
    refused = table.refusal() or _too_many(table)
    if refused:
        return _refused(table, lists, chosen, refused)
    graphs = [graph for graph in decomposable_graphs(table.lists) if chosen.include_complete or not graph.is_complete]
    grid = _Grid.of(table.observed, chosen.cap)
    graphs = _worth_weighing(table, graphs, grid, chosen)
    evidence = _evidence(table, graphs, grid, chosen)
    narrow = grid.refined(evidence.sum(axis=0))
    if narrow is not None:
        grid = narrow
        evidence = _evidence(table, graphs, grid, chosen)
    return _result(table, lists, chosen, graphs, grid, evidence)


@dataclass(frozen=True, slots=True)
class DecomposableGraph:
    """A chordal graph on lists: `sets[S]` says how often the set of lists S (a bit mask) stands among the cliques, less how
    often among the separators; the empty set is not counted.
    """

    edges: int
    sets: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every list is joined to every other."""
        return self.sets[-1] == 1

    @property
    def cliques(self) -> tuple[int, ...]:
        """The maximal sets of lists all joined to each other, as bit masks."""
        return tuple(mask for mask, times in enumerate(self.sets) if times > 0)


@lru_cache(maxsize=8)
def decomposable_graphs(lists: int) -> tuple[DecomposableGraph, ...]:
    """Every chordal graph on labelled lists, by the bit mask of its edges.

    >>> [len(decomposable_graphs(lists)) for lists in (3, 4, 5)]
    [8, 61, 822]
    """
    pairs = list(combinations(range(lists), 2))
    found = []
    for edges in range(2 ** len(pairs)):
        neighbours = [0] * lists
        for place, (one, other) in enumerate(pairs):
            if edges >> place & 1:
                neighbours[one] |= 1 << other
                neighbours[other] |= 1 << one
        sets = _clique_sets(neighbours)
        if sets is not None:
            found.append(DecomposableGraph(edges, sets))
    return tuple(found)


def _clique_sets(neighbours: list[int]) -> tuple[int, ...] | None:
    """Cliques less separators of a chordal graph, else None.

    A graph is chordal exactly if lists can be taken away one by one, each time one whose remaining neighbours are all
    joined to each other (Dirac 1961). Taking v away multiplies the chance by p(v | neighbours) = p(v, neighbours) /
    p(neighbours): one set above the line and one below. What cancels is no clique.
    """
    lists = len(neighbours)
    sets = [0] * 2**lists
    left = 2**lists - 1
    while left:
        for each in range(lists):
            beside = neighbours[each] & left
            if left >> each & 1 and all(
                not beside & ~(neighbours[other] | 1 << other) for other in range(lists) if beside >> other & 1
            ):
                sets[beside | 1 << each] += 1
                sets[beside] -= 1
                left &= ~(1 << each)
                break
        else:
            return None
    sets[0] = 0
    return tuple(sets)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Numbers of unseen people in rising order, how many whole numbers each stands for, and where the cap lies."""

    unseen: NDArray[np.int64]
    observed: int
    cap: float

    @classmethod
    def of(cls, observed: int, cap: float) -> _Grid:
        most = max(int(observed * (cap - 1)), EVERY_NUMBER_TO)
        fine = np.geomspace(EVERY_NUMBER_TO, most, max(2, int(np.log(most / EVERY_NUMBER_TO) / STEP)))
        # The first place beyond the cap is the next whole number, so that no mass within it is counted beyond, or the reverse.
        coarse = np.geomspace(most + 1, most * BEYOND_CAP, 256)
        places = np.concatenate([np.arange(EVERY_NUMBER_TO), np.rint(fine), np.rint(coarse)]).astype(np.int64)
        return cls(np.unique(places), observed, cap)

    @property
    def population(self) -> NDArray[np.int64]:
        """Numbers of people, seen and unseen."""
        return self.unseen + self.observed

    @property
    def width(self) -> NDArray[np.float64]:
        """How many whole numbers each place stands for: those nearer to it than to another, or at half way below it."""
        return np.diff(_edges(self.unseen)).astype(np.float64)

    @property
    def within_cap(self) -> NDArray[np.bool_]:
        """Which places are at most the cap."""
        return self.population <= self.cap * self.observed

    def refined(self, mass: NDArray[np.float64]) -> _Grid | None:
        """A grid with more places where nearly all the mass is, if fewer than 200 of its places carry it."""
        carrying = np.flatnonzero(mass > mass.max() * 1e-9)
        first, last = max(carrying[0] - 2, 0), min(carrying[-1] + 2, len(mass) - 1)
        if last - first >= 200 or self.unseen[last] - self.unseen[first] == last - first:
            return None
        more = np.rint(np.linspace(self.unseen[first], self.unseen[last], 2000)).astype(np.int64)
        return _Grid(np.union1d(self.unseen, more), self.observed, self.cap)


def _edges(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The last whole number before each place's share of the line, and the last of all."""
    return np.concatenate([[places[0] - 1], (places[:-1] + places[1:]) // 2, [places[-1]]])


def _worth_weighing(
    table: Patterns, graphs: list[DecomposableGraph], grid: _Grid, options: Options
) -> list[DecomposableGraph]:
    """The graphs whose posterior is more than e^-60 of the best one's, as a sixteenth of the grid shows it.

    The margin is wide because a narrow posterior may lie between two places of so coarse a grid.
    """
    best = _log_evidence(table, graphs, _Grid(grid.unseen[::16], grid.observed, grid.cap), options).max(axis=1)
    return [graph for graph, each in zip(graphs, best, strict=True) if each > best.max() - 60]


def _evidence(table: Patterns, graphs: list[DecomposableGraph], grid: _Grid, options: Options) -> NDArray[np.float64]:
    """The posterior mass of each graph and place of the grid, up to one common factor."""
    log = _log_evidence(table, graphs, grid, options)
    mass: NDArray[np.float64] = np.exp(log - log[:, grid.within_cap].max()) * grid.width
    return mass


def _log_evidence(
    table: Patterns, graphs: list[DecomposableGraph], grid: _Grid, options: Options
) -> NDArray[np.float64]:
    """The logarithm of the posterior of each graph and each number of people, up to one constant."""
    above = np.array([graph.sets for graph in graphs], dtype=np.float64)
    people = grid.population.astype(np.float64)
    scores = np.zeros((len(table.counts), len(people)))
    index = np.arange(len(table.counts))
    for lists in range(1, len(scores)):
        # People by what they hold of these lists alone; the cell of those on none of them takes the unseen too.
        cells = np.bincount(index & lists, weights=table.counts, minlength=len(index))[(index & ~lists) == 0]
        prior = 1 / len(cells)
        seen = gammaln(cells[1:] + prior).sum() - len(cells) * gammaln(prior)
        scores[lists] = seen + gammaln(cells[0] + grid.unseen + prior) - gammaln(people + 1)
    log: NDArray[np.float64] = above @ scores + (gammaln(people + 1) - gammaln(grid.unseen + 1.0))
    if options.prior == "1/N":
        log -= np.log(people)
    return log


def _result(
    table: Patterns,
    lists: int,
    options: Options,
    graphs: list[DecomposableGraph],
    grid: _Grid,
    evidence: NDArray[np.float64],
) -> GraphAverage:
    within = grid.within_cap
    cut_off = float(evidence[:, ~within].sum() / evidence.sum())
    population, kept = grid.population[within], evidence[:, within]
    probability = kept.sum(axis=0) / kept.sum()
    weights = kept.sum(axis=1) / kept.sum()
    heaviest = sorted(range(len(graphs)), key=lambda place: (-weights[place], graphs[place].edges))[:10]
    named = tuple(
        Graph(
            tuple(
                tuple(table.places[bit] for bit in range(table.lists) if mask >> bit & 1)
                for mask in graphs[place].cliques
            ),
            float(weights[place]),
            _quantile(population, kept[place] / kept[place].sum(), table.observed, 0.5),
        )
        for place in heaviest
        if weights[place] > 1e-6
    )
    tail = (1 - options.level) / 2
    low, middle, high = (_quantile(population, probability, table.observed, share) for share in (tail, 0.5, 1 - tail))
    refused = _cap_decides(cut_off, options) if cut_off > MOST_MASS_AT_CAP else None
    return GraphAverage(
        observed=table.observed,
        estimate=None if refused else middle,
        lower=None if refused else low,
        upper=None if refused else high,
        refused=refused,
        warnings=tuple(table.warnings(lists) + _warnings(named, options)),
        options=options,
        mass_at_cap=cut_off,
        graphs=named,
        population=population,
        probability=probability,
    )


def _quantile(population: NDArray[np.int64], probability: NDArray[np.float64], observed: int, share: float) -> int:
    """The smallest whole number with `share` of the mass at or below it, each place's mass spread over its whole numbers."""
    edges = _edges(population)
    reached = np.cumsum(probability)
    place = min(int(np.searchsorted(reached, share * reached[-1])), len(population) - 1)
    before = reached[place - 1] if place else 0.0
    part = (share * reached[-1] - before) / probability[place] if probability[place] > 0 else 1.0
    width = int(edges[place + 1] - edges[place])
    return max(observed, int(edges[place]) + max(1, int(np.ceil(part * width - 1e-9))))


def _warnings(graphs: tuple[Graph, ...], options: Options) -> list[str]:
    found = []
    likely = [graph.median for graph in graphs if graph.weight >= 0.05]
    if likely and max(likely) > 2 * min(likely):
        found.append(
            f"Graphs with 5% of the weight or more put the median between {min(likely)} and {max(likely)}: which lists "
            "depend on which decides the answer, and the table hardly says."
        )
    if options.include_complete:
        found.append("The complete graph is in the average; what it says of the unseen is its prior.")
    return found


def _cap_decides(cut_off: float, options: Options) -> Refusal:
    return Refusal(
        f"{cut_off:.1%} of the posterior lies beyond the cap of {options.cap:g} times those observed; more than "
        f"{MOST_MASS_AT_CAP:.1%}, and the upper limit would be the cap's.",
        "More people on two or more lists, lists merged that share few people, or a higher cap that can be argued for.",
    )


def _too_many(table: Patterns) -> Refusal | None:
    if table.lists <= MOST_LISTS:
        return None
    return Refusal(
        f"{table.lists} lists have too many graphs to average; at most {MOST_LISTS} can be.",
        f"Lists of agencies that work alike merged, to {MOST_LISTS} or fewer; or another method.",
    )


def _refused(table: Patterns, lists: int, options: Options, refused: Refusal) -> GraphAverage:
    nothing = np.zeros(0)
    return GraphAverage(
        observed=table.observed,
        estimate=None,
        lower=None,
        upper=None,
        refused=refused,
        warnings=tuple(table.warnings(lists)),
        options=options,
        mass_at_cap=0.0,
        graphs=(),
        population=nothing.astype(np.int64),
        probability=nothing,
    )
