"""Releases after one another: the child who alone makes the difference is found, and nobody is where nobody changed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.registry.disclosure import disclosure_rules
from joinedup.stats.disclosure import (
    Publication,
    SmallCounts,
    audit,
    audit_history,
    protect_table,
    published_table,
    withhold,
)

SMALL = SmallCounts(1, 4)


def publication(name, counts, *, hide=()):
    """A one-way table of areas with its total, some counts withheld."""
    rows = [[area, "c" if area in hide else str(count)] for area, count in counts.items()]
    rows.append(["Total", str(sum(counts.values()))])
    return Publication(name, (published_table(name, ["area", "count"], rows),))


def test_a_second_release_that_differs_by_one_childs_correction_is_caught():
    random = np.random.default_rng(4)
    table = random.multinomial(900, random.dirichlet(np.full(40, 0.8))).reshape(10, 4)
    moved = table.copy()
    one, other = np.argwhere(table > 20)[:2]
    moved[tuple(one)] -= 1
    moved[tuple(other)] += 1
    made = []
    for name, each in (("first", table), ("second", moved)):
        counts = {(f"a{i}", f"b{j}"): int(count) for (i, j), count in np.ndenumerate(each)}
        released = withhold(["a", "b"], counts, SMALL, 0.0)
        assert released.audit.safe
        made.append(Publication(name, (released.table.published(name, "count"),)))
    found = audit_history(made, SMALL)
    assert not found.safe
    assert found.corrections == (1,)
    assert {(each.lower, each.upper) for each in found.revealed} == {(-1, -1), (1, 1)}
    assert found.unprotected == 0 or all(not each.protected for each in found.cells if each.lower == each.upper)


def test_the_same_release_twice_gives_nothing_more_away():
    first = publication("first", {"n": 3, "s": 40, "e": 9}, hide="ne")
    found = audit_history([first, Publication("again", first.tables)], SMALL)
    assert found.corrections == (0,)
    assert not found.revealed
    assert found.safe == audit(first.tables, SMALL).safe


def test_a_withheld_count_that_grew_and_is_shown_gives_the_earlier_one_away():
    """4 were withheld; the next release counts one more and shows 5. Each alone passes; who compares them knows."""
    first = publication("first", {"n": 4, "s": 40, "e": 6}, hide="ne")
    second = publication("second", {"n": 5, "s": 40, "e": 6})
    assert audit(first.tables, SMALL).safe
    assert audit(second.tables, SMALL).safe
    found = audit_history([first, second], SMALL)
    assert not found.safe
    cells = {each.cell: each for each in found.cells}
    assert (cells["first: area=n"].lower, cells["first: area=n"].upper) == (4, 5)
    assert not cells["first: area=n"].protected
    # Somebody who must reckon with six corrections learns less: nought and more than small stay possible.
    wide = audit_history([first, second], SMALL, [6])
    assert all(each.protected for each in wide.cells)


def test_many_changes_are_of_nobody_in_particular():
    first = publication("first", {"n": 30, "s": 40})
    second = publication("second", {"n": 60, "s": 75})
    assert audit_history([first, second], SMALL).safe


def test_a_change_that_rounding_hides_is_not_revealed_and_one_that_is_undone_later_is_looked_for():
    rule = disclosure_rules()["nhs_round_5"].for_counts()

    def rounded(name, counts):
        rows = [[area, count] for area, count in counts.items()]
        table = protect_table(["area", "children"], rows, counts=["children"], protection=rule)
        return Publication(name, (table.published(name, "children"),))

    before = rounded("before", {"n": 32, "s": 40})
    after = rounded("after", {"n": 33, "s": 40})
    found = audit_history([before, after], SmallCounts(1, 7))
    assert [(each.lower, each.upper, each.revealed) for each in found.changes if each.cell == "area=n"] == [
        (1, 9, False)
    ]
    three = [publication(str(at), {"n": count, "s": 40}) for at, count in enumerate((30, 90, 31))]
    revealed = audit_history(three, SMALL).revealed
    assert {(each.earlier, each.later) for each in revealed} == {("0", "2")}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=3, max_size=3),
    st.lists(st.integers(-1, 1), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_what_follows_of_two_releases_is_what_trying_everything_gives(before, steps, hidden):
    now = [max(count + step, 0) for count, step in zip(before, steps, strict=True)]
    names = "xyz"
    hides = [{name for name, gone, count in zip(names, hidden[at:], each, strict=False) if gone and count}
             for at, each in ((0, before), (3, now))]  # fmt: skip
    pair = [publication(name, dict(zip(names, each, strict=True)), hide=hide)
            for name, each, hide in zip(("one", "two"), (before, now), hides, strict=True)]  # fmt: skip
    found = audit_history(pair, SmallCounts(1, 2))
    fits = [[value for value in itertools.product(range(sum(each) + 1), repeat=3)
             if sum(value) == sum(each) and all(v == c for v, c, n in zip(value, each, names, strict=True) if n not in hide)]
            for each, hide in zip((before, now), hides, strict=True)]  # fmt: skip

    def corrections(one, other):
        steps = np.subtract(other, one)
        return max(steps[steps > 0].sum(), -steps[steps < 0].sum())

    # Nought is never withheld, so nobody who knows that reckons with fewer.
    known = [[value for value in each if all(v or n not in hide for v, n in zip(value, names, strict=True))]
             for each, hide in zip(fits, hides, strict=True)]  # fmt: skip
    fewest = min(corrections(one, other) for one in known[0] for other in known[1])
    assert found.corrections == (fewest,)
    together = [(one, other) for one in fits[0] for other in fits[1] if corrections(one, other) <= fewest]
    for cell in found.cells:
        which, _, label = cell.cell.partition(": area=")
        values = [pair[which == "two"][names.index(label)] for pair in together]
        assert (cell.lower, cell.upper) == (min(values), max(values))


def test_a_history_needs_two_publications_and_a_number_for_each_step():
    one = publication("one", {"n": 30})
    with pytest.raises(ValueError, match="at least two"):
        audit_history([one])
    with pytest.raises(ValueError, match="each step"):
        audit_history([one, one], SMALL, [1, 2])
