"""Mentions that hold linkage tokens: linked by the stage as one more model, on a small region with truth."""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest

from joinedup.domain.linkage_key import Key, make_key
from joinedup.errors import SettingsError, UsageError
from joinedup.evaluate.partitions import pairwise
from joinedup.link import stage
from joinedup.link.encoded import encoded
from joinedup.link.encoded import fields as fields_of
from joinedup.link.fields import Limits
from joinedup.link.proposals import PROPOSALS
from joinedup.link.tokens import encode, likeness
from joinedup.store.contract import from_rows

KEY, OTHER = Key(bytes(range(32))), Key(bytes(range(1, 33)))
BORN = datetime.date(1997, 3, 14)
CLEAR = ("mention_id", "agency", "agency_kind", "form", "source_ref", "local_id", "role", "first_date")


def hidden(mentions, identifiers, agencies, key=KEY, *, fuzzy=True):
    """The same mentions as these agencies' would stand in a run had they sent tokens."""
    held: dict[str, list] = {}
    for row in identifiers:
        held.setdefault(row["mention_id"], []).append((row["kind"], row["value"]))
    shown = [row for row in mentions if row["agency"] not in agencies]
    kept = [row for row in identifiers if row["mention_id"] in {one["mention_id"] for one in shown}]
    for row in mentions:
        if row["agency"] in agencies:
            shown.append({name: row[name] for name in CLEAR if name in row})
            tokens = encode(row, held.get(row["mention_id"], ()), key, fuzzy=fuzzy)
            kept += [
                {"mention_id": row["mention_id"], "kind": kind, "value": token, "valid": True}
                for kind, several in tokens.items()
                for token in several.split(";")
                if token
            ]
    return sorted(shown, key=lambda row: row["mention_id"]), kept


def mention(mention_id, agency="police-a", **facts):
    return {
        "mention_id": mention_id, "agency": agency, "form": "people", "source_ref": mention_id, "role": "child",
        "forename_fold": "ana", "surname_fold": "brook", "dob": BORN, "dob_precision": "day", "sex": "F", "postcode": "ZX1 1AA",
        "outcode": "ZX1",
    } | facts  # fmt: skip


@pytest.fixture
def link(run_stage, tmp_path_factory):
    """link(mentions, identifiers, key=None, decisions=()): person by mention, links by pair, quality by measure."""

    def run(mentions, identifiers, key=None, decisions=()):
        settings = {}
        if key is not None:
            path = tmp_path_factory.mktemp("keys") / "linkage.key"
            path.write_text(key.secret.hex())
            path.chmod(0o600)
            settings["link"] = {"token_key_file": str(path)}
        given = {"mentions": mentions, "identifiers": identifiers, "decisions": list(decisions)}
        store = run_stage(stage, given, **settings)
        people = {row["mention_id"]: row["person_id"] for row in store.read("people").to_pyarrow().to_pylist()}
        links = {(row["mention_l"], row["mention_r"]): row for row in store.read("links").to_pyarrow().to_pylist()}
        rows = store.read("link_quality").to_pyarrow().to_pylist()
        return people, links, {(row["measure"], row["scope"]): row["value"] for row in rows}

    return run


@pytest.fixture(scope="module")
def region(make_region):
    return make_region(1000, 5)


def f1(region, people):
    ids = sorted(people)
    codes = [np.unique([of[name] for name in ids], return_inverse=True)[1] for of in (people, region.person)]
    return pairwise(*codes).f1


def test_agencies_that_send_tokens_are_linked_nearly_as_well_as_in_the_clear(region, link):
    clear = f1(region, link(region.mentions, region.identifiers)[0])
    one = hidden(region.mentions, region.identifiers, {"northmoor-police"})
    people, links, quality = link(*one, key=KEY)
    assert f1(region, people) > clear - 0.02
    assert {row["model"].rpartition(":")[2] for row in links.values()} >= {"tokens"}
    assert quality["encoded_mentions", "all"] == sum(row["agency"] == "northmoor-police" for row in region.mentions)
    assert 0.9 < quality["tokens_find_again", "children"] <= 1.0
    assert 0.0 <= quality["tokens_alone_join", "children"] < 0.06


def test_where_all_agencies_send_tokens_the_inquiry_needs_no_key(region, link):
    agencies = {row["agency"] for row in region.mentions}
    people, _, quality = link(*hidden(region.mentions, region.identifiers, agencies, fuzzy=False))
    assert f1(region, people) > 0.93
    assert quality["encoded_without_key", "all"] == len(region.mentions)


def test_without_the_key_tokens_are_linked_among_themselves_alone_and_the_run_says_so(link):
    mentions = [mention("a"), mention("b", "care-a"), mention("c", "care-b"), mention("d", "care-c")]
    people, links, quality = link(*hidden(mentions, [], {"care-a", "care-b"}))
    assert people["b"] == people["c"] != people["a"] == people["d"]
    assert quality["encoded_without_key", "all"] == 2
    assert all({"b", "c"} >= set(pair) or not {"b", "c"} & set(pair) for pair in links)


def test_with_the_key_they_are_held_against_names_in_the_clear(link):
    mentions = [
        mention("a"),
        mention("b", "care-a", forename_fold="anna"),
        mention("sister", "care-a", forename_fold="mia", dob=datetime.date(1995, 7, 2)),
    ]
    people, links, quality = link(*hidden(mentions, [], {"care-a"}), key=KEY)
    assert people["a"] == people["b"] != people["sister"]
    assert links["a", "b"]["model"].endswith(":tokens")
    assert "forename/variant" in links["a", "b"]["weights"] or "forename/close" in links["a", "b"]["weights"]
    assert ("encoded_without_key", "all") not in quality


