"""Which level of agreement two records reach on each thing compared: SQL conditions, and the code of a whole pair.

A pair's code holds, in mixed radix, one digit for each thing compared: 0 where at least one side does not hold it, else
one more than the level, where a level that counts by the name's frequency takes one place for each step. There are only
some thousands of different codes, so whatever is estimated or scored is done once a code, not once a pair. Names are
compared once for each two different names (name_digit_sql), because letters are dear to compare and few names are many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

import numpy as np
from numpy.typing import NDArray

from joinedup.errors import InternalError
from joinedup.link import token_levels
from joinedup.link.frequencies import STEPS
from joinedup.link.namesakes import TOGETHER_STEPS
from joinedup.registry.link_model import Compared, Level, LinkModel

Numbers = NDArray[np.int64]

HOME_SIZES = (2, 4, 8, 16)
"""Mentions that share a home, up to which the first, second ... prior of a model's `home_priors` holds; the last holds above."""

NAMESAKES = (0.0, 1.0, 2.0, 3.5, 6.5, 12.5, 24.0, 48.0, 120.0)
"""About how many other children bear a name, in steps of twice as many: none, 1, 2, 3 or 4, 5 to 8 ... more than 64."""

_TO_DAY = "born_day_l IS NOT NULL AND born_day_r IS NOT NULL"
_TO_MONTH = "born_month_l IS NOT NULL AND born_month_r IS NOT NULL"
_PARTS_ALIKE = "CAST(born_year_l = born_year_r AS INT) + CAST(born_month_l = born_month_r AS INT) + CAST(born_day_l = born_day_r AS INT)"
HOME_WAYS = 4
"""How a home can be shared: in one way against the two addresses, in one way that is no address, by an address alone, or in
several ways; each has priors of its own."""
HOMES_SHARED = "CASE WHEN (l.home_bits & r.home_bits) = 0 THEN 0 ELSE array_length(list_intersect(l.home, r.home)) END AS homes_shared"
"""What the conditions read of a pair beside the columns of its two records: most pairs share not even a bit of a home."""
_ONLY_POSTCODE = "coalesce(postcode_l = postcode_r, FALSE) AND coalesce(homes_shared, 0) = 0"
"""A shared postcode with a shared surname is a shared home, so that where it is none the surname is bound to differ: that is
no evidence then."""
_ONE_NAME = "forename_l = forename_r AND surname_l = surname_r"
_SWAPPED = "forename_key_l = surname_key_r AND surname_key_l = forename_key_r AND forename_key_l <> surname_key_l"
_BY_ADDRESS = "address_l = address_r OR (house_l = house_r AND (street_l IS NULL OR street_r IS NULL))"
_HALF_CROSSED = "(coalesce(forename_key_l = surname_key_r, FALSE) OR coalesce(surname_key_l = forename_key_r, FALSE))"
"""One's forename is the other's surname. It says something only where nothing agrees in its own place."""
_CROSSED = "crossed"
"""Forename and surname changed places, and one of them is mistyped: told by the column of a pair that crossed_sql makes."""


def _name_levels(name: str) -> dict[str, str]:
    left, right, alike = f"{name}_l", f"{name}_r", f"{name}_alike"
    shorter = f"least(length({left}), length({right}))"
    # Counting edits is dear, so it is asked only where the letters are alike enough for one edit to be possible.
    keys_one_edit_apart = (
        f"{alike} >= 0.6 AND least(length({name}_key_l), length({name}_key_r)) >= 4"
        f" AND jaro_winkler_similarity({name}_key_l, {name}_key_r) >= 0.75 AND damerau_levenshtein({name}_key_l, {name}_key_r) <= 1"
    )
    # A forename is shortened to its end as well as to its start (Elizabeth to Beth, Babatunde to Tunde); a surname is not.
    ends = f" OR ({shorter} >= 4 AND (ends_with({left}, {right}) OR ends_with({right}, {left})))"
    return {
        "exact": f"{left} = {right}",
        "variant": f"list_has_any({name}_forms_l, {name}_forms_r)",
        "close": (
            f"{alike} >= 0.93 OR ({alike} >= 0.75 AND {shorter} >= 4 AND damerau_levenshtein({left}, {right}) <= 1)"
            f" OR ({keys_one_edit_apart})"
        ),
        "part": (
            f"list_has_any({name}_parts_l, {name}_parts_r) OR"
            f" ({shorter} >= 3 AND (starts_with({left}, {right}) OR starts_with({right}, {left})))"
            f"{ends if name == 'forename' else ''}"
        ),
        "near": f"{alike} >= 0.8 OR ({alike} >= 0.7 AND {shorter} = 3 AND damerau_levenshtein({left}, {right}) <= 1)",
        "same_initial": f"substr({left}, 1, 1) = substr({right}, 1, 1)",
        "other_name": (
            f"list_contains(aliases_r, {left}) OR list_contains(aliases_l, {right})"
            " OR list_has_any(list_filter(aliases_l, a -> a <> ''), list_filter(aliases_r, a -> a <> ''))"
        ),
        "known_as": f"list_contains(aliases_r, {left}) OR list_contains(aliases_l, {right})",
    }


