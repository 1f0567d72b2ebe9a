"""Children on four lists, with the truth: a population that nothing of the simulator or of linking had a hand in.

A charity, a police force, social care and schools write down children of one region. Just over half of the children live
with brothers or sisters; of later births in a household 1.8% are twins. Names are of three structures (`group`, which
stands in the truth alone): British, South Asian Muslim and East European. Every rate below is an assumption made for the
benchmark, not an estimate of any real return: how often a list leaves a thing out, mistypes it, writes another form of a
name, or has an old home.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.linking import names

GROUPS = ("british", "south_asian_muslim", "east_european")
GROUP_SHARES = (0.63, 0.24, 0.13)
LISTS = ("charity", "police", "social_care", "school")
LIST_SHARES = (0.14, 0.36, 0.29, 0.21)
TWINS = 0.018
HOUSEHOLD_SIZES = (0.68, 0.21, 0.08, 0.03)
MENTIONS = (0.43, 0.27, 0.15, 0.07, 0.04, 0.02, 0.01, 0.01)
Column = np.ndarray


@dataclass(frozen=True)
class Rates:
    """How often one list writes each thing wrongly, in another form, or not at all."""

    typing: float
    other_forename: float
    other_surname_form: float
    former_surname: float = 0.04
    swapped: float = 0.004
    one_part: float = 0.2
    forename_missing: float = 0.002
    surname_missing: float = 0.004
    birth_missing: float = 0.01
    birth_partial: float = 0.01
    birth_wrong: float = 0.015
    birth_placeholder: float = 0.004
    sex_missing: float = 0.02
    sex_wrong: float = 0.006
    postcode_missing: float = 0.06
    address_missing: float = 0.08
    address_mistyped: float = 0.04
    phone: float = 0.3
    nhs: float = 0.0
    upn: float = 0.0


CLEAN = {
    "charity": Rates(
        0.03, 0.16, 0.08, former_surname=0.05, swapped=0.008, forename_missing=0.01, surname_missing=0.04, birth_missing=0.5,
        birth_partial=0.12, birth_wrong=0.03, birth_placeholder=0.02, sex_missing=0.06, postcode_missing=0.3,
        address_missing=0.35, phone=0.45, nhs=0.02,
    ),
    "police": Rates(0.025, 0.07, 0.06, birth_missing=0.02, birth_wrong=0.02, phone=0.35, postcode_missing=0.08),
    "social_care": Rates(0.012, 0.04, 0.03, birth_wrong=0.008, nhs=0.45, upn=0.2, phone=0.3),
    "school": Rates(0.01, 0.03, 0.025, birth_missing=0.002, birth_wrong=0.005, upn=0.6, phone=0.4),
}  # fmt: skip


def dirtier() -> dict[str, Rates]:
    """The same lists with two and a half times the typing errors and three times the wrong dates of birth."""
    return {
        name: replace(rates, typing=2.5 * rates.typing, birth_wrong=3 * rates.birth_wrong)
        for name, rates in CLEAN.items()
    }


@dataclass(frozen=True)
class Lists:
    """The rows of the four lists, one a mention, as written, and beside them the truth."""

    columns: dict[str, Column]
    """list, forename, surname, born (datetime64[D], NaT where none), precision, sex, postcode, address, phone, nhs, upn."""
    child: Column
    household: Column
    group: Column
    twin: Column

    def __len__(self) -> int:
        return len(self.child)


@dataclass(frozen=True)
class _Names:
    """Names of one kind with the chances of each, and each name's other ways."""

    values: Column
    chances: Column
    others: dict[str, list[str]] = field(default_factory=dict)

    def draw(self, rng: np.random.Generator, size: int) -> Column:
        place = np.searchsorted(self.chances, rng.random(size), side="right")
        return self.values[np.minimum(place, len(self.values) - 1)]


def _names(listed: str, rarer: list[list[str]], steepness: float = 0.85) -> _Names:
    found = names.entries(listed) + rarer
    weights = 1 / (np.arange(len(found)) + 6.0) ** steepness
    others = {entry[0]: [way.replace("-", " ") if way.count("-") else way for way in entry[1:]] for entry in found}
    return _Names(
        np.array([entry[0] for entry in found], dtype=object), np.cumsum(weights) / weights.sum(),
        {name: ways for name, ways in others.items() if ways},
    )  # fmt: skip


