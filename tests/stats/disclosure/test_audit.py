"""The auditor against exhaustive enumeration: it never calls a disclosed cell safe."""

from __future__ import annotations

import functools
import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from joinedup.stats.disclosure import SmallCounts, audit, published_table
from joinedup.stats.disclosure import auditor as auditor_module
from joinedup.stats.disclosure import solver as solver_module
from joinedup.stats.disclosure.auditor import Enough, ranges
from joinedup.stats.disclosure.balances import System
from joinedup.stats.disclosure.solver import NoPointError

SMALL = SmallCounts(1, 2)


def margins(table: np.ndarray) -> np.ndarray:
    for axis in range(table.ndim):
        table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    return table


def labels(shape: tuple[int, ...]):
    return itertools.product(
        *([*(f"{axis}{place}" for place in range(size)), "Total"] for axis, size in enumerate(shape))
    )


def file_of(table: np.ndarray, hidden: np.ndarray, names: str = "abc", name: str = "t"):
    """The table with its totals as a file's rows; `hidden` marks the cells written c, of the table with its margins."""
    whole = margins(table)
    rows = [
        [*where, "c" if gone else str(count)]
        for where, count, gone in zip(labels(table.shape), whole.ravel(), hidden.ravel(), strict=True)
    ]
    return published_table(name, [*names[: table.ndim], "count"], rows)


def everything_that_fits(table: np.ndarray, hidden: np.ndarray, least: int) -> np.ndarray:
    """Every table of whole numbers with the same shown cells and margins, one a row, margins too: by trying them all."""
    whole = margins(table)
    free = np.flatnonzero(hidden[tuple(slice(0, -1) for _ in table.shape)].ravel())
    tries = max(int(table.sum()) + 1 - least, 1)
    others = np.repeat(table.ravel()[None, :], tries ** len(free), axis=0)
    others[:, free] = np.indices((tries,) * len(free)).reshape(len(free), tries ** len(free)).T + least
    others = others.reshape(-1, *table.shape)
    for axis in range(1, table.ndim + 1):
        others = np.concatenate([others, others.sum(axis=axis, keepdims=True)], axis=axis)
    fits = np.all((others == whole) | hidden, axis=tuple(range(1, table.ndim + 1)))
    if least:
        fits &= np.all(others[:, hidden] >= least, axis=1)
    return others[fits].reshape(-1, whole.size)


@st.composite
def hidden_tables(draw, shapes=((2, 2), (2, 3), (3, 3), (2, 2, 2))):
    shape = draw(st.sampled_from(shapes))
    size = int(np.prod(shape))
    table = np.array(draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))).reshape(shape)
    whole = margins(table)
    hidden = np.array(draw(st.lists(st.booleans(), min_size=whole.size, max_size=whole.size))).reshape(whole.shape)
    inner = hidden[tuple(slice(0, -1) for _ in shape)]
    # Trying everything takes (total + 1) ** (cells hidden) tables: kept to what a test can try.
    while (table.sum() + 1) ** np.count_nonzero(inner) > 4000:
        first = np.argwhere(inner)[0]
        inner[tuple(first)] = False
    hidden &= whole > 0
    return table, hidden


