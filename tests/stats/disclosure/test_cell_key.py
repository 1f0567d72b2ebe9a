"""Cell keys: no bias, the promised variance, no small count made, and the same noise for the same people everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.stats.disclosure import (
    Counted,
    Noise,
    SmallCounts,
    UnprotectedError,
    cell_keys,
    person_keys,
    perturbed_tables,
)

NOISE = Noise(5, 3.0, 4)


@pytest.mark.parametrize("count", range(14))
def test_noise_is_unbiased_and_never_makes_a_small_count(count):
    found = NOISE.probabilities(count)
    assert sum(found.values()) == pytest.approx(1)
    assert sum(noise * chance for noise, chance in found.items()) == pytest.approx(0, abs=1e-4)
    assert all(count + noise == 0 or count + noise > 4 for noise in found)
    if count > 9:
        assert sum(noise**2 * chance for noise, chance in found.items()) == pytest.approx(3.0, rel=1e-3)


def test_nought_stays_nought():
    assert NOISE.probabilities(0) == {0: 1.0}


def people(tables):
    """For each of two crossings of the same people, its counts and the keys in each of its cells."""
    random = np.random.default_rng(6)
    where = random.integers(0, [4, 3, 2], size=(300, 3))
    keys = list(person_keys([f"p{number}" for number in range(300)], "kept").values())
    made = []
    for axes in tables:
        counts, inside = {}, {}
        for person, key in zip(where, keys, strict=True):
            labels = tuple(f"{'abc'[axis]}{person[axis]}" for axis in axes)
            counts[labels] = counts.get(labels, 0) + 1
            inside.setdefault(labels, []).append(key)
        made.append((Counted("t", tuple("abc"[axis] for axis in axes), counts), inside))
    return made


def test_a_cell_of_the_same_people_gets_the_same_noise_in_every_table():
    (one, one_keys), (other, other_keys) = people([(0, 1), (0, 2)])
    shown = [
        {row[:2]: row[2] for row in made.as_text()}
        for made in perturbed_tables([one, other], [cell_keys(one, one_keys), cell_keys(other, other_keys)], NOISE)[0]
    ]
    margin = [shown[0][f"a{at}", "Total"] for at in range(4)]
    assert margin == [shown[1][f"a{at}", "Total"] for at in range(4)]
    assert shown[0]["Total", "Total"] == shown[1]["Total", "Total"]
    assert any(shown[0][labels] != str(count) for labels, count in one.counts.items())


def test_what_it_says_holds_the_truth():
    [(table, keys)] = people([(0, 1)])
    (made,), audit = perturbed_tables([table], [cell_keys(table, keys)], NOISE)
    assert audit.safe
    published = made.published("t", "count")
    for labels, count in table.counts.items():
        said = published.counts[labels]
        assert said.least <= count <= said.most


def test_keys_need_a_secret_and_a_person_for_every_count():
    with pytest.raises(ValueError, match="secret"):
        person_keys(["p1"], "")
    assert person_keys(["p1"], "one") != person_keys(["p1"], "two")
    with pytest.raises(ValueError, match="another number of keys"):
        cell_keys(Counted("t", ("a",), {("x",): 2}), {("x",): [1]})
    with pytest.raises(ValueError, match="x has people and no cell key"):
        perturbed_tables([Counted("t", ("a",), {("x",): 2})], [{}], NOISE)
    with pytest.raises(ValueError, match="variance"):
        Noise(3, 1.0, 4)


def test_what_the_totals_narrow_down_is_refused():
    """Noise of one either way, and three parts each shown to be somebody beside a total that leaves them one each."""
    table = Counted("t", ("a",), {("x",): 2, ("y",): 2, ("z",): 2})
    noise = Noise(2, 2.0, 1)
    tried = 0
    for seed in range(400):
        keys = np.random.default_rng(seed).integers(0, 1 << 32, 3).tolist()
        try:
            (made,), _ = perturbed_tables(
                [table], [dict(zip(table.counts, keys, strict=True))], noise, SmallCounts(1, 1)
            )
        except UnprotectedError:
            tried += 1
        else:
            shown = [int(row[-1]) for row in made.as_text()]
            assert shown[-1] + 2 >= sum(part > 0 for part in shown[:-1]) + 2
    assert tried
