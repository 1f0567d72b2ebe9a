"""What is known of each child in the estimates of a run: totals by area, sex, age band or year, and totals that allow for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joinedup.domain.numbers import Recipe
from joinedup.errors import JoinedupError
from joinedup.estimate.cautions import LEAST_ON_SEVERAL
from joinedup.estimate.known_of_lists import KnownOfLists
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.overlaps import Lists, Scope
from joinedup.estimate.results import Options, Refusal
from joinedup.estimate.strata import StrataEstimate, estimate_strata

COLUMNS = {"area": "area", "sex": "sex", "age_band": "age_band", "year": "first_year"}
"""What may be asked for, and the column of memberships it is: the child's own, over all lists."""
OTHERS = "others"
NOT_KNOWN = "not known"
MOST_REPLICATES = 400
"""Every replicate tries many models in every stratum."""
NOT_CORRECTED = "Made from the records as they are linked: the review sample corrects how many children are on which lists, not what is known of each."
_ONE_FORM = "One form of model for all, chosen by the sum of BIC, its terms free in each; the choice repeated in every replicate."
_THIN = f"Too few children are on two lists or more, fewer than {LEAST_ON_SEVERAL} in each or together, in: "

Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The dimensions to take strata by, each by itself, and the covariates that are allowed for together."""

    strata: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What estimates are told besides who is on which list: what is known of the lists, and by what of each child totals are asked for."""

    known: KnownOfLists = field(default_factory=KnownOfLists)
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True, slots=True)
class Children:
    """The children of one scope: the lists each is on, by bit, and what is known of each."""

    lists: tuple[str, ...]
    patterns: NDArray[np.int64]
    known: Mapping[str, NDArray[np.str_]]

    @classmethod
    def of(cls, memberships: pa.Table, scope: Scope, lists: Lists) -> Children:
        """From the rows of memberships, which are those of `lists`."""
        marked = memberships.append_column("place", pa.array(lists.places))
        wanted = marked.filter((pc.field("kind") == "child") & (pc.field(scope.column) == scope.value)).sort_by(
            "person_id"
        )
        people = wanted["person_id"]
        person = np.asarray(pc.index_in(people, value_set=people.unique()), dtype=np.int64)
        patterns = np.zeros(int(person.max(initial=-1)) + 1, dtype=np.int64)
        np.bitwise_or.at(patterns, person, np.left_shift(np.int64(1), np.asarray(wanted["place"], dtype=np.int64)))
        _, first = np.unique(person, return_index=True)
        known = {
            name: np.array([value or NOT_KNOWN for value in wanted[column].to_pylist()], dtype=str)[first]
            for name, column in COLUMNS.items()
        }
        return cls(lists.names, patterns, known)

    def table(self, chosen: NDArray[np.bool_]) -> OverlapTable:
        """The overlap table of some of them."""
        seen, counts = np.unique(self.patterns[chosen], return_counts=True)
        return OverlapTable(self.lists, {int(each): int(n) for each, n in zip(seen, counts, strict=True)})


def rows(children: Children, scope: Scope, options: Options, beside: Beside) -> Rows:
    """The rows of estimates that are asked for, none of which leads."""
    asked, known = beside.asked, beside.known
    whole, said = _modelled(children.table(np.ones(children.patterns.size, dtype=np.bool_)), known)
    refused = known.refusal(whole)
    found: Rows = []
    for dimension in asked.strata:
        found += _by_stratum(children, scope, dimension, options, lambda table: _like(table, whole), refused)
    if asked.covariates:
        found += _given(children, scope, asked.covariates, options, known)
    return [{"chosen": False, "warnings": " ".join(said) or None, "nominal": options.level} | row for row in found]


def _modelled(table: OverlapTable, known: KnownOfLists) -> tuple[OverlapTable, tuple[str, ...]]:
    """The table as the models take it: lists of one kind of child left out, impossible pairs marked; and what that says."""
    kept, left_out = known.modelled(table)
    marked, barred = known.marked(kept)
    return marked.in_order(), (*left_out, *barred, *known.sentences_of(table))


def _like(table: OverlapTable, whole: OverlapTable) -> OverlapTable:
    """The table of a stratum over the lists of the whole, with the same pairs impossible."""
    taken = table.taking(whole.lists)
    return OverlapTable(taken.lists, taken.counts, whole.never)


