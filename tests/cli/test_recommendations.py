"""`joinedup recommendations`: what is due on a day, and what became of what was published before."""

from __future__ import annotations

import json

import pytest

from joinedup.store.published import Publications

TOML = 'name="N"\nquestion="Q"\nperiod={from=2008-01-01,to=2011-06-29}\n'
HEAD = '[[recommendation]]\nid = "lists"\ntext = "Exchange lists."\nto = "Partners"\nmade = 2026-05-01\n'


def action(name, status, due, evidence=""):
    return (
        f'[[recommendation.action]]\nid = "{name}"\ntext = "T"\nowner = "Chair"\nstatus = "{status}"\n'
        + (f"due = {due}\n" if due else "")
        + (f'evidence = [{{ on = 2026-08-01, says = "{evidence}" }}]\n' if evidence else "")
    )


@pytest.fixture
def inquiry(tmp_path):
    (tmp_path / "inquiry.toml").write_text(TOML)
    actions = action("late", "open", "2026-06-30") + action("soon", "in_progress", "2026-09-20")
    actions += action("closed", "done", "2026-06-01", "Signed.") + action("undated", "open", "")
    (tmp_path / "recommendations.toml").write_text(HEAD + actions)
    return tmp_path


def listed(joinedup, inquiry):
    return json.loads(joinedup("recommendations", inquiry, "--on", "2026-09-01", "--json").stdout)


def test_what_is_due_on_a_day(joinedup, inquiry):
    found = {row["action"]: row["standing"] for row in listed(joinedup, inquiry)["actions"]}
    assert found == {
        "late": "open, overdue by 63 days",
        "soon": "in progress, due within 30 days",
        "closed": "done",
        "undated": "open, no day set",
    }


def test_what_became_of_what_was_published_and_what_was_dropped(joinedup, inquiry):
    run = inquiry / "runs" / "0001-0123abcd"
    (run / "report").mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    (run / "report" / "index.html").write_text("R")
    actions = [{"action": "closed", "status": "open"}, {"action": "forgotten", "status": "in_progress"}]
    Publications(inquiry).add(run, ["index.html"], {"actions": actions})
    (inquiry / "runs" / "0001-0123abcd").rename(inquiry / "elsewhere")
    found = listed(joinedup, inquiry)
    assert {row["action"]: row["before"] for row in found["actions"]}["closed"] == "open"
    assert found["gone"] == ["forgotten"]
    assert "forgotten" in joinedup("recommendations", inquiry).stdout
