"""Who is exploited, by whom, and what joins them: groups with places, phones and vehicles, and lone suspects.

Structural facts only. Selection knows a child's age, sex, area and whether they are in care; never ethnicity or the
origin of a name, which groups and suspects get apart from everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.simulate import numbers_given
from joinedup.simulate.arrays import Texts, choose, either, nothing, words
from joinedup.simulate.names import ORIGIN_SHARES, ORIGINS, family_names, given_names
from joinedup.simulate.population import ETHNIC_GROUPS, Homes, Population, make_homes
from joinedup.simulate.region import AREAS

EXPLOITED_SHARE = 0.07
"""Share of the region's simulated children who are exploited: an assumption that gives lists to link, not a prevalence."""

IN_GROUPS = 0.7
"""Share of exploited children whose exploitation is by a group; the others each have one suspect."""

_STREET_NAMES = words(
    "Ace Bam Bear Biz Blue Boss Chef Chip Duke Flash Fox Ghost Goldie Hawk Jet King Lefty Links Lucky Max Moon Ox Pepsi Prince Red Rico Rocky Shades Slim Smiley Smoke Sparky Spider Sunny Tank Tiger Tiny Unc Wolf Zed"
)
_PLACE_KINDS = ("Car Park", "Park", "Bus Station", "Arcade", "Kebab House", "Taxi Office", "Guest House", "Flats", "Snooker Hall", "Garage")  # fmt: skip
_PLACE_NAMES = words(
    "Anchor Bridge Bell Castle Corner Cross Crown Dock Elm Forge Globe Harbour Jubilee Kings Lion Market Mill North Palace Pier Queens Quay River Royal South Star Station Swan Tower West Wharf"
)
HUBS: tuple[str, ...] = ("Moorgate Police Station", "Central Bus Interchange", "Golden Fry Takeaway")
"""Places that a great many records share and that join nobody."""


@dataclass(frozen=True)
class Suspects:
    """The adults and older children who exploit; row i is person children + i."""

    sex: Texts
    forename: Texts
    surname: Texts
    street_name: Texts
    born: np.ndarray
    origin: np.ndarray
    area: np.ndarray
    home: np.ndarray
    homes: Homes
    phone: Texts
    vehicle: Texts
    account: Texts
    ethnicity: Texts

    def __len__(self) -> int:
        return len(self.born)


@dataclass(frozen=True)
class Exploitation:
    """Who is exploited and the groups that do it.

    `children` are rows of the population; `group` of each is -1 where a lone suspect is `partner`. Suspects' groups
    are in `suspect_group`. Members of group g: suspects `first_suspect[g]` to `first_suspect[g + 1]`. Places, phones
    and vehicles: two, two and one or two a group, by row.
    """

    children: np.ndarray
    group: np.ndarray
    partner: np.ndarray
    suspect_group: np.ndarray
    first_suspect: np.ndarray
    places: tuple[Texts, Texts]
    phones: tuple[Texts, Texts]
    vehicles: tuple[Texts, Texts]
    suspects: Suspects

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.first_suspect) - 1

    def suspect_for(self, rng: np.random.Generator, member: np.ndarray) -> np.ndarray:
        """A suspect for each place in `children`: one of the child's group, or the lone one."""
        group = self.group[member]
        safe = np.maximum(group, 0)
        size = np.diff(self.first_suspect)[safe] if self.groups else np.ones(len(member), dtype=int)
        drawn = (self.first_suspect[safe] if self.groups else 0) + (rng.random(len(member)) * size).astype(int)
        return np.asarray(np.where(group >= 0, drawn, self.partner[member]))


def _chosen(rng: np.random.Generator, population: Population) -> np.ndarray:
    """Rows of the exploited children, by area and otherwise in random order."""
    first, last = population.window()
    age = (np.datetime64("2010-01-01") - population.born).astype(int) / 365.25
    weight = np.exp(-0.5 * ((age - 14.0) / 2.0) ** 2)
    weight *= np.where(population.sex == "F", 3.0, 1.0) * np.where(np.isnat(population.care_from), 1.0, 5.0)
    weight *= np.exp(0.3 * population.exposure)
    weight[((last - first).astype(int) < 200) | (age < 10)] = 0.0
    wanted = min(round(EXPLOITED_SHARE * len(population)), int((weight > 0).sum()))
    # The largest of u**(1/w): a draw without replacement with chances by weight (Efraimidis and Spirakis 2006).
    keys = np.log(np.maximum(rng.random(len(population)), 1e-300)) / np.maximum(weight, 1e-9)
    keys[weight == 0] = -np.inf
    drawn = np.argsort(-keys, kind="stable")[:wanted]
    return drawn[np.argsort(population.area[drawn], kind="stable")]


