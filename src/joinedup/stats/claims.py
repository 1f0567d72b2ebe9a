"""Claims about shares held against published figures: supported, contradicted, or not to be told while values are unknown.

Every figure is a range: a count is its own range, a share printed in whole percent reaches half a percent either way. Those
not known could all be of a group or none of them could (C. F. Manski, Partial Identification of Probability
Distributions, Springer 2003), so a claim holds only where it holds for all of that.
"""

from __future__ import annotations

import itertools
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from joinedup.stats.bounds import Comparison, Verdict

UNKNOWN = "unknown"
FORMS = (
    "share GROUP >= NUMBER; majority GROUP; GROUP > GROUP; ratio GROUP / GROUP >= NUMBER;"
    " ratio GROUP to SHARE_OF_POPULATION >= NUMBER (or >, <=, <); trend rising (or falling) YEAR to YEAR"
)

_NUMBER = r"(?P<{0}>\d+(?:\.\d+)?)\s*(?P<{0}_percent>%?)"
_SIGN = r"\s*(?P<sign>>=|<=|>|<)\s*"
_READ = {
    "share": re.compile(r"share\s+(?:of\s+)?(?P<group>.+?)" + _SIGN + _NUMBER.format("limit"), re.IGNORECASE),
    "majority": re.compile(r"majority\s+(?:of\s+|is\s+)?(?P<group>[^<>=/]+)", re.IGNORECASE),
    "population": re.compile(
        r"ratio\s+(?P<group>[^/]+?)\s+to\s+" + _NUMBER.format("part") + _SIGN + _NUMBER.format("limit"), re.IGNORECASE
    ),
    "ratio": re.compile(
        r"ratio\s+(?P<group>[^/]+?)\s*/\s*(?P<other>.+?)" + _SIGN + _NUMBER.format("limit"), re.IGNORECASE
    ),
    "trend": re.compile(
        r"trend\s+(?P<way>rising|falling)\s+(?:from\s+)?(?P<group>\d+)\s+to\s+(?P<other>\d+)", re.IGNORECASE
    ),
    "comparison": re.compile(r"(?P<group>[^<>=/]+?)" + _SIGN + r"(?P<other>[^<>=/]+)"),
}
_HOLDS: dict[Comparison, Callable[[float, float], bool]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt,
}  # fmt: skip
_SIGNS: dict[str, Comparison] = {">=": ">=", ">": ">", "<=": "<=", "<": "<"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure as the range it stands for; a count of people, or a part of one whole."""

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not 0 <= self.lower <= self.upper:
            raise ValueError("a figure's range lies in order and not below nought")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the figures say of a claim: `lower` to `upper` is the range of what it speaks of (`of`)."""

    verdict: Verdict
    of: str
    lower: float
    upper: float
    unknown_share: float
    settled_by: str


def figures(text: str) -> dict[str, Figure]:
    """The figures in `asian=239,white=460,unknown=241`, or in whole percent: `asian=26%,white=38%,unknown=32%`.

    Shares printed in percent get what is left to the whole as `other`. Raises ValueError where a figure cannot be read, is
    given twice, counts and percents are mixed, or percents go over the whole by more than their rounding.

    >>> figures("asian=26%,white=38%,unknown=36%")["asian"]
    Figure(lower=0.255, upper=0.265)
    """
    found: dict[str, Figure] = {}
    percents = set()
    for part in text.split(","):
        name, _, value = (each.strip() for each in part.partition("="))
        read = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", value)
        if not name or read is None or (not read[2] and "." in read[1]):
            raise ValueError(
                f"figures are written name=count or name=share%, separated by commas; not as {part.strip()!r}"
            )
        if name.lower() in found:
            raise ValueError(f"{name} is given twice")
        percents.add(read[2])
        half = 0.5 * 10.0 ** -len(read[1].partition(".")[2]) / 100
        exact = float(read[1]) / (100 if read[2] else 1)
        found[name.lower()] = Figure(max(0.0, exact - half), exact + half) if read[2] else Figure(exact, exact)
    if len(percents) > 1:
        raise ValueError("counts and percents are mixed; give one kind")
    return _with_rest(found) if "%" in percents else found


def _with_rest(found: dict[str, Figure]) -> dict[str, Figure]:
    least, most = sum(each.lower for each in found.values()), sum(each.upper for each in found.values())
    if least > 1 + 1e-12:
        raise ValueError("the percents are more than the whole, even with their rounding")
    if most < 1 and "other" in found:
        raise ValueError("the percents are less than the whole, even with their rounding")
    return found if most >= 1 else {**found, "other": Figure(max(0.0, 1 - most), 1 - least)}


def judge(claim: str, known: Mapping[str, Figure], base: float | None = None) -> Answer:
    """The answer of the figures to the claim, nothing assumed of those not known. Forms of a claim: `FORMS`.

    `base` is the whole where the figures are not all of it, or overlap. Raises ValueError for a claim of no known form,
    about a group that has no figure, or against an empty base.

    >>> answer = judge("share asian >= 0.5", figures("asian=239,white=460,unknown=241"))
    >>> answer.verdict, round(answer.lower, 3), round(answer.upper, 3), round(answer.unknown_share, 3)
    ('cannot be told', 0.254, 0.511, 0.256)
    """
    kind, words = _read(claim)
    counts = all(each.lower == each.upper for each in known.values())
    if base is None:
        base = sum(each.upper for each in known.values()) if counts else 1.0
    if base <= 0:
        raise ValueError("the figures count nobody")
    unknown = known.get(UNKNOWN, Figure(0.0, 0.0))
    if kind == "trend":
        return _trend(words, known, unknown, base)
    group = _figure(known, words["group"])
    if kind in ("share", "majority", "population"):
        return _of_whole(kind, words, group, unknown, base, exact=counts)
    return _of_two(kind, words, known, unknown, base)


def group_of(claim: str) -> str | None:
    """The one group whose share a claim is about; None for a comparison, a ratio, a trend, or what is no claim.

    >>> group_of("majority white"), group_of("white > asian")
    ('white', None)
    """
    try:
        kind, words = _read(claim)
    except ValueError:
        return None
    return words["group"].strip().lower() if kind in ("share", "majority") else None


def times_population(answer: tuple[float, float], part: Figure) -> tuple[float, float]:
    """How many times its share of the population a group's share is, at least and at most.

    >>> times_population((0.25, 0.5), Figure(0.05, 0.1))
    (2.5, 10.0)
    """
    return _over(answer[0], part.upper), _over(answer[1], part.lower)


def _of_whole(
    kind: str, words: Mapping[str, str], group: Figure, unknown: Figure, base: float, *, exact: bool
) -> Answer:
    """A share of the whole against a number, or against a part of the population."""
    part = _limit(words, "part") if kind == "population" else 1.0
    if not 0 < part <= 1:
        raise ValueError("a share of the population lies between 0 and 1")
    limit = _limit(words, "limit") if words.get("limit") else 0.5
    of = "share" if kind != "population" else "times the share of the population"
    lower, upper = group.lower / base / part, min(1.0, (group.upper + unknown.upper) / base) / part
    said = _verdict(lower, upper, _sign(words), limit)
    needed = limit * part * base - group.lower
    settled = _settled(said, words["group"].strip(), unknown.upper, needed, exact)
    return Answer(said, of, lower, upper, unknown.upper / base, settled)


def _of_two(kind: str, words: Mapping[str, str], known: Mapping[str, Figure], unknown: Figure, base: float) -> Answer:
    """Two groups, by the difference of their shares or by their ratio."""
    group, other = _figure(known, words["group"]), _figure(known, words["other"])
    if words["other"].strip().lower() == words["group"].strip().lower():
        raise ValueError("a group is not compared with itself")
    if kind == "comparison":
        of, limit = "difference of the shares", 0.0
        lower = (group.lower - other.upper - unknown.upper) / base
        upper = (group.upper + unknown.upper - other.lower) / base
    else:
        of, limit = "ratio", _limit(words, "limit")
        lower = _over(group.lower, other.upper + unknown.upper)
        upper = _over(group.upper + unknown.upper, other.lower)
    said = _verdict(lower, upper, _sign(words), limit)
    return Answer(
        said, of, lower, upper, unknown.upper / base, _settled(said, "", unknown.upper, math.nan, exact=False)
    )


def _trend(words: Mapping[str, str], known: Mapping[str, Figure], unknown: Figure, base: float) -> Answer:
    """Whether each year's figure passes the one before it, wherever those of no known year belong; `of` is the least step."""
    first, last = int(words["group"]), int(words["other"])
    if first >= last:
        raise ValueError("a trend runs from an earlier to a later year")
    years = [_figure(known, str(year)) for year in range(first, last + 1)]
    if words["way"].lower() == "falling":
        years.reverse()
    steps = list(itertools.pairwise(years))
    lower = min(later.lower - earlier.upper - unknown.upper for earlier, later in steps)
    upper = min(later.upper + unknown.upper - earlier.lower for earlier, later in steps)
    said = _verdict(lower, upper, ">", 0.0)
    of = f"least {'rise' if words['way'].lower() == 'rising' else 'fall'} from a year to the next"
    settled = _settled(said, "", unknown.upper, math.nan, exact=False)
    return Answer(said, of, lower, upper, unknown.upper / base, settled)


def _sign(words: Mapping[str, str]) -> Comparison:
    return _SIGNS[words.get("sign") or ">"]


def _read(claim: str) -> tuple[str, dict[str, str]]:
    for kind, form in _READ.items():
        if found := form.fullmatch(claim.strip()):
            return kind, found.groupdict()
    raise ValueError(f"the claim is of no known form; the forms are: {FORMS}")


def _figure(known: Mapping[str, Figure], name: str) -> Figure:
    wanted = name.strip().lower()
    if wanted == UNKNOWN or wanted not in known:
        groups = ", ".join(each for each in known if each != UNKNOWN)
        raise ValueError(f"there is no figure for that group; there are figures for: {groups}")
    return known[wanted]


def _limit(words: Mapping[str, str], name: str) -> float:
    return float(words[name]) / (100 if words[f"{name}_percent"] else 1)


def _over(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.inf


def _verdict(lower: float, upper: float, sign: Comparison, limit: float) -> Verdict:
    ends = (lower, upper) if sign in (">=", ">") else (upper, lower)
    first, last = _HOLDS[sign](ends[0], limit), _HOLDS[sign](ends[1], limit)
    return "supported" if first else "cannot be told" if last else "contradicted"


def _settled(said: Verdict, group: str, unknown: float, needed: float, exact: bool) -> str:
    if said != "cannot be told":
        return "Nothing more: the answer is the same whatever the unknown values are."
    if exact and math.isfinite(needed):
        return (
            f"A record for those not known: it turns on whether about {max(math.ceil(needed), 0):,} or more"
            f" of the {unknown:,.0f} are {group}."
        )
    return "A record for enough of those not known; no other figure settles it."
