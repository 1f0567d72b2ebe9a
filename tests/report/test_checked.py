"""The checks before publishing: each passes on what is right and blocks when that one thing is broken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report import checked
from joinedup.report.blocks import Chapter, Finding, Section, Table
from joinedup.report.checked import Check
from joinedup.report.evidence import Evidence
from joinedup.report.press import Press, bind
from joinedup.stats.disclosure import protect_share


@pytest.fixture
def press():
    made = Press(disclosure_rules()["nhs_round_5"])
    for name, exact in {"all": 993, "one": 701, "unknown": 93, "less": 12}.items():
        made.people(f"n.{name}", name, exact, Recipe("people", {}, "person_id"))
    return made


def chapter_of(*shares):
    rows = tuple((f"row {place}", share) for place, share in enumerate(shares))
    return [Chapter("scale", "Size", (Section("S", (Table("T", ("A", "Share"), rows),)),))]


def standings(checks):
    return [check.standing for check in checks]


def shares_of(press):
    one, unknown, less, every = (press[f"n.{name}"] for name in ("one", "unknown", "less", "all"))
    return [
        press.share("plain", one, every),
        press.share("of those known", one, every, less=less),
        press.lowest("lowest", one, every),
        press.highest("highest", (one, unknown), every),
    ]


def test_percentages_the_press_makes_pass(press):
    assert standings(checked.arithmetic(chapter_of(*shares_of(press)), press)) == ["passed"]


@pytest.mark.parametrize("place", range(4))
def test_a_percentage_of_other_counts_blocks(press, place):
    shares = shares_of(press)
    # 700 of 995 is 70%, of 790 it is 89%; as a lowest share that is too high, and 12% as a highest one too low.
    wrong = (press["n.one"], press["n.unknown"])[place == 3]
    other = protect_share(
        wrong.released, press["n.all"].released if place == 3 else press.people("n.o", "o", 790, Recipe("p")).released
    )
    shares[place] = replace(shares[place], released=other)
    found = checked.arithmetic(chapter_of(*shares), press)
    assert [(each.standing, each.subject) for each in found] == [("blocking", shares[place].label)]


def test_a_percentage_typed_in_a_finding_is_recomputed(press):
    finding = Finding("scale-01", "scale", ("12,392 of 22,786 children (69%) were girls.",))
    [found] = checked.arithmetic([Chapter("scale", "Size", (), (finding,))], press)
    assert found.standing == "blocking"
    assert "54.4%" in found.message


def test_a_claim_without_bounds_blocks():
    told = {"claim": "share >= 0.5", "lower": 0.2, "upper": 0.6}
    assert standings(checked.claims(Evidence(claims=[told]))) == ["passed"]
    assert standings(checked.claims(Evidence(claims=[told, told | {"upper": None}]))) == ["blocking"]


def test_a_share_of_what_is_too_little_known_needs_its_bounds(press):
    profiles = [{"number_id": "n.one", "unknown": 308, "base": 993, "known": True}]
    plain, _, lowest, highest = shares_of(press)

    def said(*shares):
        names = {str(place): share for place, share in enumerate(shares)}
        parts = bind(" ".join(f"{{{{%{name}}}}}" for name in names), names, press)
        return checked.bare_shares([Chapter("scale", "S", (), (Finding("scale-01", "scale", parts),))], profiles)

    assert standings(said(plain)) == ["blocking"]
    assert standings(said(plain, lowest, highest)) == ["passed"]


def test_open_links_block_and_silent_agencies_warn():
    assert standings(checked.links(0, [])) == ["passed"]
    assert standings(checked.links(3, [])) == ["blocking"]
    response = {"agency": "a", "asked": True, "state": "no_answer"}
    assert standings(checked.answers(Evidence(responses=[response]))) == ["warning"]
    assert standings(checked.answers(Evidence(responses=[response | {"state": "data"}]))) == ["passed"]


def test_checks_are_read_as_they_were_written():
    checks = [Check("linkage", "blocking", "links", "3 pairs"), Check("bounds", "passed", "", "none")]
    assert checked.read_checks(checked.rows_of(checks)) == checks