NAMES = ("forename", "surname")
_CHANGED_PLACES = ("swapped", "crossed", "half_crossed")
_ASKED_OF_PAIRS = {*_CHANGED_PLACES, *token_levels.BY_FILTERS}
SETS = ("phone", "vehicle", "account")
"""Things of which a suspect's mention holds a set, compared by the rarest that two share (mention_sets.py)."""

_BY_ANOTHER_NAME = (
    "coalesce(list_has_any(full_names_l, full_names_r), FALSE)"
    " AND NOT coalesce(forename_key_l = forename_key_r AND surname_key_l = surname_key_r, FALSE)"
)
"""Both have one full name, and for one of them at least it is another name: their own are compared as forename and surname."""

_UNKNOWN = {
    "place": "FALSE",
    "home": " OR ".join(
        f"(home_bits_{side} IS NULL AND outcode_{side} IS NULL AND town_{side} IS NULL)" for side in "lr"
    ),
    "forename": f"forename_l IS NULL OR forename_r IS NULL OR ({_SWAPPED})",
    "surname": "surname_l IS NULL OR surname_r IS NULL",
    "date_of_birth": "dob_l IS NULL OR dob_r IS NULL",
    "sex": "sex_l IS NULL OR sex_r IS NULL",
    "nhs_number": "nhs_l IS NULL OR nhs_r IS NULL",
    "pupil_number": "upn_l IS NULL OR upn_r IS NULL",
    "shared_identifier": "shared_l IS NULL OR shared_r IS NULL",
    **{kind: f"{kind}_l IS NULL OR {kind}_r IS NULL" for kind in SETS},
    "other_names": f"(called_l IS NULL OR called_r IS NULL) AND NOT ({_BY_ANOTHER_NAME})",
}
"""When a comparison says nothing: at least one side does not hold it."""

