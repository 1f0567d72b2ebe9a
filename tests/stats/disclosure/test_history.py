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
    statements_of,
    withhold,
)
from joinedup.stats.disclosure import together as together_module

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


def overlapping(name, pair, both):
    """All four areas withheld, the total shown, and a sentence that gives two of them together."""
    table = published_table(name, ["area", "count"], [*([area, "c"] for area in "nsew"), ["Total", "45"]])
    of = " + ".join(f"area={area}" for area in pair)
    return Publication(name, (table,), statements_of(name, ["of", "out_of", "says"], [[of, "", str(both)]]))


def test_three_overlapping_totals_tell_what_no_two_of_them_do():
    """n + s = 12, s + e = 18, n + e = 12: so n is half of 12 - 18 + 12."""
    releases = [overlapping("1", "ns", 12), overlapping("2", "se", 18), overlapping("3", "ne", 12)]
    for pair in itertools.combinations(releases, 2):
        assert audit_history(pair, SMALL).safe
    found = audit_history(releases, SMALL)
    assert (found.safe, found.corrections, found.in_all) == (False, (0, 0), 0)
    assert found.together == (("1", "2", "3"),)
    assert {(each.lower, each.upper) for each in found.cells if each.cell.endswith("area=n")} == {(3, 3)}
    assert not any(each.protected for each in found.cells if each.cell.endswith("area=n"))
    # One corrected entry in each step loosens it, and the ends are those that it can have moved to.
    loose = {each.cell: (each.lower, each.upper) for each in audit_history(releases, SMALL, [1, 1]).cells}
    assert loose["1: area=n"] == (2, 4)


def test_releases_in_a_circle_bind_each_other_although_no_two_share_more_than_a_margin():
    def release(name, counts):
        rows = [[*where, str(count)] for where, count in counts.items()]
        one, other = ({where[at] for where in counts} for at in (0, 1))
        rows += [[label, "Total", "c"] for label in sorted(one)] + [["Total", label, "c"] for label in sorted(other)]
        table = published_table(name, [*name.split(), "count"], [*rows, ["Total", "Total", "30"]])
        return Publication(name, (table,))

    releases = [
        release("area sex", {("n", "F"): 15, ("n", "M"): "c", ("s", "F"): 4, ("s", "M"): 3}),
        release("sex year", {("F", "1"): "c", ("F", "2"): "c", ("M", "1"): 11, ("M", "2"): 0}),
        release("area year", {("n", "1"): "c", ("n", "2"): "c", ("s", "1"): 7, ("s", "2"): 0}),
    ]
    for pair in itertools.combinations(releases, 2):
        assert audit_history(pair, SMALL).safe
    found = audit_history(releases, SMALL)
    assert [each.cell for each in found.cells if not each.protected] == ["sex year: sex=F, year=1"]
    assert not found.safe


def test_where_no_pair_shows_a_correction_three_releases_can():
    """n + s, s + e and n + e add up to an odd number: somebody was corrected, although no two releases say so."""
    releases = [overlapping("1", "ns", 12), overlapping("2", "se", 18), overlapping("3", "ne", 13)]
    for pair in itertools.combinations(releases, 2):
        assert audit_history(pair, SMALL).corrections == (0,)
    found = audit_history(releases, SMALL)
    assert (found.corrections, found.in_all, found.incomplete) == ((0, 0), 1, 0)
    assert {(each.lower, each.upper) for each in found.cells if each.cell.endswith("1: area=n")} == {(3, 4)}


