"""What can be said without the truth of whom linking serves worse: by source, by how complete the record is, by outcome.

Laid out as the GUILD guidance asks of a linkage: for each group how many records there are, how many found a record of
another agency, how many can be linked to nothing, and how many wait for a person. No group here is made of a name, and
none reaches the links: they are counted when those are made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

from joinedup.stats.distinct import distinct
from joinedup.stats.record_groups import groups, unlinkable

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Fact = tuple[str, str, float, str]

_MEASURES = {
    "group_records": "records of children",
    "group_linked": "records of children joined with one of another agency",
    "group_unlinkable": "records of children with neither a name nor a valid number, which nothing can link to another agency's",
    "group_review": "records of children with a pair held for a person to review",
}


def facts(mentions: pa.Table, people: pa.Table, links: pa.Table, outcomes: pa.Table) -> list[Fact]:
    """The rows of link_quality by group: measure, scope, value, in words.

    `mentions` are those in the child role: with the columns record_groups asks for; `outcomes` has
    mention_id and outcome, one row for each referral a record is part of.
    """
    ids = mentions["mention_id"].combine_chunks()
    found = {
        "group_records": np.ones(len(ids), dtype=bool),
        "group_linked": _elsewhere(mentions, people),
        "group_unlinkable": unlinkable(mentions),
        "group_review": np.asarray(pc.is_in(ids, value_set=_under_review(links)), dtype=bool),
    }
    rows: list[Fact] = []
    for scope, chosen in sorted(groups(mentions, outcomes).items()):
        for measure, what in _MEASURES.items():
            number = int((found[measure] & chosen).sum())
            rows.append((measure, scope, float(number), f"{number:,} {what} ({scope})."))
    return rows


def _elsewhere(mentions: pa.Table, people: pa.Table) -> NDArray[np.bool_]:
    """Whether the record's person has a record of another agency."""
    person = people["person_id"].combine_chunks().dictionary_encode()
    agency = np.asarray(people["agency"].combine_chunks().dictionary_encode().indices, dtype=np.int64)
    number = np.asarray(person.indices, dtype=np.int64)
    width = int(agency.max(initial=0)) + 1
    several = np.bincount(distinct(number * width + agency) // width, minlength=len(person.dictionary)) > 1
    places = pc.index_in(mentions["mention_id"], value_set=people["mention_id"].combine_chunks())
    found: NDArray[np.bool_] = several[number[np.asarray(places, dtype=np.int64)]]
    return found


def _under_review(links: pa.Table) -> Any:
    held = links.filter(pc.equal(links["zone"], "review"))
    return pc.unique(pa.chunked_array([*held["mention_l"].chunks, *held["mention_r"].chunks], pa.string()))
