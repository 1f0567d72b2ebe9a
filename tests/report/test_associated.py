"""Missing and exploitation in the report: published counts alone, and no ratio of counts too small to publish."""

from __future__ import annotations

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report.associated import section
from joinedup.report.evidence import Evidence
from joinedup.report.press import Press, as_text

SIDES = ("known", "suspected_or_at_risk", "not_recorded")
MISSING = ("missing", "not_missing", "cannot_be_told")


def evidence(*counts):
    cells = [(side, missing) for side in SIDES for missing in MISSING]
    return Evidence(
        associations=[
            {
                "exploited": side, "missing": missing, "count": count, "number_id": f"a.{side}.{missing}",
                "recipe": Recipe("missing_history", {"exploited": side, "missing": missing}, "person_id").to_json(),
            }
            for (side, missing), count in zip(cells, counts, strict=True)
        ]
    )  # fmt: skip


@pytest.fixture
def press():
    return Press(disclosure_rules()["nhs_round_5"])


def test_the_ratio_is_made_of_the_published_counts(press):
    # Published: 120 of 200 against 100 of 1,000, that is 0.6 against 0.1.
    made = section(evidence(121, 79, 0, 0, 0, 0, 102, 898, 0), press)
    warning, table, sentence = made.blocks
    assert "not that one leads to the other" in as_text(warning.parts)
    assert [str(cell) if isinstance(cell, str) else cell.shown for cell in table.rows[0]][1:3] == ["120", "80"]
    assert "there are 600 among those known to be exploited" in as_text(sentence.parts)
    assert "between 600 and 600 whatever the unknowns are" in as_text(sentence.parts)


def test_a_small_count_withholds_the_ratio(press):
    made = section(evidence(3, 79, 0, 0, 0, 0, 102, 898, 0), press)
    assert as_text(made.blocks[2].parts) == "A ratio is not given: it would rest on counts too small to publish."


def test_a_run_without_the_counts_has_no_section(press):
    assert section(Evidence(), press) is None
