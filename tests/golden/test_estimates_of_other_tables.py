"""Estimates of published tables that stand in full here, held against what was printed of them and against arithmetic made another way.

No table of the other golden tests is among them, so that nothing the estimates rest on can be fitted to those.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

import joinedup.estimate
from joinedup.estimate.bayes import latent_class
from joinedup.estimate.loglinear.lattice import lattice
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.select import ByBic

# 68 snowshoe hares on six occasions, of R. M. Cormack, Biometrics 45 (1989), 395-413, and A. Agresti, Biometrics 50 (1994), 494-500;
# held below against what was printed of them. A row for each pattern of the last three (6, 5, 4), in it the patterns of the first
# three (3, 2, 1) from 000 to 111.
_HARES = (
    (0, 3, 6, 0, 5, 1, 0, 0),
    (3, 2, 3, 0, 0, 1, 0, 0),
    (4, 2, 3, 1, 0, 1, 0, 0),
    (1, 0, 0, 0, 0, 0, 0, 0),
    (4, 1, 1, 1, 2, 0, 2, 0),
    (4, 0, 3, 0, 1, 0, 2, 0),
    (2, 0, 1, 0, 1, 0, 1, 0),
    (1, 1, 1, 0, 0, 0, 1, 2),
)
HARES = OverlapTable(
    tuple("123456"),
    {late << 3 | early: n for late, row in enumerate(_HARES) for early, n in enumerate(row) if n},
)


def of_three(sizes, pairs, all_three):
    """The table of three lists whose sizes, pairs (first and second, second and third, first and third) and triple are printed."""
    one_two, two_three, one_three = (each - all_three for each in pairs)
    alone = (sizes[0] - one_two - one_three, sizes[1] - one_two - two_three, sizes[2] - two_three - one_three)
    held = (alone[0], alone[1], one_two, alone[2], one_three, two_three, all_three)
    counts = {
        pattern: count - (all_three if pattern in {1, 2, 4} else 0) for pattern, count in enumerate(held, start=1)
    }
    return OverlapTable(("first", "second", "third"), counts)


# R. H. Doshi and others, JMIR Public Health and Surveillance 5 (2019), e12118: three groups of people in Kampala, counted two or three
# times a week apart.
TWICE = OverlapTable(("first", "second"), {0b11: 54, 0b01: 467 - 54, 0b10: 450 - 54})
THRICE = of_three((542, 574, 598), (70, 103, 155), 57)
OFTEN = of_three((962, 965, 1417), (316, 214, 235), 109)
EVERY = (HARES, TWICE, THRICE, OFTEN)


def test_the_tables_add_up_to_what_is_printed_of_them():
    caught = [sum(n for pattern, n in HARES.counts.items() if pattern.bit_count() == times) for times in range(1, 7)]
    assert (HARES.observed, caught) == (68, [25, 22, 13, 5, 1, 2])
    assert (THRICE.sizes, THRICE.on_both(["first"], ["third"]), THRICE.counts[7]) == ((542, 574, 598), 155, 57)
    assert (OFTEN.sizes, OFTEN.on_both(["second"], ["third"]), OFTEN.counts[7]) == ((962, 965, 1417), 214, 109)


@pytest.mark.parametrize("table", EVERY)
def test_independence_solves_the_equation_of_darroch(table):
    """Were lists independent, those missed are the product of each list's misses: N - n = N (1 - a / N)(1 - b / N)...; Biometrika 45 (1958)."""
    seen = table.observed

    def missed(total):
        return total * math.prod(1 - size / total for size in table.sizes) - (total - seen)

    found = estimate_population(table, Options("independence", replicates=0))
    row = next(each for each in found.range if each.method == "independence")
    assert row.estimate == pytest.approx(brentq(missed, seen + 1e-6, 100 * seen), rel=1e-6)


def test_the_hares_are_those_of_print():
    """Printed by the manual of Rcapture (search.r-project.org/CRAN/refmans/Rcapture/html/hare.html): 76.8 with a term for those caught
    every time, 81.1 with one in 2 to the power of the times caught."""
    counts, caught = HARES.dense(), np.array([pattern.bit_count() for pattern in range(64)])
    alone = [0, *(1 << place for place in range(6))]
    assert 68 + by_design(counts, alone, caught == 6)[0] == pytest.approx(76.8, abs=0.05)
    assert 68 + by_design(counts, alone, 2.0**caught - 1)[0] == pytest.approx(81.1, abs=0.05)