def test_files_under_two_keys_cannot_meet_and_are_counted(link):
    mentions = [mention("a"), mention("b", "care-a"), mention("c", "care-b")]
    one, of_one = hidden(mentions[:2], [], {"care-a"})
    other, of_other = hidden(mentions[2:], [], {"care-b"}, key=OTHER)
    people, _, quality = link(one + other, of_one + of_other, key=KEY)
    assert people["a"] == people["b"] != people["c"]
    assert quality["encoded_under_another_key", "all"] == 1


def test_two_encoded_nhs_numbers_keep_two_people_apart_and_one_joins_them_with_the_clear(link):
    numbers = {"a": "9434765919", "b": "9434765919", "c": "9434765870"}
    mentions = [mention(name, f"agency-{name}", nhs_no=number) for name, number in numbers.items()]
    people, _, quality = link(*hidden(mentions, [], {"agency-b", "agency-c"}), key=KEY)
    assert people["a"] == people["b"] != people["c"]
    without, _, _ = link(*hidden(mentions, [], {"agency-b", "agency-c"}))
    assert len(set(without.values())) == 3
    assert quality["conflicts", "nhs_no"] == 1


def test_decisions_bind_encoded_mentions_too(link):
    mentions = [
        mention("a"),
        mention("b", "care-a"),
        mention("c", "care-b", forename_fold="zara", dob=datetime.date(1999, 1, 9), postcode="ZX9 9AA"),
    ]

    def said(sequence, kind, one, other):
        return {
            "sequence": sequence,
            "kind": kind,
            "subject": one,
            "other": other,
            "judgement": kind,
            "reason": "r",
            "decided_by": "A",
            "decided_at": "2011-05-01T10:00:00+00:00",
            "replaces": None,
        }

    decisions = [said(1, "not_same_person", "a", "b"), said(2, "same_person", "b", "c")]
    people, _, _ = link(*hidden(mentions, [], {"care-a"}), key=KEY, decisions=decisions)
    assert people["b"] == people["c"] != people["a"]


def test_repeats_of_one_encoded_record_stand_once(link):
    mentions = [mention("a", "care-a"), mention("b", "care-a"), mention("c", "care-b")]
    _, links, _ = link(*hidden(mentions, [], {"care-a"}), key=KEY)
    assert links["a", "b"]["model"] == "rule:same_record"


def test_the_key_is_in_no_table(link, region):
    mentions, identifiers = hidden(region.mentions[:60], [], {"northmoor-police"})
    people, links, quality = link(mentions, identifiers, key=KEY)
    written = f"{people}{links}{quality}"
    assert KEY.secret.hex() not in written
    held = {row["value"] for row in identifiers}
    assert not [token for token in held if token in written]


def test_filters_are_counted_as_they_are_held(make_region):
    rows = [mention("a", "x"), mention("b", "x", forename_fold="anne"), mention("c", "x", dob=None, dob_precision=None)]
    mentions, identifiers = hidden(rows, [], {"x"})
    found = encoded(from_rows("mentions", mentions), from_rows("identifiers", identifiers), None)
    columns = fields_of(found.tokens).columns
    words = [[columns[f"forename_bits{word}"][row].as_py() for word in range(8)] for row in range(3)]
    assert words[2] == [None] * 8
    ones = [sum((word & 0xFFFFFFFFFFFFFFFF).bit_count() for word in words[row]) for row in (0, 1)]
    assert ones == columns["forename_ones"].to_pylist()[:2]
    both = sum(((one & other) & 0xFFFFFFFFFFFFFFFF).bit_count() for one, other in zip(*words[:2], strict=True))
    filters = found.tokens["forename_bloom"].to_pylist()
    assert 2 * both / sum(ones) == pytest.approx(likeness(*filters[:2]))


def test_no_key_is_made_of_a_forename_or_another_name_alone():
    rows = [{"mention_id": "a", "agency": "x", "role": "suspect", "forename_fold": "ana", "aliases": "shades"}]
    mentions, identifiers = hidden(rows, [], {"x"})
    found = encoded(from_rows("mentions", mentions), from_rows("identifiers", identifiers), None)
    for model in ("children_tokens", "suspects_tokens"):
        [row] = found.prepared(
            np.ones(1, dtype=bool), np.zeros(1, dtype=np.int64), model, Limits(300, 60)
        ).records.to_pylist()
        keys = (*PROPOSALS[model].plain, *PROPOSALS[model].lists)
        assert {key: row[key] for key in keys} == dict.fromkeys(keys)


def test_nothing_is_made_where_nothing_is_encoded_and_there_is_no_key():
    table = from_rows("mentions", [mention("a")])
    assert encoded(table, pa.table({"mention_id": ["a"], "kind": ["phone"], "value": ["+44"]}), None) is None


def test_a_key_inside_the_inquirys_folder_and_one_that_is_not_there_are_refused(run_stage, tmp_path):
    make_key(tmp_path / "linkage.key")
    with pytest.raises(SettingsError, match="inside the inquiry's folder"):
        run_stage(stage, {}, link={"token_key_file": "linkage.key"})
    with pytest.raises(UsageError, match="is not there"):
        run_stage(stage, {}, link={"token_key_file": "../no-such.key"})