def _sizes(rng: np.random.Generator, total: int) -> tuple[np.ndarray, np.ndarray]:
    """Children and suspects of each group, 4 to 25 people together, until `total` children are placed."""
    most = max(total, 1)
    people = np.minimum(4 + rng.geometric(0.16, most) - 1, 25)
    young = np.clip(np.round(people * rng.uniform(0.35, 0.6, most)).astype(int), 2, people - 2)
    groups = int(np.searchsorted(np.cumsum(young), total, side="right"))
    return young[:groups], (people - young)[:groups]


def exploit(rng: np.random.Generator, population: Population, phones: Texts) -> Exploitation:
    """Who is exploited and by whom; `phones` is what numbers there are, for groups first and suspects next."""
    children = _chosen(rng, population)
    areas = population.area[children]
    group = np.full(len(children), -1)
    sizes: list[np.ndarray] = []
    group_areas: list[np.ndarray] = []
    made = 0
    for area in range(len(AREAS)):
        local = np.flatnonzero(areas == area)
        young, grown = _sizes(rng, round(IN_GROUPS * len(local)))
        group[local[: int(young.sum())]] = made + np.repeat(np.arange(len(young)), young)
        sizes.append(grown)
        group_areas.append(np.full(len(young), area))
        made += len(young)
    grown = np.concatenate(sizes).astype(int)
    alone = np.flatnonzero(group < 0)
    partner = np.full(len(children), -1)
    partner[alone] = int(grown.sum()) + np.arange(len(alone))
    suspect_group = np.concatenate([np.repeat(np.arange(made), grown), np.full(len(alone), -1)]).astype(int)
    suspect_area = np.concatenate([np.repeat(np.concatenate(group_areas), grown), areas[alone]]).astype(int)
    first, second, own = phones[:made], phones[made : 2 * made], phones[2 * made :]
    marks = numbers_given.vehicle_marks(rng, 2 * made + len(suspect_area))
    one_vehicle = rng.random(made) < 0.4
    suspects = _suspects(rng, suspect_area, own, marks[2 * made :])
    return Exploitation(
        children, group, partner, suspect_group, np.concatenate([[0], np.cumsum(grown)]).astype(int),
        _places(rng, made), (_filled(first, made), _filled(second, made)),
        (marks[:made], either(one_vehicle, None, marks[made : 2 * made])), suspects,
    )  # fmt: skip


def _filled(values: Texts, length: int) -> Texts:
    """The values, with nothing after the last."""
    column = nothing(length)
    column[: len(values)] = values
    return column


def _places(rng: np.random.Generator, groups: int) -> tuple[Texts, Texts]:
    """Two places for each group, no two the same: kinds, names and, when these run out, a number."""
    choices = len(_PLACE_NAMES) * len(_PLACE_KINDS)
    names: list[str] = []
    for number in rng.permutation(max(2 * groups, choices))[: 2 * groups].tolist():
        place, turn = number % choices, number // choices
        text = f"{_PLACE_NAMES[place % len(_PLACE_NAMES)]} {_PLACE_KINDS[place // len(_PLACE_NAMES)]}"
        names.append(text if turn == 0 else f"{text} {turn + 1}")
    column = np.array(names, dtype=object)
    return column[:groups], column[groups:]


def _suspects(rng: np.random.Generator, area: np.ndarray, phones: Texts, marks: Texts) -> Suspects:
    length = len(area)
    origin = rng.choice(len(ORIGINS), size=length, p=ORIGIN_SHARES)
    sex = either(rng.random(length) < 0.08, "F", "M")
    forename = nothing(length)
    for side in ("F", "M"):
        mask = sex == side
        table = given_names(side)
        forename[mask] = table.names[table.draw(rng, origin[mask])]
    surnames = family_names()
    age = np.clip(15 + rng.gamma(2.0, 6.0, length), 15, 70)
    born = np.datetime64("2010-01-01") - (age * 365.25).astype("timedelta64[D]")
    with_phone = rng.permutation(length)[: len(phones)]
    with_phone = with_phone[: length // 2]
    phone = nothing(length)
    phone[with_phone] = phones[: len(with_phone)]
    street = choose(rng, _STREET_NAMES, [1] * len(_STREET_NAMES), length)
    number = rng.integers(10, 10_000, length)
    account = np.array(
        [f"{name.lower()}_{digits}.{serial}" for serial, (name, digits) in enumerate(zip(street.tolist(), number.tolist(), strict=True))],
        dtype=object,
    )  # fmt: skip
    return Suspects(
        sex, forename, surnames.names[surnames.draw(rng, origin)],
        either(rng.random(length) < 0.35, street, None), born, origin, area, np.arange(length),
        make_homes(rng, area), phone, either(rng.random(length) < 0.4, marks, None),
        either(rng.random(length) < 0.5, account, None), choose(rng, ETHNIC_GROUPS, [1] * len(ETHNIC_GROUPS), length),
    )  # fmt: skip