def _by_stratum(
    children: Children,
    scope: Scope,
    dimension: str,
    options: Options,
    prepared: Callable[[OverlapTable], OverlapTable],
    refused: Refusal | None,
) -> Rows:
    """One row for each stratum and one for their sum. Strata with too few children on several lists stand together."""
    values = children.known[dimension]
    tables = {str(value): prepared(children.table(values == value)) for value in np.unique(values)}
    thin = _thin(tables)
    kept = {value: table for value, table in tables.items() if value not in thin}
    if thin:
        kept[OTHERS] = prepared(children.table(np.isin(values, thin)))
    found = refused or _estimated(kept, options)
    words = dimension.replace("_", " ")
    aside = f"{_THIN}{', '.join(thin)}; they stand together as {OTHERS}." if thin else ""
    row = {"method": f"log-linear: one model for each {words}", "recipe": scope.recipe.to_json()}
    if isinstance(found, Refusal):
        assumptions = f"Asked: how many {scope.describes}, by {words}. {aside}".strip()
        nothing = {"scope": scope.name, "observed": children.patterns.size, "assumptions": assumptions}
        return [row | nothing | {"refused": found.reason, "lifted_by": found.lifted_by}]
    trend = ""
    if dimension == "year" and found.trend and not thin and found.trend.lower is not None:
        trend = f"From one year to the next the total is multiplied by {found.trend.factor:.2f} ({found.trend.lower:.2f} to {found.trend.upper:.2f})."
    limits = f"Model-based, nominal {options.level:.0%}."
    assumptions = " ".join(each for each in (f"Model: {found.model}.", _ONE_FORM, aside, trend, limits) if each)
    made: Rows = []
    for each in found.strata:
        of_stratum = {"observed": kept[each.name].observed, "scope": f"{scope.name}, {words} {each.name}"}
        recipe = {**scope.recipe.where, COLUMNS[dimension]: each.name}
        if each.name not in tables:
            continue
        # Children of a stratum on lists that the models leave out are seen, and so counted.
        seen = int((values == each.name).sum())
        made.append(
            row
            | of_stratum
            | {"observed": seen, "recipe": Recipe("memberships", recipe, "person_id").to_json()}
            | _limits(each.estimate, each.lower, each.upper, seen)
            | {"assumptions": assumptions}
        )
    total = {"scope": scope.name, "observed": children.patterns.size, "assumptions": assumptions}
    return [*made, row | total | _limits(found.estimate, found.lower, found.upper, children.patterns.size)]


def _thin(tables: Mapping[str, OverlapTable]) -> list[str]:
    """The strata to stand together: those with too few on several lists, and the thinnest others until together they have enough."""
    ordered = sorted(tables, key=lambda value: (tables[value].on_several, value))
    held = 0
    thin: list[str] = []
    for value in ordered:
        if tables[value].on_several >= LEAST_ON_SEVERAL and (not thin or held >= LEAST_ON_SEVERAL):
            break
        thin.append(value)
        held += tables[value].on_several
    return sorted(thin)


def _estimated(tables: Mapping[str, OverlapTable], options: Options) -> StrataEstimate | Refusal:
    if len(tables) < 2:
        return Refusal(
            "Fewer than two strata hold enough children on several lists.", "Fuller returns, or fewer strata."
        )
    try:
        found = estimate_strata(tables, replace(options, replicates=min(options.replicates, MOST_REPLICATES)))
    except JoinedupError as error:
        return Refusal(str(error), "Lists joined in inquiry.toml, [estimate] lists.")
    return found.refused or found


def _limits(estimate: float | None, lower: float | None, upper: float | None, seen: int) -> dict[str, object]:
    """A total with its limits, or why there is none."""
    if estimate is None or lower is None:
        reason = "It has no limits: in most replicates no model can be fitted."
        return {"refused": reason, "lifted_by": "More children on several lists, or fewer strata."}
    highest = None if upper is None else max(upper, float(seen))
    return {"estimate": max(estimate, float(seen)), "lower": max(lower, float(seen)), "upper": highest}


def _given(children: Children, scope: Scope, covariates: Sequence[str], options: Options, known: KnownOfLists) -> Rows:
    """One row for all lists that hold anybody and one for every two, given the covariates together."""
    from joinedup.estimate.all_lists import FEWEST_LISTS, all_lists  # noqa: PLC0415  (as below)
    from joinedup.estimate.covariates import Adjusted, adjusted  # noqa: PLC0415  (scikit-learn takes a second to load)
    from joinedup.estimate.covariates import Options as Fitting  # noqa: PLC0415  (as above)
    from joinedup.estimate.with_covariates import METHOD, words_of  # noqa: PLC0415  (as above)

    held = {name: children.patterns >> place & 1 for place, name in enumerate(children.lists)}
    lists: dict[str, Sequence[int]] = {name: each.tolist() for name, each in held.items() if each.any()}
    described: dict[str, Sequence[str]] = {name: children.known[name].tolist() for name in covariates}
    words = " and ".join(each.replace("_", " ") for each in covariates)
    made: Rows = []
    wanted = [pair for pair in combinations(lists, 2) if known.meanings.refusal(pair) is None]
    fitting = Fitting(seed=options.seed, level=options.level)
    found: list[Adjusted] = adjusted(lists, described, fitting, wanted) if wanted else []
    if len(lists) >= FEWEST_LISTS and known.meanings.refusal([*lists]) is None:
        found = [all_lists(lists, described, fitting), *found]
    for each in found:
        named, assumed = words_of(each, words)
        without = f"Without them {each.unadjusted:,.0f}." if each.unadjusted is not None else ""
        row: dict[str, object] = {
            "scope": scope.name,
            "method": f"{METHOD}: {named}, given {words}",
            "observed": children.patterns.size,
            "recipe": scope.recipe.to_json(),
            "assumptions": f"{assumed} Doubly robust. {without} Model-based, nominal {options.level:.0%}.",
        }
        reason = {
            "refused": each.reason,
            "lifted_by": "More children of every pattern: fuller returns, or lists joined.",
        }
        made.append(
            row | (reason if each.reason else _limits(each.estimate, each.lower, each.upper, children.patterns.size))
        )
    return made
