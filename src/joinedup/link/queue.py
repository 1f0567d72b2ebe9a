"""The questions a person is asked, the most informative first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """Are these two mentions one person? One question for each two people the pairs for review stand between."""

    mention_l: str
    mention_r: str
    probability: float
    bits: float
    """How much the answer is expected to tell: 1 where both answers are as likely, near 0 where one is all but sure; 1 too
    where the pair's score says one person and something else keeps the two apart."""
    pairs: int
    """Pairs for review between the same two people: the answer settles them all."""
    mentions: int
    """Mentions of the smaller of the two people, or of the one person: those that the answer moves."""
    one_person: bool
    """Whether the run has joined the two, through other links: the question is then whether they are to be parted."""
    unsure: bool = False
    """Somebody has looked and could not tell."""


def bits(probability: float) -> float:
    """The entropy of a yes or no, in bits.

    >>> bits(0.5), bits(1.0)
    (1.0, 0.0)
    """
    sides = (probability, 1 - probability)
    return 0.0 - sum(side * math.log2(side) for side in sides if side > 0)


def questions(
    links: Iterable[Mapping[str, Any]],
    person_of: Mapping[str, str],
    size_of: Mapping[str, int],
    decided: Mapping[frozenset[str], bool],
    linked_at: float = 0.5,
) -> list[Question]:
    """The questions still open, in the order to ask them.

    `links` are pairs in the zone review; `decided` says of pairs of mentions whether the decision that stands on them is
    only that it cannot be told. Pairs that are decided are not asked again; those that could not be told come last.
    Two people first: the answer can join them. Then pairs within one person, whom other links have joined already. Within
    each, most bits first; of equals the one that moves more mentions, then the smaller ids.
    """
    best: dict[tuple[str, ...], Question] = {}
    for link in links:
        pair = (str(link["mention_l"]), str(link["mention_r"]))
        unsure = decided.get(frozenset(pair))
        if unsure is False:
            continue
        people = tuple(sorted({person_of[mention] for mention in pair}))
        probability = float(link["probability"])
        opposed = probability >= linked_at and len(people) == 2
        asked = Question(
            *pair, probability, 1.0 if opposed else bits(probability), 1, min(size_of[person] for person in people),
            one_person=len(people) == 1, unsure=bool(unsure),
        )  # fmt: skip
        before = best.get(people)
        if before is None:
            best[people] = asked
        else:
            first = min(before, asked, key=_order)
            best[people] = replace(first, pairs=before.pairs + 1)
    return sorted(best.values(), key=_order)


def _order(question: Question) -> tuple[bool, bool, float, int, str, str]:
    return (
        question.unsure,
        question.one_person,
        -question.bits,
        -question.mentions,
        question.mention_l,
        question.mention_r,
    )