def _tables() -> tuple[dict[tuple[str, str], _Names], dict[str, _Names]]:
    given = {
        ("british", "M"): names.BRITISH_BOYS, ("british", "F"): names.BRITISH_GIRLS,
        ("south_asian_muslim", "M"): names.ASIAN_BOYS, ("south_asian_muslim", "F"): names.ASIAN_GIRLS,
        ("east_european", "M"): names.EASTERN_BOYS, ("east_european", "F"): names.EASTERN_GIRLS,
    }  # fmt: skip
    family = {
        "british": _names(names.BRITISH_FAMILY, names.made_up(names.STARTS, names.ENDINGS), 0.7),
        "south_asian_muslim": _names(names.ASIAN_FAMILY, names.made_up(names.ASIAN_STARTS, names.ASIAN_ENDINGS), 0.9),
        "east_european": _names(names.EASTERN_FAMILY, names.made_up(names.EASTERN_STARTS, names.EASTERN_ENDINGS), 0.75),
    }
    return {key: _names(text, []) for key, text in given.items()}, family


@dataclass(frozen=True)
class _Children:
    household: Column
    twin: Column
    group: Column
    sex: Column
    forename: Column
    surname: Column
    former: Column
    born: Column


def _people(rng: np.random.Generator, size: int) -> _Children:
    sizes = rng.choice(np.arange(1, 5), size=size, p=HOUSEHOLD_SIZES)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), size)) + 1]
    household = np.repeat(np.arange(len(sizes)), sizes)[:size]
    order = np.arange(size) - np.searchsorted(household, household)
    twin = (order > 0) & (rng.random(size) < TWINS)
    gap = np.where((order == 0) | twin, 0, rng.integers(320, 1500, size))
    before = np.cumsum(gap)
    since = before - before[np.searchsorted(household, household)]
    born = np.datetime64("1992-06-01") + rng.integers(0, 2700, len(sizes))[household] + since
    group = np.array(GROUPS, dtype=object)[rng.choice(3, size=len(sizes), p=GROUP_SHARES)[household]]
    sex = np.where(rng.random(size) < 0.6, "F", "M").astype(object)
    given, family = _tables()
    forename, surname, former = (np.full(size, None, dtype=object) for _ in range(3))
    for name in GROUPS:
        of_group = group == name
        whole = family[name].draw(rng, len(sizes))[household]
        apart = rng.random(size) < {"british": 0.2, "south_asian_muslim": 0.28, "east_european": 0.12}[name]
        surname[of_group] = np.where(apart, family[name].draw(rng, size), whole)[of_group]
        former[of_group] = family[name].draw(rng, size)[of_group]
        for side in "FM":
            some = of_group & (sex == side)
            forename[some] = given[name, side].draw(rng, int(some.sum()))
    _apart_within_a_household(rng, household, forename, (group, sex), given)
    _compound(rng, group, sex, forename, surname, household)
    return _Children(household, twin, group, sex, forename, surname, former, born.astype("datetime64[D]"))


def _apart_within_a_household(
    rng: np.random.Generator,
    household: Column,
    forename: Column,
    groups: tuple[Column, Column],
    given: dict[tuple[str, str], _Names],
) -> None:
    """Draws again where two of a household would bear one forename."""
    group, sex = groups
    for _ in range(30):
        keys = np.array([f"{home}|{name}" for home, name in zip(household.tolist(), forename.tolist(), strict=True)])
        _, first = np.unique(keys, return_index=True)
        again = np.ones(len(keys), dtype=bool)
        again[first] = False
        if not again.any():
            return
        for (name, side), table in given.items():
            some = again & (group == name) & (sex == side)
            forename[some] = table.draw(rng, int(some.sum()))


