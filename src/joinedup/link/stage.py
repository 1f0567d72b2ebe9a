"""Stage link: writes which mentions are one person, the pairs it rests on, and how the linking went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.domain.linkage_key import inquiry_key
from joinedup.link.engines import engine_of
from joinedup.link.fairness import facts as by_group
from joinedup.link.fields import SHARED_KINDS
from joinedup.link.identities import carry_on
from joinedup.link.identity_changes import News, changed_mentions, changes
from joinedup.link.kept import Kept
from joinedup.link.linking import Policy, link
from joinedup.link.pairs import Means
from joinedup.link.sample_quality import Fact, agreement, facts
from joinedup.link.tokens import PREFIX
from joinedup.registry.link_model import LinkModels, link_models
from joinedup.stats.record_groups import ASKED, TOKEN_KINDS, with_tokens
from joinedup.stats.reviewed_records import reviewed
from joinedup.store.contract import StageRun, Store, arrow_schema, empty, from_rows

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

NAME = "link"
READS = (
    "mentions",
    "identifiers",
    "events",
    "involvements",
    "decisions",
    "last_ids",
    "news",
    "last_records",
    "last_pairs",
    "last_parameters",
    "sample_frame",
    "sample_answers",
    "sample_agreement",
)
WRITES = (
    "links", "people", "former_ids", "identity_changes", "link_quality", "scored_records", "scored_pairs", "score_parameters",
)  # fmt: skip

_MENTION_COLUMNS = (
    "mention_id", "agency", "form", "source_ref", "local_id", "role", "forename_fold", "surname_fold", "aliases", "dob",
    "dob_precision", "sex", "postcode", "outcode", "address_fold", "nhs_no", "upn", "area", "first_date",
)  # fmt: skip


def run(stage: StageRun) -> None:
    """Reads mentions, identifiers, decisions and the last run's person ids; writes links, people and what became of the ids."""
    mentions = stage.arrow("mentions", _MENTION_COLUMNS)
    identifiers = _usable(stage.arrow("identifiers", ("mention_id", "kind", "value", "valid")))
    asked = stage.inquiry.link
    policy = Policy(
        asked.linked_at,
        asked.review_from,
        asked.act_at,
        frozenset(agency.id for agency in stage.inquiry.agency if agency.ids_are_unique),
        inquiry_key(stage.inquiry_dir, asked.token_key_file),
    )
    models = link_models()
    with engine_of(stage.inquiry) as engine:
        means = Means(engine, _kept(stage, models))
        linked = link(mentions, identifiers, stage.arrow("decisions"), models, policy, means)
    last = stage.arrow("last_ids")
    named = carry_on(linked.people, last)
    written = {
        **linked.kept,
        "links": linked.links,
        "people": named.people,
        "former_ids": named.former,
        "link_quality": pa.concat_tables(
            [linked.quality, _reviewed(stage, named.people), _by_group(stage, named.people, linked.links)]
        ),
    }
    for name, table in written.items():
        stage.write(name, pa.table({column: table[column] for column in arrow_schema(name).names}))
    stage.write("identity_changes", from_rows("identity_changes", _changes(stage, last, named.people)))


def compared_again(store: Store) -> str:
    """How much of a run's linking was compared, and how much taken on from the run before; empty where nothing was."""
    rows = store.read("link_quality").select("measure", "scope", "value").to_pyarrow().to_pylist()
    told = {(row["measure"], row["scope"]): int(row["value"]) for row in rows}
    parts = []
    for scope in sorted(scope for measure, scope in told if measure == "records_scored" and told[measure, scope]):
        records, new = told["records_scored", scope], told.get(("records_compared_again", scope))
        if new is None:
            parts.append(f"of {scope} all {records:,} records were compared")
        else:
            pairs = told["pairs_compared_again", scope]
            parts.append(
                f"of {scope} {new:,} new or changed records against {records - new:,}: {pairs:,} pairs scored again"
            )
    taken_on = any(measure == "records_compared_again" for measure, _ in told)
    return f"Linked {'; '.join(parts)}. Other scores are those of the run before." if taken_on else ""


