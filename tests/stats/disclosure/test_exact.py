"""The cheapest set to withhold: against trying every set, and never dearer than what the programs find."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.stats.disclosure import PublishedTable, SmallCounts, UnprotectedError, audit, withhold
from joinedup.stats.disclosure import exact as exact_module
from joinedup.stats.disclosure.tables import Counted, with_margins

SMALL = SmallCounts(1, 4)


def counts_of(table):
    return {(f"a{i}", f"b{j}"): int(count) for (i, j), count in np.ndenumerate(table)}


def cost(whole, hidden):
    return sum(1 + 0.01 * np.log1p(whole.counts[labels]) for labels in hidden)


@pytest.mark.parametrize("values", [[3, 20, 18, 30, 40, 50], [2, 9, 7, 8, 6, 5], [1, 4, 12, 7, 25, 9]])
def test_no_set_that_is_cheaper_passes_the_audit(values):
    """Every set of counts that could be withheld beside the small ones, each audited."""
    whole = with_margins(Counted("t", ("a", "b"), counts_of(np.array(values).reshape(3, 2))))
    small = [labels for labels, count in whole.counts.items() if 1 <= count <= 4]
    others = [labels for labels, count in whole.counts.items() if count > 4]
    made = withhold("ab", counts_of(np.array(values).reshape(3, 2)), SMALL, 0.0)
    shown = {tuple(row[:-1]): row[-1] for row in made.table.as_text()}
    least = cost(whole, [labels for labels, text in shown.items() if text == "c"])
    for many in range(len(others) + 1):
        for chosen in itertools.combinations(others, many):
            hidden = {*small, *chosen}
            if cost(whole, hidden) >= least - 1e-9:
                continue
            counts = {labels: None if labels in hidden else count for labels, count in whole.counts.items()}
            assert not audit([PublishedTable("t", ("a", "b"), counts)], SMALL).safe, chosen


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=9, max_size=9))
def test_it_is_never_dearer_than_what_the_programs_find_and_as_safe(values):
    table = np.array(values).reshape(3, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_module, "MOST_COLUMNS", 0)
        try:
            found = withhold("ab", counts_of(table), SMALL, 0.0)
        except UnprotectedError:
            return
    made = withhold("ab", counts_of(table), SMALL, 0.0)
    assert made.audit.safe
    assert audit([made.table.published("t", "count")], SMALL).safe
    assert made.secondary <= found.secondary


def test_it_withholds_fewer_where_the_programs_withhold_too_many(monkeypatch):
    random = np.random.default_rng(2)
    chances = np.multiply.outer(random.lognormal(0, 1.43, 5), random.lognormal(0, 1.43, 4))
    table = random.multinomial(200, (chances / chances.sum()).ravel()).reshape(5, 4)
    made = withhold("ab", counts_of(table), SMALL, 0.0)
    monkeypatch.setattr(exact_module, "MOST_COLUMNS", 0)
    assert made.secondary < withhold("ab", counts_of(table), SMALL, 0.0).secondary


def test_where_it_does_not_end_at_the_optimum_the_programs_set_stands(monkeypatch):
    class Stopped:
        status, x = 1, None

    table = np.array([[3, 20], [18, 30], [40, 50]])
    monkeypatch.setattr(exact_module, "milp", lambda *_, **__: Stopped())
    made = withhold("ab", counts_of(table), SMALL, 0.0)
    assert made.audit.safe
