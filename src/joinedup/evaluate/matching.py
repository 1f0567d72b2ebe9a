"""Which true person each mention and each found person is: the bridge between a run and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

_KEY = ("agency", "form", "role", "source_ref")


@dataclass(frozen=True, slots=True)
class Matched:
    """The run's mentions that the truth knows: found person, true person, household and role, one row a mention.

    `holder` says which true person each found person stands for: the one with most of its mentions, ties to the
    smaller id. `found_as` says as whom each true person was found, the same way round.
    """

    rows: pa.Table
    not_in_truth: int
    not_in_run: int
    holder: dict[str, str]
    found_as: dict[str, str]


def match(mentions: pa.Table, people: pa.Table, truth_mentions: pa.Table, truth_people: pa.Table) -> Matched:
    """The run's mentions and people held against the truth's.

    `mentions` has mention_id, agency, form, role and source_ref; `people` has mention_id and person_id.
    """
    known = pa.table({"key": _keys(truth_mentions), "true": truth_mentions["person_id"]})
    ours = mentions.select(["mention_id", *_KEY]).join(people.select(["mention_id", "person_id"]), "mention_id")
    keys = _keys(ours)
    places = pc.index_in(keys, value_set=known["key"].combine_chunks())
    in_truth = pc.is_valid(places)
    rows = pa.table(
        {
            "mention_id": ours["mention_id"].filter(in_truth),
            "role": ours["role"].filter(in_truth),
            "found": ours["person_id"].filter(in_truth),
            "true": known["true"].take(places.filter(in_truth)),
        }
    ).sort_by("mention_id")
    homes = pc.index_in(rows["true"], value_set=truth_people["person_id"].combine_chunks())
    rows = rows.append_column("household", truth_people["household_id"].take(homes))
    missed = pc.sum(pc.invert(pc.is_in(known["key"], value_set=keys.combine_chunks()))).as_py() or 0
    return Matched(
        rows,
        mentions.num_rows - rows.num_rows,
        int(missed),
        _most(rows["found"], rows["true"]),
        _most(rows["true"], rows["found"]),
    )


def _keys(table: pa.Table) -> Any:
    columns = [pc.fill_null(table[name].cast(pa.string()), "") for name in _KEY]
    return pa.chunked_array([pc.binary_join_element_wise(*columns, "\x1f").combine_chunks()], pa.string())


def _most(of: Any, other: Any) -> dict[str, str]:
    """For each value of the one column, the value of the other it stands beside most often; ties to the smaller."""
    counted = pa.table({"of": of, "other": other, "one": np.ones(len(of), dtype=np.int64)})
    counted = counted.group_by(["of", "other"]).aggregate([("one", "sum")])
    ordered = counted.sort_by([("one_sum", "ascending"), ("other", "descending")])
    pairs: list[tuple[Any, Any]] = list(zip(ordered["of"].to_pylist(), ordered["other"].to_pylist(), strict=True))
    return dict(pairs)
