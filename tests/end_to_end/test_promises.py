"""What a run promises: same bytes, numbers that recompute, no half state, no network, nothing sensitive in the links."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from joinedup.domain.tables import GIVEN, SHAPES
from joinedup.errors import UnreadableError
from joinedup.pipeline import NAMES, run_inquiry
from joinedup.store.numbers import NUMBER_TABLES, read_numbers, recompute
from joinedup.store.runs import Runs


def tables_of(folder: Path, run_id: str) -> dict[str, str]:
    manifest = Runs(folder).manifest(run_id)
    return {name: table["sha256"] for stage in manifest["stages"] for name, table in stage["tables"].items()}


def test_two_runs_on_one_inquiry_give_the_same_bytes(region, joinedup, tmp_path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(region, folder)
    again = json.loads(joinedup("run", folder, "--json").stdout)["run"]
    first = Runs(folder).ids()[0]
    assert again != first
    assert tables_of(folder, first) == tables_of(folder, again)
    for name in SHAPES:
        one = joinedup("show", folder, name, "--csv", "--run", first).stdout
        assert one == joinedup("show", folder, name, "--csv", "--run", again).stdout
    pages = [(Runs(folder).path(run) / "report" / "index.html").read_bytes() for run in (first, again)]
    assert pages[0] == pages[1]
    assert json.loads(joinedup("diff", folder, first, again, "--json").stdout)["changes"] == []


def test_the_order_of_rows_in_a_file_changes_nothing_but_row_numbers(people_inquiry) -> None:
    first = run_inquiry(people_inquiry)
    for path in people_inquiry.rglob("people.csv"):
        heading, *rows = path.read_text().splitlines()
        path.write_text("\n".join([heading, *reversed(rows)]) + "\n")
    second = run_inquiry(people_inquiry)
    one, two = tables_of(people_inquiry, first.run), tables_of(people_inquiry, second.run)
    same = {"links", "people", "memberships", "counts", "overlaps", "estimates", "edges", "groups", "group_members"}
    assert {name: one[name] for name in same} == {name: two[name] for name in same}


def test_every_printed_number_recomputes_from_its_recipe(region) -> None:
    store = Runs(region).open()
    numbers = read_numbers(store)
    assert {number.table for number in numbers.values()} == set(NUMBER_TABLES)
    wrong = {
        number.number_id: (number.counted, found)
        for number in numbers.values()
        if number.counted != (found := recompute(store, number.recipe))
    }
    store.close()
    assert not wrong


def test_every_link_of_the_report_leads_somewhere(region) -> None:
    (page,) = region.glob("runs/0001-*/report/index.html")
    html = page.read_text(encoding="utf-8")
    wanted = set(re.findall(r'href="#([^"]+)"', html))
    assert len(wanted) > 500
    assert wanted - set(re.findall(r'\sid="([^"]+)"', html)) == set()


def test_trace_ids_are_told_apart(region) -> None:
    store = Runs(region).open()
    ids = [
        number
        for table in set(NUMBER_TABLES) - {"released"}  # which prints numbers of the others again
        for number in store.read(table).select("number_id").to_pyarrow()["number_id"].to_pylist()
    ]
    store.close()
    assert len(ids) == len(set(ids))


KILL = """
import os, signal, sys
from pathlib import Path
from joinedup import pipeline
from joinedup.store.contract import StageRun

write = StageRun.write

def killed_in(name, inquiry):
    def write_and_die(self, table, rows):
        done = write(self, table, rows)
        if self.stage == name:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    StageRun.write = write_and_die
    pipeline.run_inquiry(inquiry)

