from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import UsageError
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.strata import estimate_strata

CHANCES = np.array([0.35, 0.3, 0.25, 0.2])


def drawn(people, seed):
    """Four lists, a fifth of those on the first joined to the second."""
    draw = np.random.default_rng(seed)
    held = draw.random((people, 4)) < CHANCES
    held[:, 1] |= held[:, 0] & (draw.random(people) < 0.2)
    patterns, counts = np.unique(held @ (1 << np.arange(4)), return_counts=True)
    return OverlapTable(("a", "b", "c", "d"), {int(p): int(n) for p, n in zip(patterns, counts, strict=True) if p})


YEARS = {str(2008 + at): drawn(people, at) for at, people in enumerate((1000, 1200, 1440, 1728))}


def test_years_share_a_model_and_add_up_to_the_whole():
    found = estimate_strata(YEARS, Options(replicates=200))
    assert found.model == "[a*b] [c] [d]"
    assert sum(each.estimate for each in found.strata) == pytest.approx(found.estimate)
    assert found.lower < 5368 < found.upper
    for each, people in zip(found.strata, (1000, 1200, 1440, 1728), strict=True):
        assert each.estimate == pytest.approx(people, rel=0.1)
    assert found.trend.lower < found.trend.factor < found.trend.upper
    assert found.trend.factor == pytest.approx(1.2, abs=0.06)


def test_two_strata_alike_are_twice_one():
    one = YEARS["2010"]
    found = estimate_strata({"x": one, "y": one}, Options(replicates=0))
    alone = estimate_population(one, Options("bic", replicates=0, beside=False))
    assert found.estimate == pytest.approx(2 * alone.estimate, rel=1e-9)
    assert found.model == alone.model
    assert found.lower is None
    assert found.trend.factor == pytest.approx(1.0)


def test_the_same_seed_gives_the_same():
    options = Options(replicates=30, seed=5)
    assert estimate_strata(YEARS, options) == estimate_strata(YEARS, options)


def test_the_order_of_lists_in_a_stratum_changes_nothing():
    turned = {name: table.taking(["d", "b", "a", "c"]) for name, table in YEARS.items()}
    assert estimate_strata(turned, Options(replicates=20)) == estimate_strata(YEARS, Options(replicates=20))


def test_a_thin_stratum_refuses_the_whole_and_says_which():
    thin = OverlapTable(("a", "b", "c", "d"), {1: 30, 2: 20, 4: 10, 8: 9, 3: 4})
    found = estimate_strata({**YEARS, "2012": thin}, Options(replicates=10))
    assert found.estimate is None
    assert "in: 2012" in found.refused.reason
    assert found.refused.lifted_by
    assert [each.observed for each in found.strata][-1] == 73


def test_strata_of_other_lists_are_a_usage_error():
    with pytest.raises(UsageError, match="same lists"):
        estimate_strata({"x": YEARS["2008"], "y": YEARS["2009"].taking(["a", "b", "c"])})
    with pytest.raises(UsageError, match="same lists"):
        estimate_strata({"x": YEARS["2008"]})
