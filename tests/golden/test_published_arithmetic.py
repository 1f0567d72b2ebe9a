"""Published percentages that do not agree with their own counts and base.

IICSA, Child sexual exploitation by organised networks, February 2022, G.1: "9% (22,786) of missing children incidents had
a CSE flag; of those 69% (12,392) girls, 26% (4,595) boys". The Children's Society gives 17,940 for England and Wales in
the same year, so two bases were mixed.
"""

from __future__ import annotations

import pytest

from joinedup.stats.arithmetic import percentages, recompute

SENTENCE = (
    "9% (22,786) of missing children incidents had a CSE flag; of those 69% (12,392) were girls and 26% (4,595) boys."
)
ENGLAND_AND_WALES = 17_940


def test_every_percentage_of_the_sentence_is_read_with_its_base() -> None:
    found = [(each.percent, each.count, each.base) for each in percentages(SENTENCE)]
    assert found == [("9", 22786, None), ("69", 12392, 22786), ("26", 4595, 22786)]


def test_nine_percent_has_no_base_and_its_two_figures_imply_one() -> None:
    nine = recompute(percentages(SENTENCE)[0])
    assert nine.holds is None
    assert nine.implied == (239_853, 268_070)


@pytest.mark.parametrize(("place", "percent"), [(1, 54.4), (2, 20.2)])
def test_girls_and_boys_fail_and_both_imply_the_other_base(place: int, percent: float) -> None:
    found = recompute(percentages(SENTENCE)[place])
    assert found.holds is False
    assert found.percent == pytest.approx(percent, abs=0.05)
    assert found.implied[0] <= ENGLAND_AND_WALES <= found.implied[1]
    assert "does not agree" in found.message


def test_ceop_2011_figures_that_do_agree() -> None:
    assert recompute(percentages("1,087 of 2,083 (52.2%) were not identified.")[0]).holds
    assert recompute(percentages("137 of 230 groups (59.6%) were of unknown background.")[0]).holds
