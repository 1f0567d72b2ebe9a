"""What the tests that walk the registry walk: that it holds what was asked for, so that none of them passes on nothing."""

from __future__ import annotations

import pytest

from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.documents import folder
from joinedup.registry.rules import packs
from joinedup.registry.standards import standards

FINDING = {
    "missing": {
        "repeat_missing", "missing_24_hours", "missing_no_return_interview", "missing_from_home_and_care",
        "found_at_suspect_address", "found_with_suspect",
    },
    "contact": {
        "shares_phone", "shares_vehicle", "shares_place", "shares_account", "tied_to_group", "known_victim_at_home",
        "known_victim_tied",
    },
    "school_health": {"persistent_absence", "exclusion_and_missing", "repeat_health_contacts"},
    "history": {"repeat_no_further_action", "charity_referral_closed", "earlier_exploitation_factor"},
    "seraf_wales": {"seraf_wales_sum"},
    "occ_2013": {"occ_2013_signs"},
}  # fmt: skip
BREACHES = {
    "closed_without_reason", "closed_contradicted", "closed_while_missing", "suspect_never_interviewed", "outcome_18_suspect_named",
    "outcome_15_no_interview", "outcome_14_child", "outcome_16_child", "outcome_21_contact_offence", "outcome_20_not_received",
    "no_further_action_without_contact", "referred_again_after_no_further_action", "bulk_closure", "bulk_removal_from_monitoring",
    "meeting_list_no_case", "flag_on_one_system",
}  # fmt: skip
STANDARDS = {
    "return_interview_72h", "assessment_45_working_days", "referral_decision_1_working_day", "conference_15_working_days",
}  # fmt: skip

EXAMPLES = [
    (rule.id, example)
    for rule in (
        *(rule for pack in packs().values() for rule in pack.rules),
        *standards().values(),
        *breach_rules().values(),
    )
    for example in rule.examples
]


def test_every_rule_that_was_asked_for_is_registered():
    assert {pack: {rule.id for rule in packs()[pack].rules} & wanted for pack, wanted in FINDING.items()} == FINDING
    assert set(breach_rules()) >= BREACHES
    assert set(standards()) >= STANDARDS
    assert {standard.nation for standard in standards().values()} == {
        "england",
        "wales",
        "scotland",
        "northern_ireland",
    }


def test_every_file_of_rules_is_read_and_every_rule_has_three_kinds_of_example():
    assert {path.stem for path in folder("rules")} == set(packs())
    kinds = {}
    for rule, example in EXAMPLES:
        kinds.setdefault(rule, set()).add(example.expect)
    assert len(kinds) == sum(len(pack.rules) for pack in packs().values()) + len(standards()) + len(breach_rules())
    assert all(shown == {"fires", "just_misses", "lacks"} for shown in kinds.values())


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{rule}-{example.expect}" for rule, example in EXAMPLES])
def test_no_example_is_empty(rule, example):
    """An example without records would not fire whatever the rule is."""
    assert example.events


def test_what_fires_and_what_just_misses_differ_by_little():
    """Of each rule some example that just misses has the kinds of event of one that fires, or fewer, or more: no others instead."""
    for rule in {name for name, _ in EXAMPLES}:
        of = {
            expect: [{event.type for event in example.events} for name, example in EXAMPLES if (name, example.expect) == (rule, expect)]
            for expect in ("fires", "just_misses")
        }  # fmt: skip
        assert any(missed >= fired or missed <= fired for missed in of["just_misses"] for fired in of["fires"]), rule


def test_every_standard_says_late_and_not_done_in_words_of_its_own():
    sentences = [sentence for standard in standards().values() for sentence in (standard.late, standard.not_done)]
    assert len(set(sentences)) == len(sentences)
