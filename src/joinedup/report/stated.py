"""What the numbers of a report count, and which of them bind each other: every number as a cell of a table of one population.

A population is whatever is counted once: the children of one status, the records of children, the steps a standard asks for.
Its tables share their total and their margins, so that what one line says narrows another. Where one thing can stand in
several lines (agencies, kinds of threat), each line is a table of its own, of those in it and those not. What is bound to
nothing else is named in `UNTIED`, with the reason why it may stand by itself.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from joinedup.domain.numbers import Recipe, number_id
from joinedup.stats.disclosure import TOTAL, Between, Publication, PublishedTable, Statement

Labels = tuple[str, ...]

UNTIED: Mapping[str, str] = {
    "groups": "groups count no people; who is in them is counted, and audited, beside them",
    "hubs": "telephones, accounts and places that people share; how many people share one is not published",
    "problems": "findings about files: one row can give rise to several and one to many rows, so no total binds them",
    "returns": "files of an agency, which are no people; printed as they are",
    "timeliness": "percentages to the nearest ten of at least fifty cases still watched: each stands for five cases or more",
    "link_quality": "pairs of records, values and settings of the linking; its records by group are audited",
    "counts": "the lowest and highest number that links allow of one line: they add up to nothing; those of all are held to it",
    "estimates": "modelled numbers, rounded as such: they follow from counts by a model and count nobody",
}
"""Tables whose numbers are no counts that another published number binds, each with the reason why it is safe by itself."""

_SEVERAL_AT_ONCE = ("list", "threat", "environment", "disability", "nationality")
"""Dimensions in which one person can stand in several lines."""
_NOT_KNOWN = (
    "conflicting", "not known", "not returned", "no scheme", "refused", "not yet obtained", "not stated", "ambiguous",
    "not in scheme", "not asked",
)  # fmt: skip
"""The values of a profile by which a thing is not known; together they are one published number."""
_ALL_NOT_KNOWN = "all not known"
SAYS_NOTHING = (
    *_NOT_KNOWN, _ALL_NOT_KNOWN, "not recorded", "not_recorded", "cannot_be_told", "not in", "not evaluable", "not fired",
)  # fmt: skip
"""Labels that say nothing of the people in them: that all of a few are in one of these gives nothing away."""
_KINDS = {"children": "child", "suspects": "suspect"}
_LOOKED_OVER, _ROWS = "children looked over", "rows received"
_IN_GROUPS = "people in groups"
_OUTCOMES = {"due": TOTAL, "met": "met", "not_recorded": "not recorded", "breached": "late or not done"}
_LEVELS = {
    "steps": ("late or not done", "met", "not recorded"),
    "rows": ("refused", "used"),
    "so": ("no", "yes"),
}
"""What becomes of a step, a row or a record, all of it, whether a line prints it or leaves it to be worked out."""
TWO_STATUSES = ("child known", "child suspected", "lists children-known-or-suspected")
"""A child known or suspected anywhere is one or the other by the strongest status: the first two add up to the third."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one published number says: its recipe, and the smallest and largest count that may stand behind it.

    One that is `withheld` says nothing, whatever its ends.
    """

    recipe: Recipe
    least: int
    most: int
    withheld: bool = False

    @property
    def is_nought(self) -> bool:
        """Whether it says that there is nobody."""
        return not self.most and not self.withheld

    @property
    def count(self) -> int | Between | None:
        """The count, the range of counts, or None where it is withheld."""
        if self.withheld:
            return None
        return self.least if self.least == self.most else Between(self.least, self.most)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a number stands: its population, its dimensions and labels there (none: the whole), or an `end` of the whole."""

    population: str
    dimensions: Labels = ()
    labels: Labels = ()
    end: str = ""


@dataclass(slots=True)
class Said:
    """Everything one publication says of one population."""

    cells: dict[Labels, dict[Labels, Told]] = field(default_factory=lambda: defaultdict(dict))
    """By dimensions, then labels; the whole under none."""
    lower: int = 0
    upper: int | None = None
    contradicted: bool = False


