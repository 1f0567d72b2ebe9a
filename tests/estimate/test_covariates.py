from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from joinedup.errors import UsageError
from joinedup.estimate.covariates import Adjusted, Options, adjusted
from joinedup.estimate.population import Options as Asked
from joinedup.estimate.with_covariates import disagreeing, estimate_with_covariates, table_of


def population(people=3000, seed=1, tied=0.0):
    """Three lists that find people by sex and age, and `tied` between the first two besides."""
    draw = np.random.default_rng(seed)
    sex, age = draw.choice(["F", "M"], people), draw.choice(["10-12", "13-15", "16-17"], people)
    reach = 1.2 * (sex == "F") + 1.2 * (age == "13-15")
    one = draw.random(people) < 1 / (1 + np.exp(-(-1.8 + reach)))
    two = draw.random(people) < 1 / (1 + np.exp(-(-1.9 + reach + tied * one)))
    three = draw.random(people) < 1 / (1 + np.exp(-(-2.0 + reach)))
    seen = one | two | three
    lists = {name: held[seen].astype(int) for name, held in (("one", one), ("two", two), ("three", three))}
    return lists, {"sex": sex[seen], "age": age[seen]}


def test_what_covariates_do_to_a_pair_is_removed():
    found = adjusted(*population(seed=2))
    assert [each.lists for each in found] == [("one", "two"), ("one", "three"), ("two", "three")]
    assert all(each.unadjusted < 0.85 * 3000 for each in found)
    assert all(each.lower < 3000 < each.upper for each in found)
    with_them, without = (np.mean([getattr(each, name) for each in found]) for name in ("estimate", "unadjusted"))
    assert abs(with_them - 3000) < 0.5 * abs(without - 3000)


def test_without_anything_to_learn_it_is_the_two_list_estimate():
    """One category for everybody, two lists: people on the first times people on the second over people on both."""
    draw = np.random.default_rng(4)
    held = draw.random((3000, 2)) < (0.4, 0.3)
    held = held[held.any(axis=1)].astype(int)
    [found] = adjusted({"a": held[:, 0], "b": held[:, 1]}, {"area": ["north"] * len(held)})
    by_hand = held[:, 0].sum() * held[:, 1].sum() / (held[:, 0] & held[:, 1]).sum()
    assert found.unadjusted == pytest.approx(by_hand, rel=1e-9)
    assert found.estimate == pytest.approx(by_hand, rel=0.01)


def test_a_tie_beyond_the_covariates_is_not_removed():
    found = {each.lists: each for each in adjusted(*population(tied=1.3))}
    assert found["one", "two"].upper < 3000
    assert found["one", "two"].estimate == min(each.estimate for each in found.values())


def test_pairs_whose_limits_do_not_meet_are_warned_of():
    def pair(one, two, estimate, lower, upper):
        return Adjusted((one, two), 50, estimate, lower, upper, estimate, None)

    apart = [pair("a", "b", 1500.0, 1400.0, 1600.0), pair("b", "c", 3000.0, 2500.0, 3600.0)]
    [said] = disagreeing(apart)
    assert "from 1,500 to 3,000" in said
    assert disagreeing([apart[0], pair("b", "c", 1700.0, 1550.0, 1900.0)]) == []
    assert disagreeing([apart[0], Adjusted(("b", "c"), 3, None, None, None, None, "too few")]) == []


def test_the_same_seed_gives_the_same():
    given = population(1500)
    assert adjusted(*given, Options(seed=3)) == adjusted(*given, Options(seed=3))


def test_too_few_of_a_pattern_is_a_reason_and_not_a_guess():
    lists, known = population(150)
    found = adjusted(lists, known)
    assert any(each.reason and "15 are needed" in each.reason for each in found)
    assert all((each.estimate is None) == (each.reason is not None) for each in found)


@pytest.mark.parametrize("name", ["ethnicity", "Ethnic group", "religion", "Nationality"])
def test_what_people_are_described_as_is_never_a_covariate(name):
    lists, known = population(500)
    with pytest.raises(UsageError, match="never a covariate"):
        adjusted(lists, {**known, name: known["sex"]})


