"""Pairs scored by linkage tokens, and what tokens would have made of the pairs that are scored in the clear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.link.clusters import Edges, components
from joinedup.link.encoded import Encoded
from joinedup.link.engines import Engine
from joinedup.link.fields import Limits
from joinedup.link.scoring import Known, Scores, score
from joinedup.registry.link_model import LinkModels

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Facts = list[tuple[str, str, float]]


@dataclass(frozen=True, slots=True)
class TokenScores:
    """What one model made of tokens: the pairs with a mention sent as tokens, and the pairs of two mentions in the clear."""

    of: str
    """Whose mentions: children or suspects."""
    scores: Scores
    again: Edges
    records: int


def score_tokens(encoded: Encoded | None, known: Known, models: LinkModels, engine: Engine) -> list[TokenScores]:
    """The pairs that each model on tokens proposes; nothing where nothing is encoded."""
    if encoded is None:
        return []
    stands_for = known.stands_for
    chosen = (stands_for == np.arange(len(stands_for))) & encoded.comparable()
    found = []
    for model in (one for one in models.models if one.on == "tokens"):
        of = np.asarray(pc.fill_null(pc.equal(known.population, model.of), False), dtype=bool)
        limits = Limits(model.largest_block, model.largest_home, model.frequency_weight, model.names_together)
        prepared = encoded.prepared(chosen & of, stands_for, model.id, limits)
        scores = score(prepared, model, known.keep, engine)
        sent = encoded.sent[scores.edges.left] | encoded.sent[scores.edges.right]
        mixed = Scores(scores.edges.where(sent), scores.pattern[sent], scores.told)
        found.append(TokenScores(model.of, mixed, scores.edges.where(~sent), prepared.records.num_rows))
    return found


def facts(encoded: Encoded | None, found: list[TokenScores], clear: dict[str, Scores], linked_at: float) -> Facts:
    """What there is to say of encoded mentions, as rows of link_quality: measure, scope, value.

    `clear` is what was scored in the clear, of children and of suspects.
    """
    if encoded is None:
        return []
    sent = int(encoded.sent.sum())
    rows: Facts = [("encoded_mentions", "all", float(sent))] if sent else []
    if sent and not encoded.with_clear:
        rows.append(("encoded_without_key", "all", float(sent)))
    if other := encoded.other_keys():
        rows.append(("encoded_under_another_key", "all", float(other)))
    for one in found:
        if sent and one.records:
            rows.append(("records_scored", f"{one.of}, by tokens", float(one.records)))
        rows += _relinked(one, clear[one.of].edges if one.of in clear else None, linked_at, len(encoded.sent))
    return rows


def _relinked(one: TokenScores, clear: Edges | None, linked_at: float, mentions: int) -> Facts:
    """How far tokens alone would have found, and held to, the likely pairs in the clear."""
    if clear is None:
        return []
    pairs = [
        edges.left[likely] * mentions + edges.right[likely]
        for edges in (clear, one.again)
        for likely in (edges.strength >= linked_at,)
    ]
    both = len(np.intersect1d(pairs[0], pairs[1]))
    rows: Facts = []
    if len(pairs[0]):
        rows.append(("tokens_find_again", one.of, both / len(pairs[0])))
    if len(pairs[1]):
        rows.append(("tokens_alone_join", one.of, 1 - both / len(pairs[1])))
    return rows


def in_the_clear(known: Known, encoded: Encoded | None, found: list[TokenScores]) -> Known:
    """What is known of the mentions in the clear alone, those that tokens are likely to join taken as joined.

    A pair in the clear that speaks against is wanted where an encoded mention leads from one to the other.
    """
    if encoded is None:
        return known
    keep = known.keep
    likely = [edges.where(edges.strength >= keep.linked_at) for one in found for edges in (one.scores.edges,)]
    before = Edges.of(keep.joined, np.arange(len(keep.joined)), 1.0)
    joined = components(Edges.together([before, *likely]), len(keep.joined))
    population = pc.if_else(pa.array(encoded.sent), pa.scalar(None, pa.string()), known.population)
    return replace(known, population=population, keep=replace(keep, joined=joined))