def cells_of(recipe: Recipe) -> list[Cell]:
    """The cells that the number of this recipe stands in, one in each population; none where nothing binds it.

    >>> [cell.labels for cell in cells_of(Recipe("group_members", {"role": "child"}, "person_id"))]
    [('child',)]
    """
    if recipe.table == "link_quality":
        return _of_links(dict(recipe.where))
    place = _PLACES.get(recipe.table)
    found = place(recipe, dict(recipe.where)) if place else None
    return [found] if found else []


def said_of(numbers: Iterable[Told]) -> dict[str, Said]:
    """What the numbers of one publication say, by population."""
    found: dict[str, Said] = defaultdict(Said)
    for told in numbers:
        for cell in cells_of(told.recipe):
            said = found[cell.population]
            if cell.end and told.withheld:
                continue
            if cell.end == "lower":
                said.lower = max(said.lower, told.least)
            elif cell.end == "upper":
                said.upper = told.most if said.upper is None else min(said.upper, told.most)
            else:
                # Two numbers of one cell are two statements of it: both hold.
                before = said.cells[cell.dimensions].get(cell.labels, told)
                if before.withheld or told.withheld:
                    said.cells[cell.dimensions][cell.labels] = told if before.withheld else before
                    continue
                least, most = max(before.least, told.least), min(before.most, told.most)
                said.contradicted |= least > most
                said.cells[cell.dimensions][cell.labels] = Told(told.recipe, least, max(least, most))
    return {name: said for name, said in found.items() if said.cells}


def counts_people(population: str) -> bool:
    """Whether the population is of people, and not of steps, rows or records about them."""
    return population.startswith(("child", "suspect", "lists", "people"))


def publication_of(name: str, population: str, said: Said, every: Sequence[Said]) -> Publication:
    """What one publication says of a population, as tables with every category that any of `every` publication prints.

    Raises ValueError where two of its numbers say different things of one count.
    """
    if said.contradicted:
        raise ValueError("two of its numbers say different things of one count")
    scopes = sorted({each for one in every for each in one.cells} - {()})
    # A way of dividing that it does not print at all says nothing; one that it prints holds nobody where it prints no line.
    mine = {_way(each) for each in said.cells}
    tables = [_table(dimensions, said, every) for dimensions in scopes if _way(dimensions) in mine]
    if not tables:
        tables.append(PublishedTable("the whole", ("all",), {("all",): _whole(said), (TOTAL,): _whole(said)}))
    return Publication(name, tuple(tables), tuple(_statements(population, said)))


def _way(dimensions: Labels) -> Labels:
    """The way of dividing that a table belongs to: lines in which one person can stand several times are one way together."""
    first = dimensions[0].partition(" ")[0] if dimensions else ""
    return (first,) if first in _SEVERAL_AT_ONCE else dimensions


def _whole(said: Said) -> int | Between | None:
    told = said.cells.get((), {}).get(())
    return Between(0, None) if told is None else told.count


def _table(dimensions: Labels, said: Said, every: Sequence[Said]) -> PublishedTable:
    printed = list(dict.fromkeys(labels for one in every for labels in one.cells.get(dimensions, {})))
    mine = said.cells.get(dimensions, {})
    counts: dict[Labels, int | Between | None] = {labels: told.count for labels, told in mine.items()}
    levels = [{labels[at] for labels in printed} - {TOTAL} for at in range(len(dimensions))]
    whole_of = _LEVELS.get(dimensions[-1])
    if whole_of:
        levels[-1] |= set(whole_of)
    parts = {name: inside for name, level in zip(dimensions, levels, strict=True) if (inside := _inside(name, level))}
    if printed == [("in",)]:
        counts = {("in",): counts.get(("in",), 0), ("not in",): Between(0, None)}
    else:
        # A line that is printed can leave something to be worked out; a line that is not printed holds nobody.
        rows = {labels[:-1] for labels in mine} if whole_of else set()
        for labels in itertools.product(*(sorted(level) for level in levels)):
            counts.setdefault(labels, Between(0, None) if labels[:-1] in rows else 0)
    total = _whole(said)
    if total != Between(0, None):
        counts[(TOTAL,) * len(dimensions)] = total
    return PublishedTable(", ".join(dimensions), dimensions, counts, parts)


def _inside(dimension: str, level: Collection[str]) -> dict[str, str]:
    """Which category lies in which larger one: the ways of not knowing, and an agency's forms."""
    if dimension == "return":
        return {label: label.split(" ")[0] for label in sorted(level) if " " in label}
    if _ALL_NOT_KNOWN in level:
        return {label: _ALL_NOT_KNOWN for label in _NOT_KNOWN if label in level}
    return {}


