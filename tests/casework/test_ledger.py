from __future__ import annotations

import sqlite3

import pytest

from joinedup.casework.ledger import DATABASE_URL, FILE, applied_decisions, decisions_of, override_of, record
from joinedup.domain.nouns import Decision
from joinedup.errors import RefusedError, UnreadableError, UsageError


def decision(**also: object) -> Decision:
    given = {
        "sequence": 0, "kind": "not_same_person", "subject": "m_1", "other": "m_2", "judgement": "different",
        "reason": "two birth certificates seen", "decided_by": "A. Reviewer", "decided_at": "2026-01-02T03:04:05+00:00",
    }  # fmt: skip
    return Decision(**{**given, **also})


def test_an_inquiry_without_a_ledger_has_no_decisions_and_gets_no_file(tmp_path) -> None:
    assert decisions_of(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_decisions_come_back_in_order_and_two_inquiries_stay_apart(tmp_path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    record(one, decision())
    second = record(one, decision(subject="m_3"))
    record(two, decision(subject="m_9"))
    assert second.sequence == 2
    assert [found.subject for found in decisions_of(one)] == ["m_1", "m_3"]
    assert [found.subject for found in decisions_of(two)] == ["m_9"]


def test_a_replaced_decision_stays_in_the_ledger_and_no_longer_stands(tmp_path) -> None:
    first = record(tmp_path, decision())
    record(tmp_path, decision(kind="same_person", replaces=first.sequence))
    assert [found.kind for found in decisions_of(tmp_path)] == ["same_person"]
    with sqlite3.connect(tmp_path / FILE) as ledger:
        assert ledger.execute("SELECT count(*) FROM casework_recordeddecision").fetchone() == (2,)


def test_a_decision_on_a_pair_takes_the_place_of_the_one_that_stands_on_it(tmp_path) -> None:
    record(tmp_path, decision())
    second = record(tmp_path, decision(kind="same_person", subject="m_2", other="m_1"))
    third = record(tmp_path, decision(kind="unsure_person"))
    assert (second.replaces, third.replaces) == (1, 2)
    assert [found.kind for found in decisions_of(tmp_path)] == ["unsure_person"]


def test_a_decision_that_others_contradict_together_is_refused_and_they_are_named(tmp_path) -> None:
    for number, (one, other) in enumerate((("a", "b"), ("x", "y"), ("b", "c")), start=1):
        assert record(tmp_path, decision(kind="same_person", subject=one, other=other)).sequence == number
    with pytest.raises(RefusedError, match="decisions 1, 3 say the opposite") as caught:
        record(tmp_path, decision(subject="a", other="c"))
    assert "a" not in caught.value.message.split()
    record(tmp_path, decision(kind="unsure_person", subject="b", other="a"))
    record(tmp_path, decision(subject="a", other="c"))
    with pytest.raises(RefusedError):
        record(tmp_path, decision(kind="same_person", subject="a", other="b"))
    assert len(decisions_of(tmp_path)) == 4


def test_what_is_done_with_a_finished_run_changes_no_other(tmp_path) -> None:
    record(tmp_path, decision())
    record(tmp_path, decision(kind="restricted_copy_made", subject="all groups", other=""))
    record(tmp_path, decision(kind="release_override", subject="f00d", other="B. Second"))
    assert len(decisions_of(tmp_path)) == 3
    assert [found.kind for found in applied_decisions(tmp_path)] == ["not_same_person"]


@pytest.mark.parametrize(
    "statement", ["UPDATE casework_recordeddecision SET reason = 'x'", "DELETE FROM casework_recordeddecision"]
)
def test_the_database_itself_refuses_change(tmp_path, statement) -> None:
    record(tmp_path, decision())
    ledger = sqlite3.connect(tmp_path / FILE)
    with pytest.raises(sqlite3.IntegrityError, match="appended"):
        ledger.execute(statement)
    ledger.close()


def test_the_model_refuses_change(tmp_path) -> None:
    from django.apps import apps

    record(tmp_path, decision())
    row = apps.get_model("casework", "RecordedDecision").objects.using(f"casework:{tmp_path.resolve()}").get()
    with pytest.raises(RefusedError):
        row.save()
    with pytest.raises(RefusedError):
        row.delete()


@pytest.mark.parametrize(
    ("also", "says"),
    [
        ({"kind": "guess"}, "no kind"),
        ({"reason": " "}, "reason"),
        ({"decided_by": ""}, "name of who"),
        ({"replaces": 99}, "no decision 99"),
        ({"other": "m_1"}, "two different ones"),
        ({"other": ""}, "two different ones"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused(tmp_path, also, says) -> None:
    with pytest.raises(UsageError, match=says):
        record(tmp_path, decision(**also))


def test_an_address_that_is_not_postgresql_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(DATABASE_URL, "mysql://nowhere/x")
    with pytest.raises(UsageError, match="not a PostgreSQL address"):
        decisions_of(tmp_path)


def test_a_damaged_ledger_says_so(tmp_path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(UnreadableError, match="cannot be opened") as caught:
        decisions_of(tmp_path)
    assert FILE in caught.value.remedy


def test_a_team_database_that_cannot_be_reached_names_its_setting(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(DATABASE_URL, "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(UnreadableError) as caught:
        decisions_of(tmp_path)
    assert DATABASE_URL in caught.value.remedy


def test_an_override_of_a_release_is_decided_by_two_people(tmp_path) -> None:
    given = {"kind": "release_override", "subject": "abc123", "reason": "seen by the guardian"}
    for second in ("", " a. REVIEWER "):
        with pytest.raises(UsageError, match="two different people"):
            record(tmp_path, decision(**given, other=second))
    with pytest.raises(UsageError, match="of one release"):
        record(tmp_path, decision(**{**given, "subject": " "}, other="B. Second"))
    record(tmp_path, decision(**given, other="B. Second"))
    assert override_of(tmp_path, "abc123").other == "B. Second"
    assert override_of(tmp_path, "abc124") is None
