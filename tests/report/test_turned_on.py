"""What the estimate turns on, as the report prints it: rounded, withheld where it rests on too few, and never exact."""

from __future__ import annotations

import math

import pytest

from joinedup.registry.disclosure import disclosure_rules
from joinedup.report import stage as report
from joinedup.report.evidence import Evidence
from joinedup.report.press import Press, as_text
from joinedup.report.turned_on import section
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.duck import DuckStore
from joinedup.store.numbers import read_numbers, recompute

SCOPE = "children:known or suspected"


def turned(kind, change, estimate, **more):
    row = {
        "scope": SCOPE, "kind": kind, "change": change, "estimate": estimate, "on_several": 212,
        "number_id": f"sensitivity.{kind}.{change}.{more.get('assumed')}".replace(" ", "-"), "recipe": "{}",
    }  # fmt: skip
    return row | more


def sensitivities():
    rows = [
        turned("list left out", "police", 1517.3),
        turned("list left out", "charity", 1913.7, on_several=7),
        turned("lists merged", "police and social_care", None, refused="Only 2 lists hold anybody."),
        turned("more links missed", "5%", 1733.9, assumed=0.05),
        *(turned("lists tied", "police and charity", 1006 + 637 * math.exp(odds), assumed=odds) for odds in (-1.0, 0.0, 1.0)),
        turned("model as good", "[police*charity] [social_care]", 1661.2, assumed=1.2),
        turned("prior and cap", "1/N, cap 30", 1702.0, lower=1412.0, upper=2203.0, assumed=30.0),
        turned("list as known truth", "police", 583.4, lower=431.2, upper=None, truth=613, held=True),
        turned("list as known truth", "charity", 171.2, lower=121.2, upper=191.3, truth=213, held=False),
        turned("list as known truth", "school", 16.2, lower=12.2, upper=91.3, truth=13, held=True, on_several=6),
    ]  # fmt: skip
    return [row | {"place": place} for place, row in enumerate(rows, start=1)]


def redrawn(drawn="people"):
    totals = ((0.025, 1311.9), (0.5, 1648.2), (0.9, 2187.3), (0.975, None))
    return [
        {"scope": SCOPE, "drawn": drawn, "replicates": 1000, "share": share, "total": total, "recipe": "{}",
         "number_id": f"redrawn.{drawn}.{share}"}
        for share, total in totals
    ]  # fmt: skip


@pytest.fixture(scope="module")
def given(made, tmp_path_factory):
    """The report of the test run with what its estimate turns on, made once."""
    folder = tmp_path_factory.mktemp("turned")
    store = DuckStore(folder / "evidence.duckdb")
    tables = made.tables(sensitivities=sensitivities(), redrawn=redrawn() + redrawn("links"))
    for name in {*report.READS, *tables}:
        store.write(name, from_rows(name, tables.get(name, [])))
    inquiry = Inquiry.model_validate(made.STATED)
    report.run(StageRun(report.NAME, report.READS, report.WRITES, store, inquiry, folder, folder, 1))
    yield (folder / "report" / "index.html").read_text(encoding="utf-8"), store
    store.close()


def sections(lead):
    evidence = Evidence(estimates=[lead], sensitivities=sensitivities(), redrawn=redrawn())
    return section(evidence, Press(disclosure_rules()["nhs_round_5"]))


def test_every_sensitivity_is_drawn_with_words_for_it_and_a_table_below(given):
    html, _ = given
    names = ("turns-lists", "turns-links", "turns-ties", "turns-models", "turns-priors", "turns-known")
    for name in (*names, "replicates-people", "replicates-links"):
        assert html.count(f'aria-labelledby="chart-{name}-caption"') == 1
    part = html[html.index("What the estimate turns on") :]
    for said in ("Without police", "5% more links missed", "Police with charity", "1/N, cap 30", "without end"):
        assert said in part
    assert "Without police: 1,520" in html


def test_its_numbers_are_rounded_and_their_exact_values_stand_nowhere(given):
    html, store = given
    shown = {row["number_id"]: row["shown"] for row in store.read("released").to_pyarrow().to_pylist()}
    assert shown["sensitivity.list-left-out.police.None"] == "1,520"
    assert shown["redrawn.people.0.025"] == "1,310"
    assert shown["sensitivity.list-as-known-truth.police.None.truth"] == "615"
    for exact in ("1517", "1,517", "1913", "1,913", "1,910", "1733", "1648", "583.4", ">613<", "2187"):
        assert exact not in html


def test_a_total_that_rests_on_so_few_that_it_would_count_them_is_withheld(given):
    html, store = given
    numbers = {row["number_id"] for row in store.read("released").to_pyarrow().to_pylist()}
    assert "sensitivity.list-left-out.charity.None" not in numbers
    assert not any(
        each.startswith("sensitivity.list-as-known-truth.school") and "truth" not in each[-5:] for each in numbers
    )
    row = html[html.index("Without charity") :].split("</tr>")[0]
    assert "not shown: rests on too few" in row


def test_the_self_test_says_for_how_many_lists_limits_held(given):
    html, store = given
    numbers = read_numbers(store)
    held, missed = (numbers[f"sensitivity.children-known-or-suspected.{each}"] for each in ("held", "not-held"))
    assert (held.value, missed.value) == (2, 1)
    assert (recompute(store, held.recipe), recompute(store, missed.recipe)) == (2, 1)
    assert "no upper limit" in html[html.index("Each list as known truth, estimated from the others</caption>") :]


def test_every_number_of_it_recomputes_from_the_run(given):
    _, store = given
    for number in read_numbers(store).values():
        if number.recipe.table in {"sensitivities", "redrawn"}:
            assert recompute(store, number.recipe) == pytest.approx(number.counted)


def test_unreviewed_links_make_none_of_it_a_headline(made):
    [found] = sections(made.estimate() | {"unreviewed": "The links were not reviewed."})
    assert "none of this is a headline" in as_text(found.blocks[0].parts)
    [reviewed] = sections(made.estimate())
    assert "headline" not in as_text(reviewed.blocks[0].parts)


def test_a_refused_estimate_turns_on_nothing(made):
    assert sections(made.estimate(refused=made.REFUSED)) == []
    assert section(Evidence(estimates=[made.estimate()]), Press(disclosure_rules()["nhs_round_5"])) == []
