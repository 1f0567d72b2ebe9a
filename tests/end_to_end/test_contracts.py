"""The shapes others script against, kept to the letter."""

from __future__ import annotations

import csv
import io
import json

import pytest

LEAST_COLUMNS = {
    "mentions": "mention_id return_id agency source_ref role forename surname dob dob_precision sex postcode",
    "people": "mention_id person_id agency source_ref kind",
    "links": "mention_l mention_r probability zone model",
    "problems": "return_id file sheet row column severity expected message",
    "memberships": "person_id list first_date status",
    "estimates": "scope method observed estimate lower upper nominal refused chosen",
    "concerns": "person_id rule pack reason evidence window_start window_end clears",
    "unseen": "rank person_id reasons sources kinds latest who_knows who_does_not",
    "groups": "group_id people children suspects stability",
    "group_members": "group_id person_id part stability",
    "breaches": "pathway_id person_id agency rule reason due done evidence",
    "profiles": "population attribute value count base unknown share_known lower upper",
}


@pytest.mark.parametrize("table", LEAST_COLUMNS)
def test_tables_have_at_least_these_columns(region, joinedup, table) -> None:
    shown = joinedup("show", region, table, "--csv").stdout
    header = next(csv.reader(io.StringIO(shown)))
    assert set(LEAST_COLUMNS[table].split()) <= set(header)
    listed = json.loads(joinedup("show", region, table, "--json", "--limit", 3).stdout)
    assert isinstance(listed, list)
    assert all(list(row) == header for row in listed)
    assert len(listed) == min(3, len(list(csv.reader(io.StringIO(shown)))) - 1)


def test_run_json(people_inquiry, joinedup) -> None:
    made = json.loads(joinedup("run", people_inquiry, "--json").stdout)
    assert {"run", "directory", "stages", "findings"} <= set(made)
    assert [stage["stage"] for stage in made["stages"]][:2] == ["collect", "link"]
    assert all(isinstance(rows, int) for stage in made["stages"] for rows in stage["tables"].values())
    assert made["findings"]


def test_check_json(people_inquiry, joinedup, tmp_path) -> None:
    clean = people_inquiry / "returns" / "force" / "people.csv"
    checked = json.loads(joinedup("check", clean, "--json").stdout)
    assert {"form", "rows", "used", "refused", "problems"} <= set(checked)
    assert (checked["form"], checked["rows"], checked["used"], checked["refused"]) == ("people", 3, 3, 0)
    bad = tmp_path / "bad.csv"
    bad.write_text(clean.read_text().replace("2001-04-03", "31/02/2011"))
    problems = json.loads(joinedup("check", bad, "--json", code=1).stdout)["problems"]
    assert any({"sheet", "row", "column", "expected", "severity", "message"} <= set(problem) for problem in problems)
    assert not any("31/02/2011" in json.dumps(problem) for problem in problems), "a personal value in a problem"
    nothing = tmp_path / "nothing.csv"
    nothing.write_bytes(b"")
    joinedup("check", nothing, "--json", code=3)


def test_evaluate_json(region, joinedup) -> None:
    found = json.loads(joinedup("evaluate", region, "--truth", region / "truth", "--json").stdout)
    assert {"precision", "recall", "f1"} <= set(found["linkage"]["pairwise"])
    assert {"precision", "recall", "f1"} <= set(found["linkage"]["bcubed"])
    assert "child_count_bias" in found["linkage"]
    assert {"truth", "estimate", "lower", "upper", "covered"} <= set(found["estimate"])
    assert {"recall", "precision", "reachable"} <= set(found["concerns"])
    assert {"bcubed_f1", "ami", "planted", "found", "false"} <= set(found["groups"])
    assert {"recall", "precision", "by_rule"} <= set(found["audit"])
    assert all({"recall", "precision"} <= set(scores) for scores in found["audit"]["by_rule"].values())


def test_demo_puts_the_truth_where_no_stage_reads(region) -> None:
    assert (region / "inquiry.toml").exists()
    assert (region / "returns").is_dir()
    assert (region / "runs").is_dir()
    assert (region / "truth").is_dir()


def test_a_people_only_inquiry_runs_through_every_stage(people_inquiry, joinedup) -> None:
    joinedup("run", people_inquiry)
    people = json.loads(joinedup("show", people_inquiry, "people", "--json").stdout)
    person = {row["source_ref"]: row["person_id"] for row in people}
    assert len(people) == 6
    assert person["N1"] == person["C1"]
    assert person["N3"] == person["C3"]
    assert len(set(person.values())) == 4
    counts = json.loads(joinedup("show", people_inquiry, "counts", "--json").stdout)
    whole = {
        row["status"]: row["count"] for row in counts if (row["population"], row["dimension"]) == ("children", "all")
    }
    assert whole["not_stated"] == sum(whole.values()) == 3
    joinedup("status", people_inquiry)
    joinedup("report", people_inquiry)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("run", "NOWHERE"), 2, "inquiry.toml"),
        (("show", "NOWHERE", "counts"), 2, "no run yet"),
        (("nonsense",), 2, "No such command"),
        (("form", "nonsense"), 2, "nonsense"),
        (("check", "NOWHERE"), 2, "NOWHERE"),
    ],
)
def test_what_cannot_be_done_says_so_with_its_exit_code(joinedup, tmp_path, words, code, says) -> None:
    done = joinedup(*(str(tmp_path / word) if word == "NOWHERE" else word for word in words), code=code)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_every_verb_ends_by_naming_the_next_one(region, joinedup, tmp_path) -> None:
    truth = region / "truth"
    runs = [
        ("init", tmp_path / "new"), ("status", region), ("show", region), ("show", region, "counts"), ("trace", region),
        ("diff", region, "1", "1"), ("report", region), ("evaluate", region, "--truth", truth), ("form", "--list"),
        ("decisions", region),
    ]  # fmt: skip
    for words in runs:
        assert "Next: " in joinedup(*words).stderr, words


def test_the_installed_script_says_its_version_and_fails_as_documented(as_process, tmp_path) -> None:
    assert as_process("--version").stdout.startswith("joinedup ")
    refused = as_process("run", tmp_path, code=2)
    assert "joinedup init" in refused.stderr


def test_no_colour_where_none_is_wanted(as_process, tmp_path) -> None:
    red = "\x1b[31m"
    assert red in as_process("run", tmp_path, code=2, FORCE_COLOR="1").stderr
    assert red not in as_process("run", tmp_path, code=2, FORCE_COLOR="1", NO_COLOR="1").stderr