def _compound(
    rng: np.random.Generator, group: Column, sex: Column, forename: Column, surname: Column, household: Column
) -> None:
    """Names of two parts: Mohammed before a son's own name, second forenames, double-barrelled families, -ska for girls."""
    size = len(group)
    leading = (group == "south_asian_muslim") & (sex == "M") & (rng.random(size) < 0.25)
    second = (group == "british") & (rng.random(size) < 0.05)
    barrelled = (group == "british") & (rng.random(household[-1] + 1) < 0.06)[household]
    families = _names(names.BRITISH_FAMILY, [])
    other = families.draw(rng, int(household[-1]) + 1)[household]
    middle = rng.choice(np.array(["Jay", "Lee", "Rose", "May", "Mae", "Ann", "James", "Louise"], dtype=object), size)
    for row in np.flatnonzero(leading).tolist():
        if forename[row] != "Mohammed":
            forename[row] = f"Mohammed {forename[row]}"
    for row in np.flatnonzero(second).tolist():
        forename[row] = f"{forename[row]}-{middle[row]}"
    for row in np.flatnonzero(barrelled).tolist():
        surname[row] = f"{surname[row]}-{other[row]}"
    for row in np.flatnonzero((group == "east_european") & (sex == "F")).tolist():
        if surname[row].endswith("ski"):
            surname[row] = surname[row][:-1] + "a"


_KEYS = "qwertyuiopasdfghjklzxcvbnm"


def mistyped(text: str, kind: int, place: int, letter: int) -> str:
    """The text with a letter left out, put in, changed, or changed over with the next.

    >>> [mistyped("Adam", kind, 1, 0) for kind in range(4)]
    ['Aam', 'Aqdam', 'Aqam', 'Aadm']
    """
    at = place % max(len(text) - 1, 1)
    sign = _KEYS[letter % 26]
    if kind == 0:
        return text[:at] + text[at + 1 :] if len(text) > 2 else text + sign
    if kind == 1:
        return text[:at] + sign + text[at:]
    if kind == 2:
        return text[:at] + sign + text[at + 1 :]
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


