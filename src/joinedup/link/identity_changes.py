"""Which people were merged or split between two runs, and what can be behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

_FROM_SETTINGS = ("'link'", "'agency'", "'engine'", "'period'")
"""The parts of inquiry.toml that reach linking, as a cause names them."""


@dataclass(frozen=True, slots=True)
class News:
    """What differs between the two runs, as rows of the table news; and the file below returns/ of mentions."""

    rows: Sequence[Mapping[str, Any]]
    file_of: Mapping[str, str]


def changed_mentions(before: pa.Table, after: pa.Table) -> list[str]:
    """The mentions of every person that was merged or split, in either run; their files are what `changes` asks for."""
    pairs = _Pairs.of(before, after)
    return sorted(set().union(*_bearers(pairs, pairs.groups(), before, after)))


def changes(before: pa.Table, after: pa.Table, from_run: str, news: News) -> list[dict[str, object]]:
    """The rows of identity_changes. `before` and `after` have mention_id and person_id, each mention once.

    A person that only gained new mentions, or lost some that are gone, is neither merged nor split.
    """
    pairs = _Pairs.of(before, after)
    groups = pairs.groups()
    bearers = _bearers(pairs, groups, before, after)
    return [
        row
        for group, mentions in zip(groups, bearers, strict=True)
        for row in _rows([pairs.named(place) for place in group], mentions, from_run, news)
    ]


def _bearers(pairs: _Pairs, groups: list[list[int]], before: pa.Table, after: pa.Table) -> list[set[str]]:
    """For each change, every mention of its persons in either run."""
    found: list[set[str]] = [set() for _ in groups]
    for table, side in ((before, 0), (after, 1)):
        change_of = {pairs.named(place)[side]: number for number, group in enumerate(groups) for place in group}
        wanted = table.filter(pc.is_in(table["person_id"], value_set=pa.array(list(change_of), pa.string())))
        for mention, person in zip(*(wanted[name].to_pylist() for name in ("mention_id", "person_id")), strict=True):
            found[change_of[str(person)]].add(str(mention))
    return found


def _rows(held: list[tuple[str, str, int]], mentions: set[str], from_run: str, news: News) -> list[dict[str, object]]:
    one, other = {before for before, _, _ in held}, {after for _, after, _ in held}
    change = "renamed" if len(held) == 1 else "merge" if len(other) == 1 else "split" if len(one) == 1 else "regrouped"
    seed = "\x1f".join([from_run, *sorted(one), "", *sorted(other)])
    cause = "; ".join(_causes(mentions, news))
    return [
        {
            "change_id": "i_" + hashlib.sha256(seed.encode()).hexdigest()[:16],
            "change": change,
            "before": before,
            "after": after,
            "mentions": common,
            "from_run": from_run,
            "cause": cause,
        }
        for before, after, common in held
    ]


def _causes(mentions: set[str], news: News) -> list[str]:
    """What can be behind a change of these mentions. Returns and decisions that name none of them are set aside, unless
    that leaves nothing: a return can move what others weigh."""
    files = {news.file_of[mention] for mention in mentions if mention in news.file_of}
    gone = not mentions <= news.file_of.keys()
    near: list[str] = []
    far: list[str] = []
    everywhere: list[str] = []
    for row in news.rows:
        said = f"{row['kind']}: {row['what']}"
        if row["kind"] == "decision":
            (near if {row["subject"], row["other"]} & mentions else far).append(said)
        elif row["file"]:
            lost = gone and row["kind"] != "new return"
            (near if row["file"] in files or lost else far).append(said)
        elif row["kind"] != "review sample" and (
            row["kind"] != "configuration" or row["what"].startswith(_FROM_SETTINGS)
        ):
            everywhere.append(said)
    return near + everywhere or far or ["nothing recorded: the program, or what it stands on, is another"]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Each person of the one run and each of the other that have mentions in common, and how many."""

    names: tuple[Any, Any]
    ends: np.ndarray[Any, np.dtype[np.int64]]
    common: np.ndarray[Any, np.dtype[np.int64]]

    @classmethod
    def of(cls, before: pa.Table, after: pa.Table) -> _Pairs:
        places = pc.index_in(before["mention_id"].combine_chunks(), value_set=after["mention_id"].combine_chunks())
        here = pc.is_valid(places)
        encoded = [
            before["person_id"].combine_chunks().filter(here).dictionary_encode(),
            after["person_id"].combine_chunks().take(places.filter(here)).dictionary_encode(),
        ]
        one, other = (np.asarray(each.indices, dtype=np.int64) for each in encoded)
        width = max(len(encoded[1].dictionary), 1)
        pairs, common = np.unique(one * width + other, return_counts=True)
        ends = np.stack([pairs // width, pairs % width])
        return cls((encoded[0].dictionary, encoded[1].dictionary), ends, common.astype(np.int64))

    def groups(self) -> list[list[int]]:
        """The pairs of each change together, in a fixed order; people that stayed as they were are in none."""
        if not len(self.common):
            return []
        sizes = [len(names) for names in self.names]
        linked = np.ones(len(self.common), dtype=np.int8)
        graph = coo_array((linked, (self.ends[0], self.ends[1] + sizes[0])), shape=(sum(sizes), sum(sizes)))
        part = connected_components(graph, directed=False)[1][self.ends[0]]
        several = np.bincount(part)[part] > 1
        alike = pc.equal(*(names.take(pa.array(ends)) for names, ends in zip(self.names, self.ends, strict=True)))
        touched = np.flatnonzero(several | ~np.asarray(alike, dtype=bool))
        found: dict[int, list[int]] = {}
        for place in touched.tolist():
            found.setdefault(int(part[place]), []).append(place)
        ordered = (sorted(group, key=self.named) for group in found.values())
        return sorted(ordered, key=lambda group: self.named(group[0]))

    def named(self, place: int) -> tuple[str, str, int]:
        """One pair: the person before, the person after, and the mentions they have in common."""
        one, other = (names[int(ends[place])].as_py() for names, ends in zip(self.names, self.ends, strict=True))
        return str(one), str(other), int(self.common[place])
