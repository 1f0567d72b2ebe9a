"""The Bayesian methods as rows beside the other methods of one overlap table."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.estimate.bayes import decomposable, latent_class
from joinedup.estimate.bayes.patterns import Patterns
from joinedup.estimate.overlap_table import OverlapTable

BAYESIAN = (decomposable.METHOD, latent_class.METHOD)
MOST_LISTS_BESIDE = 5
"""At six lists graphs take seconds, and are averaged only where asked for."""

ASSUMPTIONS = {
    decomposable.METHOD: "The lists depend on one another as in one of the decomposable graphs short of the complete one, each "
    "as likely beforehand; beforehand a total is as likely as one over itself, up to 30 times the people seen.",
    latent_class.METHOD: "The lists depend on one another only because people are of several kinds, and not because one list "
    "feeds another; beforehand a total is as likely as one over itself, up to 30 times the people seen.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one method says of a table: the median of the total with its limits, or the refusal; and its own warnings."""

    method: str
    model: str | None
    estimate: float | None
    lower: float | None
    upper: float | None
    reason: str | None
    lifted_by: str | None
    warnings: tuple[str, ...]


def answers(table: OverlapTable, method: str, seed: int, level: float, *, beside: bool) -> list[Answer]:
    """The rows of the Bayesian methods: that asked for, and the average of graphs beside any other to five lists.

    Latent classes take seconds and are run only where asked for. The table has its lists in order and none empty; a table
    too thin for any estimate gets no row.
    """
    lists = len(table.lists)
    if table.never:
        reason = "This method takes every pattern of lists for possible, and some here are not."
        remedy = "One of the log-linear methods."
        return [Answer(method, None, None, None, None, reason, remedy, ())] if method in BAYESIAN else []
    found = []
    if method == decomposable.METHOD or (beside and lists <= MOST_LISTS_BESIDE):
        found.append(_by_graphs(table, level))
    if method == latent_class.METHOD:
        found.append(_by_classes(table, level, seed))
    return [each for each in found if each is not None]


def _by_graphs(table: OverlapTable, level: float) -> Answer | None:
    """All decomposable graphs averaged; the model named is the likeliest graph, as its cliques of lists."""
    found = decomposable.average(len(table.lists), table.dense(), decomposable.Options(level=level))
    if not found.graphs:
        return _answer(table, decomposable.METHOD, None, found) if len(table.lists) > decomposable.MOST_LISTS else None
    [leading, *_] = found.graphs
    cliques = " ".join(f"[{' '.join(table.lists[place] for place in clique)}]" for clique in leading.cliques)
    model = f"average of graphs; likeliest, weight {leading.weight:.2f}: {cliques}"
    return _answer(table, decomposable.METHOD, model, found)


def _by_classes(table: OverlapTable, level: float, seed: int) -> Answer | None:
    """Latent classes by chains that must agree; the model says what the chains came to."""
    found = latent_class.sample(len(table.lists), table.dense(), latent_class.Options(seed=seed, level=level))
    if not found.chain_medians:
        return None
    medians = ", ".join(f"{each:,}" for each in found.chain_medians)
    hits = f"{found.cap_hits:,} of {found.kept_sweeps:,} sweeps at the cap"
    model = f"latent classes; R-hat {found.r_hat:.3f}, {hits}, medians of the chains {medians}"
    return _answer(table, latent_class.METHOD, model, found)


def _answer(
    table: OverlapTable,
    method: str,
    model: str | None,
    found: decomposable.GraphAverage | latent_class.LatentClassEstimate,
) -> Answer:
    refused = found.refused
    of_any_method = Patterns.of(len(table.lists), table.dense()).warnings(len(table.lists))
    return Answer(
        method,
        model,
        found.estimate,
        found.lower,
        found.upper,
        refused.reason if refused else None,
        refused.lifted_by if refused else None,
        tuple(each for each in found.warnings if each not in of_any_method),
    )
