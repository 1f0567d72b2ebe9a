"""Why two mentions were or were not joined, in one paragraph."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.link.likeness import Likeness, strongest_against
from joinedup.link.weighing import Weight


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One link of the chain that joins two mentions: its other end, its probability, and the model or rule behind it."""

    mention: str
    probability: float
    model: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another person one of the two might be: the nearest mention of theirs, how probable, and what speaks against."""

    mention: str
    person: str
    beside: str
    probability: float
    against: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the paragraph says."""

    prior: float
    """The share of all pairs of mentions of this run that are one person: what is believed before anything is compared."""
    probability: float | None
    """The pair's own score; None where it was never proposed or is too improbable to be kept."""
    model: str
    joined: bool
    likenesses: tuple[Likeness, ...]
    chain: tuple[Step, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    decision: str = ""
    """The decision that stands on the pair, as a sentence; empty where there is none."""
    weights: tuple[Weight, ...] = ()
    """What each thing weighed, where a model scored the pair."""
    conflict: str = ""
    """What the people of the two hold that one person cannot; empty where nothing."""


def prior(sizes: Iterable[int]) -> float:
    """The share of all pairs of mentions that are one person, from the number of mentions of each person.

    >>> prior([2, 1, 1])
    0.16666666666666666
    """
    counted = list(sizes)
    mentions = sum(counted)
    pairs = mentions * (mentions - 1) / 2
    return sum(size * (size - 1) / 2 for size in counted) / pairs if pairs else 0.0


def chain(links: Iterable[Mapping[str, Any]], one: str, other: str) -> tuple[Step, ...]:
    """The chain of links between two mentions whose weakest link is strongest; of equals the shortest. Empty for none.

    >>> rows = [("a", "b", 0.9), ("b", "c", 0.8), ("a", "c", 0.6)]
    >>> rows = [{"mention_l": l, "mention_r": r, "probability": p, "model": "m"} for l, r, p in rows]
    >>> [step.mention for step in chain(rows, "a", "c")]
    ['b', 'c']
    """
    beside: dict[str, list[Step]] = {}
    for link in links:
        left, right = str(link["mention_l"]), str(link["mention_r"])
        for here, there in ((left, right), (right, left)):
            beside.setdefault(here, []).append(Step(there, float(link["probability"]), str(link["model"])))
    waiting: list[tuple[float, int, str, tuple[Step, ...]]] = [(-1.0, 0, one, ())]
    seen = set()
    while waiting:
        weakest, length, mention, steps = heapq.heappop(waiting)
        if mention == other:
            return steps
        if mention in seen:
            continue
        seen.add(mention)
        for step in beside.get(mention, ()):
            if step.mention not in seen:
                reached = (max(weakest, -step.probability), length + 1, step.mention, (*steps, step))
                heapq.heappush(waiting, reached)
    return ()


def paragraph(found: Explanation) -> str:
    """The explanation in sentences. It repeats nothing that the records say, so that it can be filed with a decision."""
    sentences = [
        _outcome(found),
        f"Before anything is compared, one in {_one_in(found.prior)} pairs of this run's mentions are one person.",
        _list("For one person", [each.words for each in found.likenesses if each.verdict == "agrees"]),
        _list("Nearly alike", [each.words for each in found.likenesses if each.verdict == "nearly"]),
        _list("Against", [each.words for each in found.likenesses if each.verdict == "differs"]),
        _list("Not to be had, so it speaks neither way", [e.words for e in found.likenesses if e.verdict == "missing"]),
    ]
    if found.weights:
        total = sum(weight.bits for weight in found.weights)
        words = "; ".join(weight.words for weight in found.weights)
        sentences.append(f"In bits of evidence, of which one doubles the odds: {words}; together {total:+.1f}.")
    if against := strongest_against(list(found.likenesses)):
        sentences.append(f"What weighs most against it: {against}.")
    sentences += [_nearest(candidate) for candidate in found.candidates]
    if not found.candidates:
        sentences.append("No other person came near either of them.")
    return " ".join(sentence for sentence in sentences if sentence)


def _outcome(found: Explanation) -> str:
    result = "They are one person in this run" if found.joined else "They are two people in this run"
    if found.decision:
        return f"{result}. {found.decision}."
    if found.probability is None:
        scored = "no model or rule proposed the pair, or found it worth keeping"
    elif found.model.startswith("rule:"):
        scored = f"an agency's own records say it ({found.model})"
    else:
        scored = f"the model gives the pair a probability of {found.probability:.3g} ({found.model})"
    through = ""
    if found.joined and len(found.chain) > 1:
        weakest = min(step.probability for step in found.chain)
        others = len(found.chain) - 1
        mentions = "mention" if others == 1 else "mentions"
        through = f"; they are joined through {others} other {mentions}, the weakest link at {weakest:.3g}"
    kept_apart = f"; they are kept apart because {found.conflict}" if found.conflict and not found.joined else ""
    return f"{result}: {scored}{through}{kept_apart}."


def _list(heading: str, words: list[str]) -> str:
    return f"{heading}: {'; '.join(dict.fromkeys(words))}." if words else ""


def _nearest(candidate: Candidate) -> str:
    against = f"; against: {candidate.against}" if candidate.against else ""
    return (
        f"Another person near {candidate.beside} is {candidate.person} ({candidate.mention}),"
        f" at a probability of {candidate.probability:.3g}{against}."
    )


def _one_in(share: float) -> str:
    return f"{round(1 / share):,}" if share > 0 else "no"
