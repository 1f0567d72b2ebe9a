"""How the linking went: what was scored and joined, what the counts would be at other thresholds, and what was missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.link.clusters import Clusters, Edges, components
from joinedup.stats.distinct import distinct

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

ENVELOPE = (0.3, 0.5, 0.7, 0.9, 0.99)
_MISSING = {"dob": "date of birth", "postcode": "full postcode", "sex": "sex", "nhs_no": "valid NHS number"}

_CONFLICTS = {
    "nhs_no": "two valid NHS numbers",
    "nhs_no, by tokens": "two encoded NHS numbers",
    "upn, by tokens": "two encoded pupil numbers",
    "upn": "two valid pupil numbers",
    "decision": "two mentions a person has said are different",
}

_MEANS = {
    "encoded_mentions": "{value:,} mentions hold linkage tokens in place of names.",
    "encoded_without_key": "{value:,} encoded mentions were held against one another only: inquiry.toml names no token_key_file, so none could be held against names in the clear.",
    "encoded_under_another_key": "{value:,} encoded mentions were encoded under another key and can be held against none of the others; ask the agency to encode again.",
    "tokens_find_again": "Of the pairs of {scope} in the clear that are likely one person, tokens alone would have found {share:.1%}.",
    "tokens_alone_join": "Of the pairs of {scope} in the clear that tokens alone would have joined, {share:.1%} are not likely one person by what the records say.",
    "records_scored": "{value:,} different records of {scope} were compared; repeats of one record within an agency stand once.",
    "keys_set_aside": "{value:,} values were shared by too many {scope} to propose pairs.",
    "mentions_with_a_key_set_aside": "{value:,} records of {scope} carried such a value; their pairs were proposed by their other values alone.",
    "records_compared_again": "{value:,} records of {scope} were new or changed, or what they are compared by had changed, and were compared; the other scores are those of the run before.",
    "pairs_compared_again": "{value:,} pairs of {scope} were compared.",
    "changed_since_learnt": "{value:,} records of {scope} have come, gone or changed since the parameters were learnt; they are learnt anew once that is one in twenty.",
    "decisions_against_later_ones": "{value:,} decisions are set aside because later ones, taken together, say the opposite.",
    "decisions_not_applied": "{value:,} decisions name a mention that is not in this run, so they could not be applied.",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """What the measures are taken on."""

    mentions: pa.Table
    links: pa.Table
    pairs: Edges
    """The links by the numbers of mentions."""
    clusters: Clusters
    facts: list[tuple[str, str, float]]


def quality(scored: Scored, linked_at: float) -> pa.Table:
    """The rows of link_quality."""
    rows = [
        (name, scope, value, _MEANS[name].format(value=int(value), share=value, scope=scope))
        for name, scope, value in scored.facts
    ]
    rows += _of_links(scored.links)
    rows += _of_people(scored, linked_at)
    rows += _of_conflicts(scored.clusters)
    rows += _of_gaps(scored.mentions)
    names = ("measure", "scope", "value", "means")
    kinds = (pa.string(), pa.string(), pa.float64(), pa.string())
    return pa.table(
        {
            name: pa.array([row[place] for row in rows], kind)
            for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
        }
    )


def _of_links(links: pa.Table) -> list[tuple[str, str, float, str]]:
    zones = links["zone"]
    linked, review = (int(pc.sum(pc.equal(zones, zone)).as_py() or 0) for zone in ("linked", "review"))
    return [
        (
            "pairs_kept",
            "all",
            float(links.num_rows),
            f"{links.num_rows:,} pairs were not plainly different and are kept.",
        ),
        ("pairs_linked", "all", float(linked), f"{linked:,} pairs are taken as one person."),
        ("pairs_review", "all", float(review), f"{review:,} pairs are held for a person to review."),
    ]


def _of_people(scored: Scored, linked_at: float) -> list[tuple[str, str, float, str]]:
    size = scored.mentions.num_rows
    child = np.asarray(pc.fill_null(pc.equal(scored.mentions["role"], "child"), False), dtype=bool)
    rows = []
    for threshold in ENVELOPE:
        people = components(scored.pairs.where(scored.pairs.strength >= threshold), size)
        found = len(distinct(people[child]))
        rows.append(
            (
                "children_at_threshold", f"{threshold:g}", float(found),
                f"{found:,} different children if every pair with a probability of {threshold:g} or more is one person, before conflicts are taken apart.",
            )
        )  # fmt: skip
    component = scored.clusters.component
    children, everybody = len(distinct(component[child])), len(distinct(component))
    biggest = int(np.bincount(component).max()) if size else 0
    return [
        *rows,
        (
            "children",
            "all",
            float(children),
            f"{children:,} different children at the inquiry's threshold of {linked_at:g}.",
        ),
        (
            "people",
            "all",
            float(everybody),
            f"{everybody:,} different people, every mention counted once.",
        ),
        ("biggest_person", "all", float(biggest), f"The person with the most mentions has {biggest:,}."),
    ]


def _of_conflicts(clusters: Clusters) -> list[tuple[str, str, float, str]]:
    rows = [
        (
            "conflicts",
            kind,
            float(number),
            f"{number:,} groups of linked mentions held a conflict ({_CONFLICTS.get(kind, kind)}) and were not all joined.",
        )
        for kind, number in sorted(clusters.conflicts.items())
    ]
    rows.append(
        (
            "links_left_out",
            "all",
            float(clusters.left_out),
            f"{clusters.left_out:,} likely links were left out, because a conflict or the other links of the two people outweigh them.",
        )
    )
    rows.append(
        (
            "conflicts_that_stand",
            "all",
            float(clusters.unresolved),
            f"{clusters.unresolved:,} people still hold a conflict, because an agency's own person id or a decision says they are one.",
        )
    )
    return rows


def _of_gaps(mentions: pa.Table) -> list[tuple[str, str, float, str]]:
    rows = []
    child = mentions.filter(pc.fill_null(pc.equal(mentions["role"], "child"), False))
    for column, label in _MISSING.items():
        without = child.num_rows - int(pc.sum(_holds(child[column])).as_py() or 0)
        rows.append(_share(f"share_without_{column}", without, child.num_rows, f"no {label}"))
    nothing = pa.array(np.ones(child.num_rows, dtype=bool))
    for column in ("forename_fold", "surname_fold", "nhs_no", "upn"):
        nothing = pc.and_(nothing, pc.invert(_holds(child[column])))
    bare = int(pc.sum(nothing).as_py() or 0)
    means = "neither a name nor a valid number; only the agency's own person id can join them to another"
    return [*rows, _share("share_without_name_or_number", bare, child.num_rows, means)]


def _holds(column: Any) -> Any:
    return pc.fill_null(pc.and_kleene(pc.is_valid(column), pc.not_equal(column.cast(pa.string()), "")), False)


def _share(measure: str, without: int, of: int, what: str) -> tuple[str, str, float, str]:
    share = without / of if of else 0.0
    return (measure, "children", share, f"{without:,} of {of:,} mentions of children carry {what}.")