@settings(max_examples=1000, deadline=None)
@given(hidden_tables())
def test_ranges_are_those_of_trying_every_table_so_nothing_disclosed_is_called_safe(drawn):
    table, hidden = drawn
    hidden.ravel()[-1] = False
    found = audit([file_of(table, hidden)], SMALL)
    for least, keys in ((0, ("lower", "upper")), (1, ("lower_knowing_rule", "upper_knowing_rule"))):
        fitting = everything_that_fits(table, hidden, least)
        places = np.flatnonzero(hidden.ravel())
        assert len(found.cells) == len(places)
        by_name = {each.cell: each for each in found.cells}
        names = list(labels(table.shape))
        for place in places:
            parts = [f"{axis}={label}" for axis, label in zip("abc", names[place], strict=False) if label != "Total"]
            cell = by_name[", ".join(parts) or "Total"]
            assert [getattr(cell, key) for key in keys] == [fitting[:, place].min(), fitting[:, place].max()]
            assert cell.exact
            small = 1 <= margins(table).ravel()[place] <= SMALL.most
            disclosed = (not least and fitting[:, place].min() > 0) or fitting[:, place].max() <= SMALL.most
            disclosed |= fitting[:, place].min() == fitting[:, place].max()
            assert not (small and disclosed and (cell.protected or found.safe))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 2), min_size=8, max_size=8).filter(lambda counts: sum(counts) < 11),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_tables_in_a_circle_bind_each_other_through_the_full_crossing(counts, hidden):
    """a by b, b by c and a by c of one population: ranges are those of every population that fits all three."""
    cube = np.array(counts).reshape(2, 2, 2)
    faces = {"ab": cube.sum(2), "bc": cube.sum(0), "ac": cube.sum(1)}
    gone = dict(zip(faces, np.array(hidden).reshape(3, 2, 2), strict=True))
    files = []
    for names, face in faces.items():
        rows = [
            [f"{names[0]}{i}", f"{names[1]}{j}", "c" if gone[names][i, j] and face[i, j] else str(face[i, j])]
            for i in range(2)
            for j in range(2)
        ]
        rows.append(["Total", "Total", str(cube.sum())])
        files.append(published_table(names, [*names, "count"], rows))
    cubes = _cubes(int(cube.sum()))
    fits = np.ones(len(cubes), dtype=bool)
    for names, face in faces.items():
        axis = 1 + "abc".index(next(each for each in "abc" if each not in names))
        fits &= np.all((cubes.sum(axis=axis) == face) | (gone[names] & (face > 0)), axis=(1, 2))
    fitting = cubes[fits]
    for cell in audit(files, SMALL).cells:
        wanted = dict(part.split("=") for part in cell.cell.split(", "))
        where = (slice(None), *(int(wanted[axis][1]) if axis in wanted else slice(None) for axis in "abc"))
        values = fitting[where].reshape(len(fitting), -1).sum(axis=1)
        assert (cell.lower, cell.upper) == (values.min(), values.max())


@functools.cache
def _cubes(total: int) -> np.ndarray:
    """Every population of so many people over two by two by two cells."""
    bars = np.array(list(itertools.combinations(range(total + 7), 7)))
    ends = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), total + 7)])
    return (np.diff(ends, axis=1) - 1).reshape(-1, 2, 2, 2)


def test_what_one_table_withholds_and_another_shows_is_known():
    first = published_table("first", ["area", "count"], [["n", "c"], ["s", "20"], ["e", "c"], ["Total", "30"]])
    second = published_table("second", ["area", "sex", "count"], [
        ["n", "F", "3"], ["n", "M", "0"], ["s", "F", "10"], ["s", "M", "10"], ["e", "F", "c"], ["e", "M", "c"],
    ])  # fmt: skip
    assert audit([first]).safe
    linked = audit([first, second])
    assert not linked.safe
    known = {each.cell: (each.lower, each.upper) for each in linked.cells}
    assert known["area=n"] == (3, 3)
    assert known["area=e"] == (7, 7)


def test_the_cell_that_a_pattern_of_four_gave_away():
    """A sample withheld cells so that a row and two columns left one of them 34 - 17 - 11 = 6 short of nothing."""
    rows = [["a", "x", "17"], ["a", "y", "11"], ["a", "z", "c"], ["a", "Total", "34"],
            ["b", "x", "c"], ["b", "y", "c"], ["b", "z", "20"], ["b", "Total", "40"],
            ["Total", "x", "27"], ["Total", "y", "21"], ["Total", "z", "26"], ["Total", "Total", "74"]]  # fmt: skip
    found = {
        each.cell: each for each in audit([published_table("t", ["p", "q", "count"], rows)], SmallCounts(1, 7)).cells
    }
    assert (found["p=a, q=z"].lower, found["p=a, q=z"].upper) == (6, 6)
    assert not found["p=a, q=z"].protected


def test_a_table_that_withholds_its_total_leaves_values_without_a_largest():
    found = audit([published_table("t", ["a", "count"], [["x", "c"], ["y", "9"], ["Total", "c"]])])
    assert [(each.cell, each.lower, each.upper) for each in found.cells] == [("a=x", 0, None), ("Total", 9, None)]
    assert found.safe