_CONDITIONS: dict[str, dict[str, str]] = {
    # Where no home is shared, not knowing where one of them lives is evidence: were both homes known and the child one, they
    # would most often be shared.
    "place": {
        "same_address": "address_l = address_r",
        "unknown": "outcode_l IS NULL OR outcode_r IS NULL",
        "neighbours": "postcode_l = postcode_r AND (house_l <> house_r OR street_l <> street_r)",
        "same_postcode": "postcode_l = postcode_r",
        "same_street": "street_l = street_r AND outcode_l = outcode_r",
        "same_house": "house_l = house_r AND outcode_l = outcode_r",
        "same_outcode": "outcode_l = outcode_r",
    },
    "home": {"shared": "homes_shared > 0", "same_outcode": "outcode_l = outcode_r", "same_town": "town_l = town_r"},
    "forename": _name_levels("forename"),
    "surname": {"swapped": _SWAPPED, "crossed": _CROSSED, "half_crossed": _HALF_CROSSED, **_name_levels("surname")},
    "date_of_birth": {
        "exact": f"{_TO_DAY} AND dob_l = dob_r",
        "changed_over": (
            f"{_TO_DAY} AND born_year_l = born_year_r AND born_month_l = born_day_r AND born_day_l = born_month_r"
        ),
        "slip": f"{_TO_DAY} AND {_PARTS_ALIKE} = 2 AND damerau_levenshtein(dob_l, dob_r) <= 1",
        "two_parts": f"{_TO_DAY} AND {_PARTS_ALIKE} = 2",
        "one_part": f"{_TO_DAY} AND {_PARTS_ALIKE} = 1 AND born_year_l = born_year_r",
        "different": _TO_DAY,
        "same_month": f"{_TO_MONTH} AND born_year_l = born_year_r AND born_month_l = born_month_r",
        "same_year_other_month": f"{_TO_MONTH} AND born_year_l = born_year_r",
        "other_year": _TO_MONTH,
        "same_year": "born_year_l = born_year_r",
        "next_year": "abs(born_year_l - born_year_r) <= 1",
    },
    "sex": {"same": "sex_l = sex_r"},
    "nhs_number": {"same": "nhs_l = nhs_r"},
    "pupil_number": {"same": "upn_l = upn_r"},
    "shared_identifier": {"shared": "list_has_any(shared_l, shared_r)"},
    **{
        kind: {name: f"list_has_any({kind}_{name}_l, {kind}_{name}_r)" for name in ("own", "few", "many")}
        for kind in SETS
    },
    "other_names": {
        "full_name": _BY_ANOTHER_NAME,
        "rare": "list_has_any(called_rare_l, called_rare_r)",
        "some": "list_has_any(called_some_l, called_some_r)",
        "common": "list_has_any(called_l, called_r)",
    },
}
"""What recognises a level; the last level of a comparison takes whatever is left."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One thing compared within a pair's code: what one step of it is worth in the code, and how many values it takes."""

    name: str
    radix: int
    values: int

    def of(self, codes: Numbers) -> Numbers:
        """The digit of each code: 0 for nothing to compare, else the place of its level plus one."""
        return codes // self.radix % self.values


@dataclass(frozen=True, slots=True)
class Coding:
    """The digits of a model's pairs: the home's size (0 for no shared home), the steps of how many others bear the name that
    both bear and of how much oftener than by chance its two parts are borne together (0 where it is not one name), then each
    thing compared."""

    home: Digit
    namesakes: Digit
    together: Digit
    digits: tuple[Digit, ...]

    @classmethod
    def of(cls, model: LinkModel) -> Coding:
        """The coding of a model."""
        names = ["home", "namesakes", "together", *(compared.id for compared in model.compared)]
        values = [
            HOME_WAYS * (len(HOME_SIZES) + 1) + 1,
            len(NAMESAKES) + 1,
            TOGETHER_STEPS + 1,
            *(1 + places(compared) for compared in model.compared),
        ]
        radix = [1, *accumulate(values, mul)]
        if radix[-1] >= 2**63:
            raise InternalError(f"the link model {model.id!r} has more levels than a pair's code can hold")
        home, namesakes, together, *digits = (Digit(*given) for given in zip(names, radix, values, strict=False))
        return cls(home, namesakes, together, tuple(digits))


def places(compared: Compared) -> int:
    """How many places the levels of one comparison take."""
    return sum(STEPS if level.steps else 1 for level in compared.levels)


def columns_compared(model: LinkModel) -> tuple[str, ...]:
    """The columns of a record that the model's conditions read, beside the list `home` that HOMES_SHARED reads."""
    ids = {compared.id for compared in model.compared}
    found = ["home_bits", "outcode", "dob", "born_year", "born_month", "born_day", "sex", "nhs"]
    found += ["home_size", "namesakes", "borne_together"] if model.by_home else []
    found += ["address", "street", "house"] if _knows_addresses(model) else []
    found += token_levels.COLUMNS if model.on == "tokens" else []
    found += [column for column, thing in (("postcode", "place"), ("upn", "pupil_number"), ("town", "home"), ("shared", "shared_identifier")) if thing in ids]  # fmt: skip
    found += [f"{kind}{name}" for kind in SETS if kind in ids for name in ("", "_own", "_few", "_many")]
    found += ["called", "called_rare", "called_some", "full_names"] if "other_names" in ids else []
    return (*found, *(f"{name}{form}" for name in NAMES for form in ("", "_key", "_value")))


def _knows_addresses(model: LinkModel) -> bool:
    """Whether the model compares addresses: tokens of them are never sent."""
    return any(level.id == "same_address" for one in model.compared if one.id == "place" for level in one.levels)


