"""Protected tables: small counts withheld, audited from what is published alone, and refused where they cannot be safe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.stats.disclosure import SmallCounts, TooSparseError, UnprotectedError, audit, published_table, withhold
from joinedup.stats.disclosure import suppression as suppression_module


def counts_of(table: np.ndarray) -> dict[tuple[str, ...], int]:
    return {
        tuple(f"{axis}{at:02d}" for axis, at in enumerate(where)): int(count) for where, count in np.ndenumerate(table)
    }


def published(made, name="t"):
    return published_table(name, list(made.table.columns), [list(row) for row in made.table.as_text()])


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([(3, 3), (4, 3), (3, 3, 2)]).flatmap(
        lambda shape: st.lists(st.integers(0, 40), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))).map(
            lambda values: np.array(values).reshape(shape)
        )
    )
)
def test_what_is_made_shows_nothing_small_says_nothing_false_and_is_safe(table):
    try:
        made = withhold("abc"[: table.ndim], counts_of(table), SmallCounts(1, 4), 0.0)
    except UnprotectedError:
        return
    assert made.audit.safe
    again = audit([published(made)], SmallCounts(1, 4))
    assert again.safe
    whole = table
    for axis in range(table.ndim):
        whole = np.concatenate([whole, whole.sum(axis=axis, keepdims=True)], axis=axis)
    shown = [row[-1] for row in made.table.as_text()]
    truth = [int(value) for value in whole.ravel()]
    assert len(shown) == len(truth)
    for text, true in zip(shown, truth, strict=True):
        assert (text == "c") if 1 <= true <= 4 else text in ("c", str(true))
        assert true or text == "0"
    for text, true, cell in zip(*_withheld(shown, truth), again.cells, strict=True):
        assert text == "c"
        assert cell.lower <= true <= (cell.upper if cell.upper is not None else true)


def _withheld(shown, truth):
    pairs = [(text, true) for text, true in zip(shown, truth, strict=True) if text == "c"]
    return [text for text, _ in pairs], [true for _, true in pairs]


def test_withholding_only_the_small_counts_fails_where_the_table_made_passes():
    random = np.random.default_rng(11)
    table = random.multinomial(1200, random.dirichlet(np.full(60, 0.6))).reshape(12, 5)
    made = withhold("ab", counts_of(table), SmallCounts(1, 4), 0.0)
    only = [list(row) for row in made.table.as_text()]
    small = {each.cell for each in made.audit.cells if each.primary}
    truth = withhold_nothing(table)
    for row, count in zip(only, truth, strict=True):
        row[-1] = "c" if 1 <= count <= 4 else str(count)
    bare = audit([published_table("t", ["a", "b", "count"], only)], SmallCounts(1, 4))
    assert len(bare.cells) == len(small) == made.primary
    assert not bare.safe
    assert any(each.lower == each.upper for each in bare.cells)
    assert made.audit.safe
    assert made.secondary > 0


def withhold_nothing(table):
    whole = table
    for axis in range(table.ndim):
        whole = np.concatenate([whole, whole.sum(axis=axis, keepdims=True)], axis=axis)
    return [int(value) for value in whole.ravel()]


def test_one_sign_for_small_counts_and_for_those_that_cover_them():
    made = withhold(["a", "b"], counts_of(np.array([[3, 20], [18, 30], [40, 50]])))
    assert made.primary == 1
    assert made.secondary >= 3
    signs = {row[-1] for row in made.table.as_text() if not row[-1].isdecimal()}
    assert signs == {"c"}


def test_a_table_of_small_counts_is_refused_with_the_share_of_people_shown():
    with pytest.raises(TooSparseError, match="at least 30%") as refused:
        withhold("ab", counts_of(np.full((4, 4), 2)))
    assert refused.value.visible == 0


def test_it_fails_closed_where_the_solver_does_not_end(monkeypatch):
    class Stopped:
        status, x = 1, None

    monkeypatch.setattr(suppression_module, "milp", lambda *_, **__: Stopped())
    with pytest.raises(UnprotectedError):
        withhold("ab", counts_of(np.array([[3, 20], [18, 30], [40, 50]])))


@pytest.mark.parametrize("counts", [{}, {("x", "Total"): 3}, {("x", "y"): -1}, {("x",): 1}])
def test_what_is_no_table_is_refused(counts):
    with pytest.raises(ValueError, match=r"."):
        withhold("ab", counts)
