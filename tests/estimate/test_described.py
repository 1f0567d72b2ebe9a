from __future__ import annotations

import random

import numpy as np
import pytest
from pydantic import ValidationError
from tests.estimate.test_stage import child, results

from joinedup.domain.numbers import Recipe
from joinedup.estimate import stage
from joinedup.settings import EstimateSettings
from joinedup.store.numbers import recompute

SCOPE = "children:known or suspected"
LISTS = ("police", "social_care", "charity")


def children(people=1800, seed=3):
    """Lists that find girls and the north more often, and are independent among children alike in both."""
    draw = random.Random(seed)
    rows = []
    for number in range(people):
        sex, area = draw.choice("FM"), draw.choice(["north", "south"])
        reach = 0.2 * (sex == "F") + 0.15 * (area == "north")
        known = {"sex": sex, "area": area, "age_band": "13-15", "first_year": str(2010 + number % 2)}
        rows += [child(f"p{number:04}", kind) | known for kind in LISTS if draw.random() < 0.12 + reach]
    return rows


def given(run_stage, **settings):
    return run_stage(stage, {"memberships": children()}, estimate=settings)


def test_each_area_has_a_total_of_its_own_and_they_add_up(run_stage):
    plain = results(run_stage(stage, {"memberships": children()}))
    store = given(run_stage, strata=["area"])
    found = results(store)
    method = "log-linear: one model for each area"
    north, south, every = (found[f"{SCOPE}{part}", method] for part in (", area north", ", area south", ""))
    assert north["estimate"] + south["estimate"] == pytest.approx(every["estimate"], rel=1e-6)
    assert north["observed"] + south["observed"] == every["observed"]
    assert north["lower"] < 900 < north["upper"] or south["lower"] < 900 < south["upper"]
    for row in (north, south, every):
        assert recompute(store, Recipe.from_json(row["recipe"])) == row["observed"]
        assert not row["chosen"]
        assert row["unreviewed"]
        assert "Model: [" in row["assumptions"]
    assert plain.items() <= found.items()


def test_years_have_a_trend_and_thin_strata_stand_together(run_stage):
    found = results(given(run_stage, strata=["year", "sex"]))
    assert (
        "From one year to the next the total is multiplied by"
        in found[SCOPE, "log-linear: one model for each year"]["assumptions"]
    )
    rows = children()
    for row in rows:
        row["area"] = "west" if row["person_id"] == "p0001" else row["area"] if row["person_id"] < "p0900" else "east"
    thin = results(run_stage(stage, {"memberships": rows}, estimate={"strata": ["area"]}))
    assert "west; they stand together as others" in thin[SCOPE, "log-linear: one model for each area"]["assumptions"]
    assert (f"{SCOPE}, area west", "log-linear: one model for each area") not in thin
    one = results(given(run_stage, strata=["age_band"]))[SCOPE, "log-linear: one model for each age band"]
    assert "Fewer than two strata" in one["refused"]
    assert one["lifted_by"]


def test_covariates_move_the_total_towards_the_truth(run_stage):
    found = results(given(run_stage, covariates=["sex", "area"]))
    made = {method: row for (_, method), row in found.items() if method.startswith("covariates: ")}
    of_all = made.pop("covariates: all lists, given sex and area")
    assert of_all["lower"] < 1800 < of_all["upper"]
    assert "but not all lists together" in of_all["assumptions"]
    rows = list(made.values())
    assert len(rows) == 3
    adjusted = np.mean([row["estimate"] for row in rows])
    without = np.mean(
        [float(row["assumptions"].split("Without them ")[1].split(".")[0].replace(",", "")) for row in rows]
    )
    assert abs(adjusted - 1800) < abs(without - 1800)
    assert all("alike in sex and area" in row["assumptions"] for row in rows)


@pytest.mark.parametrize("key", ["strata", "covariates"])
@pytest.mark.parametrize("name", ["ethnicity", "Nationality", "religion"])
def test_what_people_are_described_as_is_refused(key, name):
    with pytest.raises(ValidationError, match="is never used in an estimate"):
        EstimateSettings(**{key: [name]})
    with pytest.raises(ValidationError, match="is not known here; one of: area, sex, age_band, year"):
        EstimateSettings(**{key: ["shoe_size"]})
