"""The shape of every table that passes between stages: the data dictionary, and the promise the store holds writers to.

A stage reads named tables and writes named tables; nothing else passes between them. Each shape here says, for every
column, its type and its meaning in one sentence, and by which columns the rows are ordered (so that the same inputs
give the same bytes). `joinedup show DIR TABLE` prints any of them; docs/reference/tables.md is made from this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "truth", "date", "moment"]
"""text | integer (64 bit) | number (double) | truth (boolean) | date | moment (timestamp, no zone, local time)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, type and meaning."""

    name: str
    kind: Kind
    means: str


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table: what a row is, its columns in order, and the columns that fix the order of rows."""

    name: str
    row: str
    columns: tuple[Column, ...]
    order: tuple[str, ...]

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        missing = [name for name in self.order if name not in names]
        if missing or len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: order names unknown columns {missing} or a column stands twice")

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)


def _shape(name: str, row: str, order: str, *columns: tuple[str, Kind, str]) -> TableShape:
    return TableShape(name, row, tuple(Column(*column) for column in columns), tuple(order.split()))


_PLACE_IN_FILE: tuple[tuple[str, Kind, str], ...] = (
    ("return_id", "text", "The return it came in: AGENCY@DATE-RECEIVED, or AGENCY@undated."),
    ("agency", "text", "The agency that sent it."),
    ("agency_kind", "text", "police, social_care, charity, school, health, youth_justice or other."),
    ("form", "text", "The registered form of the file."),
    ("file", "text", "Path of the file below returns/AGENCY/."),
    ("sheet", "text", "The form's sheet the row belongs to."),
    (
        "row",
        "integer",
        "Row number in the file as a person counts it, header row included; for XML the record's ordinal.",
    ),
)

_EDITIONS: tuple[tuple[str, Kind, str], ...] = (
    (
        "since",
        "integer",
        "The edition of the person ids the mention was first seen in: 1 is the first run's, and each run with something new makes one more.",
    ),
    ("person_since", "integer", "The edition in which the person id was first given."),
)

_BEARER: tuple[tuple[str, Kind, str], ...] = (
    ("mention_id", "text", "The mention."),
    ("person_id", "text", "The person id it bears or bore."),
    *_EDITIONS,
    (
        "held_until",
        "integer",
        "Empty while the mention bears the id; else the edition in which a merge ended what these mentions alone held, or in which they were gone.",
    ),
)

_NUMBER: tuple[tuple[str, Kind, str], ...] = (
    ("number_id", "text", "The number's trace id: `joinedup trace DIR NUMBER_ID` opens it."),
    ("recipe", "text", "How to recompute the number: JSON {table, where, distinct, total}; see domain.numbers.Recipe."),
)

RESPONSES = _shape(
    "responses",
    "One form asked of one agency.",
    "agency form",
    ("agency", "text", "The agency's id: its folder under returns/."),
    ("name", "text", "The agency's name."),
    ("kind", "text", "The agency's kind."),
    ("form", "text", "The form it was asked for, or sent without being asked."),
    ("asked", "truth", "Whether inquiry.toml asks this form of it."),
    ("state", "text", "data, holds_nothing, no_answer or unreadable (something came and no row of it could be read)."),
    ("due", "date", "The day the return was due; empty when no day was set."),
    (
        "received",
        "date",
        "The day the first return with this form was received, as its folder says; empty when not dated.",
    ),
    ("days_late", "integer", "Days from due to received; 0 when on time; empty when either is not known."),
    ("files", "integer", "Files used for this form."),
    ("rows", "integer", "Rows in those files."),
    ("used", "integer", "Rows used."),
    ("refused", "integer", "Rows refused."),
    *_NUMBER,
)

RETURNS = _shape(
    "returns",
    "One sheet of one file as received.",
    "agency file sheet",
    ("return_id", "text", "AGENCY@DATE-RECEIVED, or AGENCY@undated."),
    ("agency", "text", "The agency that sent it."),
    ("received", "date", "The day it was received, from the dated folder; empty when not dated."),
    ("file", "text", "Path below returns/AGENCY/."),
    ("sha256", "text", "SHA-256 of the file's bytes."),
    ("bytes", "integer", "Size of the file."),
    ("form", "text", "The form it was recognised as; empty when none."),
    ("sheet", "text", "The form's sheet; empty when the file was not read."),
    ("state", "text", "used, superseded, duplicate, unrecognised or unreadable."),
    ("replaced_by", "text", "For superseded and duplicate files: the return and file that stand in its place."),
    ("rows", "integer", "Rows in the sheet."),
    ("used", "integer", "Rows used in whole or part."),
    ("refused", "integer", "Rows refused; rows = used + refused."),
)

