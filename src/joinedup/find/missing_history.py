"""Missing and exploitation: of every child whether records show either, and how many show both."""

from __future__ import annotations

import ibis

from joinedup.domain.numbers import Recipe, number_id
from joinedup.find.records import Records

EXPLOITED = ("known", "suspected_or_at_risk", "not_recorded")
MISSING = ("missing", "not_missing", "cannot_be_told")
CANNOT_MEAN = (
    "A child on record as exploited is watched, and a child who is watched is reported missing sooner; a child reported "
    "missing is asked about exploitation. So recording of the one brings about recording of the other, and the figures say how "
    "records go together, not that going missing leads to exploitation or comes of it, nor how many of either there are."
)


def history_of(records: Records) -> ibis.Table:
    """The table `missing_history`: each child once.

    Missing cannot be told of a child without an episode, none of whose areas is among the areas of the children in anybody's
    missing episodes: nobody who would hold the child's episodes has sent any.
    """
    tables = records.tables
    episodes = records.events.filter(records.events.type == "missing_episode")
    episodes = episodes.filter(episodes.start.isnull() | (episodes.start.date() <= records.last))
    areas = tables["mentions"].filter(ibis._.area.fill_null("") != "").select("mention_id", "area")
    kinds = tables["events"].filter(ibis._.type == "missing_episode").select("event_id")
    named = tables["involvements"].semi_join(kinds, "event_id").select("mention_id").distinct()
    covered = areas.semi_join(named, "mention_id").select("area").distinct()
    of_child = tables["people"].select("mention_id", "person_id").join(areas, "mention_id").semi_join(covered, "area")
    children = records.children
    missing = episodes.select("person_id").distinct().mutate(went=True)
    asked = of_child.select("person_id").distinct().mutate(asked=True)
    standing = records.standing
    standing = standing.filter(standing.day.isnull() | (standing.day <= records.last))
    known = standing.group_by("person_id").aggregate(known=(standing.status == "known").any())
    joined = children
    for other in (missing, asked, known):
        joined = joined.left_join(other, "person_id").drop("person_id_right")
    return joined.select(
        "person_id",
        exploited=ibis.cases(
            (joined.known.fill_null(False), EXPLOITED[0]), (joined.known.notnull(), EXPLOITED[1]), else_=EXPLOITED[2]
        ),
        missing=ibis.cases(
            (joined.went.fill_null(False), MISSING[0]), (joined.asked.fill_null(False), MISSING[1]), else_=MISSING[2]
        ),
    )


def cells_of(history: ibis.Table) -> list[dict[str, object]]:
    """The rows of the table `associations`: how many children are in each cell, noughts told."""
    counted = history.group_by(["exploited", "missing"]).aggregate(count=history.count()).to_pyarrow().to_pylist()
    number = {(row["exploited"], row["missing"]): row["count"] for row in counted}
    return [
        {
            "exploited": one, "missing": other, "count": number.get((one, other), 0),
            "number_id": number_id("missing_and_exploited", one, other),
            "recipe": Recipe("missing_history", {"exploited": one, "missing": other}, "person_id").to_json(),
        }
        for one in EXPLOITED
        for other in MISSING
    ]  # fmt: skip
