from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.profile.base_tables import BaseTable
from joinedup.profile.rates import Asked, rates
from joinedup.stats.rates import crude_rate

BASE = BaseTable(
    ("area", "age_band"),
    {("ZX", "10-12"): 1000.0, ("ZX", "13-15"): 1000.0, ("ZY", "10-12"): 3000.0, ("ZY", "13-15"): 1000.0},
    (),
)


def people(**areas):
    return [{"area": area, "age_band": "13-15"} for area, number in areas.items() for _ in range(number)]


def test_a_rate_lies_between_those_recorded_and_all_who_could_be():
    found = rates([*people(ZX=20, ZY=12), *({"area": "not known", "age_band": "13-15"},) * 4], BASE, Asked("area", {}))
    row = {each["value"]: each for each in found.rows}["ZX"]
    assert (row["people"], row["population"], row["rate"], row["highest"]) == (20, 2000.0, 100.0, 120.0)
    assert row["lower"] == pytest.approx(crude_rate(20, 2000, per=10_000).limits.lower)
    assert row["upper"] == pytest.approx(crude_rate(24, 2000, per=10_000).limits.upper)
    assert (found.unknown, found.outside) == (4, 0)


def test_people_of_an_area_the_base_table_lacks_are_said_and_not_lost():
    found = rates(people(ZX=3, QQ=2), BASE, Asked("area", {}))
    assert found.outside == 2
    assert sum(int(str(row["people"])) for row in found.rows) + found.outside + found.unknown == 5


def test_an_area_far_above_the_common_rate_stands_outside_the_funnel():
    areas = {f"Z{place}": 40 for place in range(12)} | {"ZX": 120}
    base = BaseTable(("area",), dict.fromkeys(((area,) for area in areas), 4000.0), ())
    found = {row["value"]: row for row in rates(people(**areas), base, Asked("area", {})).rows}
    assert found["ZX"]["outside_funnel"] == "above"
    assert float(str(found["ZX"]["adjusted"])) < 0.002
    assert {row["outside_funnel"] for area, row in found.items() if area != "ZX"} == {""}


def test_standardising_takes_the_age_structure_out():
    # The same rates at each age in both areas: crude rates differ by their ages, standardised ones do not.
    told = [
        {"area": area, "age_band": band}
        for area, band, number in (("ZX", "10-12", 10), ("ZX", "13-15", 50), ("ZY", "10-12", 30), ("ZY", "13-15", 50))
        for _ in range(number)
    ]
    first, second = rates(told, BASE, Asked("area", {}, standardised=True)).rows
    assert first["rate"] != second["rate"]
    assert first["standardised"] == pytest.approx(second["standardised"])


def test_below_ten_people_no_standardised_rate_is_given():
    first, _ = rates(people(ZX=9), BASE, Asked("area", {}, standardised=True)).rows
    assert first["standardised"] is None


def test_a_base_table_with_nobody_of_the_kind_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        rates(people(ZX=1), BASE, Asked("area", {"age_band": "16-17"}))


@given(st.lists(st.sampled_from(["ZX", "ZY", "not known", "QQ"]), max_size=40))
def test_everybody_is_somewhere_and_the_limits_hold_the_rate(areas):
    found = rates([{"area": area, "age_band": "13-15"} for area in areas], BASE, Asked("area", {}))
    assert sum(int(str(row["people"])) for row in found.rows) + found.unknown + found.outside == len(areas)
    for row in found.rows:
        lower, rate, highest, upper = (float(str(row[name])) for name in ("lower", "rate", "highest", "upper"))
        assert lower <= rate <= highest <= upper
