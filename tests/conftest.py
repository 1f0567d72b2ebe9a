"""Fixtures every room may ask for."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

# Lines break in one place whoever runs the tests: workers and terminals differ in width. Set before the console is made.
os.environ["COLUMNS"] = "140"

from joinedup.cli.app import main

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


BROWSER = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium without a window; the test is skipped, loudly, where it is absent, and fails there in CI."""
    if not Path(BROWSER).exists():
        reason = "Chromium is absent: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


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


@dataclass(frozen=True)
class Called:
    """What one call of the command printed."""

    stdout: str
    stderr: str


Call = Callable[..., Called]


def call(*words: object, code: int = 0, folder: Path | None = None) -> Called:
    """Calls `joinedup` as its script does, in this process (importing it anew each time would be most of the tests'
    time), and checks its exit code. `as_process` is the real thing, where that matters."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = Path.cwd()
    ended: object = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["joinedup", *map(str, words)])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        os.chdir(folder or before)
        try:
            main()
        except SystemExit as stop:
            ended = stop.code
        finally:
            os.chdir(before)
    said = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]
    assert (ended or 0) == code, f"{words}: exit {ended}\n{said[0][-800:]}\n{said[1][-2000:]}"
    return Called(*said)


@pytest.fixture(scope="session")
def joinedup() -> Call:
    return call


@pytest.fixture(scope="session")
def as_process() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the installed script in a process of its own."""

    def run(*words: object, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [Path(sys.executable).with_name("joinedup"), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
        assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout[-800:]}\n{done.stderr[-2000:]}"
        return done

    return run


@pytest.fixture
def published(shared_data: Path):
    """Reads a published overlap table by its name: published("kosovo_4list") -> an OverlapTable, lists as in the file."""
    from joinedup.estimate.reading import read_overlap_table

    return lambda name: read_overlap_table(shared_data / "mse" / f"{name}.csv")