def _statements(population: str, said: Said) -> list[Statement]:
    """What the numbers say of sums of cells."""
    found = []
    if said.lower or said.upper is not None:
        found.append(Statement("the ends that the links allow", (((), 1),), said.lower, said.upper))
    if population == _LOOKED_OVER and ("concern",) in said.cells:
        concerned = ((("concern", "in"),), 1)
        fired = [((dimensions[0], "fired"),) for dimensions, lines in said.cells.items() if ("fired",) in lines]
        found += [Statement(f"{described[0][0]} fired", (concerned, (described, -1)), 0, None) for described in fired]
        if fired:
            every = tuple((cell, 1) for cell in fired)
            found.append(Statement("concerns in all", (*every, (concerned[0], -1)), 0, None))
        if ("unseen",) in said.cells:
            found.append(Statement("unseen", (concerned, ((("unseen", "in"),), -1)), 0, None))
    return found


def tied(found: Mapping[str, Said], narrowed: Mapping[str, tuple[int, int]]) -> None:
    """Holds the wholes that add up against each other; `narrowed` are the ends that each population leaves its own whole.

    Raises ValueError where they do not add up.
    """
    if not set(TWO_STATUSES) <= set(narrowed):
        return
    (one, other, both) = (narrowed[name] for name in TWO_STATUSES)
    ends = {
        TWO_STATUSES[0]: (both[0] - other[1], both[1] - other[0]),
        TWO_STATUSES[1]: (both[0] - one[1], both[1] - one[0]),
        TWO_STATUSES[2]: (one[0] + other[0], one[1] + other[1]),
    }
    for name, (least, most) in ends.items():
        told = found[name].cells[()][()]
        if told.withheld:
            continue
        narrow = max(told.least, least), min(told.most, most)
        if narrow[0] > narrow[1]:
            raise ValueError("the children known and suspected are not those known or suspected")
        found[name].cells[()][()] = Told(told.recipe, *narrow)


Where = dict[str, str | int | bool]


def _of_memberships(_: Recipe, where: Where) -> Cell | None:
    if not {"kind", "status", "strongest"} <= set(where):
        return None
    population = f"{where['kind']} {where['status']}"
    rest = [name for name in where if name not in ("kind", "status", "strongest")]
    if not rest:
        return Cell(population)
    if len(rest) > 1:
        return None
    return _line(population, rest[0], str(where[rest[0]]))


def _line(population: str, dimension: str, value: str) -> Cell:
    """The cell of one value; a table of its own where people can have several."""
    if dimension.partition(" ")[0] in _SEVERAL_AT_ONCE:
        return Cell(population, (f"{dimension} {value}",), ("in",))
    return Cell(population, (dimension,), (value,))


def _of_threats(_: Recipe, where: Where) -> Cell:
    return _line(f"{where['kind']} {where['status']}", "threat", str(where["threat"]))


def _of_attributes(_: Recipe, where: Where) -> Cell | None:
    people, _between, status = str(where["population"]).partition(":")
    population = f"{_KINDS[people]} {status}"
    attribute = str(where["attribute"])
    if "value" in where:
        return _line(population, attribute, str(where["value"]))
    if "known" not in where:
        return Cell(population)
    return _line(population, attribute, "not known" if attribute in ("threat", "environment") else _ALL_NOT_KNOWN)


def _of_counts(recipe: Recipe, where: Where) -> Cell | None:
    if recipe.total == "count" and "dimension" in where:
        # A line that holds nobody, printed because another status has it.
        column = {"source": "list", "year": "first_year"}.get(str(where["dimension"]), str(where["dimension"]))
        return _line(f"{_KINDS[str(where['population'])]} {where['status']}", column, str(where["value"]))
    name = str(where.get("number_id", "")).split(".")
    if recipe.total not in ("lower", "upper") or name[3:] != ["all", "all"]:
        return None
    return Cell(f"{_KINDS[name[1]]} {name[2]}", end=recipe.total)


