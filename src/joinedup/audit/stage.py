"""audit: pathways, what of them was late, left undone or contradicted, and each standard's and rule's bounds by agency."""

from __future__ import annotations

import ibis
import pyarrow as pa

from joinedup.audit.breaches import judge
from joinedup.audit.held import hold
from joinedup.audit.pathways import pathways_table
from joinedup.audit.records import Told, gather, held
from joinedup.audit.told import breaches_of, breaches_of_rule, reviews_of
from joinedup.audit.waits import quarters_of, timeliness_of
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.local_standards import all_standards
from joinedup.store.contract import StageRun, arrow_schema, from_rows

NAME = "audit"
READS = ("people", "involvements", "events", "mentions")
WRITES = ("pathways", "breaches", "reviews", "timeliness", "audit_quarters")


def run(stage: StageRun) -> None:
    """Follows every lead about a child and holds the standards and breach rules against it.

    A step counts as due when its clock ran out within the inquiry's period.
    """
    inquiry = stage.inquiry
    standards = list(all_standards(stage.inquiry_dir).values())
    records = gather(
        Told(*(stage.read(name) for name in READS)),
        inquiry.period.end,
        {agency.id: agency.name for agency in inquiry.agency},
        {agency.id: agency.nation for agency in inquiry.agency if agency.nation != "england"},
        standards,
    )
    rules = list(breach_rules().values())
    breaches: list[pa.Table] = []
    reviews: list[dict[str, object]] = []
    curves: list[dict[str, object]] = []
    quarters: list[dict[str, object]] = []
    pathways = [_shaped("pathways", pathways_table(records.first, records.cases, records.endings))]
    for done, standard in enumerate(standards):
        stage.progress(standard.title, done, len(standards) + len(rules))
        kept = held(hold(standard, records))
        breaches.append(_shaped("breaches", breaches_of(standard, kept)))
        reviews.extend(reviews_of(standard.id, standard.label, kept))
        curves.extend(timeliness_of(standard, kept, records.last))
        quarters.extend(quarters_of(standard, kept))
    for done, rule in enumerate(rules, start=len(standards)):
        stage.progress(rule.title, done, len(standards) + len(rules))
        judged, own = judge(rule, records)
        kept = held(judged)
        breaches.append(_shaped("breaches", breaches_of_rule(rule, kept)))
        reviews.extend(reviews_of(rule.id, rule.label, kept))
        if own is not None:
            pathways.append(_shaped("pathways", own))
    stage.write("pathways", pa.concat_tables(pathways))
    stage.write("breaches", pa.concat_tables(breaches))
    stage.write("reviews", from_rows("reviews", reviews))
    stage.write("timeliness", from_rows("timeliness", curves))
    stage.write("audit_quarters", from_rows("audit_quarters", quarters))


def _shaped(name: str, table: ibis.Table) -> pa.Table:
    """The table worked out, in the declared shape."""
    shaped: pa.Table = table.to_pyarrow().cast(arrow_schema(name))
    return shaped
