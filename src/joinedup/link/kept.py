"""What one run keeps of its scores for the next: the mark of every record, the pairs worth keeping, and the parameters.

A pair's code follows from its two records alone, so where neither record has another mark than before the code stands. What
a record is compared by is more than what it says: how common its names are, how many share its home, which of its values
too many share. All of it is in the mark, so a record whose surroundings changed is compared again. The parameters, how
common each name was when they were learnt, and how often it was borne with others, are carried on: with others every score
would be another, and one more bearer of a common name would move a little what all others of it are compared by.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

from joinedup.link.fitting import Fitted, Part
from joinedup.link.levels import HOME_SIZES, HOMES_SHARED, NAMES, NAMESAKES, Coding, code_sql, name_digit_sql
from joinedup.link.named import Held
from joinedup.link.proposals import PROPOSALS
from joinedup.registry.link_model import LinkModel

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Numbers = NDArray[np.int64]
_DOCUMENT = "2"
"""The shape of the document of parameters: one of another shape is not taken on."""
MOST_CHANGED = 0.05
"""Once so large a share of the records that parameters were learnt from has come, gone or changed, they are learnt anew."""

_FOLLOWS = {
    "number", "mention_id", "address", "home_size", "namesakes",
    *(f"{name}_{form}" for name in NAMES for form in ("key", "forms", "parts")),
}  # fmt: skip
"""Columns that follow from others, or count only by the step they are in."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters a run scored with, and how many records they were learnt from and how many changed since."""

    asked: str
    """A hash of what pairs were proposed and compared by: of other questions no code would stand."""
    fitted: Fitted
    held: Held
    records: int
    changed: int

    def to_json(self) -> str:
        """As a document of JSON; every number is read back to the bit."""
        document = {"asked": self.asked, "records": self.records, "changed": self.changed}
        document |= {"steps": self.held.steps, "together": self.held.together, "usual": self.held.usual}
        return json.dumps(document | {name: _plain(getattr(self.fitted, name)) for name in ("elsewhere", "home", "rounds")})  # fmt: skip

    @classmethod
    def from_json(cls, text: str, model: LinkModel) -> Parameters | None:
        """What to_json wrote; None where other questions were asked."""
        document = json.loads(text)
        if document["asked"] != asked(model):
            return None
        steps, together = (
            {name: {fold: tuple(of) for fold, of in known.items()} for name, known in document[kind].items()}
            for kind in ("steps", "together")
        )
        elsewhere, home = (_part(document[name]) for name in ("elsewhere", "home"))
        fitted = Fitted(Coding.of(model), elsewhere, home, document["rounds"])  # type: ignore[arg-type]
        return cls(
            document["asked"],
            fitted,
            Held(steps, together, document["usual"]),
            document["records"],
            document["changed"],
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one model's scores: records in the order of mention_id, pairs by place among them, parameters."""

    records: pa.Table
    """mention_id, mark, and component: the number of the group that likely pairs lead to."""
    pairs: pa.Table
    """place_l, place_r, code."""
    parameters: Parameters
    most_changed: float = MOST_CHANGED

    @classmethod
    def of(cls, model: LinkModel, given: Mapping[str, pa.Table]) -> Kept | None:
        """What the run before kept of a model, from the tables last_records, last_pairs and last_parameters; None where it
        kept nothing, or asked other questions."""
        of = {name: table.filter(pc.equal(table["model"], model.id)) for name, table in given.items()}
        documents = of["last_parameters"]["document"].to_pylist()
        parameters = Parameters.from_json(str(documents[0]), model) if documents else None
        return cls(of["last_records"], of["last_pairs"], parameters) if parameters else None

    def enough_changed(self, changed: int) -> bool:
        """Whether so many records having come, gone or changed the parameters are to be learnt anew."""
        return self.parameters.changed + changed > self.most_changed * self.parameters.records


def asked(model: LinkModel) -> str:
    """A hash of what pairs of the model are proposed and compared by."""
    said = [
        _DOCUMENT,
        str(PROPOSALS[model.id]),
        HOMES_SHARED,
        code_sql(model),
        *(name_digit_sql(model, name) for name in NAMES),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def marks(records: pa.Table) -> Numbers:
    """One number for each record of prepare(): another wherever anything differs that its pairs are proposed or compared by."""
    size = np.searchsorted(HOME_SIZES, np.asarray(records["home_size"]))
    others = np.asarray(records["namesakes"], dtype=np.int64) - 1
    namesakes = np.searchsorted([0, *(2**step for step in range(len(NAMESAKES) - 2))], others)
    said = [name for name in records.column_names if name not in _FOLLOWS and not name.startswith("key_")]
    given = records.select(said).append_column("size_step", pa.array(size))
    given = given.append_column("namesakes_step", pa.array(namesakes)).append_column("keys", pa.array(_held(records)))
    hashed = "hash({})".format(", ".join(given.column_names))
    # Read in place, and given back in the order of the rows, as this database keeps it where nothing is joined or grouped.
    with duckdb.connect(":memory:", config={"preserve_insertion_order": True}) as database:
        database.register("records", given)
        found = database.execute(f"SELECT CAST({hashed} >> 1 AS BIGINT) AS mark FROM records").fetchnumpy()["mark"]
    return np.asarray(found, dtype=np.int64)


def _held(records: pa.Table) -> Numbers:
    """Which keys each record has, as bits: what a key says follows from the rest, but not whether too many share it."""
    keys = [name for name in records.column_names if name.startswith("key_")]
    bits = np.zeros(records.num_rows, dtype=np.int64)
    for place, name in enumerate(keys):
        bits |= np.asarray(records[name].is_valid(), dtype=np.int64) << place
    return bits


def _plain(value: Any) -> Any:
    """Arrays, mappings and dataclasses as JSON can hold them."""
    if isinstance(value, np.ndarray):
        return {"array": str(value.dtype), "values": value.tolist()}
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {"keys": [_plain(key) for key in value], "values": [_plain(one) for one in value.values()]}
    return list(value) if isinstance(value, tuple) else value


def _back(value: Any) -> Any:
    if isinstance(value, dict) and "array" in value:
        return np.array(value["values"], dtype=value["array"])
    if isinstance(value, dict):
        keys = [tuple(key) if isinstance(key, list) else key for key in value["keys"]]
        return dict(zip(keys, [_back(one) for one in value["values"]], strict=True))
    return value


def _part(document: dict[str, Any] | None) -> Part | None:
    return None if document is None else Part(**{name: _back(value) for name, value in document.items()})
