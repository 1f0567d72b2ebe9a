from __future__ import annotations

import pyarrow as pa
import pytest

from joinedup.collect.recognise import Recognised, Unrecognised, match_columns, recognise
from joinedup.collect.sheets import RawSheet
from joinedup.registry.forms import Form, forms

FORMS = forms()


def sheet(*headings, name="Sheet1", sure=True, **said):
    table = pa.table({str(place): pa.array([], pa.string()) for place in range(len(headings))})
    return RawSheet(name, headings, table, pa.array([], pa.int64()), headings_sure=sure, **said)


def every_sheet():
    return [(form.id, one.id) for form in FORMS.values() for one in form.sheets]


@pytest.mark.parametrize(("form", "sheet_id"), every_sheet())
def test_every_registered_sheet_is_recognised_by_its_own_labels_in_any_order(form, sheet_id):
    columns = FORMS[form].sheet(sheet_id).columns
    labels = [column.label for column in reversed(columns)]
    found = recognise(sheet(*labels), FORMS)
    assert isinstance(found, Recognised)
    assert (found.form, found.sheet) == (form, sheet_id)
    assert found.columns == {column.id: len(columns) - 1 - place for place, column in enumerate(columns)}
    assert found.unmatched == ()
    assert found.suggestions == ()


@pytest.mark.parametrize(("form", "sheet_id"), every_sheet())
def test_every_registered_sheet_is_recognised_by_its_column_ids(form, sheet_id):
    columns = FORMS[form].sheet(sheet_id).columns
    found = recognise(sheet(*[column.id.upper().replace("_", " ") for column in columns]), FORMS)
    assert isinstance(found, Recognised)
    assert (found.form, found.sheet) == (form, sheet_id)


def test_synonyms_case_and_punctuation_do_not_matter():
    found = recognise(sheet("Misper Ref.", "First name", "D.O.B.", "date-missing", "Shoe size"), FORMS)
    assert (found.form, found.unmatched) == ("police_missing", ("Shoe size",))
    assert found.columns == {"source_ref": 0, "forename": 1, "dob": 2, "missing_from": 3}


def test_an_agencys_own_headings_win():
    headings = ("Reference", "Missing since", "DOB of YP", "dob")
    plain = recognise(sheet(*headings), FORMS)
    mapped = recognise(sheet(*headings), FORMS, {"dob of yp": "dob"})
    assert (plain.columns["dob"], mapped.columns["dob"]) == (3, 2)


def test_a_mapping_can_be_all_that_makes_a_file_known():
    headings = ("Kennung", "Abgang", "Nachname")
    assert isinstance(recognise(sheet(*headings), FORMS), Unrecognised)
    found = recognise(sheet(*headings), FORMS, {"Kennung": "source_ref", "Abgang": "missing_from"})
    assert found.form == "police_missing"


def test_one_heading_serves_one_column():
    columns = match_columns(("Reference", "Reference", "ref"), FORMS["people"].sheet("people"), {})
    assert columns == {"source_ref": 0}


def test_a_required_column_that_is_not_found_brings_a_suggestion_in_words():
    found = recognise(sheet("Refrence", "Missing since", "Surname", "Forename"), FORMS)
    assert isinstance(found, Unrecognised)
    assert (found.nearest_form, found.nearest_sheet) == ("police_missing", "police_missing")
    (suggestion,) = found.suggestions
    assert (suggestion.column, suggestion.heading) == ("source_ref", "Refrence")
    assert 'mapping = { "Refrence" = "source_ref" }' in suggestion.words
    assert "Reference" in found.words


def test_headings_that_may_be_values_are_never_repeated():
    for headings, sure in (
        (("Ash", "Jo", "child", "03/04/2001"), False),
        (("Missing since", "Surname", "07700900123"), True),
    ):
        found = recognise(sheet(*headings, sure=sure), FORMS)
        said = found.words + "".join(one.words for one in found.suggestions)
        assert not any(heading in said for heading in ("Ash", "Jo", "03/04/2001", "07700900123"))


def test_what_is_like_nothing_is_unrecognised_and_says_how_to_see_the_forms():
    found = recognise(sheet("numbers"), FORMS)
    assert (found.nearest_form, found.suggestions) == ("", ())
    assert "joinedup form --list" in found.words


def test_no_form_at_all_is_no_crash():
    assert isinstance(recognise(sheet("a", "b"), {}), Unrecognised)


def test_what_the_file_says_it_is_is_believed():
    labels = [column.label for column in FORMS["people"].sheet("people").columns]
    found = recognise(sheet(*labels, form_id="people", sheet_id="people"), FORMS)
    assert found.columns == {column.id: place for place, column in enumerate(FORMS["people"].sheet("people").columns)}


def one_form(form_id, *columns, kind="police", names=(), recognise_by=("id",)):
    return Form.model_validate(
        {
            "id": form_id, "title": form_id, "about": "For tests.", "kind": kind, "version": "1", "source": "tests",
            "sheets": [
                {"id": f"{form_id}_sheet", "title": form_id, "row": "One row.", "names": names,
                 "recognise": recognise_by, "columns": [{"id": column, "label": column} for column in columns]}
            ],
        }
    )  # fmt: skip


def chosen(raw, *known, **more):
    return recognise(raw, {form.id: form for form in known}, **more).form


def test_ties_are_broken_by_columns_then_share_then_name_then_kind_then_id():
    headings = sheet("id", "a", "b", name="Visits")
    assert chosen(headings, one_form("y", "id", "a", "b"), one_form("x", "id", "a")) == "y"
    assert chosen(headings, one_form("x", "id", "a", "b", "c", "d"), one_form("y", "id", "a", "b")) == "y"
    assert chosen(headings, one_form("x", "id", "a", "b"), one_form("y", "id", "a", "b", names=["visits"])) == "y"
    two = one_form("x", "id", "a", "b"), one_form("y", "id", "a", "b", kind="school")
    assert chosen(headings, *two, kind="school") == "y"
    assert chosen(headings, *two) == chosen(headings, *reversed(two)) == "x"


def test_every_telling_column_must_be_found():
    strict = one_form("x", "id", "a", "b", recognise_by=("id", "b"))
    assert isinstance(recognise(sheet("id", "a"), {"x": strict}), Unrecognised)
