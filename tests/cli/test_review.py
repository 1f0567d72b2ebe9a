"""`joinedup review` and what it asks, on a small inquiry that has a doubtful pair."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import UsageError
from joinedup.store.contract import from_rows
from joinedup.store.runs import Runs

MENTION = {
    "form": "people", "role": "child", "surname": "Brook", "surname_fold": "brook", "dob_precision": "day",
    "postcode": "ZX1 1AA", "outcode": "ZX1",
}  # fmt: skip
MENTIONS = [
    {"mention_id": "m_1", "agency": "force", "forename": "Anna", "forename_fold": "anna", "dob": "2001-04-03", "sex": "F"},
    {"mention_id": "m_2", "agency": "charity", "forename": "Ana", "forename_fold": "ana", "dob": "2001-04-03", "sex": "F"},
    {"mention_id": "m_3", "agency": "school", "forename": "Ruth", "forename_fold": "ruth", "dob": "2001-04-03", "sex": "F"},
    {"mention_id": "m_4", "agency": "school", "forename": "Ben", "forename_fold": "ben", "dob": "1999-01-09", "sex": "M"},
]  # fmt: skip
LINKS = [("m_1", "m_2", 0.48), ("m_1", "m_3", 0.2), ("m_2", "m_3", 0.15)]
PEOPLE = {"m_1": "p_1", "m_2": "p_2", "m_3": "p_3", "m_4": "p_4"}


def make_inquiry(folder, weights=None):
    """An inquiry with one run of three twin-like children at one home and their brother, all held apart for review."""
    import datetime

    (folder / "inquiry.toml").write_text(
        'name = "Small"\nquestion = "How many?"\nperiod = { from = 2008-01-01, to = 2011-06-29 }\n'
    )
    runs = Runs(folder)
    mentions = [MENTION | row | {"dob": datetime.date.fromisoformat(row["dob"])} for row in MENTIONS]
    rows = {
        "mentions": mentions,
        "identifiers": [{"mention_id": "m_1", "kind": "phone", "value": "+441632960001", "raw": "x", "valid": True}],
        "links": [
            {
                "mention_l": one,
                "mention_r": other,
                "probability": p,
                "zone": "review",
                "model": "splink:x",
                "weights": weights,
            }
            for one, other, p in LINKS
        ],
        "people": [
            {"mention_id": row["mention_id"], "person_id": PEOPLE[row["mention_id"]], "agency": row["agency"]}
            for row in mentions
        ],
    }
    with runs.making() as making:
        for name, given in rows.items():
            making.store.write(name, from_rows(name, given))
        runs.finish(making, "0" * 64, {})
    return folder


@pytest.fixture
def inquiry(tmp_path):
    return make_inquiry(tmp_path)


def call(*arguments, says=None):
    result = CliRunner().invoke(app, [*map(str, arguments)], input=says)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def queue(inquiry):
    found = json.loads(call("review", inquiry, "--json").stdout)
    return [(row["mention_l"], row["mention_r"]) for row in found["questions"]]


def test_the_queue_as_json_is_in_the_order_of_what_can_be_learnt(inquiry):
    found = json.loads(call("review", inquiry, "--json").stdout)
    assert found["open"] == 3
    assert queue(inquiry) == [("m_1", "m_2"), ("m_1", "m_3"), ("m_2", "m_3")]
    first = found["questions"][0]
    assert (first["rank"], first["probability"], first["one_person"]) == (1, 0.48, False)
    assert "the dates of birth are the same day" in first["for"]
    assert first["strongest_against"] == "the forenames differ by one letter"


def test_without_a_name_nothing_is_asked(inquiry):
    result = call("review", inquiry, "--limit", "2")
    assert "2 of 3 questions that are open" in result.stdout
    assert json.loads(call("decisions", inquiry, "--json").stdout) == []


def test_answers_are_decisions_and_are_not_asked_again(inquiry):
    said = call("review", inquiry, "--by", "A. Reviewer", says="s\nboth were met\nskip\nu\nno photograph\n")
    assert "Decided: same 1, different 0, unsure 1" in said.stdout
    assert "The next run applies them" in said.stdout
    recorded = json.loads(call("decisions", inquiry, "--json").stdout)
    assert [(row["kind"], row["subject"], row["other"], row["reason"]) for row in recorded] == [
        ("same_person", "m_1", "m_2", "both were met"), ("unsure_person", "m_2", "m_3", "no photograph"),
    ]  # fmt: skip
    assert queue(inquiry) == [("m_1", "m_3"), ("m_2", "m_3")]


def test_it_shows_the_two_records_the_household_and_the_reasons(inquiry):
    said = call("review", inquiry, "--by", "A. Reviewer", says="q\n").stdout
    assert "Anna" in said
    assert "phone +441632960001" in said
    assert "Others at these homes" in said
    assert "Ruth" in said.split("Others at these homes")[1].split("They are")[0]
    assert "What weighs most against it" in " ".join(said.split())


def test_an_answer_that_others_contradict_is_refused_and_the_walk_goes_on(inquiry):
    for pair in (("m_1", "m_2"), ("m_2", "m_3")):
        call("decide", inquiry, "same", *pair, "--why", "seen", "--by", "A. Reviewer")
    said = call("review", inquiry, "--by", "B. Reviewer", says="different\nnot alike\n").stdout
    assert "Not recorded: decisions 1, 2 say the opposite together" in said
    assert len(json.loads(call("decisions", inquiry, "--json").stdout)) == 2


def test_a_word_that_is_no_answer_is_asked_again(inquiry):
    assert "Answer same (s)" in call("review", inquiry, "--by", "A. Reviewer", says="x\nq\n").stdout


def test_what_was_recorded_is_told_where_the_typing_ends(inquiry):
    said = call("review", inquiry, "--by", "A. Reviewer", says="s\nboth were met\nd\n")
    assert said.exit_code == 0
    assert "Decided: same 1, different 0, unsure 0" in said.stdout


def test_an_id_that_is_not_there_is_told_with_how_to_take_it_back(inquiry):
    said = call("decide", inquiry, "same", "m_1", "m_99", "--why", "seen", "--by", "A. Reviewer")
    words = " ".join(said.stderr.split())
    assert "1 of these 2 mentions is not in the latest run" in words
    assert f"joinedup decide {inquiry} unsure m_1 m_99" in words.replace(" /", "/").replace("decide/", "decide /")


def test_json_and_a_name_do_not_go_together(inquiry):
    with pytest.raises(UsageError):
        call("review", inquiry, "--by", "A. Reviewer", "--json")


def test_explain_says_why_and_who_else(inquiry):
    found = json.loads(call("explain", inquiry, "m_1", "m_2", "--json").stdout)
    assert found["probability"] == 0.48
    assert found["joined"] is False
    assert [(each["mention"], each["beside"]) for each in found["candidates"]] == [("m_3", "A")]
    assert "the forenames differ by one letter" in found["text"]
    call("decide", inquiry, "same", "m_1", "m_2", "--why", "both were met.", "--by", "A. Reviewer")
    assert "says that they are one person: both were met; it was recorded after this run" in call(
        "explain", inquiry, "m_2", "m_1"
    ).stdout.replace("\n", " ")


def test_explain_of_mentions_that_are_not_there_or_not_two(inquiry):
    with pytest.raises(UsageError, match="not in the run"):
        call("explain", inquiry, "m_1", "m_99")
    with pytest.raises(UsageError, match="same one"):
        call("explain", inquiry, "m_1", "m_1")


def test_records_that_hold_tokens_are_told_of_by_their_weights_and_where_to_ask(tmp_path, monkeypatch):
    hidden = {
        "mention_id": "m_1",
        "agency": "force",
        "dob": "2001-04-03",
        "form": "encoded_people",
        "source_ref": "3f0c9a",
    }
    monkeypatch.setattr(f"{__name__}.MENTIONS", [hidden, *MENTIONS[1:]])
    weights = "prior/one_home:-0.2;forename/close:4.1;date_of_birth/exact:5.3;sex/different:-5.0"
    folder = make_inquiry(tmp_path, weights=weights)
    [first] = [
        row for row in json.loads(call("review", folder, "--json").stdout)["questions"] if row["mention_r"] == "m_2"
    ]
    assert first["nearly"] == ["the tokens of the forename nearly agree (close)"]
    assert first["strongest_against"] == "the tokens of the sex differ"
    said = " ".join(call("review", folder, "--by", "A. Reviewer", says="q\n").stdout.split())
    assert "A holds tokens alone; force can look up which record 3f0c9a is." in said
    found = json.loads(call("explain", folder, "m_1", "m_2", "--json").stdout)
    assert "the tokens of the date of birth are the same" in found["text"]
    assert "Anna" not in found["text"]
