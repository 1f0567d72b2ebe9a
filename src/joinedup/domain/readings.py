"""What the readers of a review sample answered, and what follows where two of them differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SAME = "same"
UNSURE = "unsure"
DIFFERENT = "different"
READ = "read"
ANSWERS = (SAME, UNSURE, DIFFERENT)


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer: what one reader says of one record beside a drawn one; or, the record being the drawn one itself, that it was read.

    A record that is not marked, of a question that was read, is of somebody else.
    """

    reader: str
    record: str
    mention: str
    answer: str
    settles: bool = False
    """Whether it is the third reading, made where two readers differed."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands of all readings."""

    same: Mapping[str, frozenset[str]]
    """For each drawn record that is settled, the records of its child."""
    open: Mapping[str, frozenset[str]]
    """For each drawn record that is not, the records on which two readers differ; empty where it was read once or not at all."""
    unsure: int
    """Pairs that stayed unsure; they count as different."""
    thirds: int
    """Pairs that a third reading settled."""
    read: Mapping[str, int]
    """How many questions each first reader has read; the readers in the order of their first answers."""
    pairs: tuple[tuple[str, str], ...]
    """The answers of the first two readers to every pair that both read, in order."""


def settle(readings: Iterable[Reading], shown: Mapping[str, Iterable[str]]) -> Settled:
    """The answers that stand. `shown` are, for each drawn record, the records that stood beside it.

    A reader's later answer takes the place of an earlier one. Where the first two readers agree, that stands; where they
    differ, the third reading. A record read by one reader alone, or with a difference nobody settled, is open.
    """
    firsts, third, readers = _by_question(readings)
    same: dict[str, frozenset[str]] = {}
    still_open: dict[str, frozenset[str]] = {}
    unsure = thirds = 0
    pairs: list[tuple[str, str]] = []
    for record, beside in sorted(shown.items()):
        by = [firsts[reader][record] for reader in readers if record in firsts[reader]][:2]
        if len(by) < 2:
            still_open[record] = frozenset()
            continue
        both = {mention: (by[0].get(mention, DIFFERENT), by[1].get(mention, DIFFERENT)) for mention in beside}
        pairs += both.values()
        differ = {mention for mention, (one, other) in both.items() if one != other}
        answers = {mention: one for mention, (one, _) in both.items()}
        if differ and record not in third:
            still_open[record] = frozenset(differ)
            continue
        answers |= {mention: third[record].get(mention, DIFFERENT) for mention in differ}
        thirds += len(differ)
        unsure += sum(answer == UNSURE for answer in answers.values())
        same[record] = frozenset({record, *(mention for mention, answer in answers.items() if answer == SAME)})
    return Settled(same, still_open, unsure, thirds, {reader: len(firsts[reader]) for reader in readers}, tuple(pairs))


def one_name(name: str) -> str:
    """A reader's name as two ways of writing it are compared.

    >>> one_name(" Ann  Reader") == one_name("ann reader")
    True
    """
    return " ".join(name.split()).casefold()


Answered = dict[str, dict[str, str]]


def _by_question(readings: Iterable[Reading]) -> tuple[dict[str, Answered], Answered, list[str]]:
    """The answers of each first reader and of the third reading, by question; the first readers in order. A question that is
    marked as read begins anew: its answers follow the mark."""
    firsts: dict[str, Answered] = {}
    third: Answered = {}
    for reading in readings:
        by = third if reading.settles else firsts.setdefault(reading.reader, {})
        if reading.mention == reading.record:
            by[reading.record] = {}
        elif reading.record in by:
            by[reading.record][reading.mention] = reading.answer
    return firsts, third, list(firsts)
