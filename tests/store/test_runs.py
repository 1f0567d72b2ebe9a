from __future__ import annotations

import subprocess
import sys

import pytest

from joinedup.errors import RefusedError, UnreadableError, UsageError
from joinedup.store.contract import empty
from joinedup.store.runs import Runs

FINGERPRINT = "0123456789abcdef"


def make(runs: Runs, fingerprint: str = FINGERPRINT) -> str:
    with runs.making() as making:
        making.store.write("decisions", empty("decisions"))
        return runs.finish(making, fingerprint, {"seed": 1})


def test_a_finished_run_is_listed_and_opens(tmp_path) -> None:
    runs = Runs(tmp_path)
    first, second = make(runs), make(runs, "ffff000011112222")
    assert (first, second) == ("0001-01234567", "0002-ffff0000")
    assert runs.ids() == [first, second]
    assert runs.latest() == second
    assert runs.manifest(first)["run"] == first
    store = runs.open("1")
    assert store.tables() == {"decisions": 0}
    store.close()


def test_a_run_that_fails_leaves_nothing(tmp_path) -> None:
    runs = Runs(tmp_path)
    with pytest.raises(RuntimeError), runs.making():
        raise RuntimeError
    assert runs.ids() == []
    assert [entry.name for entry in runs.directory.iterdir()] == [".lock"]


HOLD = """
import sys, time
from pathlib import Path
from joinedup.store.contract import empty
from joinedup.store.runs import Runs
with Runs(Path(sys.argv[1])).making() as making:
    making.store.write("decisions", empty("decisions"))
    print("ready", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_told_of_the_first_and_a_killed_one_is_cleared_away(tmp_path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "ready\n"
        runs = Runs(tmp_path)
        with pytest.raises(RefusedError, match="under way"), runs.making():
            pass
        other.kill()
    assert runs.ids() == []
    assert make(runs) == "0001-01234567"
    assert sorted(entry.name for entry in runs.directory.iterdir()) == [".lock", "0001-01234567"]


def test_a_run_is_found_by_number_or_beginning(tmp_path) -> None:
    runs = Runs(tmp_path)
    first = make(runs)
    assert runs.find("1") == runs.find("0001") == runs.find("0001-0123") == runs.find(None) == first
    make(runs)
    with pytest.raises(UsageError, match="several"):
        runs.find("000")
    with pytest.raises(UsageError, match="no run"):
        runs.find("7")


def test_no_run_yet_names_the_command_that_makes_one(tmp_path) -> None:
    with pytest.raises(UsageError) as caught:
        Runs(tmp_path).latest()
    assert "joinedup run" in caught.value.remedy


def test_a_damaged_run_is_unreadable(tmp_path) -> None:
    runs = Runs(tmp_path)
    run_id = make(runs)
    (runs.path(run_id) / "manifest.json").write_text("{")
    (runs.path(run_id) / "evidence.duckdb").write_bytes(b"not a database at all" * 100)
    with pytest.raises(UnreadableError):
        runs.manifest(run_id)
    with pytest.raises(UnreadableError):
        runs.open(run_id)
