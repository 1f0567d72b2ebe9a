"""What the links leave open of every count: the lowest and highest of whole populations and of each breakdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.count.bounds import dimension_bounds
from joinedup.count.envelope import Codes, Envelope, Linkage, envelopes
from joinedup.count.memberships import KINDS, NOT_KNOWN, STATUSES, Evidence, ages, birth_days, concerns
from joinedup.count.parts import Ends, Parts, Which
from joinedup.count.traits import NEVER, Ages, Bound, by_age, by_lists, by_sex, by_threat, held
from joinedup.registry.bands import BandSet

Whole = dict[tuple[str, str], Envelope]
"""By kind and status."""
Breakdowns = dict[tuple[str, str, str, str], tuple[int, int]]
"""By kind, status, dimension and value."""


@dataclass(frozen=True, slots=True)
class Open:
    """What the counts of a run are bounded from: the tables, the links and who could be recognised in another record.

    `spoken` has mention_id, role and threat.
    """

    evidence: Evidence
    spoken: pa.Table
    linkage: Linkage
    recognisable: Which
    act_at: float

    def bounds(self, bands: Mapping[str, BandSet]) -> tuple[Whole, Breakdowns]:
        """The envelope of each population and the bounds of its breakdowns."""
        found, ends = _concerns(self.evidence), Ends.of(self.linkage, self.recognisable, self.act_at)
        facts = _Facts.of(self, ends, bands)
        whole, broken = Whole(), Breakdowns()
        for kind, statuses in STATUSES.items():
            mine = found.filter(pc.field("kind") == kind)
            each = envelopes(self.linkage, mine, self.recognisable, self.act_at, len(statuses))
            whole |= {(kind, status): envelope for status, envelope in zip(statuses, each, strict=True)}
            bounded = dimension_bounds(ends, self.linkage, mine, len(statuses))
            of_kind = {(dimension, rank, value): ends_of for (dimension, rank, value), ends_of in bounded.items()}
            mention, rank = self.linkage.numbers(mine["mention_id"]), np.asarray(mine["rank"], dtype=np.int64)
            parts = Parts.of(ends, mention, rank, len(statuses))
            for dimension, rows in facts.by_trait(kind, parts, mine, bands[KINDS[kind]]):
                of_kind |= {(dimension, place, value): ends_of for place, value, ends_of in rows}
            broken |= {
                (kind, statuses[place], dimension, value): ends_of
                for (dimension, place, value), ends_of in of_kind.items()
            }
        return whole, broken


@dataclass(frozen=True, slots=True)
class _Facts:
    """What records say of people, by the numbers of mentions: sex, days of birth, kinds of threat; and the ages of the parts."""

    linkage: Linkage
    fine: Codes
    sexes: pa.Table
    births: pa.Table
    spoken: pa.Table
    ages: pa.Table

    @classmethod
    def of(cls, held_open: Open, ends: Ends, bands: Mapping[str, BandSet]) -> _Facts:
        evidence = held_open.evidence
        people = pa.table({"mention_id": held_open.linkage.number_of, "person_id": pa.array(ends.fine)})
        apart = Evidence(ibis.memtable(people), evidence.mentions, evidence.involvements, evidence.events)
        named = evidence.mentions.semi_join(evidence.people, "mention_id")
        sexes = named.filter(named.sex.fill_null("") != "").select("mention_id", "sex")
        births = birth_days(named.select("mention_id", "dob", "dob_precision"))
        return cls(
            held_open.linkage,
            ends.fine,
            sexes.to_pyarrow(),
            births.select("mention_id", "born_from", "born_to").to_pyarrow(),
            held_open.spoken,
            ages(apart, bands).to_pyarrow(),
        )

    def by_trait(
        self, kind: str, parts: Parts, found: pa.Table, bands: BandSet
    ) -> Iterator[tuple[str, Iterator[Bound]]]:
        """Each dimension with its bounds; `found` are the concerns of the population."""
        of_kind = self.spoken.filter(pc.field("role") == kind)
        yield "threat", by_threat(parts, *self._said(parts, of_kind, "threat"))
        yield "sex", by_sex(parts, *self._said(parts, self.sexes, "sex"))
        yield "lists", by_lists(parts, self._said(parts, found, "list")[0])
        yield "age_band", by_age(parts, self._ages(kind, parts, found), bands.bands)

    def _said(self, parts: Parts, rows: pa.Table, column: str) -> tuple[Which, list[str]]:
        """Which values the records of each part say, and their names."""
        encoded = rows[column].combine_chunks().dictionary_encode()
        names = [str(name) for name in encoded.dictionary.to_pylist()]
        value = np.asarray(encoded.indices, dtype=np.int64)
        return held(parts, self.linkage.numbers(rows["mention_id"]), value, len(names)), names

    def _ages(self, kind: str, parts: Parts, found: pa.Table) -> Ages:
        """What the ages of the parts come of."""
        size = len(parts.whole)
        part_of_fine = np.full(int(self.fine.max(initial=-1)) + 1, -1, dtype=np.int64)
        part_of_fine[self.fine] = parts.of_mention
        own = self.ages.filter(pc.field("kind") == kind)
        band = np.full(size, "", dtype=object)
        band[part_of_fine[np.asarray(own["person_id"], dtype=np.int64)]] = own["age_band"].to_pylist()
        born = parts.of_mention[self.linkage.numbers(self.births["mention_id"])]
        born_from, born_to = np.full(size, NEVER, dtype=np.int64), np.full(size, -1, dtype=np.int64)
        among = born >= 0
        np.minimum.at(born_from, born[among], np.asarray(self.births["born_from"], dtype=np.int64)[among])
        np.maximum.at(born_to, born[among], np.asarray(self.births["born_to"], dtype=np.int64)[among])
        first, last = np.full(size, NEVER, dtype=np.int64), np.full(size, -1, dtype=np.int64)
        part = parts.of_mention[self.linkage.numbers(found["mention_id"])]
        # The earliest last: it is what remains.
        order = np.argsort(-np.asarray(found["place"], dtype=np.int64), kind="stable")
        first[part[order]], last[part[order]] = (
            _numbers(found["day"], NEVER)[order],
            _numbers(found["last_day"], -1)[order],
        )
        return Ages(band.tolist(), born_from, born_to, first, last)


def _numbers(values: pa.ChunkedArray[Any], none: int) -> Codes:
    filled: Any = pc.fill_null(values, pa.scalar(none, pa.int64()))
    return np.asarray(filled, dtype=np.int64)


def _concerns(evidence: Evidence) -> pa.Table:
    """Each concern with its place in the order in which a person's are taken, as memberships takes them; days as YYYYMMDD."""
    found = concerns(evidence)
    order = [each.asc(nulls_first=False) for each in (found.day, found.last_day, found.area)]
    day = found.day.year().cast("int64") * 10000 + found.day.month().cast("int64") * 100 + found.day.day().cast("int64")
    table: pa.Table = (
        found.mutate(
            place=ibis.dense_rank().over(order_by=order),
            year=found.day.year().cast("string").fill_null(NOT_KNOWN),
            area=found.area.fill_null(NOT_KNOWN),
            day=day,
        )
        .select("mention_id", "kind", "rank", "place", "list", "list_kind", "year", "area", "day", "last_day")
        .distinct()
        .to_pyarrow()
    )
    return table
