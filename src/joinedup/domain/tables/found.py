"""Which children look at risk, and who is looking."""

from __future__ import annotations

from joinedup.domain.tables.shape import NUMBER, shape

CONCERNS = shape(
    "concerns",
    "One reason for a person to look at one child.",
    "person_id rule window_start",
    ("person_id", "text", "The child."),
    ("rule", "text", "The rule that fired."),
    ("pack", "text", "The rule's pack and version."),
    ("reason", "text", "The reason in a sentence a practitioner reads."),
    ("evidence", "text", "JSON list of the event ids behind it."),
    ("agencies", "text", "The agencies that hold the evidence, separated by '|'."),
    ("window_start", "date", "First day of the evidence."),
    ("window_end", "date", "Last day of the evidence."),
    ("not_recorded", "text", "What was not recorded that the rule would have used."),
    ("clears", "text", "What would clear it."),
)

RULE_COVERAGE = shape(
    "rule_coverage",
    "How often one rule fired, did not, or could not be evaluated.",
    "rule",
    ("rule", "text", "The rule."),
    ("pack", "text", "Its pack and version."),
    ("fired", "integer", "Children for whom it fired."),
    ("not_fired", "integer", "Children whose records allow it and for whom it did not."),
    ("not_evaluable", "integer", "Children whose records do not hold what it needs."),
    *NUMBER,
)

UNSEEN = shape(
    "unseen",
    "A child with concerns whom no agency that holds a part of them is looking at.",
    "rank",
    ("rank", "integer", "Place in the order: latest concern, then independent sources, then kinds of concern."),
    ("person_id", "text", "The child."),
    ("reasons", "text", "The reasons, one a line."),
    ("sources", "integer", "Agencies whose records give a concern."),
    ("kinds", "integer", "Different rules that fired."),
    ("latest", "date", "Last day of the latest concern."),
    ("who_knows", "text", "Agencies that hold a part of it, separated by '|'."),
    ("who_does_not", "text", "Agencies that know the child and hold none of it, separated by '|'."),
    (
        "state",
        "text",
        "nobody: nothing is open; elsewhere: work is open, but only at agencies that hold no part of it.",
    ),
    ("open_at", "text", "Agencies with work open on the last day, separated by '|'; none of them holds a part of it."),
    ("open_since", "date", "First day of that open work; empty where nothing is open."),
    ("not_evaluable", "text", "Rules that the child's records do not allow to be evaluated, separated by '|'."),
)

LOOKING = shape(
    "looking",
    "One span in which one agency had one piece of work open about one child.",
    "person_id since agency type event_id",
    ("person_id", "text", "The child."),
    ("agency", "text", "The agency."),
    ("type", "text", "The type of work, an event type of the registry."),
    ("since", "date", "First day."),
    ("until", "date", "Day it ended, no longer open on it; empty while it goes on."),
    ("event_id", "text", "The event that is the work."),
)

MISSING_HISTORY = shape(
    "missing_history",
    "One child, by whether records show exploitation and going missing.",
    "person_id",
    ("person_id", "text", "The child."),
    ("exploited", "text", "known, suspected_or_at_risk or not_recorded, by the strongest status of any record."),
    (
        "missing",
        "text",
        "missing, not_missing, or cannot_be_told: nobody who would hold the child's episodes sent any.",
    ),
)

ASSOCIATIONS = shape(
    "associations",
    "How many children records show as exploited or not and as missing or not.",
    "exploited missing",
    ("exploited", "text", "As in missing_history."),
    ("missing", "text", "As in missing_history."),
    ("count", "integer", "Children."),
    *NUMBER,
)

TABLES = (CONCERNS, RULE_COVERAGE, UNSEEN, LOOKING, MISSING_HISTORY, ASSOCIATIONS)