def test_tables_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="contradict"):
        audit([published_table("t", ["a", "count"], [["x", "3"], ["y", "4"], ["Total", "8"]])])
    with pytest.raises(ValueError, match="contradict"):
        audit([published_table("t", ["a", "count"], [["x", "c"], ["y", "9"], ["Total", "8"]])])
    one = published_table("one", ["a", "count"], [["x", "3"], ["y", "4"]])
    other = published_table("other", ["a", "count"], [["x", "3"], ["y", "5"]])
    with pytest.raises(ValueError, match="another count"):
        audit([one, other])
    third = published_table("third", ["a", "count"], [["x", "3"], ["z", "5"]])
    with pytest.raises(ValueError, match="other categories"):
        audit([one, third])


@pytest.mark.parametrize(
    ("header", "rows", "says"),
    [
        (["a", "number"], [["x", "3"]], "last column named count"),
        (["a", "count"], [], "no rows"),
        (["a", "count"], [["x", "-3"]], "row 2: a count is a whole number"),
        (["a", "count"], [["x", "3"], ["x", "c"]], "given before"),
        (["a", "count"], [["", "3"]], "needs a category"),
        (["a", "b", "count"], [["x", "y", "3"], ["w", "z", "3"]], "no row for"),
        (["a", "a", "count"], [["x", "y", "3"]], "its own name"),
        (["a", "count"], [["x", "3", "4"]], "expected 2 values"),
    ],
)
def test_a_file_that_is_not_a_table_of_counts_is_refused_with_its_row(header, rows, says):
    with pytest.raises(ValueError, match=says):
        published_table("t", header, rows)


@pytest.fixture
def only_linear(monkeypatch):
    """No branch and bound: what linear programming alone says, at a tenth of the time."""
    monkeypatch.setattr(auditor_module, "_EXACT_CELLS", 0)
    monkeypatch.setattr(auditor_module, "_SEARCHES", 0)


def big(seed: int = 3):
    random = np.random.default_rng(seed)
    table = random.poisson(2, size=(5, 5, 5))
    whole = margins(table)
    return table, (whole > 0) & (random.random(whole.shape) < 0.6)


def test_ends_are_those_of_an_independent_solver(only_linear):
    """On a table too large to try every filling: HiGHS, from scratch, for every cell and end."""
    from scipy.optimize import linprog

    table, hidden = big()
    found = audit([file_of(table, hidden)], SMALL)
    whole, place_of = margins(table), np.arange(hidden.size).reshape(hidden.shape)
    rows, due = [], []
    for axis in range(3):
        for line in np.moveaxis(place_of, axis, -1).reshape(-1, 6):
            row = np.zeros(hidden.size)
            row[line] = [1, 1, 1, 1, 1, -1]
            rows.append(row)
            due.append(0)
    fixed = np.where(hidden.ravel(), np.nan, whole.ravel())
    bounds = [(0, None) if np.isnan(value) else (value, value) for value in fixed]
    names = list(labels(table.shape))
    by_name = {each.cell: each for each in found.cells}
    for place in np.flatnonzero(hidden.ravel())[::7]:
        cost = np.zeros(hidden.size)
        cost[place] = 1.0
        low = linprog(cost, A_eq=np.array(rows), b_eq=due, bounds=bounds).fun
        high = -linprog(-cost, A_eq=np.array(rows), b_eq=due, bounds=bounds).fun
        parts = [f"{axis}={label}" for axis, label in zip("abc", names[place], strict=True) if label != "Total"]
        cell = by_name[", ".join(parts) or "Total"]
        assert low - 1e-6 <= cell.lower <= cell.upper <= high + 1e-6
        if not cell.exact:
            assert (cell.lower, cell.upper) == (np.ceil(low - 1e-6), np.floor(high + 1e-6))


def endings(spoil):
    """HiGHS itself, its answers spoilt on the way."""
    real = solver_module.highspy.Highs

    class Spoilt(real):
        pass

    spoil(Spoilt, real)
    return Spoilt


@pytest.mark.parametrize("status", ["kTimeLimit", "kIterationLimit", "kUnknown", "kNotset", "kUnboundedOrInfeasible"])
def test_it_fails_closed_on_every_ending_but_optimal(monkeypatch, only_linear, status):
    table, hidden = big()

    def spoil(spoilt, _):
        spoilt.getModelStatus = lambda _: getattr(solver_module.highspy.HighsModelStatus, status)

    monkeypatch.setattr(solver_module.highspy, "Highs", endings(spoil))
    stopped = audit([file_of(table, hidden)], SMALL)
    assert stopped.incomplete
    assert not stopped.safe


