"""The children of the region: households, siblings and twins, names, homes and moves, and who is in care.

One row a child; columns are NumPy arrays. Ethnicity is drawn for each child apart from everything else, their name's
origin included, so that nothing in the region can depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.simulate import numbers_given
from joinedup.simulate.arrays import Texts, choose, either, nothing, pick, words
from joinedup.simulate.names import ORIGIN_SHARES, ORIGINS, family_names, given_names
from joinedup.simulate.region import AREAS, LAST_RECORD, PERIOD_START

ETHNIC_GROUPS: tuple[str, ...] = ("WBRI", "WIRI", "WOTH", "MWBC", "MWAS", "AIND", "APKN", "ABAN", "AOTH", "BCRB", "BAFR", "BOTH", "CHNE", "OOTH")  # fmt: skip
"""Groups of the Department for Education's scheme; each as likely as another, which says nothing of any real place."""

TWIN_SHARE = 0.018
"""Share of later births of a household that come with the birth before."""

_FIRST_BIRTH = np.datetime64("1991-01-01")
_LAST_FIRST_BIRTH = np.datetime64("1999-06-30")
_LAST_BIRTH = np.datetime64("2003-12-31")
_STREETS = words(
    "Alder Apple Aspen Bakers Barley Beech Birch Bramble Canal Castle Cedar Chapel Cherry Church Clover Cobbler Copper Cowslip "
    "Dock Drovers Elder Fern Field Foundry Foxglove Gorse Granary Harbour Hawthorn Hazel Heather Holly Jubilee Juniper Kiln "
    "Laburnum Larch Laurel Lilac Linden Lock Maple Market Meadow Mill Moor Myrtle Oakfield Orchard Osier Park Pear Plover Poplar "
    "Primrose Quarry Railway Ridge Rowan Rushy Sedge Sorrel Station Swallow Sycamore Tanner Teasel Thistle Vale Weaver Willow Yew"
)
_KINDS = (
    "Road",
    "Street",
    "Avenue",
    "Close",
    "Lane",
    "Drive",
    "Terrace",
    "Grove",
    "Way",
    "Gardens",
    "Crescent",
    "Place",
)
_UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Homes:
    """Addresses of the region: area index, first line, postcode."""

    area: np.ndarray
    line: Texts
    postcode: Texts


