"""The returns read as the program itself reads them: each file is its form, and no row is refused."""

from __future__ import annotations

from pathlib import Path

from joinedup.collect.check import check
from joinedup.simulate import Simulated
from joinedup.simulate.region import AGENCIES

_BROKEN = {"stepping-stones", "eastmere-youth-justice"}
_SLIPS = {"Offence from", "Reason", "Risk level"}


def files(region: Simulated) -> list[tuple[str, Path]]:
    returns = region.directory / "returns"
    return [(path.relative_to(returns).parts[0], path) for path in sorted(returns.rglob("*.*")) if path.is_file()]


def test_every_return_but_the_broken_is_told_for_what_was_asked_with_no_row_refused(region: Simulated) -> None:
    asked = {one.id: set(one.asked) for one in AGENCIES}
    seen = 0
    for agency, path in files(region):
        if agency in _BROKEN:
            continue
        result = check(path, latest_year=2011)
        assert result.form in asked[agency], path.name
        assert result.refused == 0, path.name
        assert result.rows == result.used > 0 or path.name == "missing.csv", path.name
        lost = [row for row in result.problems.to_pylist() if row["severity"] != "note"]
        assert {row["column"] for row in lost} <= _SLIPS, path.name
        seen += 1
    assert seen > 40


def test_the_broken_returns_cannot_be_read(region: Simulated) -> None:
    broken = [check(path, latest_year=2011) for agency, path in files(region) if agency in _BROKEN]
    assert len(broken) == 2
    assert not any(result.readable and result.used for result in broken)
