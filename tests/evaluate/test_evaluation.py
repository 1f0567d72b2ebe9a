from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest

from joinedup.errors import UnreadableError
from joinedup.evaluate import evaluate, interval_coverage, measures
from joinedup.evaluate.measures import audit


@pytest.fixture
def evaluation(store, truth_dir):
    return evaluate(store, truth_dir)


def test_linkage_by_hand(evaluation):
    # Children: put together 12 13 23 45; truly 12 45 67. Right: 12 and 45.
    found = evaluation.linkage
    assert found["pairwise"] == {"precision": 0.5, "recall": pytest.approx(2 / 3), "f1": pytest.approx(4 / 7)}
    # B-cubed precision: 2/3 2/3 1/3 1 1 1 1; recall: 1 1 1 1 1 1/2 1/2.
    assert found["bcubed"]["precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 4) / 7)
    assert found["bcubed"]["recall"] == pytest.approx(6 / 7)
    assert found["child_count_bias"] == 0.0  # four found, four true
    assert (found["false_pairs"], found["false_pairs_in_one_household"]) == (2, 2)  # T1 and T2 share a home
    assert (found["mentions"], found["mentions_not_in_truth"], found["true_mentions_not_in_run"]) == (7, 1, 1)
    assert found["suspects"]["pairwise"] == {"precision": 1.0, "recall": 0.0, "f1": 0.0}
    assert found["suspects"]["count_bias"] == 1.0


def test_the_estimate_is_the_chosen_one(evaluation):
    found = evaluation.estimate
    assert (found["truth"], found["estimate"], found["lower"], found["upper"], found["covered"]) == (
        12,
        9.0,
        5.0,
        13.0,
        True,
    )


def test_limits_without_an_upper_one_hold_all_from_the_lower_upwards():
    truth = SimpleNamespace(population={"exploited_children": 12})
    row = {"scope": "s", "method": "m", "observed": 5, "estimate": 9.0, "upper": None, "refused": None, "chosen": True}
    covered = [measures.estimate([row | {"lower": lower}], truth)["covered"] for lower in (5.0, 13.0, None)]
    assert covered == [True, False, None]


def test_concerns_by_hand(evaluation):
    # Unseen list: P1 stands for T1, P2 for T3, P9 for nobody known. Truly unseen: T1 and T4.
    found = evaluation.concerns
    assert found["recall"] == 0.5
    assert found["precision"] == pytest.approx(1 / 3)
    # Exploited: T1, T3, T4, T5; a rule fired for T1 and T3.
    assert found["reachable"] == 0.5
    assert found["by_rule"] == {
        "repeat_missing": {"recall": pytest.approx(1 / 3), "precision": 0.5, "planted": 3, "fired": 2, "not_visible": 0}
    }


def test_groups_by_hand(evaluation):
    # G1 = T1 T3 S1, found as g1 = P1 P2 (T1 T3): two of three, found. G2 = T4 alone in no group. G3 has no mention.
    found = evaluation.groups
    assert (found["planted"], found["found"], found["false"]) == (3, 1, 1)  # g2 has six strangers, g3 only five
    # Items T1 T3 | S1 | T4 against T1 T3 S1 | T4: precision 1; recall 2/3 2/3 1/3 1.
    assert found["bcubed_precision"] == 1.0
    assert found["bcubed_recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert 0 < found["ami"] < 1


def test_audit_by_hand(evaluation):
    # Visible: MP1 MP9 and two referrals of C1. Claimed: MP1 (true) MP2 (false) and the June referral of C1 (true).
    # The other breach of C1 says the record cannot tell; a rule of which nothing is planted is left aside.
    found = evaluation.audit
    assert found["recall"] == 0.5
    assert found["precision"] == pytest.approx(2 / 3)
    assert {rule: (figures["recall"], figures["precision"]) for rule, figures in found["by_rule"].items()} == {
        "return_interview_72h": (0.5, 0.5),
        "assessment_45_working_days": (0.5, 1.0),
    }


def test_an_interval_that_misses_and_a_refusal_are_told_apart(evaluation):
    from joinedup.evaluate.measures import estimate
    from joinedup.evaluate.truth import Truth

    truth = Truth(*[None] * 6, population={"exploited_children": 12})
    row = {
        "scope": "s",
        "method": "m",
        "observed": 3,
        "estimate": 9.0,
        "lower": 5.0,
        "upper": 11.0,
        "chosen": True,
        "refused": None,
    }
    missed = estimate([row], truth)
    refused = estimate([row | {"estimate": None, "lower": None, "upper": None, "refused": "overlap too small"}], truth)
    nothing = estimate([], truth)
    assert missed["covered"] is False
    assert (refused["covered"], refused["refused"]) == (None, "overlap too small")
    assert nothing["estimate"] is None
    coverage = interval_coverage([missed, refused, evaluation.estimate])
    assert coverage == {"regions": 3, "refused": 1, "coverage": 0.5, "relative_bias": -0.25}


def test_a_truth_that_lacks_a_file_or_column_is_named(store, truth_dir):
    (truth_dir / "unseen.csv").write_text("child\nT1\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"unseen\.csv .* person_id"):
        evaluate(store, truth_dir)
    (truth_dir / "groups.csv").unlink()
    with pytest.raises(UnreadableError, match=r"groups\.csv"):
        evaluate(store, truth_dir)
    (truth_dir / "population.json").write_text("{}", encoding="utf-8")


def test_an_unusable_population_file_is_named(store, truth_dir):
    (truth_dir / "population.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"population\.json"):
        evaluate(store, truth_dir)


def test_a_breach_rule_that_claims_where_nothing_of_it_is_planted_claims_falsely():
    failure = {
        "rule": "meeting_list_no_case", "agency": "a", "form": "meeting_list", "source_ref": "1", "detail": "", "visible": "1",
    }  # fmt: skip
    truth = SimpleNamespace(pathway_failures=pa.Table.from_pylist([failure]))
    breach = {"pathway_id": "w", "rule": "bulk_removal_from_monitoring", "outcome": "contradicted"}
    found = audit([breach], [{"pathway_id": "w", "events": "[]"}], {}, truth)["by_rule"]
    assert found["bulk_removal_from_monitoring"]["precision"] == 0.0
    assert found["meeting_list_no_case"]["recall"] == 0.0
