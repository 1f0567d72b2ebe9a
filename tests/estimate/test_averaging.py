from __future__ import annotations

import math

import numpy as np
import pytest

from joinedup.errors import UsageError
from joinedup.estimate.averaging import average, spreads
from joinedup.estimate.loglinear.lattice import lattice, main_effects
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.select import fitted

FOUR = OverlapTable(
    ("a", "b", "c", "d"),
    {1: 90, 2: 80, 4: 70, 8: 60, 3: 20, 5: 18, 6: 15, 9: 9, 10: 8, 12: 7, 7: 6, 11: 3, 13: 2, 15: 1},
)


def test_the_variance_of_two_lists_has_a_formula():
    """The unseen of two independent lists are a * b / both; the variance of its logarithm is 1/a + 1/b + 1/both."""
    table = OverlapTable(("a", "b"), {1: 30, 2: 20, 3: 10})
    terms = np.array([main_effects(2)], dtype=np.int64)
    [found] = spreads(table.dense(), table.possible(), terms, np.array([3], dtype=np.int64))
    assert found == pytest.approx(1 / 30 + 1 / 20 + 1 / 10, rel=1e-9)


def test_weights_are_those_of_bic():
    counts, models = FOUR.dense(), lattice(4, 3)
    found = average(models, FOUR.possible(), counts, 0.95)
    choices = [fitted(counts, FOUR.possible(), models.model(place))[0] for place in range(models.models.size)]
    criteria = np.array([each.criterion for each in choices if each])
    kept = criteria[criteria <= criteria.min() + 12]
    assert found.models == kept.size
    assert found.weight == pytest.approx(1 / np.exp(-(kept - criteria.min()) / 2).sum(), rel=1e-6)
    assert FOUR.observed < found.lower < found.estimate < found.upper


def test_one_model_alone_is_log_normal():
    """Three lists, all terms but pairs barred: the mixture is one log-normal, whose median is the model's own total."""
    table = OverlapTable(("a", "b", "c"), {1: 690, 2: 550, 3: 210, 4: 630, 5: 200, 6: 180, 7: 60})
    found = average(lattice(3, 1), table.possible(), table.dense(), 0.95)
    one, _ = fitted(table.dense(), table.possible(), main_effects(3))
    assert found.models == 1
    assert found.estimate == pytest.approx(table.observed + one.unseen, rel=1e-6)
    above, below = (math.log(each - table.observed) - math.log(one.unseen) for each in (found.upper, found.lower))
    assert above == pytest.approx(-below, rel=1e-6)


def test_it_leads_where_asked_for_and_draws_no_replicates():
    found = estimate_population(FOUR, Options("averaged", replicates=0))
    [row] = [row for row in found.range if row.chosen]
    assert (row.method, found.estimate, found.lower) == ("averaged", row.estimate, row.lower)
    assert row.model.startswith("average of ")
    assert found.totals == ()
    assert estimate_population(FOUR.taking(["d", "b", "a", "c"]), Options("averaged", replicates=0)) == found
    seven = OverlapTable(tuple("abcdefg"), {1 << place: 9 for place in range(7)} | {3: 9})
    with pytest.raises(UsageError, match="averaged takes at most 6"):
        estimate_population(seven, Options("averaged"))
