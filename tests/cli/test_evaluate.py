from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from joinedup.cli.evaluate import evaluate

# The hand-written run and its truth are those of tests/evaluate.
_SPEC = importlib.util.spec_from_file_location(
    "evaluate_fixtures", Path(__file__).resolve().parents[1] / "evaluate" / "conftest.py"
)
_FIXTURES = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_FIXTURES)
inquiry_dir, truth_dir = _FIXTURES.inquiry_dir, _FIXTURES.truth_dir


def test_json_has_every_promised_key(inquiry_dir, truth_dir, capsys):
    evaluate(inquiry_dir, truth=truth_dir, as_json=True)
    found = json.loads(capsys.readouterr().out)
    promised = {
        "linkage": {"pairwise", "bcubed", "child_count_bias"},
        "estimate": {"truth", "estimate", "lower", "upper", "covered"},
        "concerns": {"recall", "precision", "reachable"},
        "groups": {"bcubed_f1", "ami", "planted", "found", "false"},
        "audit": {"recall", "precision", "by_rule"},
    }
    assert set(found) == set(promised)
    for part, keys in promised.items():
        assert keys <= set(found[part]), part
    for measure in ("pairwise", "bcubed"):
        assert set(found["linkage"][measure]) == {"precision", "recall", "f1"}
    for figures in found["audit"]["by_rule"].values():
        assert {"recall", "precision"} <= set(figures)


def test_the_table_shows_what_was_found_beside_what_was_planted(inquiry_dir, truth_dir, capsys, monkeypatch):
    monkeypatch.setattr("joinedup.cli.console.out.width", 200, raising=False)
    evaluate(inquiry_dir, truth=truth_dir)
    captured = capsys.readouterr()
    assert "Found beside planted truth" in captured.out
    assert "9 (5 to 13)" in captured.out
    assert "breaches of return_interview_72h" in captured.out
    assert "Next:" in captured.err


def test_a_run_can_be_named(inquiry_dir, truth_dir):
    from joinedup.errors import UsageError

    with pytest.raises(UsageError, match="no run of this inquiry"):
        evaluate(inquiry_dir, truth=truth_dir, run="0009-ffffffff")