class _Clerk:
    """Writes one list's rows."""

    def __init__(self, rng: np.random.Generator, rates: Rates) -> None:
        self.rng, self.rates = rng, rates
        given, family = _tables()
        self.forename_ways = {name: ways for table in given.values() for name, ways in table.others.items()}
        self.surname_ways = {name: ways for table in family.values() for name, ways in table.others.items()}

    def happens(self, rate: float, size: int) -> Column:
        return self.rng.random(size) < rate

    def _in_another_way(self, texts: Column, ways: dict[str, list[str]], rate: float) -> Column:
        written = texts.copy()
        rows = np.flatnonzero(self.happens(rate, len(texts)))
        for row, draw in zip(rows.tolist(), self.rng.random(len(rows)).tolist(), strict=True):
            parts = written[row].split(" ") if " " in written[row] else [written[row]]
            last = parts[-1]
            stem = last[:-1] + "i" if last.endswith("ska") else last
            if stem in ways:
                way = ways[stem][int(draw * len(ways[stem]))]
                parts[-1] = way[:-1] + "a" if last.endswith("ska") and way.endswith("ski") and draw > 0.4 else way
            elif "-" in last:
                parts[-1] = last.replace("-", " ") if draw > 0.5 else last.split("-")[0]
            written[row] = " ".join(parts)
        return written

    def _parts(self, texts: Column) -> Column:
        """Names of two parts, of which now and then one is left out, or they change places."""
        written = texts.copy()
        rows = [
            row
            for row in np.flatnonzero(self.happens(self.rates.one_part, len(texts))).tolist()
            if " " in texts[row] or "-" in texts[row]
        ]
        for row, draw in zip(rows, self.rng.random(len(rows)).tolist(), strict=True):
            one, _, other = texts[row].replace("-", " ").partition(" ")
            written[row] = one if draw < 0.3 else other if draw < 0.8 else f"{other} {one}"
        return written

    def _typed(self, texts: Column, rate: float) -> Column:
        written = texts.copy()
        rows = np.flatnonzero(self.happens(rate, len(texts)))
        kinds, places, letters = (self.rng.integers(0, most, len(rows)).tolist() for most in (4, 40, 26))
        for row, kind, place, letter in zip(rows.tolist(), kinds, places, letters, strict=True):
            if written[row] is not None:
                written[row] = mistyped(written[row], kind, place, letter)
        return written

    def names(self, children: _Children, child: Column) -> tuple[Column, Column]:
        rates, size = self.rates, len(child)
        first = self._in_another_way(self._parts(children.forename[child]), self.forename_ways, rates.other_forename)
        last = np.where(self.happens(rates.former_surname, size), children.former[child], children.surname[child])
        last = self._in_another_way(self._parts(last), self.surname_ways, rates.other_surname_form)
        first, last = self._typed(first, rates.typing), self._typed(last, rates.typing)
        swapped = self.happens(rates.swapped, size)
        first, last = np.where(swapped, last, first), np.where(swapped, first, last)
        first[self.happens(rates.forename_missing, size)] = None
        last[self.happens(rates.surname_missing, size)] = None
        return first, last

    def births(self, born: Column) -> tuple[Column, Column]:
        """The date of birth as written, and how precise it is."""
        rates, rng, size = self.rates, self.rng, len(born)
        months, years = born.astype("datetime64[M]"), born.astype("datetime64[Y]")
        day, month = (born - months).astype(int) + 1, months.astype(int) % 12 + 1
        kind = np.where(self.happens(rates.birth_wrong, size), rng.integers(1, 6, size), 0)
        changed_over = (years.astype("datetime64[M]") + (day - 1)).astype("datetime64[D]") + (month - 1)
        written = np.where((kind == 1) & (day <= 12), changed_over, born)
        other_day = months.astype("datetime64[D]") + rng.integers(0, 28, size)
        written = np.where((kind == 2) | ((kind == 1) & (day > 12)), other_day, written)
        year_off = born + 365 * rng.choice([-1, 1, -2, 2, -10, 10], size)
        written = np.where(kind == 3, year_off, written)
        other_month = (
            (years.astype("datetime64[M]") + rng.integers(0, 12, size)).astype("datetime64[D]")
            + np.minimum(day, 28)
            - 1
        )
        written = np.where(kind == 4, other_month, written)
        written = np.where(kind == 5, born + rng.choice([-1, 1, 10, -10], size), written).astype("datetime64[D]")
        precision = np.full(size, "day", dtype=object)
        partial = self.happens(rates.birth_partial, size)
        to_year = partial & (rng.random(size) < 0.6)
        precision[partial], precision[to_year] = "month", "year"
        written = np.where(partial, written.astype("datetime64[M]").astype("datetime64[D]"), written)
        placeholder = self.happens(rates.birth_placeholder, size)
        written = np.where(to_year | placeholder, written.astype("datetime64[Y]").astype("datetime64[D]"), written)
        precision[placeholder] = "placeholder"
        missing = self.happens(rates.birth_missing, size)
        written[missing], precision[missing] = np.datetime64("NaT"), None
        return written, precision

    def rest(self, children: _Children, child: Column, homes: _Homes, numbers: dict[str, Column]) -> dict[str, Column]:
        rates, size = self.rates, len(child)
        sex = children.sex[child].copy()
        wrong = self.happens(rates.sex_wrong, size)
        sex[wrong] = np.where(sex[wrong] == "F", "M", "F")
        sex[self.happens(rates.sex_missing, size)] = None
        home = homes.of(self.rng, children, child)
        address = self._typed(homes.line[home], rates.address_mistyped)
        address[self.happens(rates.address_missing, size)] = None
        postcode = homes.postcode[home].copy()
        short = self.happens(0.03, size)
        postcode[short] = [text.split()[0] for text in postcode[short]]
        postcode[self.happens(rates.postcode_missing, size)] = None
        written = {"sex": sex, "address": address, "postcode": postcode}
        for kind, rate in (("phone", rates.phone), ("nhs", rates.nhs), ("upn", rates.upn)):
            owner = children.household[child] if kind == "phone" else child
            held = numbers[kind][owner].copy()
            held[~self.happens(rate, size)] = None
            written[kind] = held
        return written


@dataclass(frozen=True)
class _Homes:
    """Homes by number: each household's, the one it had before, and the second homes of some children."""

    line: Column
    postcode: Column
    moved: Column
    second: Column
    households: int

    def of(self, rng: np.random.Generator, children: _Children, child: Column) -> Column:
        """The home each row gives."""
        household = children.household[child]
        before = self.moved[household] & (rng.random(len(child)) < 0.45)
        home = np.where(before, household + self.households, household)
        away = self.second[child] & (rng.random(len(child)) < 0.4)
        return np.where(away, 2 * self.households + child, home)