def test_it_fails_closed_on_a_point_that_fits_nothing(monkeypatch, only_linear):
    table, hidden = big()

    def spoil(spoilt, real):
        class Answer:
            def __init__(self, found):
                self.col_value, self.row_dual = [0.5 + value for value in found.col_value], found.row_dual

        spoilt.getSolution = lambda self: Answer(real.getSolution(self))

    monkeypatch.setattr(solver_module.highspy, "Highs", endings(spoil))
    assert not audit([file_of(table, hidden)], SMALL).safe


def test_an_end_that_the_solver_only_says_is_no_bound(monkeypatch, only_linear):
    """Prices that prove nothing leave the bound as wide as it was: a cell is not called large on a solver's word."""
    table, hidden = big()

    def spoil(spoilt, real):
        class Answer:
            def __init__(self, found):
                self.col_value, self.row_dual = found.col_value, [0.0] * len(found.row_dual)

        spoilt.getSolution = lambda self: Answer(real.getSolution(self))

    right = audit([file_of(table, hidden)], SMALL)
    monkeypatch.setattr(solver_module.highspy, "Highs", endings(spoil))
    doubtful = audit([file_of(table, hidden)], SMALL)
    pairs = [(one, other) for one, other in zip(right.cells, doubtful.cells, strict=True) if other.upper is not None]
    assert all(one.lower >= other.lower and one.upper <= other.upper for one, other in pairs)
    assert any((one.lower, one.upper) != (other.lower, other.upper) for one, other in pairs)


