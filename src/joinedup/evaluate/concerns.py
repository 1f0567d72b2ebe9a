"""The measures of finding: the concerns and the unseen list against what was planted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.evaluate.matching import Matched
from joinedup.evaluate.measures import share
from joinedup.evaluate.truth import Truth, texts

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """What a run found: its concerns (person_id, rule), its unseen list (person_id), and the rules it had."""

    concerns: Sequence[Row]
    unseen: Sequence[Row]
    rules: frozenset[str]


@dataclass(frozen=True)
class Planted:
    """What the records hold of the rules a run had: children by rule, and who is truly unseen.

    `sure`: the records, joined without error, fire the rule; `may`: it is true of the child besides. `hidden`: those of
    `sure` of whom no record could join the halves. `must_list` belong on the unseen list whatever else fires, `may_list` are
    rightly there.
    """

    sure: frozenset[tuple[str, str]]
    may: frozenset[tuple[str, str]]
    must_list: frozenset[str]
    may_list: frozenset[str]
    hidden: frozenset[tuple[str, str]] = frozenset()

    @property
    def children(self) -> set[str]:
        """Children whose records, joined without error, fire a rule."""
        return {person for person, _ in self.sure}


def concerns(found: Found, matched: Matched, truth: Truth) -> dict[str, Any]:
    """The unseen list and the concerns against the children planted, by the rules that the run had.

    recall: of the children truly unseen, the share on the list; precision: of the list, the share truly unseen.
    reachable: of the children truly exploited, the share for whom any rule fired. unreachable: of the children truly
    exploited, the share whose records, joined without error, fire no rule: no linking can bring them forward.
    exploited_unseen: of the truly exploited among the truly unseen, the share on the list. `by_rule`: of the children whose
    records, joined without error, fire a rule, the share for whom it fired; and of those for whom it fired, the share of whom
    it is true. Children of whom no record could join the halves of it are neither found nor missed there: `not_visible`.
    """
    planted = planted_in(truth, found.rules)
    listed = [matched.holder.get(row["person_id"]) for row in found.unseen]
    fired = {(matched.holder.get(row["person_id"]), row["rule"]) for row in found.concerns}
    pairs = {(person, rule) for person, rule in fired if person is not None}
    exploited = exploited_children(truth)
    reached = {person for person, _ in pairs}
    unseen_exploited = planted.must_list & exploited
    return {
        "recall": share(len(planted.must_list & set(listed)), len(planted.must_list)),
        "precision": share(sum(person in planted.may_list for person in listed), len(listed)),
        "reachable": share(len(exploited & reached), len(exploited)),
        "unreachable": share(len(exploited - planted.children), len(exploited)),
        "exploited_unseen": {
            "planted": len(unseen_exploited),
            "recall": share(len(unseen_exploited & set(listed)), len(unseen_exploited)),
        },
        "unseen_planted": len(planted.must_list),
        "unseen_listed": len(listed),
        "listed_with_a_planted_concern": share(sum(person in planted.children for person in listed), len(listed)),
        "by_rule": by_rule(pairs, planted, found.rules),
    }


def by_rule(pairs: set[tuple[str, str]], planted: Planted, rules: frozenset[str]) -> dict[str, Any]:
    """Recall and precision of each rule, with how many children were planted and for how many it fired."""
    measured = {}
    for rule in sorted(rules | {rule for _, rule in pairs | planted.sure}):
        ours = {person for person, which in pairs if which == rule}
        visible, true, hidden = of_rule(rule, planted)
        measured[rule] = {
            "recall": share(len(ours & visible), len(visible)), "precision": share(len(ours & true), len(ours)),
            "planted": len(visible), "fired": len(ours), "not_visible": hidden,
        }  # fmt: skip
    return measured


def of_rule(rule: str, planted: Planted) -> tuple[set[str], set[str], int]:
    """The children of one rule whom it must find, those of whom it is true, and how many of these no record could show."""
    sure = {person for person, which in planted.sure if which == rule}
    hidden = {person for person, which in planted.hidden if which == rule}
    return sure - hidden, sure | {person for person, which in planted.may if which == rule}, len(hidden)


def exploited_children(truth: Truth) -> frozenset[str]:
    """The children who are truly exploited."""
    people = truth.people
    both = pc.and_(pc.equal(people["exploited"], "1"), pc.equal(people["kind"], "child"))
    return frozenset(texts(people.filter(both), "person_id"))


def planted_in(truth: Truth, rules: frozenset[str]) -> Planted:
    """What was planted for these rules; a truth that does not say who looks has one list of the unseen, for all rules."""
    names = truth.concerns.column_names
    rows = truth.concerns
    if truth.looking is None or not {"sure", "agencies"} <= set(names):
        sure = frozenset(zip(texts(rows, "person_id"), texts(rows, "rule"), strict=True))
        unseen = frozenset(texts(truth.unseen, "person_id"))
        return Planted(sure, frozenset(), unseen, unseen)
    kept = rows.filter(pc.is_in(rows["rule"], value_set=pa.array(sorted(rules), pa.string())))
    sure, may = (
        frozenset(zip(texts(part, "person_id"), texts(part, "rule"), strict=True))
        for part in (kept.filter(pc.equal(kept["sure"], value)) for value in ("1", "0"))
    )
    hidden: frozenset[tuple[str, str]] = frozenset()
    if "visible" in names:
        unseen_halves = kept.filter(pc.and_(pc.equal(kept["sure"], "1"), pc.equal(kept["visible"], "0")))
        hidden = frozenset(zip(texts(unseen_halves, "person_id"), texts(unseen_halves, "rule"), strict=True))
    work = set(zip(texts(truth.looking, "person_id"), texts(truth.looking, "agency"), strict=True))

    def aware(part: pa.Table) -> set[str]:
        held = zip(texts(part, "person_id"), texts(part, "agencies"), strict=True)
        return {person for person, by in held if any((person, agency) in work for agency in by.split("|"))}

    with_sure = {person for person, _ in sure}
    must = with_sure - aware(kept)
    may_list = (with_sure | {person for person, _ in may}) - aware(kept.filter(pc.equal(kept["sure"], "1")))
    return Planted(sure, may, frozenset(must), frozenset(may_list), hidden)