@dataclass(frozen=True)
class Population:
    """The children, one row each, and the homes their rows point at.

    `home_before` is the home until `moved_on` (equal to `home` for who did not move). `care_from`/`care_to` (NaT where
    none, or still in care) bound the one care episode of a looked-after child; `placement` is its home.
    `exposure` is the child's hidden tendency to meet services: it makes the agencies' lists dependent.
    """

    household: np.ndarray
    twin_of: np.ndarray
    origin: np.ndarray
    sex: Texts
    forename: Texts
    surname: Texts
    born: np.ndarray
    area: np.ndarray
    home: np.ndarray
    home_before: np.ndarray
    moved_on: np.ndarray
    care_from: np.ndarray
    care_to: np.ndarray
    placement: np.ndarray
    nhs_no: Texts
    upn: Texts
    phone: Texts
    ethnicity: Texts
    exposure: np.ndarray
    homes: Homes

    def __len__(self) -> int:
        return len(self.household)

    def window(self) -> tuple[np.ndarray, np.ndarray]:
        """First and last day on which things happen to each child: until eighteen, within the period.

        From age ten, or from seven for those who are hardly ten at its end.
        """
        start = np.datetime64(PERIOD_START)
        last = np.minimum(self.born + np.timedelta64(6540, "D"), np.datetime64(LAST_RECORD) - np.timedelta64(12, "D"))
        ten = np.maximum(self.born + np.timedelta64(3653, "D"), start)
        seven = np.maximum(self.born + np.timedelta64(2557, "D"), start)
        return np.where(last - ten < np.timedelta64(200, "D"), seven, ten), last

    def in_care(self, child: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether each child is in care on each day."""
        start, end = self.care_from[child], self.care_to[child]
        return np.asarray(~np.isnat(start) & (start <= day) & (np.isnat(end) | (end > day)))

    def home_on(self, child: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The home of each child on each day, the placement while in care."""
        moved = ~np.isnat(self.moved_on[child]) & (day >= self.moved_on[child])
        family = np.where(moved, self.home[child], self.home_before[child])
        return np.asarray(np.where(self.in_care(child, day), self.placement[child], family))


def make_homes(rng: np.random.Generator, area: np.ndarray) -> Homes:
    """A home for each area asked for: a house in an invented street, with a postcode of an unused postcode area."""
    length = len(area)
    streets = max(length // 25, len(AREAS))
    street = rng.integers(0, streets, length)
    house = rng.integers(1, 140, length)
    name = rng.integers(0, len(_STREETS), streets)[street]
    kind = rng.integers(0, len(_KINDS), streets)[street]
    unit = rng.integers(0, len(_UNIT_LETTERS) ** 2, streets)[street] + house // 40
    line = [f"{number} {_STREETS[first]} {_KINDS[second]}" for number, first, second in zip(house.tolist(), name.tolist(), kind.tolist(), strict=True)]  # fmt: skip
    postcode = []
    for place, way, last in zip(area.tolist(), street.tolist(), unit.tolist(), strict=True):
        letters = _UNIT_LETTERS[last // 20 % 20] + _UNIT_LETTERS[last % 20]
        postcode.append(f"{AREAS[place].letters}{way % 19 + 1} {way // 19 % 10}{letters}")
    return Homes(area, np.array(line, dtype=object), np.array(postcode, dtype=object))


def _households(rng: np.random.Generator, children: int) -> tuple[np.ndarray, np.ndarray]:
    """For each child its household and its place among the births there, the last household cut to fit."""
    sizes = rng.choice(np.arange(1, 6), size=children, p=[0.44, 0.33, 0.14, 0.06, 0.03])
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), children)) + 1]
    sizes[-1] -= int(sizes.sum()) - children
    household = np.repeat(np.arange(len(sizes)), sizes)
    order = np.arange(children) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return household, order


