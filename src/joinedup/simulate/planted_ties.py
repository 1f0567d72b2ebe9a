"""For each rule on contact, the children whose readable records, joined without error, fire it; and those it may find.

A place where everybody passes ties nobody in the region that is made, and few people are recorded there in a small one. What
rests on such a place alone is true as the rule says it, and none of what the rule must find.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from joinedup.simulate.arrays import Texts, held
from joinedup.simulate.filing import Filed
from joinedup.simulate.groups import HUBS, Exploitation
from joinedup.simulate.planted import Concerned, concerned
from joinedup.simulate.recorded_things import CHILD, SUSPECT, WHERE, Uses, coded, folded_text, uses
from joinedup.simulate.region import PERIOD_START
from joinedup.simulate.truth import readable

_PUBLIC = frozenset(folded_text(place) for place in HUBS)
_SHARES = {
    "shares_phone": ("phone", 365), "shares_vehicle": ("vehicle", 365), "shares_account": ("account", 365), "shares_place": ("place", 90),
}  # fmt: skip
_HOUSEHOLD = 25


@dataclass(frozen=True)
class Ties:
    """All rows of the region, what they hold of things, and who truly belongs together."""

    filed: tuple[Filed, ...]
    exploitation: Exploitation
    children: int

    def concerns(self) -> dict[str, Concerned]:
        """The rules on things shared, on names, on groups and on known victims near."""
        used = uses(self.filed)
        found = {
            rule: _shared(used.rows(used.kind.astype(str) == kind), None, within)
            for rule, (kind, within) in _SHARES.items()
        }
        where = used.rows(used.sort.astype(str) == WHERE)
        at = where.rows((where.role == SUSPECT) | (where.missing & (where.kind.astype(str) == "place")))
        return found | {
            "found_at_suspect_address": _shared(at, "missing", 365),
            "found_with_suspect": self._found_with(),
            **self._grouped(used),
            "known_victim_at_home": self._at_home(),
        }

    def _found_with(self) -> Concerned:
        """Children found with somebody whose name a suspect bears, as written."""
        names, read = set(), readable()
        columns = {"police_crime": "suspect_", "intelligence": "", "online_reports": "suspect_", "charity_referrals": "associate_", "people": ""}  # fmt: skip
        for rows in self.filed:
            if rows.form in columns:
                prefix = columns[rows.form]
                suspect = next(named.person for named in rows.named if named.role == "suspect")
                first, last = (np.asarray(rows.columns[prefix + name]) for name in ("forename", "surname"))
                keep = read[rows.agency] & (suspect >= 0) & held(first) & held(last)
                names |= {folded_text(f"{one} {other}") for one, other in zip(first[keep].tolist(), last[keep].tolist(), strict=True)}  # fmt: skip
        missing = next(rows for rows in self.filed if rows.form == "police_missing")
        found_with = np.asarray(missing.columns["found_with"], dtype=object)
        hit = np.array([name is not None and folded_text(name) in names for name in found_with.tolist()], bool)
        hit &= read[missing.agency]
        return concerned(missing.named[0].person[hit], missing.agency[hit])

    def _known(self) -> tuple[np.ndarray, np.ndarray]:
        """Children whom a readable record says to be known victims, and the agency that says so."""
        read, person, agency = readable(), [], []
        for rows in self.filed:
            for named in rows.named:
                if named.role == "child" and named.status is not None:
                    keep = read[rows.agency] & (named.person >= 0) & (named.status.astype(str) == "known")
                    person.append(named.person[keep])
                    agency.append(rows.agency[keep])
        return np.concatenate(person), np.concatenate(agency)

    def _grouped(self, used: Uses) -> dict[str, Concerned]:
        """Who is tied to a group with suspects, and to a known victim: truly, and by two shared things or more."""
        things, place_of = _things_by_person(used, self.filed)
        known, said_by = self._known()
        sayers: dict[int, set[int]] = defaultdict(set)
        for person, agency in zip(known.tolist(), said_by.tolist(), strict=True):
            sayers[person].add(agency)
        tied: list[tuple[int, int, bool]] = []
        near: list[tuple[int, int, bool]] = []
        young = self._young_suspects()
        for children, suspects in self._groups():
            for child in children:
                mine = things.get(child, {})
                sure = any(_two(mine, things.get(suspect, {}), place_of) for suspect in suspects)
                # Who holds a part of it: whose record gives the child what another of the group has too.
                theirs = {
                    thing for other in (*children, *suspects) if other != child for thing in things.get(other, {})
                }
                holders = {agency for thing in mine.keys() & theirs for agency in mine[thing]} or {-1}
                tied += [(child, agency, sure) for agency in holders]
            # A suspect may be a child too, and is found as one where a record gives the age.
            for person in [*children, *(suspect for suspect in suspects if suspect in young)]:
                for other in children:
                    if other != person and other in sayers:
                        both = person < self.children and _two(things.get(person, {}), things.get(other, {}), place_of)
                        near += [(person, agency, both) for agency in sayers[other]]
        # One suspect under two names the records do not bring together is a group to them: it is true of the child.
        for child in self.exploitation.children[self.exploitation.group < 0].tolist():
            holders = {agency for agencies in things.get(child, {}).values() for agency in agencies} or {-1}
            tied += [(child, agency, False) for agency in holders]
        return {"tied_to_group": _gathered(tied), "known_victim_tied": _gathered(near)}

    def _groups(self) -> list[tuple[list[int], list[int]]]:
        """The children and the suspects of each group."""
        found: list[tuple[list[int], list[int]]] = []
        exploitation = self.exploitation
        for group in np.unique(exploitation.group[exploitation.group >= 0]).tolist():
            suspects = np.flatnonzero(exploitation.suspect_group == group) + self.children
            found.append((exploitation.children[exploitation.group == group].tolist(), suspects.tolist()))
        return found

    def _young_suspects(self) -> set[int]:
        """The suspects who were under eighteen on some day of the period."""
        born = self.exploitation.suspects.born
        eighteen_years = np.timedelta64(6575, "D")
        return set((np.flatnonzero(born + eighteen_years > np.datetime64(PERIOD_START)) + self.children).tolist())

    def _at_home(self) -> Concerned:
        """Children recorded at one home with another who is a known victim."""
        person, home = _homes(self.filed)
        pairs = np.unique(np.stack([home, person]), axis=1)
        size = np.bincount(pairs[0])
        pairs = pairs[:, (size[pairs[0]] > 1) & (size[pairs[0]] <= _HOUSEHOLD)]
        known, said_by = self._known()
        by_home: dict[int, list[int]] = defaultdict(list)
        for place, who in pairs.T.tolist():
            by_home[place].append(who)
        sayers: dict[int, set[int]] = defaultdict(set)
        for who, agency in zip(known.tolist(), said_by.tolist(), strict=True):
            sayers[who].add(agency)
        found = [
            (child, agency, True)
            for people in by_home.values()
            for child in people
            for other in people
            if child != other and child < self.children and other in sayers
            for agency in sayers[other]
        ]
        return _gathered(found)


def _shared(used: Uses, only: str | None, within: int) -> Concerned:
    """Children with a thing of a suspect's, at most so many days apart, by two cases where the thing is a place."""
    thing = coded(used.sort, used.value)
    child, suspect = used.role == CHILD, used.role == SUSPECT
    if only == "missing":
        child = child & used.missing
    of_suspects: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(suspect).tolist():
        of_suspects[int(thing[row])].append(row)
    where = used.sort.astype(str) == WHERE
    found: list[tuple[int, int, bool]] = []
    for row in np.flatnonzero(child & np.isin(thing, np.unique(thing[suspect]))).tolist():
        for other in of_suspects[int(thing[row])]:
            apart = abs(int((used.day[row] - used.day[other]).astype(int)))
            if apart <= within and not (where[row] and used.case[row] == used.case[other]):
                person, planted = int(used.person[row]), not (where[row] and used.value[row] in _PUBLIC)
                found += [(person, int(used.agency[row]), planted), (person, int(used.agency[other]), planted)]
    return _gathered(found)