# One process for each stage; they are forked before any of them touches the engine, so the imports are paid for once.
for name in pipeline.NAMES:
    if (child := os.fork()) == 0:
        killed_in(name, Path(sys.argv[1]) / name)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, name
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory, write_people_inquiry) -> Path:
    """A copy of one inquiry for each stage, its run killed in that stage, after the stage's first table was written."""
    folder = tmp_path_factory.mktemp("killed")
    for name in NAMES:
        write_people_inquiry(folder / name)
    done = subprocess.run([sys.executable, "-c", KILL, folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
    return folder


@pytest.mark.parametrize("stage", NAMES)
def test_a_run_killed_in_any_stage_leaves_no_half_state(killed, stage) -> None:
    inquiry = killed / stage
    runs = Runs(inquiry)
    assert (runs.directory / ".making").exists(), "the run was not killed half-way"
    assert runs.ids() == []
    made = run_inquiry(inquiry)
    assert runs.ids() == [made.run]
    assert sorted(entry.name for entry in runs.directory.iterdir()) == [".lock", made.run]
    assert {name for stage in made.stages for name in stage["tables"]} == set(SHAPES) - set(GIVEN)


def test_changing_every_ethnicity_changes_no_link_concern_or_group(people_inquiry) -> None:
    first = run_inquiry(people_inquiry)
    for path in people_inquiry.rglob("people.csv"):
        rows = list(csv.DictReader(io.StringIO(path.read_text())))
        for position, row in enumerate(rows):
            row["ethnicity"] = f"other {position}"
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    second = run_inquiry(people_inquiry)
    one, two = tables_of(people_inquiry, first.run), tables_of(people_inquiry, second.run)
    assert one["descriptions"] != two["descriptions"]
    held = {"links", "people", "edges", "groups", "group_members", "hubs", "concerns", "unseen", "memberships"}
    assert {name: one[name] for name in held} == {name: two[name] for name in held}


CUT = """
import socket, sys
def refuse(*_a, **_k):
    raise OSError("the network is cut")
socket.socket.connect = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
sys.argv = ["joinedup", "run", sys.argv[1]]
from joinedup.cli.app import main
main()
"""


def test_a_run_needs_no_network(people_inquiry) -> None:
    done = subprocess.run([sys.executable, "-c", CUT, people_inquiry], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1500:]


def test_stages_are_taken_again_only_where_nothing_new_is_to_be_seen(people_inquiry, joinedup) -> None:
    joinedup("run", people_inquiry)
    again = json.loads(joinedup("run", people_inquiry, "--stage", "estimate", "--json").stdout)
    assert [stage["stage"] for stage in again["stages"] if stage["reused"]] == ["collect", "link", "count"]
    with (people_inquiry / "inquiry.toml").open("a") as toml:
        toml.write("\n[link]\nlinked_at = 0.6\n")
    refused = joinedup("run", people_inquiry, "--stage", "estimate", code=4)
    assert "--stage link" in refused.stderr
    joinedup("run", people_inquiry, "--stage", "link")
    with (people_inquiry / "returns" / "force" / "people.csv").open("a") as stream:
        stream.write("N9,child,Eve,Fenn,,2001-01-09,F,,,,,,,,,2010-05-01\n")
    assert "--stage collect" in joinedup("run", people_inquiry, "--stage", "link", code=4).stderr


def test_a_new_return_and_a_decision_are_named_as_causes(people_inquiry, joinedup) -> None:
    first = run_inquiry(people_inquiry).run
    with (people_inquiry / "returns" / "force" / "people.csv").open("a") as stream:
        stream.write("N9,child,Eve,Fenn,,2001-03-09,F,,,,,,,,,2010-05-01\n")
    second = run_inquiry(people_inquiry).run
    changed = json.loads(joinedup("diff", people_inquiry, first, second, "--json").stdout)
    assert [cause["kind"] for cause in changed["causes"]] == ["changed return"]
    assert any(change["number_id"].startswith("count.children") for change in changed["changes"])
    store = Runs(people_inquiry).open()
    pair = store.read("links").to_pyarrow().to_pylist()
    store.close()
    linked = next(link for link in pair if link["zone"] == "linked")
    words = ("--by", "A. Reviewer", "--reason", "two people were met")
    joinedup("decide", people_inquiry, "not_same_person", linked["mention_l"], linked["mention_r"], *words)
    third = run_inquiry(people_inquiry, first_stage="link").run
    changed = json.loads(joinedup("diff", people_inquiry, second, third, "--json").stdout)
    assert [cause["kind"] for cause in changed["causes"]] == ["decision"]
    assert changed["changes"]


def people_of(folder: Path) -> dict[str, str]:
    store = Runs(folder).open()
    rows = store.read("people").to_pyarrow().to_pylist()
    store.close()
    return {row["source_ref"]: row["person_id"] for row in rows}


def test_ids_of_people_stay_from_run_to_run_and_a_merge_undone_restores_them(people_inquiry, joinedup) -> None:
    first = run_inquiry(people_inquiry).run
    before = people_of(people_inquiry)
    store = Runs(people_inquiry).open()
    mentions = {row["source_ref"]: row["mention_id"] for row in store.read("people").to_pyarrow().to_pylist()}
    store.close()
    words = ("--by", "A. Reviewer", "--why", "one child, met twice")
    joinedup("decide", people_inquiry, "same", mentions["N2"], mentions["C2"], *words)
    second = run_inquiry(people_inquiry, first_stage="link").run
    merged = people_of(people_inquiry)
    assert merged["N2"] == merged["C2"]
    told = json.loads(joinedup("diff", people_inquiry, first, second, "--json").stdout)["identity_changes"]
    assert {(row["change"], row["cause"]) for row in told} == {
        ("merge", "decision: decision 1 (same_person) was recorded")
    }
    assert {row["before"] for row in told} == {before["N2"], before["C2"]}
    store = Runs(people_inquiry).open()
    assert store.read("identity_changes").to_pyarrow().to_pylist() == told
    store.close()
    child = json.loads(joinedup("child", people_inquiry, merged["N2"], "--json").stdout)
    assert child["identity_changes"] == told
    gone = ({before["N2"], before["C2"]} - {merged["N2"]}).pop()
    assert merged["N2"] in joinedup("child", people_inquiry, gone, code=2).stderr
    joinedup("decide", people_inquiry, "unsure", mentions["N2"], mentions["C2"], *words)
    run_inquiry(people_inquiry, first_stage="link")
    assert people_of(people_inquiry) == before


def test_the_last_runs_ids_are_an_input_of_a_run_and_stand_in_its_manifest(people_inquiry) -> None:
    runs = Runs(people_inquiry)
    first = run_inquiry(people_inquiry)
    with (people_inquiry / "returns" / "force" / "people.csv").open("a") as stream:
        stream.write("N9,child,Eve,Fenn,,2001-03-09,F,,,,,,,,,2010-05-01\n")
    second = run_inquiry(people_inquiry)
    last = runs.manifest(second.run)["last"]
    assert (runs.manifest(first.run)["last"], last["run"], len(last["sha256"])) == ({}, first.run, 64)
    assert [row["kind"] for row in last["news"]] == ["changed return"]
    again = run_inquiry(people_inquiry)
    assert again.run.split("-")[1] == second.run.split("-")[1]
    assert tables_of(people_inquiry, again.run) == tables_of(people_inquiry, second.run)
    (runs.path(again.run) / "evidence.duckdb").write_bytes(b"damaged")
    with pytest.raises(UnreadableError, match=f"carried on from run {again.run}"):
        run_inquiry(people_inquiry)
