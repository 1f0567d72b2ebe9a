"""Who is on whose list, how many they are, and how many more."""

from __future__ import annotations

from joinedup.domain.tables.shape import NUMBER, shape

MEMBERSHIPS = shape(
    "memberships",
    "One person on one agency's list with one status.",
    "person_id list status",
    ("person_id", "text", "The person."),
    ("kind", "text", "child or suspect: the role they hold on this list."),
    ("list", "text", "The agency."),
    ("list_kind", "text", "The agency's kind."),
    ("status", "text", "known, suspected, at_risk or not_stated; for suspects charged, alleged or not_stated."),
    (
        "strongest",
        "truth",
        "Whether no list holds a stronger status of this person in this role (known > suspected > at_risk > not_stated; charged > alleged > not_stated).",
    ),
    ("first_date", "date", "Earliest event on this list with this status; empty when undated."),
    ("year", "text", "Calendar year of first_date, or 'not known'."),
    ("first_year", "text", "Year of the person's earliest dated concern on any list, or 'not known'."),
    ("age_band", "text", "Age at first concern in the registry's bands, or 'not known'."),
    ("sex", "text", "F, M, 'conflicting' or 'not known', over all mentions of the person."),
    ("area", "text", "Area of the earliest concern, or 'not known'."),
    ("lists", "integer", "How many lists hold the person in this role, with whatever status."),
    (
        "known_or_suspected",
        "truth",
        "Whether the status is known or suspected: the people a hidden number is first asked for.",
    ),
)

THREATS = shape(
    "threats",
    "One person in one role, and one kind of threat their records speak of.",
    "person_id kind threat",
    ("person_id", "text", "The person."),
    ("kind", "text", "child or suspect: the role."),
    ("status", "text", "Their strongest status in this role."),
    (
        "threat",
        "text",
        "localised, online, peer, familial, institutional or trafficking, by the registry's crosswalk; 'not known' where no record says one.",
    ),
    ("events", "integer", "Different events that say so; 0 where it is not known."),
)

COUNTS = shape(
    "counts",
    "One number of distinct people.",
    "population status dimension value",
    ("population", "text", "children or suspects."),
    (
        "status",
        "text",
        "known, suspected, at_risk, not_stated, alleged or charged (never added together); a person counts once, under their strongest status.",
    ),
    (
        "dimension",
        "text",
        "all, source, source_kind, year, area, age_band, sex, lists (how many lists hold the person), threat (a person can have several).",
    ),
    ("value", "text", "The category."),
    ("count", "integer", "Distinct people."),
    (
        "lower",
        "integer",
        "Lowest count the links allow: every pair held for review taken as one person, and everybody recorded too thinly to be recognised elsewhere taken as one of the others.",
    ),
    (
        "upper",
        "integer",
        "Highest count the links allow: only links certain enough to act on are kept; of a breakdown also what joining the pairs held for review, and those recorded too thinly, could bring under its value.",
    ),
    ("merged", "integer", "Count were every pair held for review one person; for the dimension all, else empty."),
    ("base", "integer", "Distinct people of the population with this status."),
    ("unknown", "integer", "Of the base, those whose value of the dimension is not known."),
    *NUMBER,
    (
        "corrected",
        "number",
        "The count of children as the review sample corrects it; empty without a sample.",
    ),
    ("corrected_lower", "number", "Lower limit of the corrected count, 95%."),
    ("corrected_upper", "number", "Upper limit of the corrected count, 95%."),
    ("returns", "integer", "Different returns that give the people counted a status: what the count stands on."),
    ("corrected_note", "text", "Why there is no corrected count, or no limits of it; empty where there are both."),
    (
        "thin",
        "integer",
        "Of the count, people recorded too thinly to be told from others (no full name, no forename with a date of birth, no number by which those with a name would be known): each may be one of the others, so that count less thin is how many can be told apart. For the dimension all, else empty.",
    ),
)

LISTED = shape(
    "listed",
    "One record that puts a child on its agency's list, with one status.",
    "mention_id status",
    ("mention_id", "text", "The mention."),
    ("list", "text", "The agency."),
    ("list_kind", "text", "The agency's kind."),
    ("status", "text", "known, suspected, at_risk or not_stated."),
    ("known_or_suspected", "truth", "Whether the status is known or suspected."),
)

SAMPLE_FRAME = shape(
    "sample_frame",
    "One record that could be drawn for the review sample.",
    "mention_id",
    ("mention_id", "text", "The mention."),
    ("stratum", "text", "Its stratum: kind of agency, whether it puts a child on a list, and how sure its links were."),
    ("probability", "number", "Its chance to be drawn and settled."),
    ("answered", "truth", "Whether it was drawn, and its answers are settled."),
)

SAMPLE_ANSWERS = shape(
    "sample_answers",
    "One record that the readers found to be of a drawn record's child.",
    "record mention_id",
    ("record", "text", "The drawn record, as a mention."),
    ("mention_id", "text", "The mention of the same child; the drawn one is among them."),
)

