from __future__ import annotations

import numpy as np
import pyarrow as pa

from joinedup.count.corrected import corrected_breakdowns, corrected_by_status
from joinedup.stats.record_sample import Reviewed

STATUSES = ("known", "suspected", "at_risk", "not_stated")


def test_a_child_counts_once_under_the_strongest_status_of_its_records_as_reviewed():
    """Records 0 and 1 are one child, not linked; 2 is another."""
    linked, everything = np.array([0, 1, 2]), np.ones(3)
    sample = Reviewed(
        linked,
        everything,
        np.zeros(3, dtype=np.int64),
        np.arange(3),
        (np.array([0, 1]), np.array([0, 1]), np.array([2])),
    )
    listed = pa.table({"mention_id": ["a", "b", "c"], "status": ["suspected", "known", "suspected"]})
    found = corrected_by_status((sample, pa.array(["a", "b", "c"])), listed, STATUSES, 1)
    assert {status: (count, limits.lower, limits.upper) for status, (count, limits) in found.items()} == {
        "known": (1, 1, 1), "suspected": (1, 1, 1), "at_risk": (0, 0, 0), "not_stated": (0, 0, 0),
    }  # fmt: skip


def test_without_a_sample_nothing_is_corrected():
    assert corrected_by_status(None, pa.table({"mention_id": ["a"], "status": ["known"]}), STATUSES, 1) == {}


def test_every_breakdown_is_corrected_by_the_rules_that_count_those_linked():
    """Records 0 and 1 are one child, not linked: known in the north by one record, a boy by the other. Record 2 is another child."""
    everything = np.ones(3)
    sample = Reviewed(
        np.arange(3),
        everything,
        np.zeros(3, dtype=np.int64),
        np.arange(3),
        (np.array([0, 1]), np.array([0, 1]), np.array([2])),
    )
    status, sex = {"a": "known", "b": "at_risk", "c": "at_risk"}, {"a": "not known", "b": "M", "c": "F"}

    def counted(people):
        members = {}
        for mention, person in zip(people["mention_id"].to_pylist(), people["person_id"].to_pylist(), strict=True):
            members.setdefault(person, []).append(mention)
        rows, said = [], []
        for person, mentions in members.items():
            best = "known" if any(status[each] == "known" for each in mentions) else "at_risk"
            told = sorted({sex[each] for each in mentions} - {"not known"}) or ["not known"]
            row = {"person_id": person, "kind": "child", "status": best, "strongest": True, "sex": told[0]}
            rows.append(
                row | dict.fromkeys(("list", "list_kind", "first_year", "area", "age_band"), "x") | {"lists": 1}
            )
            said.append({"person_id": person, "kind": "child", "status": best, "threat": "not known"})
        return pa.Table.from_pylist(rows), pa.Table.from_pylist(said)

    found = corrected_breakdowns((sample, pa.array(["a", "b", "c"])), counted, 1)
    added = {key: value for key, (value, _) in found.items() if key[1] == "sex"}
    assert added == {
        ("at_risk", "sex", "F"): 0.0, ("at_risk", "sex", "M"): -1.0, ("known", "sex", "M"): 1.0, ("known", "sex", "not known"): -1.0,
    }  # fmt: skip
    assert found["at_risk", "sex", "F"][1] is None
    assert found["at_risk", "threat", "not known"][0] == -1.0
    assert found["at_risk", "sex", "M"][1] is not None
    assert corrected_breakdowns(None, counted, 1) == {}
