"""What leaves is made by disclosure control alone: nothing else in the house makes, copies or opens its types."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "joinedup"
MAKER = SOURCE / "stats" / "disclosure"
TYPES = {"ReleasedNumber", "ReleasedTable"}


def trees():
    for path in sorted(SOURCE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_released_tables_and_numbers_are_made_in_disclosure_control_alone() -> None:
    strays = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path, tree in trees()
        if not path.is_relative_to(MAKER)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) in TYPES
    ]
    assert not strays


def test_the_key_that_makes_them_is_named_nowhere_else() -> None:
    strays = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path, tree in trees()
        if not path.is_relative_to(MAKER)
        for node in ast.walk(tree)
        if (isinstance(node, ast.alias) and node.name == "_MADE_HERE") or name_of(node) == "_MADE_HERE"
    ]
    assert not strays


def test_nobody_slips_past_the_constructor() -> None:
    """`object.__new__`, `object.__setattr__` and `dataclasses.replace` could make a released number of anything."""
    strays = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and name_of(node.func) in {"__new__", "__setattr__"}
        and not path.is_relative_to(SOURCE / "casework")
    ]
    assert not strays


def test_the_report_prints_no_table_but_a_released_one() -> None:
    """A block of the report that holds rows hands them out as a ReleasedTable; its cells are text and released numbers."""
    from joinedup.report.blocks import Table
    from joinedup.stats.disclosure import ReleasedTable

    assert Table.released.fget.__annotations__["return"] in ("ReleasedTable", ReleasedTable)
