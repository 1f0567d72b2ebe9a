"""Protected tables: small counts withheld, audited from what is published alone, and refused where they cannot be safe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.stats.disclosure import (
    Counted,
    SmallCounts,
    TooSparseError,
    UnprotectedError,
    audit,
    published_table,
    withhold,
    withhold_together,
)
from joinedup.stats.disclosure import auditor as auditor_module
from joinedup.stats.disclosure import bulk as bulk_module
from joinedup.stats.disclosure import deviations as deviations_module
from joinedup.stats.disclosure import hypercubes as hypercubes_module
from joinedup.stats.disclosure import suppression as suppression_module
from joinedup.stats.disclosure.releases import release


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
    class Stopped(deviations_module.highspy.Highs):
        def getModelStatus(self):  # noqa: N802
            return deviations_module.highspy.HighsModelStatus.kTimeLimit

    monkeypatch.setattr(deviations_module.highspy, "Highs", Stopped)
    with pytest.raises(UnprotectedError):
        withhold("ab", counts_of(np.array([[3, 20], [18, 30], [40, 50]])))


def skewed(seed=2, shape=(20, 6, 3), people=1500):
    random = np.random.default_rng(seed)
    weights = np.ones(())
    for size in shape:
        weights = np.multiply.outer(weights, random.lognormal(0, 1.2, size))
    return random.multinomial(people, weights.ravel() / weights.sum()).reshape(shape)


def test_a_large_table_is_safe_on_tables_of_whole_people_and_shows_again_what_it_can(monkeypatch):
    table = skewed()
    made = withhold("abc", counts_of(table), SmallCounts(1, 4), 0.0)
    assert made.audit.safe
    assert len(made.audit.cells) > 150
    again = audit([made.table.published("t", "count")], SmallCounts(1, 4))
    assert again.safe
    monkeypatch.setattr(suppression_module, "_PROGRAMS", -1)
    never_shown_again = withhold("abc", counts_of(table), SmallCounts(1, 4), 0.0)
    assert never_shown_again.audit.safe
    assert made.secondary < never_shown_again.secondary


@pytest.fixture
def called_large(monkeypatch):
    """Every table is protected, and audited, in the way of large ones."""
    monkeypatch.setattr(suppression_module, "_LARGE", 0)
    monkeypatch.setattr(auditor_module, "_EXACT_CELLS", 0)
    monkeypatch.setattr(auditor_module, "_EVERY_END_CELLS", 0)


@pytest.mark.parametrize("corners", [True, False])
def test_in_the_way_of_large_tables_it_is_safe_too_by_the_exact_audit(called_large, monkeypatch, corners):
    if not corners:
        monkeypatch.setattr(hypercubes_module, "_MOST_CORNERS", 0)
    table = skewed(9, (9, 5, 3), 900)
    made = withhold("abc", counts_of(table), SmallCounts(1, 4), 0.0)
    assert made.audit.safe
    monkeypatch.undo()
    assert audit([made.table.published("t", "count")], SmallCounts(1, 4)).safe


def test_linked_and_hierarchical_tables_are_safe_in_the_way_of_large_ones(called_large, monkeypatch):
    table = skewed(3, (12, 4, 3), 600)
    within = {"a": {f"a{at}": f"region {at % 3}" for at in range(12)}}
    parts = []
    for names, axis in (("ab", 2), ("ac", 1)):
        counts = {(f"{names[0]}{i}", f"{names[1]}{j}"): int(n) for (i, j), n in np.ndenumerate(table.sum(axis))}
        parts.append(Counted(names, tuple(names), counts, within))
    one = withhold_together(parts[:1], SmallCounts(1, 4), 0.0)
    both = withhold_together(parts, SmallCounts(1, 4), 0.0)
    monkeypatch.undo()
    assert audit([one.tables[0].published("ab", "count", parts=within)], SmallCounts(1, 4)).safe
    shown = [each.published(str(at), "count", parts=within) for at, each in enumerate(both.tables)]
    assert audit(shown, SmallCounts(1, 4)).safe


def test_where_programs_for_many_do_not_end_nothing_large_is_published(called_large, monkeypatch):
    class Stopped:
        status, x = 1, None

    monkeypatch.setattr(bulk_module, "milp", lambda *_, **__: Stopped())
    monkeypatch.setattr(hypercubes_module, "_MOST_CORNERS", 0)
    with pytest.raises(UnprotectedError):
        withhold("ab", counts_of(np.array([[3, 20], [18, 30], [40, 50]])))


def test_the_same_table_gives_the_same_cells_again():
    table = skewed(5, (8, 4, 2), 400)
    one, other = (withhold("abc", counts_of(table), SmallCounts(1, 4), 0.0) for _ in range(2))
    assert one.table.as_text() == other.table.as_text()


def test_tables_of_the_same_people_are_protected_together():
    table = skewed(3, (12, 4, 3), 300)
    faces = [("ab", table.sum(2)), ("ac", table.sum(1))]
    parts = [
        Counted(names, tuple(names), {
            (f"{names[0]}{i}", f"{names[1]}{j}"): int(count) for (i, j), count in np.ndenumerate(face)
        }) for names, face in faces
    ]  # fmt: skip
    made = withhold_together(parts, SmallCounts(1, 4), 0.0)
    published = [each.published(part.name, "count") for each, part in zip(made.tables, parts, strict=True)]
    assert audit(published, SmallCounts(1, 4)).safe
    apart = [withhold(part.dimensions, part.counts, SmallCounts(1, 4), 0.0) for part in parts]
    alone = [each.table.published(part.name, "count") for each, part in zip(apart, parts, strict=True)]
    assert len(release(published).withheld) == made.primary + made.secondary
    assert not audit(alone, SmallCounts(1, 4)).safe, "protected one by one they undo each other"


def test_tables_in_a_circle_are_protected_with_the_crossing_that_no_table_shows():
    table = skewed(4, (4, 3, 3), 600)
    parts = []
    for names, axis in (("ab", 2), ("ac", 1), ("bc", 0)):
        counts = {(f"{names[0]}{i}", f"{names[1]}{j}"): int(n) for (i, j), n in np.ndenumerate(table.sum(axis))}
        parts.append(Counted(names, tuple(names), counts))
    made = withhold_together(parts, SmallCounts(1, 4), 0.0)
    assert made.audit.safe
    assert audit([each.published(str(at), "count") for at, each in enumerate(made.tables)], SmallCounts(1, 4)).safe


def test_tables_of_other_people_are_refused():
    one = Counted("one", ("a",), {("x",): 30, ("y",): 40})
    other = Counted("other", ("b",), {("u",): 30, ("v",): 41})
    with pytest.raises(ValueError, match=r"another count|not of the same people"):
        withhold_together([one, other])


def test_areas_within_regions_are_protected_together_with_them():
    random = np.random.default_rng(8)
    areas = [f"r{region}-{area}" for region in range(4) for area in range(5)]
    within = {area: area[:2] for area in areas}
    counts = {(area, sex): int(random.poisson(9)) for area in areas for sex in "FM"}
    made = withhold_together([Counted("t", ("area", "sex"), counts, {"area": within})], SmallCounts(1, 4), 0.0)
    rows = {row[:-1]: row[-1] for row in made.tables[0].as_text()}
    assert ("r0", "F") in rows
    shown = made.tables[0].published("t", "count", parts={"area": within})
    assert audit([shown], SmallCounts(1, 4)).safe
    # Without the regions as sums of their areas, the audit would see less than a reader does.
    assert len(audit([shown], SmallCounts(1, 4)).cells) == made.primary + made.secondary


@pytest.mark.parametrize("counts", [{}, {("x", "Total"): 3}, {("x", "y"): -1}, {("x",): 1}])
def test_what_is_no_table_is_refused(counts):
    with pytest.raises(ValueError, match=r"."):
        withhold("ab", counts)