def _gathered(rows: Iterable[tuple[int, int, bool]]) -> Concerned:
    found = np.array(sorted(set(rows)), dtype=np.int64).reshape(-1, 3)
    sure = np.unique(found[found[:, 2] == 1, 0])
    return concerned(found[:, 0], found[:, 1], np.isin(found[:, 0], sure))


Things = dict[str, set[int]]
"""The small things that somebody's records hold, records that name them among these, and who holds each."""


def _things_by_person(used: Uses, filed: tuple[Filed, ...]) -> tuple[dict[int, Things], dict[str, str]]:
    """Everybody's things, and of the records among them the place that each names. Places where everybody passes are left out."""
    things: dict[int, Things] = defaultdict(lambda: defaultdict(set))
    place_of: dict[str, str] = {}
    kinds = used.kind.astype(str)
    for row in np.flatnonzero(kinds != "address").tolist():
        thing = f"{kinds[row]} {used.value[row]}"
        if kinds[row] != "place" or used.value[row] not in _PUBLIC:
            things[int(used.person[row])][thing].add(int(used.agency[row]))
        if kinds[row] == "place":
            place_of[f"record {used.case[row]}"] = thing
    read, case_of = readable(), {"police_crime": "crime_ref", "intelligence": "log_ref", "online_reports": "report_ref", "charity_referrals": "source_ref"}  # fmt: skip
    for rows in filed:
        if rows.form in case_of:
            refs = np.asarray(rows.columns[case_of[rows.form]], dtype=object)
            for named in rows.named:
                for row in np.flatnonzero(read[rows.agency] & (named.person >= 0)).tolist():
                    agency = int(rows.agency[row])
                    things[int(named.person[row])][f"record {agency}|{rows.form}|{refs[row]}"].add(agency)
    return things, place_of


