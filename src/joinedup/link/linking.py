"""The linking of one inquiry: rules, scores, clusters, in tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.domain.linkage_key import Key
from joinedup.link import rules
from joinedup.link.clusters import CERTAIN, Clusters, Constraints, Edges, Numbers, cluster, components
from joinedup.link.encoded import NUMBERS, Encoded, encoded
from joinedup.link.pairs import ALONE, Means, populations, scores, tables
from joinedup.link.quality import Scored, quality
from joinedup.link.scoring import Keep, Known, Scores
from joinedup.link.token_scoring import facts as token_facts
from joinedup.link.token_scoring import in_the_clear, score_tokens
from joinedup.registry.link_model import LinkModels

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays


_ZONES = ("linked", "review", "not_linked")
_LINKED, _REVIEW, _NOT_LINKED = range(len(_ZONES))


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds of the inquiry, and the agencies that say their own person ids are one for each person."""

    linked_at: float
    review_from: float
    act_at: float
    unique_ids: frozenset[str] = frozenset()
    key: Key | None = None
    """The linkage key, where mentions in the clear are to be held against tokens."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The tables links, people and link_quality, and what the next run is to know of the scores: the tables of kept.py."""

    links: pa.Table
    people: pa.Table
    quality: pa.Table
    kept: Mapping[str, pa.Table]


def link(
    mentions: pa.Table,
    identifiers: pa.Table,
    decisions: pa.Table,
    models: LinkModels,
    policy: Policy,
    means: Means = ALONE,
) -> Linked:
    """Which mentions are one person. `mentions` is in the order of mention_id, each once."""
    sent, clear = encoded(mentions, identifiers, policy.key), mentions
    mentions = mentions if sent is None else sent.stand_in(mentions)
    population = populations(mentions)
    decided = rules.decided(decisions, mentions["mention_id"].combine_chunks())
    repeats = rules.same_record(mentions, population)
    local = Edges.together(
        [rules.same_local_id(mentions, population), rules.same_local_id_and_birth(mentions, population)]
    )
    same = Edges.of([one for one, _ in decided.same], [other for _, other in decided.same], CERTAIN)
    joined = components(Edges.together([repeats, local, same]), mentions.num_rows)
    known = Known(
        population,
        components(repeats, mentions.num_rows),
        Keep(models.least_probability, policy.linked_at, joined),
    )
    by_tokens = score_tokens(sent, known, models, means.engine)
    told, facts = scores(clear, identifiers, in_the_clear(known, sent, by_tokens), models, means)
    scored = Edges.together([Edges.of([], [], []), *(one.edges for one in told.values())])
    token_pairs = Edges.together([Edges.of([], [], []), *(one.scores.edges for one in by_tokens)])
    edges = Edges.together([scored, token_pairs, repeats, local])
    constraints = Constraints(_values(mentions, policy.unique_ids, sent), decided.apart, decided.same)
    clusters = cluster(edges, mentions.num_rows, constraints, policy.linked_at)
    kept, by_token = (pairs.where(pairs.strength >= models.least_probability) for pairs in (scored, token_pairs))
    links, pairs = _links(mentions, {
        f"splink:{models.version}": kept, f"splink:{models.version}:tokens": by_token, rules.SAME_RECORD: repeats, rules.SAME_LOCAL_ID: local, rules.DECISION: same,
    }, clusters, decided.apart, policy)  # fmt: skip
    links = links.append_column(
        "weights", _weights(links, pairs, mentions.num_rows, [*told.values(), *(one.scores for one in by_tokens)])
    )
    facts += token_facts(sent, by_tokens, told, policy.linked_at)
    facts.append(("decisions_not_applied", "all", float(decided.not_applied)))
    facts.append(("decisions_against_later_ones", "all", float(decided.outweighed)))
    rows = quality(Scored(mentions, links, pairs, clusters, facts), policy.linked_at)
    return Linked(links, _people(clear, clusters), rows, tables(told))


def _weights(links: pa.Table, pairs: Edges, size: int, told: list[Scores]) -> Any:
    """What weighed in each link that a model scored; empty for those of rules and decisions. `pairs` are the links by number."""
    by_model = np.asarray(pc.starts_with(links["model"], "splink:"), dtype=bool)
    found, wanted = np.full(links.num_rows, -1, dtype=np.int64), pairs.left * size + pairs.right
    words: list[str] = []
    for one in told:
        known = one.edges.left * size + one.edges.right
        place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
        hit = by_model & (known[place] == wanted) if len(known) else np.zeros(links.num_rows, dtype=bool)
        pattern = one.pattern[place[hit]]
        found[hit] = np.where(pattern >= 0, pattern + len(words), -1)
        words += one.told
    places: Any = pa.array(found, pa.int64(), mask=found < 0)
    return pa.array(words, pa.string()).take(places)


