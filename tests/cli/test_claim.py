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
