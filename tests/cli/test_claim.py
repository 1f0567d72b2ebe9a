"""`joinedup claim --counts`: JSON as agreed, and what cannot be read is refused with the forms."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import UsageError

FIGURES = "asian=239,white=460,unknown=241"


def test_json_as_agreed():
    found = CliRunner().invoke(app, ["claim", "--counts", FIGURES, "share asian >= 0.5", "--json"])
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    assert told["verdict"] == "cannot be told"
    assert told["bounds"] == [239 / 940, 480 / 940]
    assert told["unknown_share"] == 241 / 940


def test_the_screen_says_what_would_settle_it():
    found = CliRunner().invoke(app, ["claim", "--counts", FIGURES, "majority white"])
    assert "Cannot be told" in found.stdout
    assert "What would settle it" in found.stdout


@pytest.mark.parametrize(
    "words", [["--counts", FIGURES, "nonsense"], ["share a > 1"], ["--counts", "x", "share a > 1"]]
)
def test_what_cannot_be_read_is_refused(words):
    with pytest.raises(UsageError):
        CliRunner().invoke(app, ["claim", *words], catch_exceptions=False)


def said(*words):
    found = CliRunner().invoke(app, ["claim", *words], catch_exceptions=False)
    return json.loads(found.stdout) if "--json" in words else found.stdout


def test_the_base_rate_stands_beside_the_share_claimed():
    words = ("--counts", FIGURES, "share asian >= 0.2", "--population", "asian=7.5%")
    rate = said(*words, "--json")["base_rate"]
    assert rate["share_of_population"] == pytest.approx(0.075)
    # Whole per mille: 7.5% stands for 7.45 to 7.55%.
    assert rate["times"] == [pytest.approx(239 / 940 / 0.0755), pytest.approx(480 / 940 / 0.0745)]
    assert "Base rate: 7.5% of the population; the share claimed is 3.37 to 6.85 times that." in said(*words)


def test_without_a_base_rate_it_is_said_that_there_is_none():
    assert "Base rate: not given." in said("--counts", FIGURES, "share asian >= 0.2")
    assert said("--counts", FIGURES, "asian > white", "--population", "asian=7.5%", "--json")["base_rate"] is None


def test_the_population_is_given_in_the_way_of_the_figures(tmp_path):
    with pytest.raises(UsageError):
        said("--counts", FIGURES, "share asian >= 0.2", "--base", str(tmp_path / "base.csv"))
    with pytest.raises(UsageError):
        said("--counts", FIGURES, "share asian >= 0.2", "--population", "asian is few")