def test_independence_of_the_hares_is_what_fitting_by_a_design_matrix_finds():
    found = estimate_population(HARES, Options("independence", replicates=1000, seed=1, beside=False))
    unseen, _ = by_design(HARES.dense(), [0, *(1 << place for place in range(6))])
    assert found.estimate == pytest.approx(68 + unseen, rel=1e-6)
    assert 68 < found.lower < found.estimate < found.upper < 90


def test_two_counts_of_people_in_kampala():
    """Printed: 3,892 by Lincoln and Petersen, which is independence of two lists. Two lists are no headline."""
    found = estimate_population(TWICE, Options("independence", replicates=0))
    assert round(found.range[-1].estimate) == 3892
    assert found.estimate is None
    assert "Only 2 lists hold anybody" in found.refused.reason


def test_three_counts_of_people_in_kampala_by_latent_classes():
    """Printed: 14,019 (4,995 to 40,949), one chain of LCMCR. Of ours, short as they are, some lie there and others near 3,500: no number."""
    options = latent_class.Options(cap=30, sweeps=20_000, most_sweeps=20_000)
    found = latent_class.sample(3, THRICE.dense().astype(int), options)
    assert sum(0.8 < each / 14019 < 1.25 for each in found.chain_medians) >= 3
    assert min(found.chain_medians) < 5000
    assert found.estimate is None
    assert found.r_hat > 1.05
    assert "Chains disagree" in found.refused.reason


@pytest.mark.parametrize("table", [THRICE, OFTEN])
def test_all_pairs_of_three_lists_tied_have_a_closed_form(table):
    """Those on none: of one list each times of all, over of two lists each (Bishop, Fienberg and Holland 1975, chapter 6)."""
    n = table.counts
    unseen = n[1] * n[2] * n[4] * n[7] / (n[3] * n[5] * n[6])
    found = estimate_population(table, Options("bic", replicates=0, beside=False))
    assert found.model == "[first*second] [first*third] [second*third]"
    assert found.estimate == pytest.approx(table.observed + unseen, rel=1e-6)


def test_the_search_over_six_lists_finds_what_fitting_by_a_design_matrix_finds():
    """Each of the 30 best of 32,768 models, and each of one tie, fitted anew by iteratively reweighted least squares."""
    counts = HARES.dense()
    select = ByBic(lattice(6, 2), HARES.possible())
    ranked = select.ranked(counts)
    for rival in [*ranked[:30], *(each for each in ranked if len(each.choice.model) == 8)]:
        unseen, deviance = by_design(counts, rival.choice.model)
        assert rival.choice.unseen == pytest.approx(unseen, rel=1e-6)
        assert rival.choice.deviance == pytest.approx(deviance, rel=1e-6)
        assert rival.choice.criterion == pytest.approx(deviance + len(rival.choice.model) * math.log(68), rel=1e-6)
    assert select(counts).model == ranked[0].choice.model


def by_design(counts, model, beside=None):
    """The mean of the empty cell, and the deviance of the others; `beside` is one more column, nought in the empty cell."""
    cells = np.arange(1, counts.size)
    design = np.array([[(cell & term) == term for term in model] for cell in cells], dtype=float)
    if beside is not None:
        design = np.column_stack([design, beside[1:]])
    seen = counts[1:]
    means = seen + 0.5
    for _ in range(60):
        target = np.log(means) + (seen - means) / means
        weighted = design * means[:, None]
        coefficients = np.linalg.solve(design.T @ weighted, weighted.T @ target)
        means = np.exp(design @ coefficients)
    terms = np.where(seen > 0, seen * np.log(np.where(seen > 0, seen, 1) / means), 0.0) - (seen - means)
    return math.exp(coefficients[0]), 2 * float(terms.sum())


def test_no_table_and_no_number_of_one_is_named_in_the_code():
    """Nothing is special: not a name of a published table, nor an estimate printed of one."""
    folder = Path(joinedup.estimate.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8").lower() for path in sorted(folder.rglob("*.py")))
    for word in (
        "kosovo",
        "neworleans",
        "new orleans",
        "westernus",
        "western us",
        "netherlands",
        "korea",
        "gaza",
        "uk2013",
    ):
        assert word not in text
    for number in (25311, 22991, 12350, 10357, 14342, 148789, 48013, 64696, 1184, 2483, 11313, 121522, 12262):
        assert str(number) not in text
        assert f"{number:,}" not in text
