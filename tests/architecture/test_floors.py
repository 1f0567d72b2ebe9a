"""The house holds: floors, declared tables, size, and what may never reach linking."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from joinedup.domain.tables import GIVEN, SHAPES
from joinedup.pipeline import STAGES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "joinedup"


def test_the_floors_hold() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_main_path_is_short() -> None:
    assert len((SOURCE / "pipeline.py").read_text().splitlines()) <= 150


def test_every_table_a_stage_names_is_declared_and_written_by_one_stage_only() -> None:
    written = [name for stage in STAGES for name in stage.WRITES]
    assert len(written) == len(set(written))
    assert {name for stage in STAGES for name in stage.READS} <= {*written, *GIVEN}
    assert set(written) <= set(SHAPES)
    assert set(SHAPES) - set(written) == set(GIVEN), "a declared table that no stage writes"


def test_a_stage_reads_only_what_an_earlier_one_wrote() -> None:
    there = set(GIVEN)
    for stage in STAGES:
        assert set(stage.READS) <= there, stage.NAME
        there |= set(stage.WRITES)


@pytest.mark.parametrize("room", ["link", "find", "groups"])
def test_ethnicity_nationality_and_religion_cannot_reach(room: str) -> None:
    """They live in one table; these rooms neither declare nor name it, nor any column that holds them."""
    stage = next(stage for stage in STAGES if room == stage.NAME)
    assert "descriptions" not in stage.READS
    assert "profiles" not in stage.READS
    assert "person_attributes" not in stage.READS
    forbidden = {"descriptions", "ethnicity", "nationality", "religion"}
    for path in sorted((SOURCE / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            said = {
                ast.Constant: lambda n: n.value if isinstance(n.value, str) and " " not in n.value else "",
                ast.Attribute: lambda n: n.attr,
                ast.Name: lambda n: n.id,
            }.get(type(node), lambda _n: "")(node)
            assert said.lower() not in forbidden, f"{path.name} line {node.lineno}"


def test_the_tables_that_may_be_linked_on_hold_no_such_column() -> None:
    for table in ("mentions", "identifiers", "events", "involvements"):
        assert not {"ethnicity", "nationality", "religion"} & set(SHAPES[table].names)


def test_functions_and_files_stay_readable() -> None:
    long_files = [
        f"{path.relative_to(SOURCE)}: {lines}"
        for path in sorted(SOURCE.rglob("*.py"))
        if (lines := len(path.read_text().splitlines())) > 400 and path.name != "tables.py"
    ]
    long_functions = [
        f"{path.relative_to(SOURCE)}: {node.name} {node.end_lineno - node.lineno + 1}"
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 60
    ]
    assert not long_files, "over 400 lines"
    assert not long_functions, "over 60 lines"


def test_every_test_file_mirrors_a_source_file() -> None:
    """tests/ROOM/test_X.py, or test_X_WHAT.py, stands for src/joinedup/ROOM/X.py (or a package X)."""
    apart = {"architecture", "contract", "external", "golden", "docs", "end_to_end"}
    strays = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        relative = path.relative_to(ROOT / "tests")
        if relative.parts[0] in apart:
            continue
        words = relative.stem.removeprefix("test_").split("_")
        folder = SOURCE / relative.parent
        names = ["_".join(words[:end]) for end in range(1, len(words) + 1)]
        if not any((folder / f"{name}.py").exists() or (folder / name).is_dir() for name in names):
            strays.append(str(relative))
    assert not strays
