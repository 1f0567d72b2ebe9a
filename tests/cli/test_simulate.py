from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from joinedup.cli.simulate import simulate
from joinedup.errors import RefusedError, UsageError
from joinedup.settings import load_inquiry

app = typer.Typer(add_completion=False)
app.command()(simulate)


def test_json_says_what_was_made_and_it_is_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path / "out"), "--children", "120", "--seed", "4", "--json"])
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    assert made["children"] == 120
    assert made["seed"] == 4
    assert made["mentions"] == len((tmp_path / "out/truth/mentions.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert len(load_inquiry(tmp_path / "out").agency) == made["agencies"]


def test_in_words_it_names_the_numbers_and_the_next_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path / "out"), "--mentions", "400"])
    assert result.exit_code == 0
    assert "mentions in the returns of 31 agencies" in result.stdout
    assert f"joinedup run {tmp_path / 'out'}" in result.stderr


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")
    result = CliRunner().invoke(app, [str(tmp_path)])
    assert isinstance(result.exception, RefusedError)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_two_sizes_are_one_too_many(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path / "out"), "--children", "60", "--mentions", "600"])
    assert isinstance(result.exception, UsageError)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "size", [["--children", "49"], ["--children", "900001"], ["--mentions", "10"], ["--seed", "-1"]]
)
def test_sizes_out_of_range_are_usage_errors(tmp_path: Path, size: list[str]) -> None:
    assert CliRunner().invoke(app, [str(tmp_path / "out"), *size]).exit_code == 2