def _of_estimates(recipe: Recipe, where: Where) -> Cell | None:
    name = str(where.get("number_id", "")).split(".")
    return Cell(f"lists {name[1]}") if recipe.total == "observed" and len(name) > 1 else None


def _of_overlaps(_: Recipe, where: Where) -> Cell:
    return Cell(f"lists {number_id(str(where['scope']))}", ("pattern",), (str(where["pattern"]),))


def _of_concerns(_: Recipe, where: Where) -> Cell:
    if "rule" in where:
        return Cell(_LOOKED_OVER, (number_id("rule", str(where["rule"])),), ("fired",))
    return Cell(_LOOKED_OVER, ("concern",), ("in",))


def _of_coverage(recipe: Recipe, where: Where) -> Cell:
    return Cell(_LOOKED_OVER, (str(where["number_id"]),), (recipe.total.replace("_", " "),))


def _of_unseen(_: Recipe, __: Where) -> Cell:
    return Cell(_LOOKED_OVER, ("unseen",), ("in",))


def _of_history(_: Recipe, where: Where) -> Cell:
    return Cell(_LOOKED_OVER, ("exploited", "missing"), (str(where["exploited"]), str(where["missing"])))


def _of_members(_: Recipe, where: Where) -> Cell:
    return Cell(_IN_GROUPS, ("role",), (str(where["role"]),)) if "role" in where else Cell(_IN_GROUPS)


def _of_breaches(_: Recipe, where: Where) -> Cell | None:
    rule = number_id(str(where["rule"]))
    agency = number_id(str(where["agency"])) if "agency" in where else "all"
    return _step(f"steps {rule}", "agency", agency, _OUTCOMES["breached"])


def _of_reviews(recipe: Recipe, where: Where) -> Cell | None:
    name = str(where["number_id"]).split(".")
    return _step(f"steps {name[1]}", "agency", name[2], _OUTCOMES[recipe.total]) if len(name) == 3 else None


def _of_quarters(recipe: Recipe, where: Where) -> Cell | None:
    name = str(where["number_id"]).split(".")
    return _step(f"steps {name[1]}", "quarter", name[2], _OUTCOMES[recipe.total]) if len(name) == 3 else None


def _step(population: str, dimension: str, category: str, outcome: str) -> Cell:
    if category == "all":
        return Cell(population) if outcome == TOTAL else Cell(population, ("steps",), (outcome,))
    return Cell(population, (dimension, "steps"), (category, outcome))


def _of_responses(recipe: Recipe, where: Where) -> Cell | None:
    if recipe.distinct:
        return None
    outcome = TOTAL if recipe.total == "rows" else recipe.total
    if "number_id" in where:
        name = str(where["number_id"]).split(".")
        return Cell(_ROWS, ("return", "rows"), (f"{name[1]} {'.'.join(name[2:])}", outcome))
    if "agency" in where:
        return Cell(_ROWS, ("return", "rows"), (number_id(str(where["agency"])), outcome))
    return Cell(_ROWS) if outcome == TOTAL else Cell(_ROWS, ("rows",), (outcome,))


_OF_RECORDS = {
    "group_linked": "records linked to another agency's",
    "group_unlinkable": "records that cannot be linked",
    "group_review": "records waiting for a person",
}


def _of_links(where: Where) -> list[Cell]:
    """Records of children by group, in one population for each thing that can be so of a record beside the others."""
    measure, (by, _, group) = str(where.get("measure")), str(where.get("scope")).partition(": ")
    if measure == "group_records":
        return [Cell(population, (by, "so"), (group, TOTAL)) for population in _OF_RECORDS.values()]
    return [Cell(_OF_RECORDS[measure], (by, "so"), (group, "yes"))] if measure in _OF_RECORDS else []


_PLACES: Mapping[str, Callable[[Recipe, Where], Cell | None]] = {
    "memberships": _of_memberships,
    "threats": _of_threats,
    "person_attributes": _of_attributes,
    "counts": _of_counts,
    "estimates": _of_estimates,
    "overlaps": _of_overlaps,
    "concerns": _of_concerns,
    "rule_coverage": _of_coverage,
    "unseen": _of_unseen,
    "missing_history": _of_history,
    "group_members": _of_members,
    "breaches": _of_breaches,
    "reviews": _of_reviews,
    "audit_quarters": _of_quarters,
    "responses": _of_responses,
}
