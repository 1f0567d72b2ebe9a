from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.errors import UnreadableError
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.reading import read_overlap_table, read_people, read_strata

GOOD = "a,b,c,count\n1,0,0,4\n0,1,0,3\n0,0,1,2\n1,1,0,2\n"


@pytest.fixture
def read(tmp_path):
    def reader(text):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return read_overlap_table(path)

    return reader


def test_patterns_and_counts(read):
    assert read(GOOD) == OverlapTable(("a", "b", "c"), {1: 4, 2: 3, 4: 2, 3: 2})


def test_one_row_a_person(read):
    people = "a,b,c\n" + "1,0,0\n" * 4 + "0,1,0\n" * 3 + "0,0,1\n" * 2 + "1,1,0\n" * 2
    assert read(people) == read(GOOD)


def test_row_names_as_r_writes_them_and_an_unnamed_count(read):
    assert read('"","a","b","c","Freq"\n"1",1,0,0,4\n"2",0,1,0,3\n"3",0,0,1,2\n"4",1,1,0,2\n') == read(GOOD)
    assert read(GOOD.replace("count", "how many")) == read(GOOD)
    assert read("\ufeff" + GOOD.replace("\n", "\r\n") + "0,1,1,0\r\n0,0,0,0\r\n") == read(GOOD)


BAD = {
    "a count below nought": (GOOD + "1,1,1,-2\n", "row 6, column count: a count below nought"),
    "a fraction": (GOOD + "1,1,1,2.5\n", "row 6, column count: not a whole number"),
    "words for a count": (GOOD + "1,1,1,few\n", "row 6, column count: not a number"),
    "no number at all": (GOOD + "1,1,1,nan\n", "row 6, column count: not a whole number"),
    "without end": (GOOD + "1,1,1,inf\n", "row 6, column count: not a whole number"),
    "a list nobody is on": ("a,b,c,count\n1,0,0,4\n0,1,0,3\n1,1,0,2\n", "nobody is on the list c"),
    "one list": ("a,count\n1,4\n", "it has 1 list"),
    "a pattern twice": (GOOD + "1,1,0,5\n", "rows 5 and 6 hold the same pattern"),
    "people on no list": (GOOD + "0,0,0,5\n", "row 6 holds people who are on no list"),
    "a person on no list": ("a,b\n1,0\n0,1\n0,0\n", "row 4 holds people who are on no list"),
    "25 lists": (",".join(f"l{n}" for n in range(25)) + ",count\n" + "1," * 25 + "3\n", "it has 25 lists; at most 16"),
    "another value": (GOOD + "2,0,0,5\n", "row 6, column a: neither 0 nor 1"),
    "a short row": (GOOD + "1,1\n", "row 6 has 2 values, the heading 4"),
    "one name twice": (GOOD.replace("b,c", "b,b"), "two columns are named b"),
    "nothing": ("", "it is empty"),
    "a gap among the lists": (GOOD + "1,,1,5\n", "row 6, column b: empty, where 0 or 1 is expected"),
    "a gap for a count": (GOOD + "1,1,1,\n", "row 6, column count: empty, where a number of people is expected"),
    "a withheld count": (GOOD + "1,1,1,<5\n", "row 6, column count: not a number"),
    "no heading": ("1,0,0,4\n0,1,0,3\n0,0,1,2\n", "its first row holds numbers"),
    "names of people": ("id,a,b\np1,1,0\np2,1,1\n", "row 2, column id: neither 0 nor 1"),
    "too many people": (GOOD + "1,1,1,1e20\n", "row 6, column count: more people than there can be"),
    "a heading alone": ("a,b,count\n", "no rows under a heading"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_overlap_table_is_said_with_its_place(read, case):
    text, said = BAD[case]
    with pytest.raises(UnreadableError, match=r"table\.csv is no overlap table") as raised:
        read(text)
    assert said in raised.value.message
    assert raised.value.remedy
    assert raised.value.exit_code == 3


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"a,b,count\n1,0,3\n\xff,1,2\n", "row 3 holds a byte that is no text in UTF-8"),
        (b"PK\x03\x04 a workbook", "it is a workbook or an archive"),
        (None, "there is no such file"),
        ("folder", "it is a folder"),
    ],
)
def test_a_file_that_is_not_text_or_not_there(tmp_path, held, said):
    path = tmp_path / "x.csv"
    if held == "folder":
        path.mkdir()
    elif held is not None:
        path.write_bytes(held)
    with pytest.raises(UnreadableError, match=said):
        read_overlap_table(path)