def test_other_lengths_and_one_list_are_usage_errors():
    lists, known = population(500)
    with pytest.raises(UsageError, match="two lists"):
        adjusted({"one": lists["one"]}, known)
    with pytest.raises(UsageError, match="two lists"):
        adjusted(lists, {"sex": known["sex"][:-1]})


def test_it_stands_beside_the_other_methods_and_leads_where_asked_for():
    lists, known = population()
    options = Asked(replicates=20)
    beside = estimate_with_covariates(lists, known, options)
    assert beside.method == "widened"
    assert beside.table == table_of(lists).digest
    rows = [row.method for row in beside.range if row.method.startswith("covariates")]
    assert rows == [
        "covariates: all lists",
        "covariates: one and three",
        "covariates: one and two",
        "covariates: three and two",
    ]
    leads = estimate_with_covariates(lists, known, Asked("covariates", replicates=20))
    [row] = [row for row in leads.range if row.chosen]
    assert leads.method == row.method == "covariates: all lists"
    assert (leads.estimate, leads.lower, leads.upper) == (row.estimate, row.lower, row.upper)
    assert leads.assumption.startswith("Among people alike in sex and age, lists may depend on one another in any way")


def test_where_all_lists_give_no_total_the_two_with_the_most_people_in_common_lead():
    lists, known = population(1000)
    lists["four"] = np.r_[np.ones(5, dtype=int), np.zeros(len(lists["one"]) - 5, dtype=int)]
    found = estimate_with_covariates(lists, known, Asked("covariates", replicates=0))
    [of_all] = [row for row in found.range if row.method == "covariates: all lists"]
    assert "people hold one of the patterns" in of_all.reason
    richest = max(combinations(sorted(lists), 2), key=lambda pair: (lists[pair[0]] & lists[pair[1]]).sum())
    assert found.method == f"covariates: {richest[0]} and {richest[1]}"
    assert found.assumption.startswith("Among people alike in sex and age, being on the list ")


def test_the_pair_that_is_named_leads():
    lists, known = population(1500)
    found = estimate_with_covariates(lists, known, Asked(replicates=0), ("three", "one"))
    assert found.method == "covariates: one and three"
    with pytest.raises(UsageError, match="no two lists"):
        estimate_with_covariates(lists, known, Asked(replicates=0), ("one", "none"))
    with pytest.raises(UsageError, match="two of the lists"):
        adjusted(lists, known, pairs=[("one", "none")])


def test_another_list_may_depend_on_both():
    """Four lists of 6,000 people; the third is tied to the first two, the fourth to the third. Of the first two the total holds."""
    draw = np.random.default_rng(8)
    sex, area = draw.choice(["F", "M"], 6000), draw.choice(["north", "south", "east"], 6000)
    reach = 1.3 * (sex == "F") + 0.8 * (area == "north")
    held = [draw.random(6000) < 1 / (1 + np.exp(-(start + reach))) for start in (-1.9, -2.1)]
    held.append(draw.random(6000) < 1 / (1 + np.exp(-(-1.8 + 1.5 * (held[0] | held[1])))))
    held.append(draw.random(6000) < 1 / (1 + np.exp(-(-2.0 + 1.5 * held[2]))))
    seen = np.any(held, axis=0)
    lists = {name: each[seen].astype(int) for name, each in zip("abcd", held, strict=True)}
    known = {"sex": sex[seen], "area": area[seen]}
    good, tied = adjusted(lists, known, pairs=[("a", "b"), ("a", "c")])
    assert good.unadjusted < 0.93 * 6000
    assert good.lower < 6000 < good.upper
    assert tied.upper < 6000


def test_two_lists_give_rows_and_no_headline():
    lists, known = population()
    kept = (lists["one"] | lists["two"]).astype(bool)
    found = estimate_with_covariates(
        {name: lists[name][kept] for name in ("one", "two")},
        {name: values[kept] for name, values in known.items()},
        Asked("covariates", replicates=0),
    )
    assert found.refused.reason.startswith("Only 2 lists")
    assert found.estimate is None
    assert found.range[-1].estimate is not None