def test_another_number_of_threads_in_the_process_is_no_answer_and_not_a_wrong_one():
    """HiGHS has one scheduler for the process: an instance with other threads ends as `kNotset` with a point of noughts."""
    script = """
import highspy, numpy as np
first = highspy.Highs()
for name, value in (("output_flag", False), ("threads", 2)):
    first.setOptionValue(name, value)
first.addVar(0.0, 1.0)
first.run()
from joinedup.stats.disclosure import audit, published_table
rows = [["x", "c"], ["y", "c"], ["z", "9"], ["Total", "40"]]
print(audit([published_table("t", ["a", "count"], rows)]).safe)
rows = [["x", "c"], ["y", "30"], ["z", "9"], ["Total", "40"]]
print(audit([published_table("t", ["a", "count"], rows)]).safe)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # Either it is answered rightly or not at all: then nothing is safe.
    assert done.stdout.split() in (["True", "False"], ["False", "False"])
    assert done.stdout.split()[-1] == "False"


def test_it_fails_closed_where_branch_and_bound_is_not_optimal(monkeypatch):
    class Stopped:
        status, x = 1, None

    monkeypatch.setattr(solver_module, "milp", lambda *_, **__: Stopped())
    whole = System(sparse.csr_array([[2.0, 2.0, -1.0]]), np.array([0, 0, 0.0]), np.array([3.0, 3.0, 5.0]))
    assert ranges(whole).incomplete


def test_in_large_parts_a_verdict_rests_on_whole_numbered_tables_alone(monkeypatch):
    """With the parts called large, and no search for whole numbers, cells that only fractions cover are not protected."""
    random = np.random.default_rng(5)
    table = random.poisson(1.2, size=(3, 3, 3))
    hidden = (margins(table) > 0) & (random.random((4, 4, 4)) < 0.7)
    hidden[-1, -1, -1] = False
    small = SmallCounts(1, 2)
    exact = audit([file_of(table, hidden)], small)
    monkeypatch.setattr(auditor_module, "_EXACT_CELLS", 0)
    searched = audit([file_of(table, hidden)], small)
    assert [each.protected for each in searched.cells] == [each.protected for each in exact.cells]
    # Still larger, and they are looked for near one whole-numbered table first.
    monkeypatch.setattr(auditor_module, "_EVERY_END_CELLS", 0)
    nearby = audit([file_of(table, hidden)], small)
    for one, other in zip(exact.cells, nearby.cells, strict=True):
        assert one.protected or not other.protected
        assert other.lower <= one.lower
        assert one.upper is None or other.upper is None or one.upper <= other.upper
    assert sum(each.protected for each in nearby.cells) > len(exact.cells) // 2
    monkeypatch.setattr(auditor_module, "whole_point", lambda *_: None)
    unsearched = audit([file_of(table, hidden)], small)
    for one, other in zip(exact.cells, unsearched.cells, strict=True):
        assert one.protected or not other.protected


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden_tables(shapes=((3, 3), (2, 2, 2))))
def test_nothing_disclosed_is_called_safe_in_the_way_of_large_parts_either(monkeypatch, drawn):
    table, hidden = drawn
    hidden.ravel()[-1] = False
    with monkeypatch.context() as large:
        large.setattr(auditor_module, "_EXACT_CELLS", 0)
        large.setattr(auditor_module, "_EVERY_END_CELLS", 0)
        found = audit([file_of(table, hidden)], SMALL)
    outside, knowing = everything_that_fits(table, hidden, 0), everything_that_fits(table, hidden, 1)
    places = np.flatnonzero(hidden.ravel())
    by_name = {each.cell: each for each in found.cells}
    names = list(labels(table.shape))
    for place in places:
        parts = [f"{axis}={label}" for axis, label in zip("abc", names[place], strict=False) if label != "Total"]
        cell = by_name[", ".join(parts) or "Total"]
        assert cell.lower <= outside[:, place].min()
        assert cell.upper is None or cell.upper >= outside[:, place].max()
        small = 1 <= margins(table).ravel()[place] <= SMALL.most
        disclosed = outside[:, place].min() > 0 or outside[:, place].max() <= SMALL.most
        disclosed |= bool(knowing[:, place].max() <= SMALL.most)
        assert not (small and disclosed and (cell.protected or found.safe))


def test_a_table_for_many_cells_at_once_that_fits_nothing_is_not_believed(monkeypatch):
    """Three cells whose pairs add up to 10 are 5 each, which balances one by one do not show."""
    rows = [[1.0, 1, 0, -1, 0, 0], [0.0, 1, 1, 0, -1, 0], [1.0, 0, 1, 0, 0, -1]]
    system = System(sparse.csr_array(rows), np.array([0, 0, 0, 10, 10, 10.0]), np.full(6, 10.0))
    asked = []

    def nonsense(system, cells, goals, *, upwards):
        point = system[2].copy()
        point[cells] = goals
        asked.append(upwards)
        return point

    monkeypatch.setattr(auditor_module, "_EXACT_CELLS", 0)
    monkeypatch.setattr(auditor_module, "_EVERY_END_CELLS", 0)
    monkeypatch.setattr(auditor_module, "table_towards", nonsense)
    found = ranges(system, None, Enough(np.array([True] * 3 + [False] * 3), 0.0, 9.0))
    assert asked
    assert np.all(found.reached_lower[:3] >= 5)
    assert np.all(found.reached_upper[:3] <= 5)


def test_no_feasible_start_is_an_error_not_an_answer():
    contradiction = System(
        sparse.csr_array([[1.0, 1.0, 1.0, -1.0], [1.0, 1.0, 0.0, -1.0], [0.0, 1.0, 1.0, -1.0]]),
        np.array([0, 0, 1.0, 5.0]),
        np.array([9.0, 9.0, 9.0, 5.0]),
    )
    with pytest.raises(NoPointError):
        ranges(contradiction)


def test_in_large_parts_it_is_asked_as_far_as_the_verdict_needs(monkeypatch):
    """12 over three withheld cells: each can be nought and each can be 5, in large parts as in small ones."""
    rows = [["x", "c"], ["y", "c"], ["w", "c"], ["z", "9"], ["Total", "21"]]
    monkeypatch.setattr(auditor_module, "_EXACT_CELLS", 0)
    monkeypatch.setattr(auditor_module, "_EVERY_END_CELLS", 0)
    found = audit([published_table("t", ["a", "count"], rows)], SmallCounts(1, 4))
    assert all(each.protected for each in found.cells)


def test_a_cell_that_could_be_no_more_than_small_is_not_protected():
    """Two by two withheld with totals of 4: each cell lies between 0 and 4, so all are known to be small, or nought."""
    rows = [["x", "p", "c"], ["x", "q", "c"], ["y", "p", "c"], ["y", "q", "c"]]
    totals = [
        ["x", "Total", "4"],
        ["y", "Total", "4"],
        ["Total", "p", "4"],
        ["Total", "q", "4"],
        ["Total", "Total", "8"],
    ]
    found = audit([published_table("t", ["a", "b", "count"], [*rows, *totals])], SmallCounts(1, 4))
    assert [each.protected for each in found.cells] == [False] * 4
