"""Two mentions held beside each other, in words: what agrees, what nearly agrees, what differs and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from joinedup.link.names import forename, surname
from joinedup.link.weighing import PRIOR, TOGETHER, Weight

Row = Mapping[str, Any]
"""A row of the table mentions, and under `identifiers` its valid telephones, vehicles and accounts as (kind, value)."""
Verdict = Literal["agrees", "nearly", "differs", "missing"]
_EQUAL = {"exact", "same", "shared", "same_postcode", "same_month", "same_year"}
_NAMES = ("forename_fold", "surname_fold")
_UNEQUAL = {"different", "other_year", "years_apart"}
"""Levels of a model on tokens that say the same, and that say otherwise."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two mentions stand to each other in one thing. The words never repeat what the records say."""

    about: str
    verdict: Verdict
    words: str


def likenesses(one: Row, other: Row) -> list[Likeness]:
    """Everything that can be compared, what weighs most against two being one person first.

    >>> born = {"dob": "1997-03-14", "dob_precision": "day"}
    >>> pair = {"forename_fold": "ana", **born}, {"forename_fold": "anna", **born}
    >>> [found.words for found in likenesses(*pair) if found.verdict != "missing"]
    ['the dates of birth are the same day', 'the forenames differ by one letter']
    """
    return [Likeness(about, *compare(one, other)) for about, compare in _COMPARED]


def likenesses_by_tokens(weights: Sequence[Weight]) -> list[Likeness]:
    """The same of two mentions of which one at least holds linkage tokens, from what weighed in the pair; in the same order.

    >>> [found.words for found in likenesses_by_tokens([Weight("sex", "same", 0.9)]) if found.verdict == "agrees"]
    ['the tokens of the sex are the same']
    """
    if not weights:
        return [Likeness("tokens", "missing", "what the records say: at least one of them holds tokens alone")]
    told = {weight.about: weight.level for weight in weights if weight.thing not in (PRIOR, TOGETHER)}
    if any(weight.thing == PRIOR and weight.level == "one_home" for weight in weights):
        told["home"] = "shared"
    found = [Likeness(about, *_of_tokens(about, level)) for about, level in told.items()]
    missing = [about for about, _ in _COMPARED[:6] if about not in told]
    found += [Likeness(about, "missing", f"a token of the {about} on both sides") for about in missing]
    order = [about for about, _ in _COMPARED]
    return sorted(found, key=lambda one: order.index(one.about) if one.about in order else len(order))


def _of_tokens(about: str, level: str) -> tuple[Verdict, str]:
    if level == "unknown":
        return "missing", "a home on both sides"
    if level in _EQUAL:
        return "agrees", f"the tokens of the {about} are the same"
    if level in _UNEQUAL:
        return "differs", f"the tokens of the {about} differ"
    return "nearly", f"the tokens of the {about} nearly agree ({level.replace('_', ' ')})"


def strongest_against(found: list[Likeness]) -> str:
    """The weightiest difference in words; what only nearly agrees where nothing differs; empty where all agrees.

    >>> strongest_against([Likeness("sex", "nearly", "the sexes are alike"), Likeness("home", "differs", "no home is shared")])
    'no home is shared'
    """
    for verdict in ("differs", "nearly"):
        for likeness in found:
            if likeness.verdict == verdict:
                return likeness.words
    return ""


def _number(column: str, name: str) -> Callable[[Row, Row], tuple[Verdict, str]]:
    def compare(one: Row, other: Row) -> tuple[Verdict, str]:
        if not one.get(column) or not other.get(column):
            return "missing", f"a valid {name} on both sides"
        if one[column] == other[column]:
            return "agrees", f"the {name}s are the same"
        return "differs", f"the {name}s are two different valid ones"

    return compare


def _birth(one: Row, other: Row) -> tuple[Verdict, str]:
    if not one.get("dob") or not other.get("dob"):
        return "missing", "a date of birth on both sides"
    days = [str(row["dob"]) for row in (one, other)]
    if any(row.get("dob_precision") != "day" for row in (one, other)):
        same = days[0][:4] == days[1][:4]
        return ("nearly", "the years of birth are the same, as far as they are known") if same else (
            "differs", "the years of birth differ, though at least one date is not exact"
        )  # fmt: skip
    if days[0] == days[1]:
        return "agrees", "the dates of birth are the same day"
    (year, month, day), (other_year, other_month, other_day) = (text.split("-") for text in days)
    if year == other_year and (month, day) == (other_day, other_month):
        return "nearly", "the dates of birth are the same with day and month changed round"
    if _one_edit_apart(*days) or (year == other_year) + (month == other_month) + (day == other_day) == 2:
        return "nearly", "the dates of birth differ in one part only"
    return "differs", "the dates of birth are different days"


