from __future__ import annotations

import pytest

from joinedup.errors import UnreadableError
from joinedup.registry.forms import Form

FORM = Form.model_validate(
    {
        "id": "visits",
        "title": "Visits",
        "about": "For tests.",
        "kind": "social_care",
        "version": "1",
        "source": "these tests",
        "xml": {"root": "Message", "each": "Children/Child"},
        "sheets": [
            {
                "id": "children",
                "title": "Children",
                "row": "One child.",
                "recognise": ["child"],
                "records": ".",
                "columns": [
                    {"id": "child", "label": "Child id", "path": "Ids/Id"},
                    {"id": "sex", "label": "Sex", "path": "Ids/Sex|Ids/GenderCurrent", "type": "sex"},
                    {"id": "needs", "label": "Needs", "path": "Needs/Need"},
                    {"id": "kept", "label": "Kept elsewhere"},
                ],
            },
            {
                "id": "visits",
                "title": "Visits",
                "row": "One visit.",
                "recognise": ["child"],
                "records": "Plan/Visit|Visit",
                "columns": [
                    {"id": "child", "label": "Child id", "path": "../../Ids/Id|../Ids/Id"},
                    {"id": "plan", "label": "Plan", "path": "../Start"},
                    {"id": "on", "label": "On", "path": "."},
                ],
            },
        ],
    }
)

MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<Message xmlns="urn:x"><Header><Year>2011</Year></Header><Children>
 <Child><Ids><Id> C1 </Id><GenderCurrent>2</GenderCurrent></Ids>
  <Needs><Need>A</Need><Need>B</Need><Need/></Needs>
  <Plan><Start>2011-01-01</Start><Visit>2011-01-05</Visit><Visit>2011-02-05</Visit></Plan>
  <Plan><Start>2011-03-01</Start><Visit>2011-03-05</Visit><Visit/></Plan></Child>
 <Child><Ids><Id>C2</Id><Sex>M</Sex><GenderCurrent>1</GenderCurrent></Ids><Visit>2011-06-06</Visit>
  <New><Thing>1</Thing></New><New/>loose</Child>
</Children></Message>
"""


def rows(sheet):
    return list(zip(*[column.to_pylist() for column in sheet.table.columns], strict=True))


def test_records_climb_choose_and_join_as_the_form_says(read_text):
    children, visits = read_text(MESSAGE, {"visits": FORM}).sheets
    assert children.headings == ("Child id", "Sex", "Needs", "Kept elsewhere")
    assert rows(children) == [("C1", "2", "A;B", None), ("C2", "M", None, None)]
    assert rows(visits) == [
        ("C1", "2011-01-01", "2011-01-05"),
        ("C1", "2011-01-01", "2011-02-05"),
        ("C1", "2011-03-01", "2011-03-05"),
        ("C2", None, "2011-06-06"),
    ]
    assert visits.rows.to_pylist() == [1, 2, 3, 4]
    assert visits.blank_rows == 1
    assert (visits.form_id, visits.sheet_id) == ("visits", "visits")


def test_what_the_form_does_not_know_is_named_once_and_counted(read_text):
    problems = read_text(MESSAGE, {"visits": FORM}).problems
    assert {problem.severity for problem in problems} == {"note"}
    assert [(p.column, "2 place(s)" in p.message) for p in problems if p.column] == [("New", True)]
    assert any("Header/Year" in problem.message for problem in problems)
    assert any("text stands between elements in 1 place" in problem.message for problem in problems)


def test_a_message_in_an_older_encoding_is_read(read_bytes):
    text = MESSAGE.replace("UTF-8", "windows-1252").replace("C1", "Zoë")
    (children, _) = read_bytes(text.encode("windows-1252"), {"visits": FORM}).sheets
    assert children.table.column(0)[0].as_py() == "Zoë"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_message_with_a_byte_order_mark_is_read(read_bytes, encoding):
    content = MESSAGE.replace("UTF-8", "UTF-16" if encoding == "utf-16" else "UTF-8").encode(encoding)
    assert read_bytes(content, {"visits": FORM}).sheets[0].rows_in == 2


@pytest.mark.parametrize("cut", [60, 300, 500, -3])
def test_a_message_cut_short_is_refused_with_its_place(read_text, cut):
    with pytest.raises(UnreadableError, match="cut short: line"):
        read_text(MESSAGE[:cut], {"visits": FORM})


def test_an_unknown_encoding_is_refused(read_text):
    with pytest.raises(UnreadableError, match=r"encoding|well formed"):
        read_text(MESSAGE.replace("UTF-8", "x-none"), {"visits": FORM})


def test_elements_nested_without_end_are_refused(read_text):
    with pytest.raises(UnreadableError, match="deep"):
        read_text("<Message>" + "<a>" * 1000 + "</a>" * 1000 + "</Message>", {"visits": FORM})


def test_a_message_of_no_registered_form_is_a_refused_file_not_a_failure(read_text):
    result = read_text("<Other><Child/></Other>", {"visits": FORM})
    assert result.sheets == ()
    assert [problem.severity for problem in result.problems] == ["refused_file"]
    assert "Message" in result.problems[0].message


def test_a_message_without_records_says_so(read_text):
    result = read_text("<Message><Children/></Message>", {"visits": FORM})
    assert [sheet.rows_in for sheet in result.sheets] == [0, 0]
    assert any("no record" in problem.message for problem in result.problems)


def test_another_collections_message_under_the_same_root_is_refused(read_text):
    result = read_text("<Message><Schools><School>1</School></Schools></Message>", {"visits": FORM})
    assert result.sheets == ()
    assert [problem.severity for problem in result.problems] == ["refused_file"]


def test_forms_that_share_a_root_are_told_apart_by_their_records(read_text):
    other = FORM.model_copy(update={"id": "a_first", "xml": FORM.xml.model_copy(update={"each": "Pupil"})})
    assert read_text(MESSAGE, {"a_first": other, "visits": FORM}).sheets[0].form_id == "visits"


def test_the_head_of_a_message_stops_where_asked(read_text):
    child = MESSAGE[MESSAGE.index(" <Child>") : MESSAGE.index(" <Child><Ids><Id>C2")]
    result = read_text(MESSAGE.replace(child, child * 50), {"visits": FORM}, rows=5)
    assert not result.complete
    assert max(sheet.table.num_rows for sheet in result.sheets) <= 8
