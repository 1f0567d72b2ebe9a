"""Claims that were made in public, held against the figures as published."""

from __future__ import annotations

import pytest

from joinedup.stats.claims import figures, judge

VICTIMS_2011 = "female=1264,male=182,unknown=637"
HOMES_2011 = "care=311,elsewhere=685,unknown=1087"
OFFENDERS_2011 = "asian=26%,white=38%,unknown=32%"
GROUPS_2011 = "asian=41,white=36,other=16,unknown=137"
OFFENDERS_EARLIER = "asian=239,white=460,unknown=241"
SUSPECTS_2023 = "white=28.22%,asian=2.38%,unknown=66%"
"""Of the 34% recorded, 83% and 7%."""


@pytest.mark.parametrize(
    ("published", "claim", "verdict", "lower", "upper"),
    [
        (VICTIMS_2011, "share female >= 0.6", "supported", 0.607, 0.913),
        (VICTIMS_2011, "share female >= 87.4%", "cannot be told", 0.607, 0.913),
        (VICTIMS_2011, "female > male", "supported", 0.214, 0.825),
        (HOMES_2011, "majority care", "cannot be told", 0.149, 0.671),
        (OFFENDERS_2011, "majority asian", "cannot be told", 0.255, 0.59),
        (OFFENDERS_2011, "majority white", "cannot be told", 0.375, 0.71),
        (OFFENDERS_2011, "share asian >= 0.2", "supported", 0.255, 0.59),
        (OFFENDERS_2011, "white > asian", "cannot be told", -0.215, 0.455),
        (GROUPS_2011, "majority asian", "cannot be told", 0.178, 0.774),
        (GROUPS_2011, "asian > white", "cannot be told", -0.574, 0.617),
        (OFFENDERS_EARLIER, "share asian >= 0.5", "cannot be told", 0.254, 0.511),
        (OFFENDERS_EARLIER, "majority white", "cannot be told", 0.489, 0.746),
        (SUSPECTS_2023, "majority white", "cannot be told", 0.282, 0.947),
        (SUSPECTS_2023, "ratio asian to 9% >= 1", "cannot be told", 0.264, 7.654),
    ],
)
def test_claims_on_published_figures(published, claim, verdict, lower, upper):
    answer = judge(claim, figures(published))
    assert answer.verdict == verdict
    assert (answer.lower, answer.upper) == (pytest.approx(lower, abs=6e-4), pytest.approx(upper, abs=6e-4))