def corrections_between(one, other):
    steps = np.subtract(other, one)
    return max(steps[steps > 0].sum(), -steps[steps < 0].sum())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=3),
    st.lists(st.booleans(), min_size=9, max_size=9),
)
def test_what_follows_of_successive_releases_is_what_trying_everything_gives(counts, hidden):
    names = "xyz"
    hides = [{name for name, gone, count in zip(names, hidden[3 * at :], each, strict=False) if gone and count}
             for at, each in enumerate(counts)]  # fmt: skip
    releases = [publication(str(at), dict(zip(names, each, strict=True)), hide=hide)
                for at, (each, hide) in enumerate(zip(counts, hides, strict=True))]  # fmt: skip
    found = audit_history(releases, SmallCounts(1, 2))
    fits = [[value for value in itertools.product(range(sum(each) + 1), repeat=3)
             if sum(value) == sum(each) and all(v == c for v, c, n in zip(value, each, names, strict=True) if n not in hide)]
            for each, hide in zip(counts, hides, strict=True)]  # fmt: skip
    # Nought is never withheld, so nobody who knows that reckons with fewer.
    known = [[value for value in each if all(v or n not in hide for v, n in zip(value, names, strict=True))]
             for each, hide in zip(fits, hides, strict=True)]  # fmt: skip
    fewest = [min(corrections_between(*pair) for pair in itertools.product(*two)) for two in itertools.pairwise(known)]
    assert found.corrections == tuple(fewest)

    def steps(values):
        return [corrections_between(*pair) for pair in itertools.pairwise(values)]

    assert found.in_all == min(sum(steps(values)) for values in itertools.product(*known))
    spare = found.in_all - sum(fewest)
    fitting = [values for values in itertools.product(*fits)
               if sum(np.maximum(steps(values), fewest)) <= found.in_all
               and all(step <= few + spare for step, few in zip(steps(values), fewest, strict=True))]  # fmt: skip
    for cell in found.cells:
        which, _, label = cell.cell.partition(": area=")
        values = [each[int(which)][names.index(label)] for each in fitting]
        assert (cell.lower, cell.upper) == (min(values), max(values))


def test_a_history_that_is_too_long_for_one_system_is_cut_into_runs_that_overlap(monkeypatch):
    releases = [publication(str(at), {"n": 3, "s": 40, "e": 9}, hide="ne") for at in range(5)]
    whole = audit_history(releases, SMALL)
    assert whole.together == (("0", "1", "2", "3", "4"),)
    monkeypatch.setattr(together_module, "MOST_TOGETHER", 12)
    cut = audit_history(releases, SMALL)
    assert cut.together == (("0", "1", "2"), ("2", "3", "4"))
    assert cut.corrections == whole.corrections == (0, 0, 0, 0)
    assert [each.cell for each in cut.cells] == [each.cell for each in whole.cells]
    monkeypatch.setattr(together_module, "MOST_TOGETHER", 1)
    assert len(audit_history(releases, SMALL).together) == 4


def test_what_one_run_finds_open_stays_open_though_the_next_does_not_see_it(monkeypatch):
    """The second release is open beside the first alone; the third says nothing new of it."""
    first = publication("first", {"n": 5, "s": 40, "e": 6})
    second = publication("second", {"n": 4, "s": 40, "e": 6}, hide="ne")
    third = Publication("third", second.tables)
    assert all(each.protected for each in audit_history([second, third], SMALL).cells)
    monkeypatch.setattr(together_module, "MOST_TOGETHER", 1)
    found = {each.cell: each for each in audit_history([first, second, third], SMALL).cells}
    assert (found["second: area=n"].lower, found["second: area=n"].upper) == (4, 5)
    assert not found["second: area=n"].protected


def test_a_category_that_is_new_in_a_later_release_leaves_the_others_bound():
    """Two releases of other areas share their ages; what the ages say still follows from both."""
    old = Publication("old", (published_table("o", ["age", "count"], [["12", "c"], ["13", "c"], ["Total", "20"]]),))
    new_rows = [["n", "12", "4"], ["n", "13", "6"], ["z", "12", "5"], ["z", "13", "5"]]
    mid_rows = [["n", "12", "9"], ["n", "13", "11"]]
    mid = Publication("mid", (published_table("m", ["area", "age", "count"], mid_rows),))
    new = Publication("new", (published_table("w", ["area", "age", "count"], new_rows),))
    cells = {each.cell: each for each in audit_history([old, mid, new], SMALL).cells}
    assert (cells["old: age=12"].lower, cells["old: age=12"].upper) == (9, 9)


