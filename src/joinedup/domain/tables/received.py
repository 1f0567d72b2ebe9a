"""What agencies sent, and what a run is given beside it."""

from __future__ import annotations

from joinedup.domain.tables.shape import NUMBER, PLACE_IN_FILE, shape

RESPONSES = shape(
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
    *NUMBER,
)

RETURNS = shape(
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

MENTIONS = shape(
    "mentions",
    "One person as one source record names them.",
    "mention_id",
    ("mention_id", "text", "Stable id: agency, form and place in the source, hashed."),
    *PLACE_IN_FILE,
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

DESCRIPTIONS = shape(
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

EVENTS = shape(
    "events",
    "Something that happened or was done.",
    "event_id",
    ("event_id", "text", "Stable id, hashed from its place in the source."),
    *PLACE_IN_FILE,
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

INVOLVEMENTS = shape(
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

IDENTIFIERS = shape(
    "identifiers",
    "One identifier that one mention carries.",
    "mention_id kind value",
    ("mention_id", "text", "The mention."),
    (
        "kind",
        "text",
        "phone, vehicle, account, nhs_no, upn, address, postcode or local_id; token_ and a field's name for a linkage token.",
    ),
    ("value", "text", "Normalised value; equal to `raw` where it could not be normalised."),
    ("raw", "text", "Value as given."),
    ("valid", "truth", "Whether it passed its format and check digit."),
)

PROBLEMS = shape(
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

DECISIONS = shape(
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

TABLES = (RESPONSES, RETURNS, MENTIONS, DESCRIPTIONS, EVENTS, INVOLVEMENTS, IDENTIFIERS, PROBLEMS, DECISIONS)