def columns_of_name(model: LinkModel, name: str) -> tuple[str, ...]:
    """The columns of a record that say how its forename or surname compares with another: the same in all records with them."""
    compared = next(one for one in model.compared if one.id == name)
    found = (name, *(f"{name}_{form}" for form in ("key", "forms", "parts", "rarity", "kin_rarity")))
    return (*found, "aliases") if any(level.id in ("other_name", "known_as") for level in compared.levels) else found


def name_digit_sql(model: LinkModel, name: str) -> str:
    """The SQL expression of the digit of two forenames or surnames, over the columns of columns_of_name and NAME_alike."""
    compared = next(one for one in model.compared if one.id == name)
    return _cases(compared, [], {level: sql for level, sql in _conditions(compared, model).items() if level not in _of_pairs(model)})  # fmt: skip


def alike_sql(model: LinkModel, name: str) -> str:
    """What name_digit_sql reads of two names beside their columns: tokens have no letters."""
    if model.on == "tokens":
        return f"CAST(NULL AS DOUBLE) AS {name}_alike"
    return f"jaro_winkler_similarity({name}_l, {name}_r) AS {name}_alike"


def asks_crossed(model: LinkModel) -> bool:
    """Whether the model has a level for names that changed places with one of them mistyped."""
    return any(level.id == "crossed" for compared in model.compared for level in compared.levels)


def crossed_sql(model: LinkModel) -> tuple[str, str]:
    """The joins that a pair of records l and r needs for the column crossed, and the column, from the table crossed_names of
    forenames and surnames that are one slip apart: one name has crossed whole, and the other but for the slip."""
    if not asks_crossed(model):
        return "", ""
    joins, found = "", []
    for name, one, other in (("crossed_1", "l", "r"), ("crossed_2", "r", "l")):
        joins += (
            f" LEFT JOIN crossed_names AS {name} ON {name}.forename = {one}.forename_value"
            f" AND {name}.surname = {other}.surname_value"
        )
        found.append(f"({name}.forename IS NOT NULL AND {one}.surname_key = {other}.forename_key)")
    straight = "(l.forename_key = r.forename_key OR l.surname_key = r.surname_key)"
    return joins, f", ({' OR '.join(found)}) AND NOT {straight} AS crossed"


def code_sql(model: LinkModel) -> str:
    """The SQL expression of a pair's code, over columns ending in _l and _r, and forename_digit and surname_digit.

    Raises InternalError when the model names a comparison or level that has no condition here.
    """
    coding = Coding.of(model)
    terms = [
        (digit, _digit_sql(compared, model)) for digit, compared in zip(coding.digits, model.compared, strict=True)
    ]
    if model.by_home:
        terms += [(coding.home, _home_sql(model)), (coding.namesakes, _namesakes_sql())]
        terms += [(coding.together, f"CASE WHEN {_ONE_NAME} THEN borne_together_l + 1 ELSE 0 END")]
    # A step can be worth more than 32 bits hold, which would stop any engine.
    return " + ".join(f"{digit.radix} * CAST({value} AS BIGINT)" for digit, value in terms)


def _home_sql(model: LinkModel) -> str:
    """The step of a shared home by its size, and of those steps the lot of the way it is shared."""
    size, lot = "greatest(home_size_l, home_size_r)", len(HOME_SIZES) + 1
    steps = " ".join(f"WHEN {size} <= {limit} THEN {place}" for place, limit in enumerate(HOME_SIZES, 1))
    ways = "CASE WHEN homes_shared > 1 THEN 3"
    if _knows_addresses(model):
        ways += f" WHEN {_BY_ADDRESS} THEN 2 WHEN house_l <> house_r AND street_l <> street_r THEN 0"
    step = f"CASE {steps} ELSE {lot} END + {lot} * {ways} ELSE 1 END"
    return f"CASE WHEN coalesce(homes_shared, 0) = 0 THEN 0 ELSE {step} END"


def _namesakes_sql() -> str:
    """The dates of birth seen with the name beside the pair's own; nothing where the two have one each, and differ.

    Two strangers whose dates differ are themselves what is counted, so there the count says nothing more.
    """
    others = "namesakes_l - 1"
    steps = " ".join(f"WHEN {others} <= {2**step} THEN {step + 2}" for step in range(len(NAMESAKES) - 2))
    return (
        f"CASE WHEN {_ONE_NAME} AND NOT ({_TO_DAY} AND dob_l <> dob_r)"
        f" THEN CASE WHEN {others} <= 0 THEN 1 {steps} ELSE {len(NAMESAKES)} END ELSE 0 END"
    )


