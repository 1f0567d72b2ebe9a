from __future__ import annotations

import csv

import pytest

from joinedup.simulate import Simulated, simulate

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(tmp_path_factory.mktemp("region"), children=1500, seed=11)


@pytest.fixture(scope="session")
def truth(region: Simulated) -> dict[str, Rows]:
    tables = {}
    for path in sorted((region.directory / "truth").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables
