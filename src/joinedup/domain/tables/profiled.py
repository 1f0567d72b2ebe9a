"""Who they are, as far as the data can say."""

from __future__ import annotations

from joinedup.domain.tables.shape import NUMBER, shape

PROFILES = shape(
    "profiles",
    "How many of one population hold one value of one attribute.",
    "population attribute value",
    ("population", "text", "children:known, children:suspected, children:at_risk, suspects:alleged ..."),
    (
        "attribute",
        "text",
        "age_band, sex, area, first_year, living_arrangement, threat, environment; ethnicity, nationality, disability, relationship ... with scheme and basis (self, officer, other) in brackets.",
    ),
    ("value", "text", "The value; each way of not knowing is a value of its own."),
    ("count", "integer", "People with it."),
    ("base", "integer", "People of the population."),
    ("unknown", "integer", "People whose value is not known, for whatever reason."),
    ("known", "truth", "Whether the value is a known one."),
    (
        "share_known",
        "number",
        "Share of those known, 0 to 1; empty for ways of not knowing and where more than 5% is unknown.",
    ),
    ("lower", "number", "Lowest share of the base the unknowns allow; for suspects, and the links."),
    ("upper", "number", "Highest share of the base the unknowns allow; for suspects, and the links."),
    (
        "merges",
        "integer",
        "How many fewer people the population is, were every pair held for review one; suspects only.",
    ),
    ("splits", "integer", "How many more it is, were only links certain enough to act on kept; suspects only."),
    *NUMBER,
)

PROFILE_BOUNDS = shape(
    "profile_bounds",
    "What the share of one known value can be under one assumption, from nothing assumed to much assumed.",
    "population attribute value place",
    ("population", "text", "As in profiles."),
    ("attribute", "text", "As in profiles."),
    ("value", "text", "A known value."),
    ("place", "integer", "The rung: 1 assumes nothing."),
    ("assumption", "text", "What is assumed, in words; 'scenario: ...' is never a finding by itself."),
    (
        "ratio",
        "number",
        "By how much the odds of those not known may differ; infinite for nothing assumed, empty for a scenario.",
    ),
    ("lower", "number", "Lowest share under it."),
    ("upper", "number", "Highest share under it."),
    ("lower_limit", "number", "Lower 95% limit: the lowest share, with chance among those known (Wilson)."),
    ("upper_limit", "number", "Upper 95% limit, likewise."),
)

PERSON_ATTRIBUTES = shape(
    "person_attributes",
    "One attribute of one person as their mentions have it: the rows behind every profile. Never read by link, find or groups.",
    "population attribute person_id value",
    ("person_id", "text", "The person."),
    ("population", "text", "children or suspects, and the strongest status, e.g. children:known."),
    ("attribute", "text", "The attribute, its code scheme in brackets where it has one."),
    ("value", "text", "The one value all mentions give, 'conflicting' where they differ, or the way it is not known."),
    ("known", "truth", "Whether the value is a known one."),
)

CLAIMS = shape(
    "claims",
    "One claim of inquiry.toml held against the data.",
    "claim",
    ("claim", "text", "The claim as written."),
    ("verdict", "text", "supported, contradicted or cannot be told."),
    ("lower", "number", "Lowest value the data allow."),
    ("upper", "number", "Highest value the data allow."),
    ("unknown_share", "number", "Share of the base not known."),
    ("settled_by", "text", "What would settle it."),
    ("read_as", "text", "The populations, attributes and values it was read as, separated by ';'."),
)

TABLES = (PROFILES, PROFILE_BOUNDS, PERSON_ATTRIBUTES, CLAIMS)
