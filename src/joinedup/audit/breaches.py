"""Every breach rule held against the records: which function answers for which kind of test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from joinedup.audit import across, own_case
from joinedup.audit.bulk import in_bulk
from joinedup.audit.flags import flag_on_one_system
from joinedup.audit.received import not_received
from joinedup.audit.records import Records
from joinedup.registry.breach_rules import BreachRule, FlagOnOneSystem, InBulk

_OF_LEADS: dict[str, Callable[[Any, Records], ibis.Table]] = {
    "closed_without_reason": own_case.closed_without_reason,
    "never_interviewed": own_case.never_interviewed,
    "no_contact": own_case.no_contact,
    "outcome_of_child": own_case.outcome_of_child,
    "outcome_of_offence": own_case.outcome_of_offence,
    "closed_contradicted": across.closed_contradicted,
    "suspect_named_elsewhere": across.suspect_named_elsewhere,
    "closed_while_missing": across.closed_while_missing,
    "referred_again": across.referred_again,
    "on_no_case_list": across.on_no_case_list,
    "not_received": not_received,
}


def judge(rule: BreachRule, records: Records) -> tuple[ibis.Table, ibis.Table | None]:
    """What the rule makes of every pathway it speaks of (as in judged.py), and the pathways it makes itself, if any."""
    if isinstance(rule.test, InBulk):
        return in_bulk(rule.id, rule.test, records)
    if isinstance(rule.test, FlagOnOneSystem):
        return flag_on_one_system(rule.test, records)
    return _OF_LEADS[rule.test.kind](rule.test, records), None