SAMPLE_AGREEMENT = shape(
    "sample_agreement",
    "How often the first two readers of the review sample gave one pair of answers.",
    "one other",
    ("one", "text", "The first reader's answer: same, unsure or different."),
    ("other", "text", "The second reader's."),
    ("pairs", "integer", "Pairs of records to which they gave these answers."),
)

CORRECTED_OVERLAPS = shape(
    "corrected_overlaps",
    "How many children hold one pattern of lists by the review sample; no rows without one.",
    "scope replicate pattern",
    ("scope", "text", "As in overlaps."),
    ("replicate", "integer", "0 for the corrected table; from 1, the table with the reviewed records drawn anew."),
    ("lists", "text", "The lists in order, separated by '|'."),
    ("pattern", "text", "One 0 or 1 per list, in that order."),
    ("count", "integer", "Children with exactly this pattern, none below nought."),
)

OVERLAPS = shape(
    "overlaps",
    "How many people hold one pattern of lists.",
    "scope pattern",
    ("scope", "text", "The population, status and stratum, e.g. children:known."),
    ("lists", "text", "The lists in order, separated by '|'."),
    ("pattern", "text", "One 0 or 1 per list, in that order."),
    ("count", "integer", "Distinct people with exactly this pattern."),
)

ESTIMATES = shape(
    "estimates",
    "One estimate of how many people there are, seen and unseen, or its refusal.",
    "scope method",
    ("scope", "text", "What is estimated and from which lists."),
    (
        "method",
        "text",
        "Chapman of two lists, by their names, or a log-linear model of all lists and how it was chosen.",
    ),
    ("observed", "integer", "Distinct people on the lists."),
    ("estimate", "number", "Estimated total, observed included; empty when refused."),
    ("lower", "number", "Lower limit; empty when refused."),
    ("upper", "number", "Upper limit; empty when refused, and where a total that is given has none."),
    ("nominal", "number", "Nominal level of the limits, e.g. 0.95."),
    ("refused", "text", "Why no estimate is given; empty when one is."),
    ("lifted_by", "text", "What would lift the refusal."),
    ("chosen", "truth", "Whether this is the estimate the report leads with."),
    ("assumptions", "text", "What must hold for it to mean anything, in sentences."),
    (
        "warnings",
        "text",
        "What speaks against it, in sentences: lists that feed one another, lists of one kind of child, thin overlaps; empty when nothing does.",
    ),
    *NUMBER,
    (
        "unreviewed",
        "text",
        "Why no headline is made of it although it is given: the links were not reviewed. Empty where a review sample corrects its table.",
    ),
    ("corrected_observed", "integer", "Distinct people on the lists by the review sample; empty without one."),
)

SENSITIVITIES = shape(
    "sensitivities",
    "What the estimate that leads comes to with one thing otherwise.",
    "scope place",
    ("scope", "text", "As in estimates."),
    ("place", "integer", "Its place in the scope."),
    (
        "kind",
        "text",
        "list left out, lists merged, more links missed, more false links, lists tied, model as good, prior and cap, or list as known truth.",
    ),
    ("change", "text", "Which lists, which share of links, which model, or which prior."),
    (
        "assumed",
        "number",
        "Of links the share, of a tie the logarithm of the odds ratio, of a model how far its BIC is above the lowest, of a prior the most thought possible as a multiple of those seen; else empty.",
    ),
    (
        "estimate",
        "number",
        "The total so; of a list as known truth, its people estimated from the other lists; empty when refused.",
    ),
    ("lower", "number", "Lower limit, of priors and known lists."),
    ("upper", "number", "Upper limit, of priors and known lists; empty where there is none."),
    ("ratio", "number", "The total over that of the same method with nothing otherwise; empty of known lists."),
    ("truth", "integer", "People on the known list."),
    ("held", "truth", "Whether the limits hold the people on the known list."),
    ("on_several", "integer", "People on two lists or more of the table it is made from: what it rests on."),
    ("refused", "text", "Why there is no total, or why it would be refused; empty otherwise."),
    *NUMBER,
)

REDRAWN = shape(
    "redrawn",
    "One share of the replicates of the estimate that leads, and the total that so many of them come to at most.",
    "scope drawn share",
    ("scope", "text", "As in estimates."),
    (
        "drawn",
        "text",
        "What was drawn again: people (with replacement, the model chosen anew each time) or links (what the review sample leaves open of them).",
    ),
    ("replicates", "integer", "How many replicates there are."),
    ("share", "number", "The share of them, from 0.025 to 0.975."),
    (
        "total",
        "number",
        "The total; empty where in more replicates than the rest no model can be fitted, which count as totals without end.",
    ),
    *NUMBER,
)

TABLES = (
    MEMBERSHIPS,
    THREATS,
    COUNTS,
    LISTED,
    SAMPLE_FRAME,
    SAMPLE_ANSWERS,
    SAMPLE_AGREEMENT,
    CORRECTED_OVERLAPS,
    OVERLAPS,
    ESTIMATES,
    SENSITIVITIES,
    REDRAWN,
)
