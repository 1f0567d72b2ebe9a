"""A random sample of leads for two readers, and what their answers say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.registry.audit_form import FINDING, questions
from joinedup.stats.agreement import Agreement, cohen_kappa
from joinedup.stats.intervals import Interval, wilson

Row = Mapping[str, Any]
Answers = Mapping[str, Mapping[str, str]]
"""Pathway to question to answer, as one reader gave them."""


def draw(pathways: Sequence[str], size: int, seed: int) -> list[str]:
    """So many pathways drawn without replacement, each with one chance; all of them where there are no more. In random order.

    >>> draw(["w_b", "w_a", "w_c"], 2, seed=1) == draw(["w_c", "w_b", "w_a"], 2, seed=1)
    True
    """
    ordered = sorted(set(pathways))
    chosen = np.random.default_rng(seed).permutation(len(ordered))[:size]
    return [ordered[place] for place in chosen.tolist()]


@dataclass(frozen=True, slots=True)
class Share:
    """How many cases were answered yes of those answered yes or no, with Wilson limits, and the bounds over all cases."""

    yes: int
    decided: int
    cases: int
    limits: Interval | None
    bounds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two readers' answers to one question: how far they agree, the share, and the pathways on which they differ.

    The share counts a case as yes or no where both readers say so; where they differ, or either cannot tell, it is
    undecided, and the bounds take it either way.
    """

    question: str
    agreement: Agreement
    share: Share
    differ: tuple[str, ...]


def compare(first: Answers, second: Answers) -> list[Compared]:
    """The two readers' answers to each question, over the pathways both answered it for; a question nobody answered is left out.

    Kappa is over yes, no and cannot tell alike. Limits are those of a random sample: they speak of the leads it was drawn from.
    """
    compared = []
    for question in questions():
        both = [
            name for name in sorted({*first} & {*second}) if first[name].get(question) and second[name].get(question)
        ]
        if not both:
            continue
        one, other = [first[name][question] for name in both], [second[name][question] for name in both]
        agreed = [answer for answer, again in zip(one, other, strict=True) if answer == again]
        yes, no = agreed.count("yes"), agreed.count("no")
        open_still = len(both) - yes - no
        limits = wilson(yes, yes + no) if yes + no else None
        share = Share(yes, yes + no, len(both), limits, (yes / len(both), (yes + open_still) / len(both)))
        differ = tuple(name for name, answer, again in zip(both, one, other, strict=True) if answer != again)
        compared.append(Compared(question, cohen_kappa(one, other), share, differ))
    return compared


def finding(compared: Sequence[Compared]) -> Compared | None:
    """The comparison of the question that is the finding."""
    return next((one for one in compared if one.question == FINDING), None)
