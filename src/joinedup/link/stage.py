"""Stage link: writes which mentions are one person, the pairs it rests on, and how the linking went."""

from __future__ import annotations

import pyarrow as pa

from joinedup.link.linking import Policy, link
from joinedup.registry.link_model import link_models
from joinedup.store.contract import StageRun, arrow_schema

NAME = "link"
READS = ("mentions", "identifiers", "decisions")
WRITES = ("links", "people", "link_quality")

_MENTION_COLUMNS = (
    "mention_id", "agency", "form", "source_ref", "local_id", "role", "forename_fold", "surname_fold", "aliases", "dob",
    "dob_precision", "sex", "postcode", "outcode", "address_fold", "nhs_no", "upn", "first_date",
)  # fmt: skip


def run(stage: StageRun) -> None:
    """Reads mentions, identifiers and decisions; writes links, people and link_quality."""
    mentions = stage.read("mentions").select(*_MENTION_COLUMNS).order_by("mention_id").to_pyarrow()
    given = stage.read("identifiers")
    usable = given.filter(given.valid & given.kind.isin(["phone", "vehicle", "account"]))
    identifiers = usable.select("mention_id", "kind", "value").distinct().to_pyarrow()
    asked = stage.inquiry.link
    policy = Policy(
        asked.linked_at,
        asked.review_from,
        asked.act_at,
        frozenset(agency.id for agency in stage.inquiry.agency if agency.ids_are_unique),
    )
    linked = link(mentions, identifiers, stage.read("decisions").to_pyarrow(), link_models(), policy)
    for name, table in (("links", linked.links), ("people", linked.people), ("link_quality", linked.quality)):
        stage.write(name, pa.table({column: table[column] for column in arrow_schema(name).names}))