def _name(column: str, name: str) -> Callable[[Row, Row], tuple[Verdict, str]]:
    def compare(one: Row, other: Row) -> tuple[Verdict, str]:
        left, right = str(one.get(column) or ""), str(other.get(column) or "")
        if not left or not right:
            return "missing", f"a {name} on both sides"
        if left == right:
            return "agrees", f"the {name}s are the same"
        if near := _changed_places(one, other) or _nearly(column, name, left, right):
            return "nearly", near
        return "differs", f"the {name}s differ"

    return compare


def _nearly(column: str, name: str, left: str, right: str) -> str:
    """How two different names are nearly one, in words; empty where they are not."""
    if _one_edit_apart(left, right):
        return f"the {name}s differ by one letter"
    if set(left.split()) & set(right.split()) or (min(len(left), len(right)) >= 3 and _begins(left, right)):
        return f"one {name} is a part of the other"
    return f"the {name}s are forms of one name" if _forms(column, left) & _forms(column, right) else ""


def _changed_places(one: Row, other: Row) -> str:
    """That forename and surname have changed places, one perhaps written otherwise, in words; empty where that is not so."""
    names = [(str(row.get("forename_fold") or ""), str(row.get("surname_fold") or "")) for row in (one, other)]
    pairs = tuple(zip(names[0], names[1][::-1], strict=True))
    if not all(all(pair) for pair in pairs) or all(left != right for left, right in pairs):
        return ""
    written = [pair for pair in pairs if pair[0] != pair[1]]
    if all(
        _one_edit_apart(*pair) or any(_forms(each, pair[0]) & _forms(each, pair[1]) for each in _NAMES)
        for pair in written
    ):
        return "the forename and surname have changed places" + (
            ", and one is written in another way" if written else ""
        )
    return ""


def _forms(column: str, name: str) -> set[str]:
    """The forms of a name by which spellings and short forms of one name are known."""
    return set((forename if column == "forename_fold" else surname)(name).forms) if name.split() else set()


def _sex(one: Row, other: Row) -> tuple[Verdict, str]:
    if not one.get("sex") or not other.get("sex"):
        return "missing", "the sex on both sides"
    return ("agrees", "the sexes are the same") if one["sex"] == other["sex"] else ("differs", "the sexes differ")


def _home(one: Row, other: Row) -> tuple[Verdict, str]:
    phones = [{value for kind, value in row.get("identifiers", ()) if kind == "phone"} for row in (one, other)]
    shared = [
        name
        for name, column in (("postcode", "postcode"), ("address", "address_fold"))
        if one.get(column) and one.get(column) == other.get(column)
    ] + (["telephone"] if phones[0] & phones[1] else [])
    if shared:
        return "agrees", f"they share a home ({' and '.join(shared)})"
    if one.get("outcode") and one.get("outcode") == other.get("outcode"):
        return "nearly", "they live in one postcode district, not at one address"
    if not (one.get("outcode") or phones[0]) or not (other.get("outcode") or phones[1]):
        return "missing", "a home on both sides"
    return "differs", "no home is shared"


def _things(one: Row, other: Row) -> tuple[Verdict, str]:
    held = [{pair for pair in row.get("identifiers", ()) if pair[0] != "phone"} for row in (one, other)]
    if not held[0] or not held[1]:
        return "missing", "a vehicle or account on both sides"
    if held[0] & held[1]:
        return "agrees", "a vehicle or account is the same"
    return "differs", "no vehicle or account is shared"


def _own_id(one: Row, other: Row) -> tuple[Verdict, str]:
    if one.get("agency") != other.get("agency") or not one.get("local_id") or not other.get("local_id"):
        return "missing", "a person id of one and the same agency"
    if one["local_id"] == other["local_id"]:
        return "agrees", "the agency gives both the same person id"
    return "nearly", "the agency gives them two person ids"


_COMPARED: tuple[tuple[str, Callable[[Row, Row], tuple[Verdict, str]]], ...] = (
    ("NHS number", _number("nhs_no", "NHS number")),
    ("pupil number", _number("upn", "pupil number")),
    ("date of birth", _birth),
    ("forename", _name("forename_fold", "forename")),
    ("sex", _sex),
    ("surname", _name("surname_fold", "surname")),
    ("home", _home),
    ("vehicle or account", _things),
    ("agency's own id", _own_id),
)
"""What is compared, the weightiest difference first: two valid numbers are two people; many brothers share a surname."""


def _begins(left: str, right: str) -> bool:
    return left.startswith(right) or right.startswith(left)


def _one_edit_apart(left: str, right: str) -> bool:
    """Whether one letter more, less, other or changed round makes one of the other.

    >>> [_one_edit_apart("ana", other) for other in ("anna", "ada", "an", "naa", "nan", "ana")]
    [True, True, True, True, False, False]
    """
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    short, long = sorted((left[start:], right[start:]), key=len)
    if len(short) < len(long):
        return short == long[1:]
    return short[1:] == long[1:] or (short[2:] == long[2:] and short[:2] == long[:2][::-1])
