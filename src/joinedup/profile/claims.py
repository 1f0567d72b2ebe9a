"""Claims of inquiry.toml held against the profiles: supported, contradicted, or cannot be told from these data.

A claim reads `share of POPULATION with ATTRIBUTE VALUE >= NUMBER`, for example
`share of children:known with sex F >= 0.5` or `share of suspects with ethnicity Asian > 25%`; or any claim that figures can
carry (a majority, a comparison, a ratio, a trend), followed by `of POPULATION by ATTRIBUTE`, for example
`F > M of children:known by sex` or `trend rising 2008 to 2010 of children:known by first_year`.

Where the words fit several populations (every status of suspects) or several code schemes, each is answered, and the claim
is supported or contradicted only where all of them say so: they are never added together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from joinedup.profile.base_tables import BaseTable
from joinedup.profile.profiles import Leeway
from joinedup.stats.bounds import Comparison, Verdict, verdict
from joinedup.stats.claims import FORMS, UNKNOWN, Figure
from joinedup.stats.claims import judge as judge_figures

Row = Mapping[str, object]

FORM = (
    "share of POPULATION with ATTRIBUTE VALUE >= NUMBER (or >, <=, <), for example: share of children:known with sex F >= 0.5;"
    f" or one of: {FORMS}; followed by: of POPULATION by ATTRIBUTE"
)

_SHARE = re.compile(
    r"""\s*share\s+of\s+(?P<population>\S+)\s+with\s+(?P<what>.+?)\s*
    (?P<comparison>>=|<=|>|<)\s*(?P<limit>\d+(?:\.\d+)?)\s*(?P<percent>%?)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_FIGURES = re.compile(r"\s*(?P<claim>.+?)\s+of\s+(?P<population>\S+)\s+by\s+(?P<attribute>.+?)\s*", re.IGNORECASE)
_COMPARISONS: dict[str, Comparison] = {">=": ">=", ">": ">", "<=": "<=", "<": "<"}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a share as understood: `what` is the attribute followed by its value."""

    population: str
    what: str
    comparison: Comparison
    limit: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What values can be called: those an attribute can have besides those seen, and a scheme's groups of codes."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """By scheme, then by the group's name, its codes."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One population and attribute the claim can mean, and what they say of it."""

    read_as: str
    verdict: Verdict
    lower: float
    upper: float
    unknown_share: float
    unknown: int
    base: int


def parse(text: str) -> Claim | None:
    """The claim of a share in the text; None where it is not of that form.

    >>> parse("share of children:known with sex F >= 50%")
    Claim(population='children:known', what='sex F', comparison='>=', limit=0.5)
    """
    found = _SHARE.fullmatch(text)
    if found is None:
        return None
    limit = float(found["limit"]) / (100 if found["percent"] else 1)
    if limit > 1:
        return None
    return Claim(found["population"].lower(), found["what"], _COMPARISONS[found["comparison"]], limit)


def judge(texts: Iterable[str], profiles: Sequence[Row], vocabulary: Vocabulary) -> list[dict[str, object]]:
    """The rows of the table claims."""
    return [{"claim": text, **_judge(text, profiles, vocabulary)} for text in dict.fromkeys(texts)]


def _judge(text: str, profiles: Sequence[Row], vocabulary: Vocabulary) -> dict[str, object]:
    share, of_figures = parse(text), _OF_FIGURES.fullmatch(text)
    if share is None and of_figures is None:
        return _cannot_be_told(f"A claim that can be read. Write it as: {FORM}.")
    population = share.population if share else str(of_figures and of_figures["population"]).lower()
    of_population = [row for row in profiles if _is_of(str(row["population"]), population)]
    if not of_population:
        known = ", ".join(sorted({str(row["population"]) for row in profiles})) or "none"
        return _cannot_be_told(f"Returns that name people of the population {population}. There are: {known}.")
    words = share.what if share else str(of_figures and of_figures["attribute"])
    named = _attributes(words, sorted({str(row["attribute"]) for row in of_population}), whole=share is None)
    if not named:
        known = ", ".join(sorted({str(row["attribute"]) for row in of_population}))
        return _cannot_be_told(f"An attribute, followed by a value where the form has one. There are: {known}.")
    readings: list[_Reading] = []
    for attribute, rest in named:
        seen = {str(row["value"]) for row in profiles if row["attribute"] == attribute and row["known"]}
        meanings = _Meanings(attribute, sorted(seen | set(vocabulary.values.get(attribute, ()))), vocabulary)
        for each in sorted({str(row["population"]) for row in of_population}):
            rows = [row for row in of_population if (row["population"], row["attribute"]) == (each, attribute)]
            if not rows:
                continue
            if share is not None:
                readings += _read_share(share, meanings.of(rest), rows)
            elif of_figures is not None:
                readings += _read_figures(of_figures["claim"], meanings, rows)
    if not readings:
        return _cannot_be_told(
            f"Values of {words.partition(' ')[0]} that the data or their scheme have, in a form such as: {FORM}."
        )
    return _together(readings)


def _is_of(population: str, wanted: str) -> bool:
    """Whether it is the population asked for; without a status, every status of it."""
    return population == wanted or population.partition(":")[0] == wanted