def _births(rng: np.random.Generator, household: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Day of birth and, for the later of twins, the row of the first (-1 for all others)."""
    twin = (order > 0) & (rng.random(len(order)) < TWIN_SHARE)
    twin &= ~np.concatenate([[False], twin[:-1]])  # triplets are left out: a twin's birth is the one before
    gap = np.where(order == 0, 0, np.where(twin, 0, rng.integers(330, 950, len(order))))
    total = np.cumsum(gap)
    since_eldest = total - np.repeat(total[order == 0], np.bincount(household))
    families = int(household[-1]) + 1
    youngest = np.zeros(families, dtype=int)
    np.maximum.at(youngest, household, since_eldest)
    span = int((_LAST_FIRST_BIRTH - _FIRST_BIRTH).astype(int))
    room = np.minimum(span, int((_LAST_BIRTH - _FIRST_BIRTH).astype(int)) - youngest)
    eldest = (rng.random(families) * room).astype(int)[household]
    born = _FIRST_BIRTH + (eldest + since_eldest).astype("timedelta64[D]")
    return born, np.where(twin, np.arange(len(order)) - 1, -1)


def _forenames(rng: np.random.Generator, origin: np.ndarray, sex: Texts, household: np.ndarray) -> Texts:
    """Given names, drawn again wherever two children of one household would share one."""
    drawn = nothing(len(origin))
    again = np.ones(len(origin), dtype=bool)
    for _ in range(40):
        for side in ("F", "M"):
            mask = again & (sex == side)
            table = given_names(side)
            drawn[mask] = table.names[table.draw(rng, origin[mask])]
        _, code = np.unique(drawn.astype(str), return_inverse=True)
        _, first = np.unique(household * (int(code.max()) + 1) + code, return_index=True)
        again = np.ones(len(origin), dtype=bool)
        again[first] = False
        if not again.any():
            break
    return drawn


def make_population(rng: np.random.Generator, children: int, phones: Texts) -> Population:
    """The children of the region; `phones` is what numbers there are for households, each used by one household."""
    household, order = _households(rng, children)
    families = int(household[-1]) + 1
    born, twin_of = _births(rng, household, order)
    origin = rng.choice(len(ORIGINS), size=families, p=ORIGIN_SHARES)[household]
    sex = either(rng.random(children) < 0.49, "F", "M")
    surnames = family_names()
    family_surname = surnames.draw(rng, origin[order == 0])[household]
    own = (order > 0) & (twin_of < 0) & (rng.random(children) < 0.12)
    surname_index = np.where(own, surnames.draw(rng, origin), family_surname)
    surname_index = np.where(twin_of >= 0, surname_index[np.maximum(twin_of, 0)], surname_index)
    area = rng.choice(len(AREAS), size=families, p=[one.share for one in AREAS])
    moves = rng.random(families) < 0.25
    stays = rng.random(families) < 0.9
    area_before = np.where(moves & ~stays, rng.choice(len(AREAS), size=families), area)
    children_homes = max(families // 400, len(AREAS))
    homes = make_homes(rng, np.concatenate([area, area_before, np.arange(children_homes) % len(AREAS)]))
    days = rng.integers(0, 1200, families).astype("timedelta64[D]")
    moved_on = np.where(moves, np.datetime64(PERIOD_START) + days, np.datetime64("NaT")).astype("datetime64[D]")
    care_from, care_to, placement = _care(rng, born, area[household], 2 * families, children_homes)
    with_phone = rng.permutation(families)[: len(phones)]
    phone = nothing(families)
    phone[with_phone] = phones[: len(with_phone)]
    return Population(
        household, twin_of, origin, sex, _forenames(rng, origin, sex, household), surnames.names[surname_index], born,
        area[household], household, np.where(moves[household], household + families, household),
        moved_on[household], care_from, care_to, placement,
        numbers_given.nhs_numbers(children), numbers_given.pupil_numbers(area[household], born.astype("datetime64[Y]").astype(int) + 1970),
        phone[household], choose(rng, ETHNIC_GROUPS, [1] * len(ETHNIC_GROUPS), children), rng.normal(size=children), homes,
    )  # fmt: skip


def _care(
    rng: np.random.Generator, born: np.ndarray, area: np.ndarray, first_home: int, children_homes: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From when, until when and where each child is looked after; NaT and -1 for most."""
    length = len(born)
    in_care = rng.random(length) < 0.03
    start: np.ndarray = np.datetime64(PERIOD_START) + rng.integers(-200, 1000, length).astype("timedelta64[D]")
    in_care &= (start - born).astype(int) > 1500
    end = start + rng.integers(60, 900, length).astype("timedelta64[D]")
    eighteen = born + np.timedelta64(6574, "D")
    in_care &= (eighteen - start).astype(int) > 0
    end = np.minimum(end, eighteen)
    nat = np.datetime64("NaT")
    still = end > np.datetime64(LAST_RECORD)
    care_to = np.where(in_care & ~still, end, nat).astype("datetime64[D]")
    # A home in the child's own area three times in four, else out of area.
    local = rng.random(length) < 0.75
    homes_each = children_homes // len(AREAS)
    own = area + len(AREAS) * rng.integers(0, max(homes_each, 1), length)
    anywhere = rng.integers(0, children_homes, length)
    placement = np.where(in_care, first_home + np.where(local, own, anywhere), -1)
    return np.where(in_care, start, nat).astype("datetime64[D]"), care_to, placement


def origin_names(population: Population) -> Texts:
    """The origin of each child's name, in words."""
    return pick(ORIGINS, population.origin)
