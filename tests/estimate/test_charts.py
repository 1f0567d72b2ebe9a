from __future__ import annotations

import pytest

from joinedup.errors import UsageError
from joinedup.estimate.charts import every, write
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.sensitivity import sensitivity

FOUR = OverlapTable(
    ("a", "b", "c", "d"),
    {1: 90, 2: 80, 4: 70, 8: 60, 3: 20, 5: 18, 6: 15, 9: 9, 10: 8, 12: 7, 7: 6, 11: 3, 13: 2, 15: 1},
)


@pytest.fixture(scope="module")
def drawn():
    options = Options("stepwise", replicates=60)
    found = estimate_population(FOUR, options)
    return found, every(found, sensitivity(FOUR, options))


def values(chart):
    """Every row of data written into a chart."""
    held = chart.to_dict()
    return [
        row for rows in (*held.get("datasets", {}).values(), held.get("data", {}).get("values", [])) for row in rows
    ]


def test_there_is_a_chart_of_everything(drawn):
    _, charts = drawn
    assert list(charts) == ["methods", "overlaps", "bootstrap", "changes", "ties", "self-test"]


def test_models_that_fit_about_as_well_are_drawn_where_a_model_is_chosen_by_bic():
    options = Options("bic", replicates=0)
    found, turned = estimate_population(FOUR, options), sensitivity(FOUR, options)
    chart = every(found, turned)["models"]
    drawn = [row["estimate"] for row in values(chart) if "change" in row]
    assert drawn == [each.estimate for each in turned.models]


def test_the_charts_hold_the_estimates_numbers(drawn):
    found, charts = drawn
    marked = [row for row in values(charts["methods"]) if row.get("chosen")]
    assert {(row["method"], row["estimate"]) for row in marked} == {("stepwise *", found.estimate)}
    bars = {row["pattern"]: row["people"] for row in values(charts["overlaps"]) if "people" in row}
    assert bars == dict(found.overlaps)
    assert bars["a & b"] == 20
    assert sum(row["replicates"] for row in values(charts["bootstrap"]) if "replicates" in row) >= 58


def test_they_are_written_in_every_format_and_alike_each_time(drawn, tmp_path):
    _, charts = drawn
    some = {"overlaps": charts["overlaps"]}
    paths = write(some, tmp_path / "one")
    assert [path.name for path in paths] == [f"{name}.{each}" for name in some for each in ("svg", "png", "html")]
    assert paths[0].read_text(encoding="utf-8").startswith("<svg")
    assert paths[1].read_bytes().startswith(b"\x89PNG")
    page = paths[2].read_text(encoding="utf-8")
    assert "vega" in page
    assert 'src="http' not in page
    again = write(some, tmp_path / "two", ["svg"])
    assert again[0].read_bytes() == paths[0].read_bytes()


def test_another_format_is_a_usage_error(drawn, tmp_path):
    with pytest.raises(UsageError, match="gif"):
        write(drawn[1], tmp_path, ["gif"])


def test_a_result_plots_itself(drawn):
    found, _ = drawn
    assert found.plot().to_dict() == found.plot("methods").to_dict()
    with pytest.raises(ValueError, match="no chart"):
        found.plot("pie")
    with pytest.raises(ValueError, match="nothing to draw"):
        estimate_population(FOUR, Options(replicates=0)).plot("bootstrap")
    assert len(found.to_frame()) == len(found.range)
