from __future__ import annotations

import datetime

import pyarrow as pa
import pytest

from joinedup.link.fairness import facts
from joinedup.stats.record_groups import completeness, unlinkable, with_tokens
from joinedup.store.contract import from_rows


def mention(mention_id, agency, **fields):
    return {"mention_id": mention_id, "agency": f"{agency}-a", "agency_kind": agency, "role": "child", **fields}


FULL = {
    "forename_fold": "ana", "surname_fold": "brook", "dob": datetime.date(2000, 5, 4), "dob_precision": "day",
    "postcode": "ZX1 1AA", "nhs_no": "9434765919",
}  # fmt: skip
MENTIONS = [
    mention("a", "police", **FULL),
    mention("b", "police", forename_fold="ana", surname_fold=""),
    mention("c", "social_care", dob=datetime.date(2000, 1, 1), dob_precision="year", postcode="ZX1 1AA"),
    mention("d", "charity", **FULL),
]
PEOPLE = [
    {"mention_id": name, "person_id": person, "agency": f"{agency}-a"}
    for name, person, agency in (
        ("a", "p", "police"),
        ("b", "p", "police"),
        ("c", "q", "social_care"),
        ("d", "p", "charity"),
    )
]
LINKS = [
    {"mention_l": "a", "mention_r": "b", "zone": "review", "probability": 0.3, "model": "m"},
    {"mention_l": "a", "mention_r": "d", "zone": "linked", "probability": 0.99, "model": "m"},
]
OUTCOMES = [
    {"mention_id": "c", "outcome": "no_further_action"}, {"mention_id": "c", "outcome": "assessment"},
    {"mention_id": "a", "outcome": None},
]  # fmt: skip


@pytest.fixture(scope="module")
def found():
    tables = [from_rows(name, rows) for name, rows in (("mentions", MENTIONS), ("people", PEOPLE), ("links", LINKS))]
    outcomes = from_rows("events", [{"event_id": row["mention_id"], "outcome": row["outcome"]} for row in OUTCOMES])
    outcomes = outcomes.select(["event_id", "outcome"]).rename_columns(["mention_id", "outcome"])
    return {(measure, scope): value for measure, scope, value, _ in facts(*tables, outcomes)}


def test_completeness_counts_what_a_record_has():
    assert completeness(from_rows("mentions", MENTIONS)).tolist() == [5, 1, 1, 5]


def test_a_record_without_name_and_number_is_published_as_unlinkable(found):
    assert found["group_unlinkable", "source: social_care"] == 1
    assert found["group_unlinkable", "outcome: closed with no further action"] == 1
    assert found["group_unlinkable", "source: police"] == 0


def test_a_record_is_linked_when_its_person_has_one_of_another_agency(found):
    assert found["group_linked", "source: police"] == 2
    assert found["group_linked", "source: charity"] == 1
    assert found["group_linked", "source: social_care"] == 0


def test_each_way_of_dividing_has_every_record_once(found):
    for way in ("source", "completeness", "outcome"):
        counts = [
            value for (measure, scope), value in found.items() if measure == "group_records" and scope.startswith(way)
        ]
        assert sum(counts) == len(MENTIONS), way
    assert found["group_records", "outcome: referred, another outcome or none recorded"] == 1
    assert found["group_review", "completeness: 5 of 5"] == 1


def test_an_encoded_record_is_as_complete_as_its_tokens_and_not_taken_for_one_without_a_name():
    mentions = from_rows(
        "mentions", [mention("a", "charity"), mention("b", "charity"), MENTIONS[0] | {"mention_id": "c"}]
    )
    assert completeness(mentions).tolist() == [0, 0, 5]
    assert unlinkable(mentions).tolist() == [True, True, False]
    sent = [("a", field) for field in ("forename", "surname", "born", "postcode", "upn", "key", "born_year")]
    sent += [("b", field) for field in ("born_year", "outcode", "surname_forms")]
    tokens = pa.table({"mention_id": [one for one, _ in sent], "kind": [f"token_{field}" for _, field in sent]})
    assert completeness(with_tokens(mentions, tokens)).tolist() == [5, 0, 5]
    assert unlinkable(with_tokens(mentions, tokens)).tolist() == [False, True, False]
    assert with_tokens(mentions, tokens.slice(0, 0)).equals(mentions)