def test_a_history_needs_two_publications_and_a_number_for_each_step():
    one = publication("one", {"n": 30})
    with pytest.raises(ValueError, match="at least two"):
        audit_history([one])
    with pytest.raises(ValueError, match="each step"):
        audit_history([one, one], SMALL, [1, 2])


GROUPS = SmallCounts(1, 4, group=9)


def of_a_home(name, shown):
    """A home of six and another place, by whether they were missing: in the home, one way is shown and two are ranges."""
    home = {"missing": "3-6", "not": "0-3", "cannot be told": "0-3"} | {shown: "0"}
    other = {"missing": "31", "not": "20", "cannot be told": "14"}
    rows = [[place, *each] for place, ways in (("home", home), ("other", other)) for each in ways.items()]
    rows += [["home", "Total", "6"], ["other", "Total", "65"]]
    return Publication(name, (published_table(name, ["place", "way", "count"], rows),))


def test_a_small_group_that_only_two_releases_together_show_to_be_all_alike_is_found():
    """Each release leaves two of three ways open; the way that the one leaves open the other shows to be nought."""
    first, second = of_a_home("first", "not"), of_a_home("second", "cannot be told")
    for each in (first, second):
        assert not audit(each.tables, GROUPS).groups
    found = audit_history([first, second], GROUPS)
    assert {(each.group, each.alike, each.most) for each in found.groups} == {
        ("first: place=home", "way=missing", 6), ("second: place=home", "way=missing", 6),
    }  # fmt: skip
    assert not found.safe
    # Who must reckon with a corrected entry cannot tell; and nobody asks who is not asked about groups.
    assert not audit_history([first, second], GROUPS, [4]).groups
    assert not audit_history([first, second], SMALL).groups


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=2),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_groups_over_releases_are_those_that_trying_everything_finds(rows, hidden):
    """Two places by two ways, released once or twice with nobody corrected in between: every table that fits is tried."""
    ways = [(place, way) for place in "pq" for way in "vw"]
    releases = []
    for at, counts in enumerate(rows):
        gone = [hidden[4 * at + number] and rows[0][number] > 0 for number in range(4)]
        shown = [[*way, "c" if hide else str(count)] for way, hide, count in zip(ways, gone, rows[0], strict=True)]
        totals = [[place, "Total", str(sum(rows[0][2 * here : 2 * here + 2]))] for here, place in enumerate("pq")]
        releases.append((gone, published_table(str(at), ["place", "way", "count"], [*shown, *totals])))
        assert counts is not None
    known = [all(gone[number] for gone, _ in releases) for number in range(4)]
    fits = [
        value for value in itertools.product(range(7), repeat=4)
        if all(hide or value[number] == rows[0][number] for number, hide in enumerate(known))
        and all(value[number] >= 1 for number, hide in enumerate(known) if hide)
        and all(sum(value[here : here + 2]) == sum(rows[0][here : here + 2]) for here in (0, 2))
    ]  # fmt: skip
    expected = set()
    sides = {"place=p": (0, 1), "place=q": (2, 3), "way=v": (0, 2), "way=w": (1, 3)}
    for group, places in sides.items():
        filled = {place for value in fits for place in places if value[place]}
        sums = [sum(value[place] for place in places) for value in fits]
        if len(filled) == 1 and min(sums) >= 1 and max(sums) <= 3:
            label = "".join(ways[filled.pop()]).replace(group[-1], "")
            expected.add((group, f"{'way' if group.startswith('place') else 'place'}={label}"))
    sums = [sum(value) for value in fits]
    for one, other in (("place=p", "place=q"), ("way=v", "way=w")):
        filled = {side for side in (one, other) for value in fits if any(value[at] for at in sides[side])}
        if len(filled) == 1 and min(sums) >= 1 and max(sums) <= 3:
            expected.add(("Total", filled.pop()))
    limits = SmallCounts(1, 2, group=3)
    if len(releases) == 1:
        found = {(each.group, each.alike) for each in audit([releases[0][1]], limits).groups}
    else:
        history = audit_history([Publication(str(at), (table,)) for at, (_, table) in enumerate(releases)], limits, [0])
        found = {(each.group.partition(": ")[2], each.alike) for each in history.groups}
    assert found == expected
