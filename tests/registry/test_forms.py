from __future__ import annotations

import re
from collections import Counter

import pyarrow as pa
import pytest
from pydantic import ValidationError

from joinedup.collect.recognise import Recognised, recognise
from joinedup.collect.sheets import RawSheet, text_table
from joinedup.link.tokens import EXACT, FUZZY, KEY
from joinedup.registry.code_sets import code_sets
from joinedup.registry.events import event_types, outcomes
from joinedup.registry.forms import Form, FormColumn, Sheet, forms

OURS = {
    "people", "police_missing", "police_crime", "intelligence",
    "meeting_list", "online_reports", "charity_referrals",
    "health_contacts", "school_exclusions", "youth_justice", "encoded_people",
}  # fmt: skip
PUBLIC = {"cin_census", "ssda903", "annex_a", "school_census"}
SHEETS = [pytest.param(form, sheet, id=f"{form.id}-{sheet.id}") for form in forms().values() for sheet in form.sheets]
MENTION_FIELDS = {
    "source_ref", "local_id", "forename", "surname", "aliases", "dob", "sex", "postcode", "address", "nhs_no", "upn",
}  # fmt: skip
IDENTIFIER_KINDS = {"phone", "vehicle", "account", "nhs_no", "upn", "address", "postcode", "local_id"}
TOKENS = {f"token_{field}" for field in (*EXACT, *FUZZY, KEY)}
EXPLOITATION_STATUS = {"known", "suspected", "at_risk", "not_stated", "alleged", "charged"}


def fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_every_form_the_design_names_is_registered():
    assert set(forms()) == OURS | PUBLIC
    assert {form.id for form in forms().values() if form.ours} == OURS


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.id)
def test_a_form_says_where_it_comes_from(form: Form):
    assert form.source.strip()
    assert form.about.strip()
    assert form.version.strip()


@pytest.mark.parametrize(("form", "sheet"), SHEETS)
def test_a_heading_names_one_column(form: Form, sheet: Sheet):
    meant: dict[str, set[str]] = {}
    for column in sheet.columns:
        for name in (column.id, column.label, *column.synonyms):
            meant.setdefault(fold(name), set()).add(column.id)
    assert {name: columns for name, columns in meant.items() if len(columns) > 1} == {}
    assert max(Counter(column.id for column in sheet.columns).values()) == 1


@pytest.mark.parametrize(("form", "sheet"), SHEETS)
def test_columns_of_codes_have_a_code_set_and_every_code_set_named_exists(form: Form, sheet: Sheet):
    for column in sheet.columns:
        if column.type in {"code", "codes", "sex", "role", "status"}:
            assert column.codes in code_sets(), f"{column.id} names {column.codes}"
        else:
            assert column.codes is None, f"{column.id} has a code set and is {column.type}"


@pytest.mark.parametrize(("form", "sheet"), SHEETS)
def test_ethnicity_nationality_religion_and_language_are_never_used_to_link(form: Form, sheet: Sheet):
    for column in sheet.columns:
        words = f"{column.id} {column.label} {column.codes or ''}".lower()
        if re.search(r"ethnic|national|relig|faith|language|\bic code", words):
            assert column.flag == "never", f"{column.id} is {column.flag}"
    never = {column.id for column in sheet.columns if column.flag == "never"}
    for mention in sheet.mentions:
        used = {*mention.key, *mention.when, *mention.fields.values(), *mention.identifiers.values()}
        assert not used & never
        assert never <= {describe.column for describe in mention.describe.values()} | {
            describe.column for other in sheet.mentions for describe in other.describe.values()
        }
    for event in sheet.events:
        spoken = {*event.details, *event.key, *event.when, *event.when_code, event.code, event.place, event.outcome}
        assert not spoken & never


@pytest.mark.parametrize(("form", "sheet"), SHEETS)
def test_mentions_fill_columns_of_the_table_and_known_identifiers(form: Form, sheet: Sheet):
    assert sheet.mentions
    for mention in sheet.mentions:
        assert set(mention.fields) <= MENTION_FIELDS
        assert set(mention.identifiers) <= IDENTIFIER_KINDS | TOKENS
        assert mention.role in {"child", "suspect", "witness", "other"} or sheet.column(mention.role).type == "role"
        for column in {*mention.fields.values(), *mention.identifiers.values()}:
            assert sheet.column(column).flag == "match" or column in {"source_ref", "report_ref"}, column


