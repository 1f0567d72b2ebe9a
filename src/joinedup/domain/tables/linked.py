"""Which mentions are one person, and how that was found."""

from __future__ import annotations

from joinedup.domain.tables.shape import BEARER, EDITIONS, Kind, shape

LINKS = shape(
    "links",
    "One compared pair of mentions that was not plainly different.",
    "mention_l mention_r",
    ("mention_l", "text", "The mention with the smaller id."),
    ("mention_r", "text", "The mention with the larger id."),
    ("probability", "number", "Probability that they are one person, 0 to 1."),
    ("zone", "text", "linked, review or not_linked."),
    ("model", "text", "The model or rule that scored it, with its version."),
    (
        "weights",
        "text",
        "Where a model scored it, what each thing weighed in bits, as thing/level:weight separated by ';', the prior first.",
    ),
)

PEOPLE = shape(
    "people",
    "Which person each mention is.",
    "mention_id",
    ("mention_id", "text", "The mention."),
    ("person_id", "text", "The person linking makes of it."),
    ("agency", "text", "The mention's agency."),
    ("source_ref", "text", "The mention's own reference."),
    ("kind", "text", "child or adult: child when any mention is in the child role or under 18 at its first date."),
    *EDITIONS,
)

LAST_IDS = shape(
    "last_ids",
    "What the run was given of earlier runs' person ids: one mention that bears an id, or bore one before a merge.",
    "mention_id held_until person_id",
    *BEARER,
)

NEWS = shape(
    "news",
    "One thing that differs between what the run was made of and what the run was made of whose ids it carries on.",
    "kind what file",
    ("kind", "text", "new return, changed return, withdrawn return, decision, configuration, seed or version."),
    ("what", "text", "The thing."),
    ("file", "text", "For returns: the path below returns/."),
    ("subject", "text", "For decisions: what it is about."),
    ("other", "text", "For decisions: the second subject where there is one."),
)

FORMER_IDS = shape(
    "former_ids",
    "One mention that bore a person id before a merge; the id is given up, or borne by all who merged. Given back when they part again.",
    "mention_id held_until person_id",
    *BEARER,
)

IDENTITY_CHANGES = shape(
    "identity_changes",
    "One person of the run before and one of this run that have mentions in common, where people were merged or split in between.",
    "change_id before after",
    ("change_id", "text", "Stable id of the change; its rows are the persons of both runs that it touches."),
    ("change", "text", "merge, split, regrouped (both at once), or renamed (the same mentions under another id)."),
    ("before", "text", "The person in the run before."),
    ("after", "text", "The person in this run."),
    ("mentions", "integer", "Mentions the two have in common."),
    ("from_run", "text", "The run before."),
    (
        "cause",
        "text",
        "What of all that differs between the two runs can be behind it: returns and decisions that name its mentions, and settings and versions.",
    ),
)

LINK_QUALITY = shape(
    "link_quality",
    "One measured fact about the linking of this run.",
    "measure scope",
    ("measure", "text", "What was measured, e.g. pairs_scored, people_at_threshold, conflicts."),
    ("scope", "text", "What it was measured on: all, a threshold, an agency pair."),
    ("value", "number", "The figure."),
    ("means", "text", "The figure in a sentence."),
)

_RECORD: tuple[tuple[str, Kind, str], ...] = (
    ("model", "text", "The model: children or suspects."),
    ("mention_id", "text", "The mention; one that stands for its repeats stands once."),
    ("mark", "integer", "A hash of all it is compared by: another wherever anything of that differs."),
    ("component", "integer", "The group that likely pairs lead to, before conflicts are taken apart; the same number for the same group."),
)  # fmt: skip
_PAIR: tuple[tuple[str, Kind, str], ...] = (
    ("model", "text", "The model."),
    ("place_l", "integer", "The place of the first record among the model's, in the order of mention_id, from 0."),
    ("place_r", "integer", "The place of the second."),
    ("code", "integer", "How the two compare: one number for the levels reached on everything compared."),
)  # fmt: skip
_PARAMETERS: tuple[tuple[str, Kind, str], ...] = (
    ("model", "text", "The model."),
    ("document", "text", "The parameters, how common each name was taken to be, from how many records they were learnt and how many changed since, as JSON."),
)  # fmt: skip
_OF_LAST = "What the run was given of the last one's scores, so that only what is new is compared: "

SCORED_RECORDS = shape("scored_records", "One record that was compared, as the next run knows it again.", "model mention_id", *_RECORD)  # fmt: skip
SCORED_PAIRS = shape("scored_pairs", "One pair of records that was worth keeping for the next run: likely, or between two of one group.", "model place_l place_r", *_PAIR)  # fmt: skip
SCORE_PARAMETERS = shape("score_parameters", "What one model's pairs were scored with.", "model", *_PARAMETERS)
LAST_RECORDS = shape("last_records", _OF_LAST + "one row of scored_records.", "model mention_id", *_RECORD)
LAST_PAIRS = shape("last_pairs", _OF_LAST + "one row of scored_pairs.", "model place_l place_r", *_PAIR)
LAST_PARAMETERS = shape("last_parameters", _OF_LAST + "one row of score_parameters.", "model", *_PARAMETERS)

TABLES = (
    LINKS, PEOPLE, LAST_IDS, NEWS, FORMER_IDS, IDENTITY_CHANGES, LINK_QUALITY, SCORED_RECORDS, SCORED_PAIRS, SCORE_PARAMETERS,
    LAST_RECORDS, LAST_PAIRS, LAST_PARAMETERS,
)  # fmt: skip