@pytest.mark.parametrize(("on", "off"), [("TRUE", "FALSE"), ("Yes", "No"), ("T", "F")])
def test_truths_as_r_writes_them_stand_for_0_and_1(read, on, off):
    turn = {"1": on, "0": off}
    rows = [line.split(",") for line in GOOD.splitlines()]
    counted = [rows[0], *([*(turn[each] for each in row[:3]), row[3]] for row in rows[1:])]
    assert read("\n".join(map(",".join, counted)) + "\n") == read(GOOD)
    people = [row[:3] for row in counted[1:] for _ in range(int(row[3]))]
    assert read("\n".join(map(",".join, [rows[0][:3], *people])) + "\n") == read(GOOD)


@pytest.mark.parametrize("between", [";", "\t"])
def test_semicolons_and_tabs_stand_for_commas_where_the_heading_has_none(read, between):
    assert read(GOOD.replace(",", between)) == read(GOOD)


@given(st.dictionaries(st.integers(1, 15), st.integers(1, 10**9), min_size=1))
def test_what_is_written_is_read(tmp_path_factory, counts):
    table = OverlapTable(("a", "b", "c", "d"), counts)
    path = tmp_path_factory.mktemp("t") / "t.csv"
    lines = [
        ",".join([*(str(pattern >> place & 1) for place in range(4)), str(count)]) for pattern, count in counts.items()
    ]
    path.write_text("\n".join(["a,b,c,d,count", *lines]), encoding="utf-8")
    if 0 in table.sizes:
        with pytest.raises(UnreadableError, match="nobody is on"):
            read_overlap_table(path)
    else:
        assert read_overlap_table(path) == table


def test_strata_are_read_apart_and_numbers_stand_in_order(tmp_path):
    path = tmp_path / "years.csv"
    path.write_text("year,a,b,c,count\n2010,1,0,0,4\n2010,0,1,1,3\n900,1,1,0,2\n,0,0,1,5\n", encoding="utf-8")
    found = read_strata(path, "year")
    assert list(found) == ["900", "2010", "not known"]
    assert found["2010"] == OverlapTable(("a", "b", "c"), {1: 4, 6: 3})
    with pytest.raises(UnreadableError, match="no column month"):
        read_strata(path, "month")
    path.write_text("year,a,b,c,count\n2010,1,0,0,4\n2010,1,0,0,3\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="rows 2 and 3 hold the same pattern"):
        read_strata(path, "year")
    path.write_text("year,a,b,c,count\n2010,1,0,0,4\n2011,0,1,0,3\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="nobody is on the list c"):
        read_strata(path, "year")


def test_people_are_read_with_what_is_known_of_them(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("a,sex,b\n1,F,0\n1,,1\n0,M,1\n", encoding="utf-8")
    lists, known = read_people(path, ["sex"])
    assert lists == {"a": [1, 1, 0], "b": [0, 1, 1]}
    assert known == {"sex": ["F", "not known", "M"]}
    for text, said in {
        "a,sex,b\n0,F,0\n": "row 2 holds a person who is on no list",
        "a,sex,b\n2,F,0\n": "row 2, column a: neither 0 nor 1",
        "a,sex,b\n1,F,0\n": "nobody is on the list b",
        "a,sex\n1,F\n": "it has 1 list",
        "a,b\n1,1\n": "it has no column sex",
    }.items():
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UnreadableError, match=said) as raised:
            read_people(path, ["sex"])
        assert raised.value.exit_code == 3
