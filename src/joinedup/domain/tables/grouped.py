"""Which people, places and things belong together."""

from __future__ import annotations

from joinedup.domain.tables.shape import shape

EDGES = shape(
    "edges",
    "Two people tied by something both used.",
    "person_l person_r",
    ("person_l", "text", "The person with the smaller id."),
    ("person_r", "text", "The person with the larger id."),
    ("shared", "integer", "How many small entities they share."),
    (
        "probability",
        "number",
        (
            "Chance that they are two people who share that much, their mentions' links being uncertain (Poisson-binomial); "
            "of a trio's pair, that they belong together."
        ),
    ),
    ("reasons", "text", "JSON list of {kind, value, mentions} behind the tie."),
    (
        "how",
        "text",
        (
            "tie (two things or more), trio (one thing, and another with a third person: how a core without ties began), "
            "join (why two cores were made one) or attachment (of an attached member to others)."
        ),
    ),
)

INCIDENCES = shape(
    "incidences",
    "One source record that says one person used, lived at, was at or was named in one thing: the evidence behind ties.",
    "kind value person_id mention_id",
    ("person_id", "text", "The person, child or suspect."),
    (
        "kind",
        "text",
        "phone, vehicle, account, address (a home), place or record (one record that names several people).",
    ),
    ("value", "text", "The thing."),
    ("mention_id", "text", "The mention of the person that says so."),
    ("date", "date", "Earliest day of the events there; of a home or identifier, of the source record."),
    ("basis", "text", "fact, allegation, assessment: what the record rests on; several where it says several."),
    ("probability", "number", "Chance that the mention is of this person, by its surest chain of links."),
    (
        "use",
        "text",
        "may_tie, set_aside (shared by too many), one_household (used by one household only) or one_person.",
    ),
    ("agency", "text", "The agency whose record it is."),
    ("form", "text", "The form."),
    ("file", "text", "Path below returns/AGENCY/."),
    ("sheet", "text", "The sheet, or the part of an XML document."),
    ("row", "integer", "Row number in the file."),
)

HUBS = shape(
    "hubs",
    "An entity shared by so many people that it ties nobody.",
    "kind value",
    ("kind", "text", "phone, vehicle, account, address, place or record (one record that names several people)."),
    ("value", "text", "The entity."),
    ("people", "integer", "How many people share it."),
    ("cap", "integer", "The registry's cap for its kind."),
    ("state", "text", "set_aside, or brought_back or set_aside_by_decision by a person's decision."),
)

GROUPS = shape(
    "groups",
    "People tied together.",
    "group_id",
    ("group_id", "text", "Stable id of the group."),
    ("people", "integer", "Members."),
    ("children", "integer", "Members in the child role."),
    ("suspects", "integer", "Members in the suspect role."),
    ("agencies", "integer", "Agencies that hold some part of it."),
    ("first_date", "date", "Earliest event of a member."),
    ("last_date", "date", "Latest event of a member."),
    ("shared", "text", "What holds it together: kinds and numbers of shared entities, in a sentence."),
    ("stability", "number", "Mean of its members' stability."),
    ("cut_from", "integer", "People of the lump it was cut from, being too many for one group; empty when not cut."),
)

GROUP_MEMBERS = shape(
    "group_members",
    "One person in one group.",
    "group_id person_id",
    ("group_id", "text", "The group."),
    ("person_id", "text", "The member."),
    ("part", "text", "core or attached."),
    ("role", "text", "child, suspect, both or other."),
    (
        "stability",
        "number",
        "Share of 200 re-draws of uncertain links in which the person is grouped with half or more of the others.",
    ),
    ("attached_by", "integer", "How many things attach an attached member: 2 for two or more, else 1; empty for core."),
)

GROUP_LAYOUT = shape(
    "group_layout",
    "Where one person or thing of a group is drawn; at most 300 a group.",
    "group_id kind value",
    ("group_id", "text", "The group."),
    ("kind", "text", "person, or the kind of thing that two members or more share."),
    ("value", "text", "The person's id, or the thing."),
    ("x", "number", "From the left, 0 to 1."),
    ("y", "number", "From the top, 0 to 1."),
)

TABLES = (EDGES, INCIDENCES, HUBS, GROUPS, GROUP_MEMBERS, GROUP_LAYOUT)