def _two(one: Things, other: Things, place_of: dict[str, str]) -> bool:
    """Whether two people share two things; a record and the place that it names of both are one."""
    shared = one.keys() & other.keys()
    said_twice = {place_of[thing] for thing in shared if thing in place_of} & shared
    return len(shared) - len(said_twice) >= 2


_ADDRESSES = {
    "police_missing": "home_",
    "police_crime": "victim_",
    "intelligence": "",
    "charity_referrals": "",
    "people": "",
}


def _homes(filed: tuple[Filed, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Who is recorded at which home: address with the outward half of the postcode, of children and suspects."""
    people: list[np.ndarray] = []
    homes: list[str] = []
    read = readable()

    def add(rows: Filed, role: str, address: Texts, postcode: Texts) -> None:
        person = next(named.person for named in rows.named if named.role == role)
        keep = read[rows.agency] & (person >= 0) & held(address)
        people.append(person[keep])
        homes.extend(
            f"{folded_text(line)}, {(code or '').split(' ')[0]}"
            for line, code in zip(address[keep].tolist(), postcode[keep].tolist(), strict=True)
        )

    for rows in filed:
        if rows.form in _ADDRESSES:
            prefix = _ADDRESSES[rows.form]
            add(rows, "child", *(np.asarray(rows.columns[prefix + name]) for name in ("address", "postcode")))
        if rows.form == "police_crime":
            add(rows, "suspect", *(np.asarray(rows.columns["suspect_" + name]) for name in ("address", "postcode")))
        elif rows.form in ("intelligence", "people"):
            add(rows, "suspect", *(np.asarray(rows.columns[name]) for name in ("address", "postcode")))
    person = np.concatenate(people)
    return person, coded(np.array(homes, dtype=object))
