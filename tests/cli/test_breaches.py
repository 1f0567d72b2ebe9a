"""The verbs of the audit on a small demonstration region."""

from __future__ import annotations

import csv
import io
import json

import pytest

from joinedup.registry.breach_rules import breach_rules


@pytest.fixture(scope="module")
def inquiry(joinedup, tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit") / "demo"
    joinedup("simulate", folder, "--children", 400, "--seed", 4)
    joinedup("run", folder)
    return folder


def test_breaches_are_counted_listed_and_explained(joinedup, inquiry):
    told = json.loads(joinedup("breaches", inquiry, "--json").stdout)
    assert told["breaches"] == len(told["entries"]) == sum(row["breached"] for row in told["by_rule"])
    rule = "return_interview_72h"
    some = json.loads(joinedup("breaches", inquiry, "--rule", rule, "--json").stdout)
    assert {row["rule"] for row in some["entries"]} == {rule}
    agency = some["entries"][0]["agency"]
    rows = list(csv.DictReader(io.StringIO(joinedup("breaches", inquiry, "--agency", agency, "--csv").stdout)))
    assert {row["agency"] for row in rows} == {agency}
    assert "Reason" not in joinedup("breaches", inquiry, "--limit", 1).stdout
    for name in ("bulk_closure", rule):
        assert "Source:" in joinedup("breaches", inquiry, "--explain", name).stdout
    assert "there is no standard or rule" in joinedup("breaches", inquiry, "--rule", "lost", code=2).stderr


def test_a_pathway_is_followed_to_its_end(joinedup, inquiry):
    (row, *_) = json.loads(joinedup("breaches", inquiry, "--rule", "return_interview_72h", "--json").stdout)["entries"]
    (found,) = json.loads(joinedup("pathway", inquiry, row["pathway_id"], "--json").stdout)["pathways"]
    assert (found["pathway_id"], found["kind"]) == (row["pathway_id"], "missing_episode")
    assert [breach["rule"] for breach in found["breaches"]] == ["return_interview_72h"]
    assert list(found["steps"])[:1] == ["contact with the child"]
    assert row["reason"] in joinedup("pathway", inquiry, row["pathway_id"]).stdout.replace("\n", " ")
    every = json.loads(joinedup("pathway", inquiry, row["person_id"], "--json").stdout)["pathways"]
    assert row["pathway_id"] in [one["pathway_id"] for one in every]
    assert "no pathway or child" in joinedup("pathway", inquiry, "w_nobody", code=2).stderr


def test_closed_leads_are_reviewed_and_the_difference_is_told(joinedup, inquiry, tmp_path):
    criteria = tmp_path / "criteria.toml"
    stated = 'name = "nothing-further"\nclosed_from = 2008-01-01\nclosed_to = 2011-06-29\noutcome_types = ["14", "15", "16"]\n'
    criteria.write_text(stated + "least_suspects = 1\n")
    first = json.loads(joinedup("review-closed", inquiry, "--criteria", criteria, "--json").stdout)
    assert first["in"] == first["in_scope"] + first["not_examined"] + sum(step["out"] for step in first["out"])
    assert first["before"] is None
    criteria.write_text(stated)
    second = json.loads(joinedup("review-closed", inquiry, "--criteria", criteria, "--json").stdout)
    gained = second["in_scope"] - first["in_scope"]
    assert len(second["changed"]) == gained >= 0
    assert "Since the review of run" in joinedup("review-closed", inquiry, "--criteria", criteria, "--no-keep").stdout


def test_two_readers_read_one_sample_on_one_form(joinedup, inquiry, tmp_path):
    told = json.loads(joinedup("audit-sample", inquiry, "--to", tmp_path, "--size", 12, "--json").stdout)
    again = json.loads(joinedup("audit-sample", inquiry, "--to", tmp_path / "again", "--size", 12, "--json").stdout)
    assert told["drawn"] == again["drawn"]
    assert "is there already" in joinedup("audit-sample", inquiry, "--to", tmp_path, code=2).stderr
    forms = [tmp_path / f"reader-{number}.csv" for number in (1, 2)]
    assert not any(rule in form.read_text() for form in forms for rule in breach_rules())
    for form, wrong in zip(forms, (0, 3), strict=True):
        with form.open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        for place, row in enumerate(rows[1:]):
            row["properly_investigated"] = "no" if place < 4 + wrong else "Yes"
        with form.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    found = json.loads(joinedup("audit-result", *forms, "--json").stdout)["finding"]
    assert (found["cases"], found["agreed"], found["yes"], found["decided"]) == (12, 9, 5, 9)
    assert len(found["differ"]) == 3
    assert "Properly investigated: 5 of 9" in joinedup("audit-result", *forms).stdout
    forms[0].write_text(forms[0].read_text().replace("Yes", "perhaps"))
    assert "row 7, column properly_investigated: not an answer" in joinedup("audit-result", *forms, code=3).stderr
