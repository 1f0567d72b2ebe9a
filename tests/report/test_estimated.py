"""Estimates that would tell how few children they rest on are not published."""

from __future__ import annotations

import pytest

from joinedup.registry.disclosure import disclosure_rules
from joinedup.report import estimate_pictures
from joinedup.report.estimated import RESTS_ON_FEW, publishable
from joinedup.report.evidence import Evidence
from joinedup.report.press import Press, Printed
from joinedup.stats.intervals import chapman

SCOPE = "children:known or suspected"


def evidence(made, both, three=0):
    patterns = {"110": both, "100": 92, "010": 73, "001": 40, "101": 60, "011": 50, "111": three}
    overlaps = [
        {"scope": SCOPE, "lists": "police|social_care|charity", "pattern": pattern, "count": count}
        for pattern, count in patterns.items()
        if count
    ]
    methods = ("log-linear: lowest BIC", "chapman: social_care and police", "chapman: charity and all other lists")
    rows = [
        made.estimate(chosen=not place) | {"method": method, "scope": SCOPE} for place, method in enumerate(methods)
    ]
    return Evidence(estimates=rows, overlaps=overlaps)


def refused(found):
    return {row["method"] for row in publishable(found, Press(disclosure_rules()["nhs_round_5"])) if row["refused"]}


@pytest.mark.parametrize(("both", "three", "told"), [(7, 0, True), (4, 3, True), (4, 4, False), (8, 0, False)])
def test_a_pair_with_few_on_both_is_withheld_and_others_stand(made, both, three, told):
    assert refused(evidence(made, both, three)) == ({"chapman: social_care and police"} if told else set())


def test_models_are_withheld_where_few_are_on_any_two_lists(made):
    found = evidence(made, 6)
    few = [row for row in found.overlaps if row["pattern"] not in {"101", "011"}]
    assert "log-linear: lowest BIC" in refused(Evidence(estimates=found.estimates, overlaps=few))
    assert refused(Evidence(estimates=found.estimates)) == set()


def test_what_is_withheld_could_be_worked_out():
    """Sizes known to within two and a total rounded to ten leave one number on both lists: 7, and no other."""
    shown = round(chapman(102, 83, 7).estimate, -1)
    fits = {
        both
        for both in range(1, 30)
        for first in range(100, 105)
        for second in range(81, 86)
        if abs(chapman(first, second, both).estimate - shown) <= 5
    }
    assert fits == {7}


def test_the_report_says_why(report_of, made):
    found = evidence(made, 7)
    pair = [row | {"chosen": True} for row in found.estimates if row["method"].startswith("chapman: social")]
    html, store = report_of(made.tables(estimates=pair, overlaps=list(found.overlaps)))
    assert RESTS_ON_FEW in html
    numbers = {row["number_id"] for row in store.read("released").to_pyarrow().to_pylist()}
    assert not numbers & {"estimate.lead", "estimate.lead.lower", "estimate.lead.upper"}


def test_every_overlap_that_is_made_is_printed_and_the_greatest_are_drawn():
    press = Press(disclosure_rules()["nhs_round_5"])
    rows = [
        {"scope": "s", "lists": "a|b|c|d", "pattern": f"{place:04b}", "count": 10 * place} for place in range(1, 16)
    ]
    (figure,) = estimate_pictures.overlaps(rows, "children", press)
    printed = {part.number_id for row in figure.table.rows for part in row if isinstance(part, Printed)}
    assert printed == {number.number_id for number in press.numbers()}
    assert len(printed) == 15
    assert figure.alternative.count(";") == estimate_pictures.MOST_PATTERNS - 1
    assert "Only the patterns with the most children are drawn." in figure.table.note
