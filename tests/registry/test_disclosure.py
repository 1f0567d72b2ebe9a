from __future__ import annotations

import pytest
from pydantic import ValidationError

from joinedup.registry.disclosure import DisclosureRule, disclosure_rules
from joinedup.settings import ReportSettings

RULE = {
    "id": "x", "title": "x", "source": "x", "small_from": 1, "small_to": 7, "small_shown": "5", "round_to": 5,
    "estimates_round_to": 10,
}  # fmt: skip


def test_the_rule_an_inquiry_starts_with_is_registered():
    assert ReportSettings().disclosure_rule in disclosure_rules()


@pytest.mark.parametrize(
    "faulty", [{"small_to": 2}, {"small_from": 0}, {"small_from": 8}, {"round_to": 0}, {"more": 1}]
)
def test_a_rule_that_would_hide_nothing_is_refused(faulty):
    assert DisclosureRule.model_validate(RULE).smallest_shown == 8
    with pytest.raises(ValidationError):
        DisclosureRule.model_validate(RULE | faulty)
