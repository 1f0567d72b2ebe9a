"""The records put beside a drawn one for a reader: found by a wide search that is not the one linking makes.

Linking proposes pairs by exact keys; what no key proposes it cannot find. A reader must be able to find just that. So every
record of a child is held against the drawn one, by likeness of names (spelling, short forms, aliases, changed places), date
of birth, numbers, and the places and telephones that both carry or that lead from one to the other over a third record. Each
thing counts in bits, as in the usual model of linking: what agrees counts the more the fewer records have it, what differs
counts against, and what is not known counts nothing. Nothing is learnt from the links, and the bits only decide who is
shown, never who is one person; records that linking joined or holds for review are always shown, in their place by bits, so
that nothing tells the reader what the links say.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray
from scipy.sparse import csr_array

from joinedup.link import names

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

MOST_SHOWN = 20
"""Records beside a drawn one, where linking has not put more there: a screenful, which a reader goes through in a minute or two."""
LEAST_BITS = 0.0
_NUMBERS, _NUMBER, _OTHER_NUMBER = ("nhs_no", "upn"), 20.0, -4.0
_PLACES = ("postcode", "address_fold")
_SEX, _OTHER_SEX, _OUTCODE = 1.0, -4.0, 3.0
_YEAR, _MONTH, _DAY, _OTHER_PART = 3.5, 3.5, 5.0, -1.5
_OTHER_NAME, _MOST, _OVER_A_THIRD = -1.5, 10.0, 4.0
_KINDRED, _UNLIKE, _LONG = 0.9, 0.35, 4
_TO_MONTH, _TO_DAY = ("day", "month"), ("day",)

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


def _incidence(rows: Sequence[int], values: Sequence[Hashable], size: int) -> Any:
    """Which row has which value, as a sparse table of ones; no row has a value twice."""
    known: dict[Hashable, int] = {}
    columns = [known.setdefault(value, len(known)) for value in values]
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, max(len(known), 1)))


def _beside(table: Any, row: int) -> Real:
    """How many values every row has in common with one."""
    own = np.zeros(table.shape[1])
    own[table.indices[table.indptr[row] : table.indptr[row + 1]]] = 1.0
    found: Real = table @ own
    return found


def _written_like(name: str) -> tuple[list[str], list[str]]:
    """A name's pairs of letters, and what it shares with its kindred: sounds, short forms, and all but one of its letters."""
    edged = f" {name} "
    pairs = {edged[at : at + 2] for at in range(len(edged) - 1)}
    kin = {*names.forename(name).parts, *names.forename(name).forms, *names.surname(name).parts}
    if len(name) >= _LONG:
        kin |= {f"{name[:at]}-{name[at + 1 :]}" for at in range(len(name))}
        kin |= {f"{name[:at]}{name[at + 1 :]}-" for at in range(len(name))}
    return sorted(pairs), sorted(kin)


@dataclass(frozen=True, slots=True)
class _Names:
    """The different names, which each record carries as forename, surname or alias, how alike any two are and how rare each is."""

    forenames: Whole
    surnames: Whole
    aliases: tuple[Whole, Whole]
    """The records that have a word of an alias, and that word; in the order of the records."""
    letters: Any
    kin: Any
    rarity: Real

    @classmethod
    def of(cls, mentions: pa.Table) -> _Names:
        columns = [pc.fill_null(mentions[name], "").combine_chunks() for name in ("forename_fold", "surname_fold")]
        words = pc.split_pattern_regex(
            pc.utf8_lower(pc.fill_null(mentions["aliases"], "")), r"[^\pL]+"
        ).combine_chunks()
        owner, word = pc.list_parent_indices(words), pc.list_flatten(words)
        known = pc.unique(pa.concat_arrays([pa.array([""]), *columns, word]))
        codes = [np.asarray(pc.index_in(column, value_set=known), dtype=np.int64) for column in (*columns, word)]
        alias = codes[2] > 0
        counts = np.bincount(np.concatenate([codes[0], codes[1], codes[2][alias]]), minlength=len(known))
        written = [_written_like(str(name)) if name else ([], []) for name in known.to_pylist()]
        letters, kin = (
            _incidence(
                np.repeat(np.arange(len(known)), [len(each[which]) for each in written]).tolist(),
                [value for each in written for value in each[which]],
                len(known),
            )
            for which in (0, 1)
        )
        rarity = np.minimum(np.log2(max(len(columns[0]), 2) / np.maximum(counts, 1)), _MOST)
        owners = np.asarray(owner, dtype=np.int64)[alias]
        return cls(codes[0], codes[1], (owners, codes[2][alias]), letters, kin, np.maximum(rarity, 0.0))

    def bits(self, record: int) -> Real:
        """What the names of every record say beside those of one, in the order they stand or with places changed."""
        owners, words = self.aliases
        others = words[np.searchsorted(owners, record) : np.searchsorted(owners, record, side="right")].tolist()
        forename, surname = (
            np.max([self._one(code) for code in (int(names[record]), *others)], axis=0)
            for names in (self.forenames, self.surnames)
        )

        def said(of: Real, where: Whole) -> Real:
            found = of[where]
            np.maximum.at(found, owners, of[words])
            return found

        straight = said(forename, self.forenames) + said(surname, self.surnames)
        swapped = said(forename, self.surnames) + said(surname, self.forenames)
        found: Real = np.maximum(straight, swapped)
        return found

    def _one(self, code: int) -> Real:
        """What one name says beside every other: as many bits as it is rare where they are one, fewer the less alike they
        are in their pairs of letters (Dice's coefficient), and less than nought where they are not alike."""
        sizes = np.diff(self.letters.indptr)
        alike = 2 * _beside(self.letters, code) / np.maximum(sizes + sizes[code], 1)
        alike = np.maximum(alike, np.where(_beside(self.kin, code) > 0, _KINDRED, 0.0))
        part = np.clip((alike - _UNLIKE) / (1 - _UNLIKE), 0.0, 1.0)
        rare = np.minimum(self.rarity, self.rarity[code])
        found: Real = np.where((sizes > 0) & (sizes[code] > 0), part * rare + (1 - part) * _OTHER_NAME, 0.0)
        return found