@pytest.mark.parametrize(("form", "sheet"), SHEETS)
def test_events_have_known_types_dates_outcomes_and_codes(form: Form, sheet: Sheet):
    for event in sheet.events:
        assert event.type in event_types()
        for when in (event.start, event.end):
            assert when is None or sheet.column(when).type in {"date", "moment"}, f"{event.id}: {when}"
        if event.code:
            assert sheet.column(event.code).type == "code"
        if event.place:
            assert sheet.column(event.place).type == "place"
        if event.outcome and event.outcome.startswith("="):
            assert event.outcome[1:] in outcomes()
        elif event.outcome:
            meant = {code.means for code in code_sets()[str(sheet.column(event.outcome).codes)].codes.values()}
            assert meant - {""} <= set(outcomes())
            assert meant - {""}
        for column, among in event.when_code.items():
            assert_codes(sheet.column(column), among)
        assert event.involve
        for part in event.involve:
            for rule in part.status_when:
                assert_codes(sheet.column(rule.column), rule.among)
            assert (
                part.status is None or part.status in EXPLOITATION_STATUS or sheet.column(part.status).type == "status"
            )


def assert_codes(column: FormColumn, among: tuple[str, ...]) -> None:
    known = {"yes", "no"} if column.type == "yes_no" else set(code_sets()[str(column.codes)].codes)
    assert set(among) <= known, f"{column.id}: {set(among) - known}"


@pytest.mark.parametrize("form_id", sorted(OURS))
def test_an_own_form_gives_each_row_its_reference_and_each_person_one_mention_a_row(form_id: str):
    form = forms()[form_id]
    assert len(form.sheets) == 1
    sheet = form.sheets[0]
    assert sheet.column("source_ref").required
    assert "source_ref" in sheet.recognise
    for mention in sheet.mentions:
        assert mention.key == ()
        assert mention.fields["source_ref"] == "source_ref"


@pytest.mark.parametrize("form_id", sorted(PUBLIC))
def test_a_person_of_a_public_standard_is_one_mention_over_all_sheets(form_id: str):
    for sheet in forms()[form_id].sheets:
        for mention in sheet.mentions:
            assert len(mention.key) == 1
            assert sheet.column(mention.key[0]).required
            assert mention.fields["local_id"] == mention.key[0]


def test_people_is_the_form_others_script_against():
    columns = forms()["people"].sheets[0].columns
    assert [column.label for column in columns] == [
        "source_ref",
        "role",
        "forename",
        "surname",
        "aliases",
        "dob",
        "sex",
        "postcode",
        "address",
        "phones",
        "vehicles",
        "accounts",
        "nhs_no",
        "upn",
        "ethnicity",
        "event_date",
    ]


def test_the_looked_after_return_says_nothing_of_exploitation():
    for sheet in forms()["ssda903"].sheets:
        for event in sheet.events:
            assert all(part.status is None and not part.status_when for part in event.involve)


def test_only_factors_of_exploitation_make_a_census_child_suspected():
    found = [
        (event.type, rule.among, rule.status, part.basis)
        for sheet in forms()["cin_census"].sheets
        for event in sheet.events
        for part in event.involve
        for rule in part.status_when
    ]
    assert found == [("assessment", ("11A", "24A"), "suspected", "assessment")]


def raw_sheet(headings: list[str]) -> RawSheet:
    cells = [pa.array(["x"], pa.string()) for _ in headings]
    return RawSheet("sheet 1", tuple(headings), text_table(cells), pa.array([2], pa.int64()))


@pytest.mark.parametrize(("form", "sheet"), SHEETS)
def test_a_sheet_with_a_forms_headings_is_recognised_as_that_sheet(form: Form, sheet: Sheet):
    """Whether the headings are labels, ids or the last synonym of each column: no two forms look alike."""
    for headings in (
        [column.label for column in sheet.columns],
        [column.id for column in sheet.columns],
        [column.synonyms[-1] if column.synonyms else column.label for column in sheet.columns],
    ):
        found = recognise(raw_sheet(headings), forms())
        assert isinstance(found, Recognised)
        assert (found.form, found.sheet) == (form.id, sheet.id)
        assert dict(found.columns) == {column.id: place for place, column in enumerate(sheet.columns)}


def test_a_rule_that_speaks_of_a_column_the_sheet_lacks_is_refused():
    sheet = forms()["people"].sheets[0].model_dump()
    sheet["events"][0]["start"] = "no_such_column"
    with pytest.raises(ValidationError, match="no_such_column"):
        Sheet.model_validate(sheet)