def _homes(rng: np.random.Generator, households: int, children: int) -> _Homes:
    size = 2 * households + children
    streets = max(households // 12, 30)
    street = rng.integers(0, streets, size)
    house = rng.integers(1, 60, size)
    roads = np.array(
        [
            f"{start}{end} {kind}"
            for start in names.STARTS
            for end in names.ENDINGS
            for kind in ("Road", "Street", "Close", "Avenue", "Drive")
        ],
        dtype=object,
    )
    rng.shuffle(roads)
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    line = np.array(
        [f"{number} {roads[way % len(roads)]}" for number, way in zip(house.tolist(), street.tolist(), strict=True)],
        dtype=object,
    )
    postcode = np.array(
        [
            f"ZX{way % 37 + 1} {way // 37 % 10}{letters[way // 370 % 20]}{letters[(way // 7400 * 5 + number // 15) % 20]}"
            for number, way in zip(house.tolist(), street.tolist(), strict=True)
        ],
        dtype=object,
    )
    return _Homes(line, postcode, rng.random(households) < 0.16, rng.random(children) < 0.07, households)


def make(mentions: int, seed: int, rates: dict[str, Rates] = CLEAN) -> Lists:
    """The four lists with about so many rows in all, exactly so many after the last child's are cut."""
    rng = np.random.default_rng(seed)
    size = int(mentions / float(np.dot(MENTIONS, np.arange(1, 9)))) + 50
    children = _people(rng, size)
    times = rng.choice(np.arange(1, 9), size=size, p=MENTIONS)
    child = rng.permutation(np.repeat(np.arange(size), times))[:mentions]
    chances = np.cumsum(rng.dirichlet(3 * np.array(LIST_SHARES), size), axis=1)
    which = (rng.random(len(child))[:, None] > chances[child]).sum(axis=1)
    return _written(rng, children, child, which, rates)


def independent(mentions: int, chances: tuple[float, ...], seed: int) -> tuple[Lists, int]:
    """About so many rows of children who stand on each list by its chance, whatever the others hold; and how many children
    there are, those on no list included."""
    rng = np.random.default_rng(seed)
    size = round(mentions / sum(chances))
    children = _people(rng, size)
    child, which = np.nonzero(rng.random((size, len(chances))) < np.array(chances))
    order = rng.permutation(len(child))
    return _written(rng, children, child[order], which[order], CLEAN), size


def _written(
    rng: np.random.Generator, children: _Children, child: Column, which: Column, rates: dict[str, Rates]
) -> Lists:
    """The rows of children on lists, as written."""
    size = len(children.born)
    households = int(children.household[-1]) + 1
    homes = _homes(rng, households, size)
    numbers = {
        "phone": np.array([f"+447700{number:06}" for number in rng.permutation(max(1_000_000, households))[:households]], dtype=object),
        "nhs": np.array([f"{number:010}" for number in rng.choice(9 * 10**9, size, replace=False) + 10**9] if size < 10**4 else [f"{10**9 + 7919 * number:010}" for number in range(size)], dtype=object),
        "upn": np.array([f"A{number:012}" for number in range(size)], dtype=object),
    }  # fmt: skip
    columns: dict[str, Column] = {"list": np.array(LISTS, dtype=object)[which]}
    for name in ("forename", "surname", "precision", "sex", "address", "postcode", "phone", "nhs", "upn"):
        columns[name] = np.full(len(child), None, dtype=object)
    columns["born"] = np.full(len(child), np.datetime64("NaT"), dtype="datetime64[D]")
    for number, name in enumerate(LISTS):
        rows = np.flatnonzero(which == number)
        clerk = _Clerk(rng, rates[name])
        columns["forename"][rows], columns["surname"][rows] = clerk.names(children, child[rows])
        columns["born"][rows], columns["precision"][rows] = clerk.births(children.born[child[rows]])
        for key, values in clerk.rest(children, child[rows], homes, numbers).items():
            columns[key][rows] = values
    return Lists(columns, child, children.household[child], children.group[child], children.twin[child])