def _read_share(claim: Claim, values: Sequence[str], rows: Sequence[Row]) -> list[_Reading]:
    if not values:
        return []
    base, unknown = int(str(rows[0]["base"])), int(str(rows[0]["unknown"]))
    count = sum(int(str(row["count"])) for row in rows if row["value"] in values and row["known"])
    leeway = Leeway(*(int(str(rows[0].get(name) or 0)) for name in ("merges", "splits")))
    bounds = leeway.widened(count, base - unknown, unknown)
    said = verdict(bounds, claim.comparison, claim.limit)
    read_as = f"{rows[0]['population']}, {rows[0]['attribute']}: {' or '.join(values)}"
    return [_Reading(read_as, said, bounds.lower, bounds.upper, unknown / base, unknown, base)]


def _read_figures(claim: str, meanings: _Meanings, rows: Sequence[Row]) -> list[_Reading]:
    """The claim held against the counts of one population and attribute; none where it names a value they do not have."""
    base, unknown = int(str(rows[0]["base"])), int(str(rows[0]["unknown"]))
    counts = {str(row["value"]): int(str(row["count"])) for row in rows if row["known"]}
    figures = {UNKNOWN: Figure(unknown, unknown)}
    for name, values in meanings.names.items():
        exact = sum(counts.get(value, 0) for value in values)
        figures[name] = Figure(exact, exact)
    rest = base - unknown
    try:
        answer = judge_figures(claim, figures, base=unknown + rest)
    except ValueError:
        return []
    read_as = f"{rows[0]['population']}, {rows[0]['attribute']}"
    return [_Reading(read_as, answer.verdict, answer.lower, answer.upper, unknown / base, unknown, base)]


def _together(readings: Sequence[_Reading]) -> dict[str, object]:
    said = {reading.verdict for reading in readings}
    agreed: Verdict = said.pop() if len(said) == 1 else "cannot be told"
    worst = max(readings, key=lambda reading: reading.unknown_share)
    settled = "Nothing more: it holds, or fails, whatever the unknown values are."
    if agreed == "cannot be told":
        settled = (
            f"A recorded value for enough of the {worst.unknown:,} of {worst.base:,} people for whom it is not known."
        )
        if len({reading.verdict for reading in readings}) > 1:
            told = "; ".join(f"{reading.read_as}: {reading.verdict}" for reading in readings)
            settled = f"To say which is meant, since they do not agree: {told}."
    return {
        "verdict": agreed,
        "lower": min(reading.lower for reading in readings),
        "upper": max(reading.upper for reading in readings),
        "unknown_share": worst.unknown_share,
        "settled_by": settled,
        "read_as": "; ".join(reading.read_as for reading in readings),
    }


def _cannot_be_told(settled_by: str) -> dict[str, object]:
    nothing = dict.fromkeys(("lower", "upper", "unknown_share"))
    return {"verdict": "cannot be told", **nothing, "settled_by": settled_by, "read_as": ""}


def population_share(text: str, base: BaseTable, vocabulary: Vocabulary) -> float | None:
    """The share of the base table's people who have the value that a claim of a share speaks of.

    A value is known by its code, its label or a heading of its scheme. None for any other claim, and where the table does
    not hold the attribute or the value.
    """
    claim = parse(text)
    plain, _, value = re.sub(r"\s*\([^)]*\)", "", claim.what).partition(" ") if claim else ("", "", "")
    if plain not in base.dimensions:
        return None
    wanted = {value.strip().lower()}
    people = {key[0].lower(): number for key, number in base.by([plain], {}).items()}
    for groups in vocabulary.groups.values():
        wanted |= {code.lower() for name, codes in groups.items() if name.lower() in wanted for code in codes}
    part = sum(
        number for held, number in people.items() if {held, *(each.strip() for each in held.split(":", 1))} & wanted
    )
    return part / sum(people.values()) if part else None


def _attributes(words: str, attributes: Sequence[str], *, whole: bool) -> list[tuple[str, str]]:
    """The attributes the words begin with (or are, where `whole`) and the words after; without a scheme, every scheme."""
    for attribute in sorted(attributes, key=len, reverse=True):
        if words.lower() == attribute.lower() and whole:
            return [(attribute, "")]
        if words.lower().startswith(attribute.lower() + " ") and not whole:
            return [(attribute, words[len(attribute) + 1 :].strip())]
    plain, _, rest = words.partition(" ")
    fitting = [each for each in attributes if each.partition(" (")[0].lower() == plain.lower()]
    if rest.startswith("(") or bool(rest) == whole:
        return []
    return [(each, rest.strip()) for each in fitting]


class _Meanings:
    """What a word can mean among the values of one attribute: a whole value, its code, its label, or a group of codes."""

    def __init__(self, attribute: str, values: Sequence[str], vocabulary: Vocabulary) -> None:
        scheme = attribute.partition(" (")[2].removesuffix(")").partition(",")[0]
        parts: dict[str, list[str]] = {}
        for value in values:
            for part in dict.fromkeys(each.strip().lower() for each in (value, *value.split(":", 1))):
                parts.setdefault(part, []).append(value)
        groups = {
            name.lower(): [value for value in values if value.partition(":")[0] in codes]
            for name, codes in vocabulary.groups.get(scheme, {}).items()
        }
        whole = {value.lower(): [value] for value in values}
        named = {name: found for name, found in parts.items() if len(found) == 1}
        self.names: dict[str, list[str]] = {**named, **groups, **whole}

    def of(self, words: str) -> list[str]:
        """The values meant; none where the words fit none, or several that are no group."""
        return self.names.get(words.strip().lower(), [])
