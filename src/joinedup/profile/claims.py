"""Claims of inquiry.toml held against the profiles: supported, contradicted, or cannot be told from these data.

A claim reads `share of POPULATION with ATTRIBUTE VALUE >= NUMBER`, for example
`share of children:known with sex F >= 0.5` or `share of suspects:alleged with age_band 18-24 > 25%`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from joinedup.stats.bounds import Comparison, verdict, worst_case

Row = Mapping[str, object]

FORM = "share of POPULATION with ATTRIBUTE VALUE >= NUMBER (or >, <=, <), for example: share of children:known with sex F >= 0.5"

_CLAIM = re.compile(
    r"""\s*share\s+of\s+(?P<population>\S+)\s+with\s+(?P<what>.+?)\s*
    (?P<comparison>>=|<=|>|<)\s*(?P<limit>\d+(?:\.\d+)?)\s*(?P<percent>%?)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPARISONS: dict[str, Comparison] = {">=": ">=", ">": ">", "<=": "<=", "<": "<"}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as understood: `what` is the attribute followed by its value."""

    population: str
    what: str
    comparison: Comparison
    limit: float


def parse(text: str) -> Claim | None:
    """The claim in the text; None where it is not of the form.

    >>> parse("share of children:known with sex F >= 50%")
    Claim(population='children:known', what='sex F', comparison='>=', limit=0.5)
    """
    found = _CLAIM.fullmatch(text)
    if found is None:
        return None
    limit = float(found["limit"]) / (100 if found["percent"] else 1)
    if limit > 1:
        return None
    return Claim(found["population"].lower(), found["what"], _COMPARISONS[found["comparison"]], limit)


def judge(
    texts: Iterable[str], profiles: Sequence[Row], vocabulary: Mapping[str, Sequence[str]]
) -> list[dict[str, object]]:
    """The rows of the table claims.

    `vocabulary` gives values an attribute can have besides those seen, so that a value nobody has can be claimed of.
    """
    return [{"claim": text, **_judge(text, profiles, vocabulary)} for text in dict.fromkeys(texts)]


def _judge(text: str, profiles: Sequence[Row], vocabulary: Mapping[str, Sequence[str]]) -> dict[str, object]:
    claim = parse(text)
    if claim is None:
        return _cannot_be_told(f"A claim that can be read. Write it as: {FORM}.")
    of_population = [row for row in profiles if row["population"] == claim.population]
    if not of_population:
        known = ", ".join(sorted({str(row["population"]) for row in profiles})) or "none"
        return _cannot_be_told(f"Returns that name people of the population {claim.population}. There are: {known}.")
    named = _attribute(claim.what, sorted({str(row["attribute"]) for row in of_population}))
    if named is None:
        known = ", ".join(sorted({str(row["attribute"]) for row in of_population}))
        return _cannot_be_told(
            f"An attribute, with its scheme where there are several, followed by a value. There are: {known}."
        )
    attribute, rest = named
    of_attribute = [row for row in of_population if row["attribute"] == attribute]
    seen = {str(row["value"]) for row in profiles if row["attribute"] == attribute and row["known"]}
    value = _value(rest, sorted(seen | set(vocabulary.get(attribute, ()))))
    if value is None:
        return _cannot_be_told(f"A value of {attribute} that the data or its scheme have.")
    return _verdict(claim, attribute, value, of_attribute)


def _verdict(claim: Claim, attribute: str, value: str, rows: Sequence[Row]) -> dict[str, object]:
    base, unknown = int(str(rows[0]["base"])), int(str(rows[0]["unknown"]))
    count = next((int(str(row["count"])) for row in rows if row["value"] == value and row["known"]), 0)
    bounds = worst_case(count, base - unknown, unknown)
    said = verdict(bounds, claim.comparison, claim.limit)
    recorded = f"A recorded {attribute} for enough of the {unknown:,} of {base:,} people for whom it is not known."
    settled = (
        recorded if said == "cannot be told" else "Nothing more: it holds, or fails, whatever the unknown values are."
    )
    return {
        "verdict": said,
        "lower": bounds.lower,
        "upper": bounds.upper,
        "unknown_share": unknown / base,
        "settled_by": settled,
    }


def _cannot_be_told(settled_by: str) -> dict[str, object]:
    return {"verdict": "cannot be told", "lower": None, "upper": None, "unknown_share": None, "settled_by": settled_by}


def _attribute(what: str, attributes: Sequence[str]) -> tuple[str, str] | None:
    """The attribute the words begin with and the words after it; its scheme may be left out where it has only one."""
    for attribute in sorted(attributes, key=len, reverse=True):
        if what.lower().startswith(attribute.lower() + " "):
            return attribute, what[len(attribute) + 1 :].strip()
    plain, _, rest = what.partition(" ")
    fitting = [each for each in attributes if each.partition(" (")[0].lower() == plain.lower()]
    return (fitting[0], rest.strip()) if len(fitting) == 1 and rest and not rest.startswith("(") else None


def _value(words: str, values: Sequence[str]) -> str | None:
    """The value meant: its whole text, its code or its label, in any case; None where none or several fit."""
    wanted = words.lower()
    exact = [value for value in values if value.lower() == wanted]
    if exact:
        return exact[0]
    fitting = [value for value in values if wanted in {part.strip().lower() for part in value.split(":", 1)}]
    return fitting[0] if len(fitting) == 1 else None