MENTIONS = _shape(
    "mentions",
    "One person as one source record names them.",
    "mention_id",
    ("mention_id", "text", "Stable id: agency, form and place in the source, hashed."),
    *_PLACE_IN_FILE,
    ("source_ref", "text", "The agency's own reference of the record or person."),
    (
        "local_id",
        "text",
        "The agency's own person id where it keeps one: same id, same agency, same person, says the agency.",
    ),
    ("role", "text", "child, suspect, witness or other, as the record has it."),
    ("forename", "text", "Forename(s) as given."),
    ("surname", "text", "Surname as given."),
    ("aliases", "text", "Other names as given, separated by ';'."),
    ("forename_fold", "text", "Forename(s) without case, accents and punctuation."),
    ("surname_fold", "text", "Surname without case, accents and punctuation."),
    ("dob", "date", "Date of birth; the first day of the month or year when only those are known."),
    (
        "dob_precision",
        "text",
        "day, month, year or placeholder (1 January, or another date the agency uses for 'unknown'); empty when none.",
    ),
    ("sex", "text", "F or M; empty when not known, indeterminate or not recorded."),
    ("postcode", "text", "Full postcode in standard spacing; empty when absent, partial or not valid."),
    ("outcode", "text", "Outward half of the postcode; present also where only that half is known."),
    ("address", "text", "Address as given."),
    ("address_fold", "text", "Address without case and punctuation, common words shortened."),
    ("nhs_no", "text", "NHS number when its check digit is right."),
    ("upn", "text", "Unique pupil number when its check letter is right."),
    ("area", "text", "Local area the record puts the person in: the agency's own area, else the outcode's letters."),
    ("first_date", "date", "Earliest date the record carries about the person, other than the date of birth."),
)

DESCRIPTIONS = _shape(
    "descriptions",
    "One descriptive attribute of one mention (ethnicity, nationality, religion, disability ...). Kept apart from mentions so that link, find and groups cannot read it.",
    "mention_id attribute raw",
    ("mention_id", "text", "The mention."),
    ("attribute", "text", "ethnicity, nationality, religion, disability, living_arrangement, relationship ..."),
    ("raw", "text", "The value exactly as given."),
    ("code", "text", "The code in its own scheme; empty when it is not a code of the scheme."),
    ("scheme", "text", "The code scheme, as registered; schemes are never merged here."),
    ("scheme_version", "text", "The scheme's version."),
    ("basis", "text", "self, officer, other or not_known: who said so."),
    ("state", "text", "recorded, refused, not_yet_obtained, not_stated, not_asked, ambiguous or not_in_scheme."),
)

EVENTS = _shape(
    "events",
    "Something that happened or was done.",
    "event_id",
    ("event_id", "text", "Stable id, hashed from its place in the source."),
    *_PLACE_IN_FILE,
    ("source_ref", "text", "The agency's own reference of the event."),
    ("case_ref", "text", "What ties events of one case together within a return: crime number, referral, episode."),
    ("type", "text", "A type of registry/event_types.yaml: missing_episode, referral, assessment, crime ..."),
    ("start", "moment", "When it began or happened."),
    ("start_precision", "text", "minute, day, month or year; empty when no start is known."),
    ("end", "moment", "When it ended; empty when open or instantaneous."),
    ("end_precision", "text", "minute, day, month or year; empty when no end is known."),
    ("code", "text", "The event's code in its scheme (referral source, offence, outcome, closure reason)."),
    ("scheme", "text", "The scheme of `code`."),
    ("outcome", "text", "Harmonised outcome, a value of registry/outcomes.yaml; empty when none is recorded."),
    ("place", "text", "Place, folded for comparison."),
    ("place_raw", "text", "Place as given."),
    ("details", "text", "JSON object of the further structural facts of the record, by registered name."),
)

INVOLVEMENTS = _shape(
    "involvements",
    "One mention's part in one event.",
    "event_id mention_id role",
    ("mention_id", "text", "The mention."),
    ("event_id", "text", "The event."),
    ("role", "text", "child, suspect, witness or other."),
    (
        "status",
        "text",
        "Of a child: known, suspected or at_risk of exploitation as this record has it, or not_stated (on a list that does not say); of a suspect: alleged, charged or not_stated; empty where the record says nothing of exploitation.",
    ),
    ("basis", "text", "fact, allegation or assessment."),
)

IDENTIFIERS = _shape(
    "identifiers",
    "One identifier that one mention carries.",
    "mention_id kind value",
    ("mention_id", "text", "The mention."),
    ("kind", "text", "phone, vehicle, account, nhs_no, upn, address, postcode or local_id."),
    ("value", "text", "Normalised value; equal to `raw` where it could not be normalised."),
    ("raw", "text", "Value as given."),
    ("valid", "truth", "Whether it passed its format and check digit."),
)

PROBLEMS = _shape(
    "problems",
    "One thing wrong in what was sent, where, and what was expected.",
    "agency file sheet row column message",
    ("return_id", "text", "The return."),
    ("agency", "text", "The agency."),
    ("file", "text", "Path below returns/AGENCY/."),
    ("sheet", "text", "Sheet, as named in the file or form."),
    ("row", "integer", "Row number as a person counts it; empty when it concerns the whole file."),
    ("column", "text", "Column heading as it stands in the file."),
    ("severity", "text", "refused_file, refused_row, lost_value, changed_value or note."),
    ("expected", "text", "What was expected."),
    ("message", "text", "What was found and how to mend it; never a personal value."),
)

DECISIONS = _shape(
    "decisions",
    "One decision of a named person that a run applies.",
    "sequence",
    ("sequence", "integer", "Order in the ledger."),
    ("kind", "text", "same_person, not_same_person, entity_is_not_a_hub, concern_reviewed ..."),
    ("subject", "text", "What it is about: an id of the kind's own sort."),
    ("other", "text", "The second subject where there is one."),
    ("judgement", "text", "What was decided."),
    ("reason", "text", "Why."),
    ("decided_by", "text", "Who."),
    ("decided_at", "text", "When, ISO 8601."),
    ("replaces", "integer", "The earlier decision it takes the place of; empty when none."),
)

LINKS = _shape(
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

PEOPLE = _shape(
    "people",
    "Which person each mention is.",
    "mention_id",
    ("mention_id", "text", "The mention."),
    ("person_id", "text", "The person linking makes of it."),
    ("agency", "text", "The mention's agency."),
    ("source_ref", "text", "The mention's own reference."),
    ("kind", "text", "child or adult: child when any mention is in the child role or under 18 at its first date."),
    *_EDITIONS,
)

LAST_IDS = _shape(
    "last_ids",
    "What the run was given of earlier runs' person ids: one mention that bears an id, or bore one before a merge.",
    "mention_id held_until person_id",
    *_BEARER,
)

NEWS = _shape(
    "news",
    "One thing that differs between what the run was made of and what the run was made of whose ids it carries on.",
    "kind what file",
    ("kind", "text", "new return, changed return, withdrawn return, decision, configuration, seed or version."),
    ("what", "text", "The thing."),
    ("file", "text", "For returns: the path below returns/."),
    ("subject", "text", "For decisions: what it is about."),
    ("other", "text", "For decisions: the second subject where there is one."),
)

FORMER_IDS = _shape(
    "former_ids",
    "One mention that bore a person id before a merge; the id is given up, or borne by all who merged. Given back when they part again.",
    "mention_id held_until person_id",
    *_BEARER,
)

IDENTITY_CHANGES = _shape(
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

LINK_QUALITY = _shape(
    "link_quality",
    "One measured fact about the linking of this run.",
    "measure scope",
    ("measure", "text", "What was measured, e.g. pairs_scored, people_at_threshold, conflicts."),
    ("scope", "text", "What it was measured on: all, a threshold, an agency pair."),
    ("value", "number", "The figure."),
    ("means", "text", "The figure in a sentence."),
)

MEMBERSHIPS = _shape(
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

THREATS = _shape(
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

COUNTS = _shape(
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
        "Lowest count the links allow: every pair held for review taken as one person, and everybody recorded too thinly to be recognised elsewhere taken as one of the others; for the dimension all, else empty.",
    ),
    (
        "upper",
        "integer",
        "Highest count the links allow: only links certain enough to act on are kept; for the dimension all, else empty.",
    ),
    ("merged", "integer", "Count were every pair held for review one person; for the dimension all, else empty."),
    ("base", "integer", "Distinct people of the population with this status."),
    ("unknown", "integer", "Of the base, those whose value of the dimension is not known."),
    *_NUMBER,
    (
        "corrected",
        "number",
        "The count as the review sample corrects it, for children and the dimension all; empty without a sample.",
    ),
    ("corrected_lower", "number", "Lower limit of the corrected count, 95%."),
    ("corrected_upper", "number", "Upper limit of the corrected count, 95%."),
)

LISTED = _shape(
    "listed",
    "One record that puts a child on its agency's list, with one status.",
    "mention_id status",
    ("mention_id", "text", "The mention."),
    ("list", "text", "The agency."),
    ("list_kind", "text", "The agency's kind."),
    ("status", "text", "known, suspected, at_risk or not_stated."),
    ("known_or_suspected", "truth", "Whether the status is known or suspected."),
)

SAMPLE_FRAME = _shape(
    "sample_frame",
    "One record that could be drawn for the review sample.",
    "mention_id",
    ("mention_id", "text", "The mention."),
    ("stratum", "text", "Its stratum: kind of agency, whether it puts a child on a list, and how sure its links were."),
    ("probability", "number", "Its chance to be drawn and settled."),
    ("answered", "truth", "Whether it was drawn, and its answers are settled."),
)

SAMPLE_ANSWERS = _shape(
    "sample_answers",
    "One record that the readers found to be of a drawn record's child.",
    "record mention_id",
    ("record", "text", "The drawn record, as a mention."),
    ("mention_id", "text", "The mention of the same child; the drawn one is among them."),
)

CORRECTED_OVERLAPS = _shape(
    "corrected_overlaps",
    "How many children hold one pattern of lists by the review sample; no rows without one.",
    "scope replicate pattern",
    ("scope", "text", "As in overlaps."),
    ("replicate", "integer", "0 for the corrected table; from 1, the table with the reviewed records drawn anew."),
    ("lists", "text", "The lists in order, separated by '|'."),
    ("pattern", "text", "One 0 or 1 per list, in that order."),
    ("count", "integer", "Children with exactly this pattern, none below nought."),
)

OVERLAPS = _shape(
    "overlaps",
    "How many people hold one pattern of lists.",
    "scope pattern",
    ("scope", "text", "The population, status and stratum, e.g. children:known."),
    ("lists", "text", "The lists in order, separated by '|'."),
    ("pattern", "text", "One 0 or 1 per list, in that order."),
    ("count", "integer", "Distinct people with exactly this pattern."),
)

ESTIMATES = _shape(
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
    ("upper", "number", "Upper limit; empty when refused."),
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
    *_NUMBER,
    (
        "unreviewed",
        "text",
        "Why no headline is made of it although it is given: the links were not reviewed. Empty where a review sample corrects its table.",
    ),
    ("corrected_observed", "integer", "Distinct people on the lists by the review sample; empty without one."),
)

EDGES = _shape(
    "edges",
    "Two people tied by something both used.",
    "person_l person_r",
    ("person_l", "text", "The person with the smaller id."),
    ("person_r", "text", "The person with the larger id."),
    ("shared", "integer", "How many small entities they share."),
    (
        "probability",
        "number",
        "Chance that they are two people who share that much, their mentions' links being uncertain (Poisson-binomial).",
    ),
    ("reasons", "text", "JSON list of {kind, value, mentions} behind the tie."),
    (
        "how",
        "text",
        "tie (two things or more), join (why two cores were made one) or attachment (of an attached member to others).",
    ),
)

INCIDENCES = _shape(
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

HUBS = _shape(
    "hubs",
    "An entity shared by so many people that it ties nobody.",
    "kind value",
    ("kind", "text", "phone, vehicle, account, address, place or record (one record that names several people)."),
    ("value", "text", "The entity."),
    ("people", "integer", "How many people share it."),
    ("cap", "integer", "The registry's cap for its kind."),
    ("state", "text", "set_aside, or brought_back or set_aside_by_decision by a person's decision."),
)

GROUPS = _shape(
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

GROUP_MEMBERS = _shape(
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

GROUP_LAYOUT = _shape(
    "group_layout",
    "Where one person or thing of a group is drawn; at most 300 a group.",
    "group_id kind value",
    ("group_id", "text", "The group."),
    ("kind", "text", "person, or the kind of thing that two members or more share."),
    ("value", "text", "The person's id, or the thing."),
    ("x", "number", "From the left, 0 to 1."),
    ("y", "number", "From the top, 0 to 1."),
)

CONCERNS = _shape(
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

RULE_COVERAGE = _shape(
    "rule_coverage",
    "How often one rule fired, did not, or could not be evaluated.",
    "rule",
    ("rule", "text", "The rule."),
    ("pack", "text", "Its pack and version."),
    ("fired", "integer", "Children for whom it fired."),
    ("not_fired", "integer", "Children whose records allow it and for whom it did not."),
    ("not_evaluable", "integer", "Children whose records do not hold what it needs."),
    *_NUMBER,
)

UNSEEN = _shape(
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

LOOKING = _shape(
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

MISSING_HISTORY = _shape(
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

ASSOCIATIONS = _shape(
    "associations",
    "How many children records show as exploited or not and as missing or not.",
    "exploited missing",
    ("exploited", "text", "As in missing_history."),
    ("missing", "text", "As in missing_history."),
    ("count", "integer", "Children."),
    *_NUMBER,
)

PATHWAYS = _shape(
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

BREACHES = _shape(
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

REVIEWS = _shape(
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
    *_NUMBER,
)

TIMELINESS = _shape(
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
    *_NUMBER,
)

AUDIT_QUARTERS = _shape(
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
    *_NUMBER,
)

PROFILES = _shape(
    "profiles",
    "How many of one population hold one value of one attribute.",
    "population attribute value",
    ("population", "text", "children:known, children:suspected, children:at_risk, suspects:alleged ..."),
    (
        "attribute",
        "text",
        "age_band, sex, area, first_year, living_arrangement, threat; ethnicity, disability, relationship ... with scheme and basis (self, officer, other) in brackets.",
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
    *_NUMBER,
)

PROFILE_BOUNDS = _shape(
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

PERSON_ATTRIBUTES = _shape(
    "person_attributes",
    "One attribute of one person as their mentions have it: the rows behind every profile. Never read by link, find or groups.",
    "population attribute person_id value",
    ("person_id", "text", "The person."),
    ("population", "text", "children or suspects, and the strongest status, e.g. children:known."),
    ("attribute", "text", "The attribute, its code scheme in brackets where it has one."),
    ("value", "text", "The one value all mentions give, 'conflicting' where they differ, or the way it is not known."),
    ("known", "truth", "Whether the value is a known one."),
)

CLAIMS = _shape(
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

FINDINGS = _shape(
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

RECOMMENDATIONS = _shape(
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

CHECKS = _shape(
    "checks",
    "One thing held against the report before it may be published.",
    "place",
    ("place", "integer", "Its place in the list."),
    ("check", "text", "arithmetic, bounds, findings, linkage, answers or follow-up."),
    ("standing", "text", "passed, warning, or blocking: not to be published until it is mended."),
    ("subject", "text", "The number, finding or thing it is about."),
    ("message", "text", "The outcome, in a sentence."),
)

RELEASED = _shape(
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

SHAPES: dict[str, TableShape] = {
    shape.name: shape
    for shape in (
        LOOKING, MISSING_HISTORY, ASSOCIATIONS,
        RESPONSES, RETURNS, MENTIONS, DESCRIPTIONS, EVENTS, INVOLVEMENTS, IDENTIFIERS, PROBLEMS, DECISIONS,
        LINKS, PEOPLE, LINK_QUALITY, MEMBERSHIPS, THREATS, COUNTS, OVERLAPS, ESTIMATES, INCIDENCES, EDGES, HUBS,
        GROUPS, GROUP_MEMBERS, GROUP_LAYOUT,
        LAST_IDS, NEWS, FORMER_IDS, IDENTITY_CHANGES, LISTED, SAMPLE_FRAME, SAMPLE_ANSWERS, CORRECTED_OVERLAPS,
        CONCERNS, RULE_COVERAGE, UNSEEN, PATHWAYS, BREACHES, REVIEWS, TIMELINESS, AUDIT_QUARTERS, PROFILES, PROFILE_BOUNDS, PERSON_ATTRIBUTES, CLAIMS, FINDINGS, RECOMMENDATIONS,
        RELEASED, CHECKS,
    )
}  # fmt: skip
"""Every table of a run, by name."""

GIVEN = ("decisions", "last_ids", "news", "sample_frame", "sample_answers")
"""The tables a run is given before its first stage: no stage writes them."""
