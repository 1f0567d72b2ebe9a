"""The scores of an inquiry's pairs, by model: learnt and scored anew, or where little is new taken on from the run before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.link.engines import Engine, duckdb_engine
from joinedup.link.fields import Limits, prepare
from joinedup.link.kept import Kept
from joinedup.link.rescoring import rescore
from joinedup.link.scoring import Keep, Known, Scores, score
from joinedup.registry.link_model import LinkModel, LinkModels

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Fact = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Means:
    """The engine that compares pairs, and by model what the run before kept of its scores."""

    engine: Engine = duckdb_engine
    last: Mapping[str, Kept] = field(default_factory=dict)


ALONE = Means()


def populations(mentions: pa.Table) -> Any:
    """The model of each mention, children or suspects; empty for witnesses and others without a date of birth, who stay single."""
    role, nothing = mentions["role"], pa.scalar(None, pa.string())
    with_dob = pc.if_else(pc.is_valid(mentions["dob"]), pa.scalar("children"), nothing)
    others = pc.if_else(pc.fill_null(pc.equal(role, "suspect"), False), pa.scalar("suspects"), with_dob)
    return pc.if_else(pc.fill_null(pc.equal(role, "child"), False), pa.scalar("children"), others)


def scores(
    mentions: pa.Table, identifiers: pa.Table, known: Known, models: LinkModels, means: Means
) -> tuple[dict[str, Scores], list[Fact]]:
    """The scored pairs of every model, what weighed in them, and what was measured on the way."""
    stands_for = known.stands_for
    numbers = np.arange(mentions.num_rows, dtype=np.int64)
    representative = pa.array(stands_for == numbers)
    numbered = mentions.append_column("number", pa.array(numbers))
    owners = pc.index_in(identifiers["mention_id"], value_set=mentions["mention_id"].combine_chunks())
    # A record that stands for its repeats carries the telephones and the like of them all.
    owner = np.asarray(pc.fill_null(owners, -1), dtype=np.int64)
    present = owner >= 0
    identified = identifiers.filter(pa.array(present)).append_column(
        "number", pa.array(stands_for[owner[present]], pa.int64())
    )
    found: dict[str, Scores] = {}
    facts: list[Fact] = []
    for model in (one for one in models.models if one.on == "fields"):
        chosen = pc.and_(representative, pc.fill_null(pc.equal(known.population, model.id), False))
        found[model.id], more = _of_model(numbered.filter(chosen), identified, model, known.keep, means)
        facts += more
    return found, facts


def _of_model(
    mentions: pa.Table, identified: pa.Table, model: LinkModel, keep: Keep, means: Means
) -> tuple[Scores, list[Fact]]:
    """The scores of one model's mentions; and what was measured, more of it where only what is new was compared."""
    limits = Limits(model.largest_block, model.largest_home, model.frequency_weight, model.names_together)
    # Only where parameters are learnt is there much to take on; the other models' records are few.
    last = means.last.get(model.id) if model.learns else None
    scored, facts = None, list[Fact]()
    if last is not None:
        prepared = prepare(mentions, identified, model.id, limits, last.parameters.held)
        scored = rescore(prepared, model, keep, last, means.engine)
    if scored is None:
        prepared = prepare(mentions, identified, model.id, limits)
        scored = score(prepared, model, keep, means.engine)
    elif scored.kept is not None:
        facts = [
            ("records_compared_again", model.id, float(scored.kept.touched)),
            ("pairs_compared_again", model.id, float(scored.kept.again)),
            ("changed_since_learnt", model.id, float(scored.kept.parameters.changed)),
        ]
    facts += [
        ("records_scored", model.id, float(prepared.records.num_rows)),
        ("keys_set_aside", model.id, float(prepared.keys_set_aside)),
        ("mentions_with_a_key_set_aside", model.id, float(prepared.mentions_set_aside)),
    ]
    return scored, facts


def tables(scored: Mapping[str, Scores]) -> dict[str, pa.Table]:
    """What the next run is to know of the scores: the tables scored_records, scored_pairs and score_parameters."""
    known = {name: one.kept for name, one in scored.items() if one.kept is not None}
    found = [one.found for one in known.values()]
    models = {"records": [len(one.mark) for one in known.values()], "pairs": [len(one) for one in found]}
    named = {of: pa.array(np.repeat(np.array(list(known), dtype=object), many), pa.string()) for of, many in models.items()}  # fmt: skip
    none = np.zeros(0, dtype=np.int64)
    mark, component = ([none, *(getattr(one, name) for one in known.values())] for name in ("mark", "component"))
    left, right, code = ([none, *(getattr(one, name) for one in found)] for name in ("left", "right", "code"))
    ids = pa.chunked_array([one.mentions for one in known.values()], pa.string())
    return {
        "scored_records": pa.table({"model": named["records"], "mention_id": ids, "mark": np.concatenate(mark), "component": np.concatenate(component)}),
        "scored_pairs": pa.table({"model": named["pairs"], "place_l": np.concatenate(left), "place_r": np.concatenate(right), "code": np.concatenate(code)}),
        "score_parameters": pa.table({"model": pa.array(list(known), pa.string()), "document": pa.array([one.parameters.to_json() for one in known.values()], pa.string())}),
    }  # fmt: skip