class Search:
    """Every record of a child, held ready to be searched. `mentions` are in the order of mention_id."""

    def __init__(self, mentions: pa.Table, phones: pa.Table) -> None:
        self._size = mentions.num_rows
        self._names = _Names.of(mentions)
        self._codes = {name: _codes(mentions[name]) for name in (*_NUMBERS, "outcode", "sex")}
        precision = mentions["dob_precision"]
        born = mentions["dob"]
        self._born = [
            np.asarray(pc.fill_null(pc.if_else(pc.is_in(precision, value_set=pa.array(known)), part(born), 0), 0))
            for part, known in ((pc.year, ("day", "month", "year")), (pc.month, _TO_MONTH), (pc.day, _TO_DAY))
        ]
        ids = mentions["mention_id"].combine_chunks()
        owners = pc.fill_null(pc.index_in(phones["mention_id"], value_set=ids), -1).to_pylist()
        places = {(row, str(value)) for row, value in zip(owners, phones["value"].to_pylist(), strict=True) if row >= 0}
        for name in _PLACES:
            places |= {(row, f"{name} {value}") for row, value in enumerate(mentions[name].to_pylist()) if value}
        held = sorted(places)
        self._homes = _incidence([row for row, _ in held], [value for _, value in held], self._size)
        self._at_home = self._homes.T.tocsr()

    def bits(self, record: int) -> Real:
        """How much speaks for every record and this one being one child's, in bits."""
        found = self._names.bits(record)
        told = dict.fromkeys(_NUMBERS, (_NUMBER, _OTHER_NUMBER)) | {
            "outcode": (_OUTCODE, 0.0),
            "sex": (_SEX, _OTHER_SEX),
        }
        for name, (same, other) in told.items():
            codes = self._codes[name]
            if codes[record] >= 0:
                found += np.where(codes == codes[record], same, np.where(codes >= 0, other, 0.0))
        return found + self._births(record) + self._lived(record)

    def _births(self, record: int) -> Real:
        found: Real = np.zeros(self._size)
        own = [int(part[record]) for part in self._born]
        _, months, days = self._born
        for value, part, bits in zip(own, self._born, (_YEAR, _MONTH, _DAY), strict=True):
            if value:
                found += np.where(part == value, bits, np.where(part > 0, _OTHER_PART, 0.0))
        if own[2]:
            swapped = (days == own[1]) & (months == own[2]) & (months != days)
            found += np.where(swapped, _MONTH + _DAY, 0.0)
        return found

    def _lived(self, record: int) -> Real:
        """Telephones, postcodes and addresses in common; fewer bits where only a third record leads from one to the other."""
        shared = _beside(self._homes, record)
        over_a_third = self._homes @ np.minimum(self._at_home @ np.minimum(shared, 1.0), 1.0)
        found: Real = np.zeros(self._size)
        for reached, less in ((over_a_third > 0, _OVER_A_THIRD), (shared > 0, 0.0)):
            if number := int(reached.sum()):
                found[reached] = min(max(math.log2(self._size / number) - less, 0.0), _MOST)
        return found + np.maximum(shared - 1, 0.0)

    def beside(self, record: int, always: Whole, most: int = MOST_SHOWN) -> Whole:
        """The records to show beside one: the most alike, and `always` those, the most alike first."""
        bits = self.bits(record)
        bits[record] = -np.inf
        likely = np.flatnonzero(bits >= LEAST_BITS)
        if len(likely) > most:
            likely = likely[np.argsort(-bits[likely], kind="stable")[:most]]
        shown = np.union1d(likely, always[always != record]).astype(np.int64)
        ordered: Whole = shown[np.argsort(-bits[shown], kind="stable")]
        return ordered


def _codes(column: Any) -> Whole:
    """A number for each different value, -1 where there is none."""
    held = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    return np.asarray(pc.fill_null(held.combine_chunks().dictionary_encode().indices, -1), dtype=np.int64)


def joined_or_held(person: Whole, pairs: tuple[Whole, Whole], drawn: Whole) -> list[Whole]:
    """For each drawn record those of its linked person and those in a pair with it, itself left out.

    `person` is the linked person of each record, as numbers; `pairs` the records that links join or hold for review.
    """
    ends, others = np.concatenate(pairs), np.concatenate(pairs[::-1])
    order = np.argsort(ends, kind="stable")
    ends, others = ends[order], others[order]
    by_person = np.argsort(person, kind="stable")
    persons = person[by_person]
    found = []
    for record in drawn.tolist():
        own = by_person[slice(*(np.searchsorted(persons, person[record], side) for side in ("left", "right")))]
        paired = others[slice(*(np.searchsorted(ends, record, side) for side in ("left", "right")))]
        both = np.union1d(own, paired).astype(np.int64)
        found.append(both[both != record])
    return found
