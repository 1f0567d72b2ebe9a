"""What was found, what follows, and what was published."""

from __future__ import annotations

from joinedup.domain.tables.shape import shape

FINDINGS = shape(
    "findings",
    "One sentence of the report with its numbers.",
    "place",
    ("place", "integer", "Its place in the report."),
    ("headline", "truth", "Whether it stands on the report's first page."),
    ("finding_id", "text", "Stable id, chapter and ordinal."),
    ("chapter", "text", "The report's chapter."),
    ("sentence", "text", "The finding, its numbers as released."),
    ("numbers", "text", "JSON list of the trace ids in the sentence."),
    ("wrong_if", "text", "What would have to be different for it to be wrong."),
    ("draft", "truth", "Whether it stands as a rule drafted it; false once an analyst's findings.toml holds it."),
    ("template", "text", "The sentence with its numbers by id, as findings.toml takes it."),
)

RECOMMENDATIONS = shape(
    "recommendations",
    "One thing that should be done, and the findings it follows from.",
    "recommendation_id action_id",
    ("recommendation_id", "text", "Stable id."),
    ("action", "text", "What should be done."),
    ("owner", "text", "Who should do it."),
    ("findings", "text", "Finding ids, separated by '|'."),
    ("action_id", "text", "The action's id in recommendations.toml; empty for a draft."),
    ("recommendation", "text", "The recommendation the action is part of; empty for a draft."),
    ("due", "date", "The day it is due; empty when no day is set."),
    (
        "status",
        "text",
        "draft (made by a rule), or as recommendations.toml has it: open, in_progress, done, not_accepted, replaced.",
    ),
    ("evidence", "text", "JSON list of what was seen of it: on, says, source."),
)

CHECKS = shape(
    "checks",
    "One thing held against the report before it may be published.",
    "place",
    ("place", "integer", "Its place in the list."),
    ("check", "text", "arithmetic, bounds, findings, linkage, answers or follow-up."),
    ("standing", "text", "passed, warning, or blocking: not to be published until it is mended."),
    ("subject", "text", "The number, finding or thing it is about."),
    ("message", "text", "The outcome, in a sentence."),
)

RELEASED = shape(
    "released",
    "One number as published, with the rule that protected it.",
    "number_id",
    ("number_id", "text", "The number's trace id."),
    ("label", "text", "What it counts, in words."),
    ("exact", "number", "The exact value; never published."),
    ("shown", "text", "The value as published."),
    ("rule", "text", "The disclosure rule applied."),
    ("recipe", "text", "How to recompute the exact value."),
    ("least", "integer", "The smallest count that may stand behind what is shown; empty where nothing is."),
    ("most", "integer", "The largest count that may stand behind what is shown; empty where nothing is."),
)

TABLES = (FINDINGS, RECOMMENDATIONS, CHECKS, RELEASED)
