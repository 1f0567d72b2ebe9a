"""Fixtures every room may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine stalls for longer than Hypothesis allows one example: time is measured in benchmarks/, not here.
settings.register_profile("joinedup", deadline=None)
settings.load_profile("joinedup")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of files nobody here wrote; the test is skipped, loudly, where it is absent, and fails there in CI."""
    if not SHARED_DATA.is_dir():
        reason = f"external samples are absent: {SHARED_DATA} (expected beside the checkout)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED_DATA


@pytest.fixture
def run_stage(tmp_path: Path):
    """Runs one stage module on hand-written tables: run_stage(module, {table: rows}, **settings) -> a store to read.

    A table the stage reads and the test does not give is there and empty.
    """
    from joinedup.settings import Inquiry
    from joinedup.store.contract import StageRun, from_rows
    from joinedup.store.duck import DuckStore

    opened = []

    def run(module, tables, **settings):
        store = DuckStore(tmp_path / f"evidence-{len(opened)}.duckdb")
        opened.append(store)
        for name in {*module.READS, *tables}:
            store.write(name, from_rows(name, tables.get(name, [])))
        stated = {"name": "N", "question": "Q", "period": {"from": "2008-01-01", "to": "2011-06-29"}, **settings}
        inquiry = Inquiry.model_validate(stated)
        module.run(StageRun(module.NAME, module.READS, module.WRITES, store, inquiry, tmp_path, tmp_path, 1))
        return store

    yield run
    for store in opened:
        store.close()