def _usable(identifiers: pa.Table) -> pa.Table:
    """The valid telephones, vehicles, accounts and tokens, each once: they stand in the order of mention, kind and value."""
    kinds = pc.or_(
        pc.is_in(identifiers["kind"], value_set=pa.array(SHARED_KINDS)), pc.starts_with(identifiers["kind"], PREFIX)
    )
    usable = identifiers.filter(pc.and_kleene(identifiers["valid"], kinds)).select(["mention_id", "kind", "value"])
    repeated = np.ones(max(usable.num_rows - 1, 0), dtype=bool)
    for column in usable.columns:
        whole = pc.fill_null(column.combine_chunks(), "")
        repeated &= np.asarray(pc.equal(whole.slice(1), whole.slice(0, len(repeated))), dtype=bool)
    return usable.filter(pa.array(np.append(True, ~repeated)[: usable.num_rows]))


def _kept(stage: StageRun, models: LinkModels) -> dict[str, Kept]:
    """What the run before kept of its scores, by model; nothing where it was made otherwise."""
    given = {name: stage.arrow(name) for name in ("last_records", "last_pairs", "last_parameters")}
    found = {model.id: Kept.of(model, given) for model in models.models}
    return {name: kept for name, kept in found.items() if kept is not None}


def _reviewed(stage: StageRun, people: pa.Table) -> pa.Table:
    """What the review sample says of the links, as rows of link_quality."""
    found = reviewed(people, *(stage.arrow(name) for name in ("sample_frame", "sample_answers")))
    if found is None:
        return empty("link_quality")
    sample, names = found
    children = _in_the_role_of_child(stage.arrow("mentions", ("role", "mention_id", "agency_kind")))
    kinds = children["agency_kind"].take(pc.index_in(names, value_set=children["mention_id"].combine_chunks()))
    read_twice = stage.arrow("sample_agreement").to_pylist()
    return _as_table([*facts(sample, kinds.combine_chunks(), children.num_rows), *agreement(read_twice)])


def _by_group(stage: StageRun, people: pa.Table, links: pa.Table) -> pa.Table:
    """What can be said without the truth of whom the links serve worse, as rows of link_quality."""
    children = _in_the_role_of_child(stage.arrow("mentions", ("role", *ASKED)))
    sent = stage.arrow("identifiers", ("mention_id", "kind"))
    children = with_tokens(children, sent.filter(pc.is_in(sent["kind"], value_set=pa.array(TOKEN_KINDS))))
    events = stage.arrow("events", ("event_id", "type", "outcome"))
    referrals = events.filter(pc.equal(events["type"], "referral"))
    parts = _in_the_role_of_child(stage.arrow("involvements", ("role", "event_id", "mention_id")))
    of_event = pc.index_in(parts["event_id"], value_set=referrals["event_id"].combine_chunks())
    outcomes = pa.table(
        {"mention_id": parts["mention_id"], "outcome": referrals["outcome"].take(of_event), "of": of_event}
    )
    return _as_table(by_group(children, people, links, outcomes.filter(pc.is_valid(outcomes["of"]))))


def _in_the_role_of_child(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.fill_null(pc.equal(rows["role"], "child"), False))


def _as_table(rows: Sequence[Fact]) -> pa.Table:
    """Facts as rows of link_quality."""
    if not rows:
        return empty("link_quality")
    columns = zip(("measure", "scope", "value", "means"), zip(*rows, strict=True), strict=True)
    return pa.table({name: list(values) for name, values in columns}, arrow_schema("link_quality"))


def _changes(stage: StageRun, last: pa.Table, people: pa.Table) -> list[dict[str, object]]:
    before = last.filter(pc.is_null(last["held_until"]))
    mentions = stage.arrow("mentions", ("mention_id", "agency", "file"))
    moved = pc.is_in(mentions["mention_id"], value_set=pa.array(changed_mentions(before, people), pa.string()))
    of = mentions.filter(moved).to_pylist()
    file_of = {row["mention_id"]: f"{row['agency']}/{row['file']}" for row in of}
    return changes(before, people, stage.from_run, News(stage.arrow("news").to_pylist(), file_of))
