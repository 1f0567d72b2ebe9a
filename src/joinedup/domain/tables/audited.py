"""Whether each lead was properly investigated."""

from __future__ import annotations

from joinedup.domain.tables.shape import NUMBER, shape

PATHWAYS = shape(
    "pathways",
    "One lead followed from its start to its end.",
    "pathway_id",
    ("pathway_id", "text", "Stable id."),
    (
        "kind",
        "text",
        "missing_episode, referral, crime, exploitation_meeting (on a meeting's list), flag (the first time an agency flagged the child) or closures (a month of closings in bulk).",
    ),
    ("person_id", "text", "The child; empty for a month of closings in bulk, which is about no one child."),
    ("agency", "text", "The agency that answers for it."),
    ("started", "moment", "When the clock began."),
    ("ended", "moment", "When it was closed; empty when open."),
    ("events", "text", "JSON list of its event ids in order."),
)

BREACHES = shape(
    "breaches",
    "One step of one pathway that was late, missing or contradicted.",
    "pathway_id rule",
    ("pathway_id", "text", "The pathway."),
    ("person_id", "text", "The child; empty for a month of closings in bulk."),
    ("agency", "text", "The agency that answers for it."),
    ("rule", "text", "The standard or breach rule."),
    ("reason", "text", "What was not done, or what stands against it, in a sentence."),
    ("due", "moment", "When the step was due."),
    ("done", "moment", "When it was done; empty when never."),
    (
        "outcome",
        "text",
        "late, not_done or contradicted (a record stands against how it was ended); where the record cannot tell there is no breach, and reviews.not_recorded counts it.",
    ),
    ("evidence", "text", "JSON list of event ids."),
)

REVIEWS = shape(
    "reviews",
    "One standard held against one agency's pathways.",
    "rule agency",
    ("rule", "text", "The audit rule."),
    ("agency", "text", "The agency, or all."),
    ("due", "integer", "Pathways whose step fell due within the data."),
    ("met", "integer", "Of those, done in time."),
    ("breached", "integer", "Of those, late or not done."),
    ("not_recorded", "integer", "Of those, the record cannot tell."),
    ("share_lower", "number", "Lowest share met the unknowns allow, with sampling limits where a sample."),
    ("share_upper", "number", "Highest share met the unknowns allow."),
    ("standard", "text", "The standard and its source."),
    *NUMBER,
)

TIMELINESS = shape(
    "timeliness",
    "One point of one standard's Kaplan-Meier curve: how many steps were taken by then, open cases counting for as long as they were watched.",
    "rule agency after",
    ("rule", "text", "The standard."),
    ("agency", "text", "The agency, or all."),
    ("unit", "text", "hours, calendar_days or working_days."),
    ("after", "number", "The time since the clock began, in that unit."),
    ("at_risk", "integer", "Cases watched to that time and still waiting then."),
    ("percent_taken", "number", "Percentage of steps taken by that time, 0 to 100."),
    ("lower", "number", "Lower 95% limit of it (log-log); empty where there is none."),
    ("upper", "number", "Upper 95% limit of it."),
    *NUMBER,
)

AUDIT_QUARTERS = shape(
    "audit_quarters",
    "One standard in one quarter, over all agencies, with its place in an XmR chart.",
    "rule quarter",
    ("rule", "text", "The standard."),
    ("quarter", "text", "The quarter in which the step fell due, e.g. 2010 Q1."),
    ("due", "integer", "Pathways whose step fell due."),
    ("met", "integer", "Of those, done in time."),
    ("not_recorded", "integer", "Of those, the record cannot tell."),
    ("share", "number", "met of those the record can tell of; empty when it can tell of none."),
    ("mean", "number", "Mean share over the quarters; empty with fewer than six."),
    ("lower", "number", "Lower limit of what chance explains, not below 0."),
    ("upper", "number", "Upper limit of what chance explains, not above 1."),
    ("signal", "text", "outside, shift (seven on one side), trend (seven rising or falling), or empty."),
    *NUMBER,
)

TABLES = (PATHWAYS, BREACHES, REVIEWS, TIMELINESS, AUDIT_QUARTERS)
