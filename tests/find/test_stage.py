from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.errors import UsageError
from joinedup.find import stage
from joinedup.registry.rules import chosen_packs, packs
from joinedup.settings import Inquiry
from joinedup.store.numbers import read_numbers, recompute

ON = chosen_packs(Inquiry.model_fields["rule_packs"].default)
ROOT = Path(__file__).resolve().parents[2]


def fill(region):
    for person in ("p", "q", "r"):
        for day in ("2010-03-01", "2010-03-10", "2010-03-20"):
            region.missing(person, f"{day} 21:00", f"{day} 23:00", details={"rhi_offered": "no"})
    region.closed_referral("q", "2010-05-01")
    region.closed_referral("q", "2010-06-01")
    region.event("r", "assessment", "2011-01-01", agency="council", form="cin_census", precision="day")


def everything(store):
    return {name: store.fingerprint(name) for name in stage.WRITES}


def test_descriptions_are_not_read():
    assert not {"descriptions", "person_attributes", "profiles"} & set(stage.READS)


def test_the_order_of_rows_changes_nothing(region, find):
    fill(region)
    before = everything(find(region))
    for rows in (region.people, region.involvements, region.events):
        random.Random(7).shuffle(rows)
    assert everything(find(region)) == before


def test_every_printed_number_recomputes(region, find):
    fill(region)
    store = find(region, rule_packs=[pack.id for pack in ON])
    numbers = read_numbers(store)
    named = sorted(name for name in numbers if name.startswith("rule."))
    assert named == sorted(f"rule.{rule.id}" for pack in ON for rule in pack.rules)
    assert len(numbers) == len(named) + 9, "the nine counts of missing and exploitation"
    assert {name: number.value for name, number in numbers.items()} == {
        name: recompute(store, number.recipe) for name, number in numbers.items()
    }
    assert {number.value for number in numbers.values()} == {0, 3, 1}


def test_a_pack_that_is_not_there_is_refused_and_those_there_are_named(region, find):
    with pytest.raises(UsageError) as refusal:
        find(region, rule_packs=["missing", "hystory"])
    assert "'hystory'" in refusal.value.message
    assert refusal.value.remedy == "Rule packs: contact, history, missing, occ_2013, school_health, seraf_wales."


def test_only_the_chosen_packs_fire_and_none_at_all_gives_empty_tables(region, find, rows):
    fill(region)
    assert {row["pack"] for row in rows(find(region, rule_packs=["history"]), "concerns")} == {"history 2"}
    store = find(region, rule_packs=[])
    assert store.tables() | {"concerns": 0, "rule_coverage": 0, "unseen": 0, "looking": 1} == store.tables()


def test_an_inquiry_with_no_records_gives_empty_tables(region, find, rows):
    store = find(region, rule_packs=[pack.id for pack in ON])
    assert rows(store, "concerns") == rows(store, "unseen") == []
    assert [(row["fired"], row["not_fired"], row["not_evaluable"]) for row in rows(store, "rule_coverage")] == [
        (0, 0, 0)
    ] * sum(len(pack.rules) for pack in ON)


days = st.integers(1, 28).map(lambda day: f"2010-03-{day:02d} 21:00")


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), days, st.booleans()), max_size=12))
def test_every_child_is_fired_not_fired_or_not_evaluable_once(regions, run_stage, drawn):
    region = regions()
    for person, day, offered in drawn:
        region.missing(person, day, day, details={"rhi_offered": "no"} if offered else None)
    store = run_stage(stage, region.tables(), rule_packs=["missing"])
    children = len({person for person, _, _ in drawn})
    coverage = store.read("rule_coverage").to_pyarrow().to_pylist()
    concerns = store.read("concerns").to_pyarrow().to_pylist()
    for row in coverage:
        assert row["fired"] + row["not_fired"] + row["not_evaluable"] == children
        assert row["fired"] == len([concern for concern in concerns if concern["rule"] == row["rule"]])
        assert min(row["fired"], row["not_fired"], row["not_evaluable"]) >= 0


def test_a_pack_of_the_inquirys_own_fires_beside_the_registered(region, find, rows, tmp_path):
    text = (ROOT / "src/joinedup/registry/rules/missing.yaml").read_text(encoding="utf-8")
    text = text[: text.index("  - id: missing_no_return_interview")]
    text = (
        text.replace("id: missing", "id: local", 1).replace("least: 3", "least: 2").replace("repeat_missing", "twice")
    )
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "local.yaml").write_text(text, encoding="utf-8")
    for day in ("2010-03-01", "2010-03-10"):
        region.missing("p", day)
    store = find(region, rule_packs=["missing", "local"])
    assert [(row["rule"], row["pack"]) for row in rows(store, "concerns")] == [
        ("twice", f"local {packs()['missing'].version}")
    ]
    with pytest.raises(UsageError) as refusal:
        find(region, rule_packs=["other"])
    assert "local" in refusal.value.remedy