def _digit_sql(compared: Compared, model: LinkModel) -> str:
    conditions = _conditions(compared, model)
    unknown = [f"WHEN {_UNKNOWN[compared.id]} THEN 0"]
    if compared.id not in NAMES:
        return _cases(compared, unknown, conditions)
    _cases(compared, [], conditions)  # every level of it has a condition
    digit = f"{compared.id}_digit"
    changed = {"swapped": _SWAPPED, "crossed": _CROSSED, "half_crossed": _half_crossed(model)}
    if compared.id == "forename":
        unknown += [f"WHEN {changed[level.id]} THEN 0" for level in _changing_places(model)]
    else:
        unknown += [f"WHEN {changed[level.id]} THEN {place + 1}" for level, place, _ in _placed(compared) if level.id in changed]  # fmt: skip
        if model.by_home:
            unknown.append(f"WHEN {digit} = {places(compared)} AND {_ONLY_POSTCODE} THEN 0")
    if model.on == "tokens":
        digit = _by_filters(compared, digit)
    return f"CASE {' '.join(unknown)} ELSE {digit} END"


def _changing_places(model: LinkModel) -> Iterator[Level]:
    """The levels of names that changed places: what they say of the forename is said with the surname."""
    return (level for one in model.compared if one.id == "surname" for level in one.levels if level.id in _CHANGED_PLACES)  # fmt: skip


def _half_crossed(model: LinkModel) -> str:
    """Whether one's forename is the other's surname, and nothing agrees in its own place."""
    differ = (f"coalesce({one.id}_digit = {places(one)}, TRUE)" for one in model.compared if one.id in NAMES)
    return f"({_HALF_CROSSED} AND {' AND '.join(differ)})"


def _by_filters(compared: Compared, digit: str) -> str:
    """The digit of two names, where Bloom filters may tell that they are more alike than their tokens say."""
    branches = []
    for level, place, _ in _placed(compared):
        if level.id in token_levels.BY_FILTERS:
            branches += [f"WHEN {digit} <= {place} THEN {digit}", f"WHEN {token_levels.alike(compared.id, level.id)} THEN {place + 1}"]  # fmt: skip
    return f"CASE {' '.join(branches)} ELSE {digit} END" if branches else digit


def _of_pairs(model: LinkModel) -> set[str]:
    """Levels of names that are asked of a pair of records, since the two names alone do not tell."""
    return {*_CHANGED_PLACES, *(token_levels.BY_FILTERS if model.on == "tokens" else ())}


def _conditions(compared: Compared, model: LinkModel) -> dict[str, str]:
    conditions = _CONDITIONS.get(compared.id)
    if model.on == "tokens" and compared.id == "date_of_birth":
        conditions = {**_CONDITIONS["date_of_birth"], **token_levels.DATE_OF_BIRTH}
    if conditions is None:
        raise InternalError(f"the link model compares {compared.id!r}, which has no conditions")
    return conditions


def _cases(compared: Compared, branches: list[str], conditions: dict[str, str]) -> str:
    """The branches, then one for each level; what is asked of the pair and not of its names stands in no condition of names."""
    for level, place, last in _placed(compared):
        if compared.id in NAMES and level.id in _ASKED_OF_PAIRS and level.id not in conditions:
            continue
        if not last and level.id not in conditions:
            raise InternalError(f"the link model has a level {compared.id}.{level.id}, which has no condition")
        value = {
            None: f"{place + 1}",
            "own": f"{place + 1} + {compared.id}_rarity_l",
            "kin": f"{place + 1} + least({compared.id}_kin_rarity_l, {compared.id}_kin_rarity_r)",
        }[level.steps]
        branches = [*branches, f"ELSE {value}" if last else f"WHEN {conditions[level.id]} THEN {value}"]
    return f"CASE {' '.join(branches)} END"


def _placed(compared: Compared) -> Iterator[tuple]:  # type: ignore[type-arg]
    place = 0
    for position, level in enumerate(compared.levels):
        yield level, place, position == len(compared.levels) - 1
        place += STEPS if level.steps else 1
