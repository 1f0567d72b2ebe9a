"""The latent class estimate: the same for the same seed, and refused where chains disagree or the cap decides."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.estimate.bayes import latent_class
from joinedup.estimate.bayes.latent_class import Options, sample

HEPATITIS = [0, 69, 55, 21, 63, 17, 18, 28]
SWAPPED = [0, 63, 55, 18, 69, 17, 21, 28]
SHORT = Options(sweeps=4_000, most_sweeps=4_000)


def two_kinds(people: int) -> np.ndarray:
    """Expected counts of four lists that hold two thirds of people seldom and a third often, rounded."""
    index = np.arange(16)
    counts = sum(
        share * people * chance ** np.bitwise_count(index) * (1 - chance) ** (4 - np.bitwise_count(index))
        for share, chance in ((2 / 3, 0.15), (1 / 3, 0.6))
    )
    found = np.rint(counts).astype(int)
    found[0] = 0
    return found


def test_the_seed_settles_every_draw_whatever_the_order_of_lists_and_the_cores(monkeypatch) -> None:
    one = sample(3, HEPATITIS, SHORT)
    monkeypatch.setattr(latent_class.os, "cpu_count", lambda: 1)
    for counts in (HEPATITIS, SWAPPED):
        again = sample(3, counts, SHORT)
        assert again.draws.tolist() == one.draws.tolist()
        assert again.cap_hits == one.cap_hits
    other = sample(3, HEPATITIS, Options(seed=2, sweeps=4_000, most_sweeps=4_000))
    assert other.draws.tolist() != one.draws.tolist()


def test_an_empty_list_changes_nothing() -> None:
    widened = [*HEPATITIS, *[0] * 8]
    assert sample(4, widened, SHORT).draws.tolist() == sample(3, HEPATITIS, SHORT).draws.tolist()


def test_people_of_two_kinds_are_found_where_independence_finds_too_few() -> None:
    counts = two_kinds(3000)
    found = sample(4, counts)
    assert found.refused is None
    assert found.r_hat <= 1.05
    assert found.lower < 3000 < found.upper
    one_kind = sample(4, counts, Options(classes=1, sweeps=4_000, most_sweeps=4_000))
    assert one_kind.upper < 2700


def test_chains_that_have_hardly_moved_from_far_apart_are_refused_with_their_medians() -> None:
    found = sample(4, two_kinds(20_000), Options(sweeps=160, most_sweeps=160, thin=1))
    assert found.r_hat > 1.05
    assert found.estimate is None
    assert found.lower is None
    assert "Chains disagree" in found.refused.reason
    assert str(max(found.chain_medians)) in found.refused.reason
    assert found.refused.lifted_by


def test_a_cap_that_decides_is_refused_and_its_hits_counted() -> None:
    thin = [0, 40, 30, 6, 20, 0, 0, 0]
    found = sample(3, thin, Options(cap=3, sweeps=8_000, most_sweeps=8_000))
    assert found.cap_hits > 0
    assert found.mass_at_cap == pytest.approx(found.cap_hits / found.kept_sweeps)
    assert found.estimate is None
    assert found.draws.max() <= 96 * 3
    if found.r_hat <= 1.05:
        assert "cap of 3 times" in found.refused.reason


def test_chains_run_on_until_they_agree_and_no_further_than_the_budget() -> None:
    easy = sample(3, [10 * each for each in HEPATITIS], Options(classes=1, sweeps=2_000, most_sweeps=64_000))
    assert easy.sweeps < 64_000
    assert easy.r_hat <= 1.01
    assert easy.effective_size >= 400
    short = sample(3, HEPATITIS, Options(sweeps=400, most_sweeps=800))
    assert short.sweeps == 800
    assert short.draws.shape == (8, 40)
    assert short.kept_sweeps == 8 * 40 * 10


def test_thin_tables_and_senseless_options_are_refused() -> None:
    thin = sample(3, [0, 50, 50, 1, 50, 1, 1, 1])
    assert thin.refused.reason.startswith("4 people")
    assert thin.draws.size == 0
    assert thin.mass_at_cap == 0
    with pytest.raises(ValueError, match="chains must be 8"):
        Options(chains=1)
    with pytest.raises(ValueError, match="most_sweeps"):
        Options(sweeps=1000, most_sweeps=500)
    with pytest.raises(ValueError, match="cap over 1"):
        Options(cap=1.0)