def _values(mentions: pa.Table, unique_ids: frozenset[str], sent: Encoded | None) -> dict[str, Numbers]:
    """What one person holds one of: NHS number, pupil number, and a person id of an agency that says so."""
    found = {kind: rules.codes(mentions[kind]) for kind in NUMBERS}
    if sent is not None and not sent.with_clear:
        # A token of a number and a number in the clear cannot be held against each other, so they cannot differ.
        for kind in NUMBERS:
            found[f"{kind}, by tokens"] = np.where(sent.sent, found[kind], -1)
            found[kind] = np.where(sent.sent, -1, found[kind])
    for agency in sorted(unique_ids):
        own = pc.if_else(pc.equal(mentions["agency"], agency), mentions["local_id"], pa.scalar(None, pa.string()))
        for form in sorted(pc.unique(mentions["form"].filter(pc.equal(mentions["agency"], agency))).to_pylist()):
            of_form = pc.if_else(pc.equal(mentions["form"], form), own, pa.scalar(None, pa.string()))
            found[f"local_id of {agency}, {form}"] = rules.codes(of_form)
    return found


def _links(
    mentions: pa.Table,
    by_model: dict[str, Edges],
    clusters: Clusters,
    apart: tuple[tuple[int, int], ...],
    policy: Policy,
) -> tuple[pa.Table, Edges]:
    """Every pair kept, once, and the same by number: a decision over an agency's id, over a repeat, over a score."""
    names = list(by_model)
    left = np.concatenate([edges.left for edges in by_model.values()])
    right = np.concatenate([edges.right for edges in by_model.values()])
    probability = np.minimum(np.concatenate([edges.strength for edges in by_model.values()]), 1.0)
    model = np.repeat(np.arange(len(names)), [len(edges) for edges in by_model.values()])
    if apart:
        left = np.concatenate([left, [one for one, _ in apart]])
        right = np.concatenate([right, [other for _, other in apart]])
        probability = np.concatenate([probability, np.zeros(len(apart))])
        model = np.concatenate([model, np.full(len(apart), len(names))])
    order = np.lexsort((-model, right, left))
    left, right, probability, model = left[order], right[order], probability[order], model[order]
    first = np.ones(len(left), dtype=bool)
    first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    left, right, probability, model = left[first], right[first], probability[first], model[first]
    joined = clusters.component[left] == clusters.component[right] if len(left) else np.zeros(0, dtype=bool)
    # A pair probable enough to join, but whose people were kept apart by a conflict, is for a person to look at.
    zone = np.where(
        probability >= policy.linked_at,
        np.where(joined, _LINKED, _REVIEW),
        np.where(probability >= policy.review_from, _REVIEW, _NOT_LINKED),
    )
    ids = mentions["mention_id"].combine_chunks()
    return pa.table(
        {
            "mention_l": ids.take(pa.array(left, pa.int64())),
            "mention_r": ids.take(pa.array(right, pa.int64())),
            "probability": pa.array(probability, pa.float64()),
            "zone": pa.array(_ZONES, pa.string()).take(pa.array(zone, pa.int64())),
            "model": pa.array([*names, rules.DECISION], pa.string()).take(pa.array(model, pa.int64())),
        }
    ), Edges(left, right, probability)


def _people(mentions: pa.Table, clusters: Clusters) -> pa.Table:
    """Every mention once, with its person: named by a hash of the person's smallest mention id."""
    names, inverse = np.unique(clusters.component, return_inverse=True)
    ids: Any = mentions["mention_id"].combine_chunks()
    smallest = ids.take(pa.array(names, pa.int64())).to_pylist()
    person_ids = pa.array(["p_" + hashlib.sha256(name.encode()).hexdigest()[:16] for name in smallest], pa.string())
    child = np.asarray(_is_child(mentions), dtype=bool)
    with_child = np.bincount(inverse, weights=child, minlength=len(names)) > 0
    return pa.table(
        {
            "mention_id": mentions["mention_id"],
            "person_id": person_ids.take(pa.array(inverse, pa.int64())),
            "agency": mentions["agency"],
            "source_ref": mentions["source_ref"],
            "kind": pa.array(np.where(with_child[inverse], "child", "adult"), pa.string()),
        }
    )


def _is_child(mentions: pa.Table) -> Any:
    """In the child role, or certainly under 18 at the first date, as far as the date of birth is precise."""
    born, first = mentions["dob"], mentions["first_date"]
    years = pc.subtract(pc.year(first), pc.year(born))
    day_of_year = [pc.add(pc.multiply(pc.month(day), 100), pc.day(day)) for day in (first, born)]
    to_day = pc.fill_null(pc.equal(mentions["dob_precision"], "day"), False)
    age = pc.if_else(pc.and_(to_day, pc.less(day_of_year[0], day_of_year[1])), pc.subtract(years, 1), years)
    under = pc.and_(pc.less(age, 18), pc.greater_equal(age, 0))
    return pc.or_(pc.fill_null(under, False), pc.fill_null(pc.equal(mentions["role"], "child"), False))
