"""The reviewed sample of a run, from its tables: which records could be drawn, which were read, and what was found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.stats.record_sample import Reviewed

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

REPLICATES = 400


def reviewed(people: pa.Table, frame: pa.Table, answers: pa.Table) -> tuple[Reviewed, Any] | None:
    """The sample and the mention ids its records are numbered by; None where no record was read, or none is in the run.

    `people` has mention_id and person_id; `frame` and `answers` are the tables sample_frame and sample_answers. Records that
    came after the sample are no part of it, nor is a drawn record that is gone.
    """
    ids = people["mention_id"].combine_chunks()
    frame = frame.filter(pc.is_in(frame["mention_id"], value_set=ids))
    names = frame["mention_id"].combine_chunks()
    drawn = np.flatnonzero(np.asarray(frame["answered"], dtype=bool))
    if not len(drawn):
        return None
    persons = people["person_id"].take(pc.index_in(names, value_set=ids)).combine_chunks().dictionary_encode()
    return (
        Reviewed(
            np.asarray(persons.indices, dtype=np.int64),
            np.asarray(frame["probability"], dtype=np.float64),
            np.asarray(frame["stratum"].combine_chunks().dictionary_encode().indices, dtype=np.int64),
            drawn,
            _true(drawn, names, answers),
        ),
        names,
    )


def _true(drawn: np.ndarray[Any, np.dtype[np.int64]], names: Any, answers: pa.Table) -> tuple[Any, ...]:
    """For each drawn record the records of its child: itself and those found to be the same child's."""
    found: dict[int, set[int]] = {int(record): {int(record)} for record in drawn.tolist()}
    ends = [
        pc.fill_null(pc.index_in(answers[side], value_set=names), -1).to_pylist() for side in ("record", "mention_id")
    ]
    for record, mention in zip(*ends, strict=True):
        if record in found and mention >= 0:
            found[record].add(mention)
    return tuple(np.array(sorted(found[int(record)]), dtype=np.int64) for record in drawn.tolist())
