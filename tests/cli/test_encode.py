"""`joinedup encode`, as a clerk of an agency meets it."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app, main
from joinedup.collect.check import check
from joinedup.domain.linkage_key import make_key
from joinedup.link.tokens import EXACT, FUZZY

HEADINGS = "source_ref,role,forename,surname,dob,sex,postcode,address,phones,nhs_no,ethnicity,event_date"
ROWS = (
    "N-1,child,Katherine,Brook,14/03/1997,F,ZX4 4TT,4 Mill Lane,07700 900123,943 476 5919,A,05/11/2010",
    "N-2,child,Wilhelmina,Overmeadow,1998,F,,,,,,06/11/2010",
    "N-3,suspect,Mervyn,,,,,,07700 900777,,,07/11/2010",
)
CLEAR = (
    "Katherine",
    "Brook",
    "1997",
    "Mill",
    "ZX4",
    "900123",
    "9434765919",
    "Wilhelmina",
    "Overmeadow",
    "Mervyn",
    "N-1",
)


@pytest.fixture
def agency(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("\n".join((HEADINGS, *ROWS)) + "\n")
    make_key(tmp_path / "linkage.key")
    return tmp_path


def encode(*options):
    return CliRunner().invoke(app, ["encode", *options])


def failing(monkeypatch, capsys, *options):
    monkeypatch.setattr("sys.argv", ["joinedup", "encode", *options])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code, capsys.readouterr().err


def test_what_is_written_opens_in_check_and_names_nobody(agency):
    done = encode("people.csv", "--key-file", "linkage.key", "-o", "encoded.csv", "--fuzzy")
    assert done.exit_code == 0
    written = (agency / "encoded.csv").read_text()
    assert not [value for value in CLEAR if value in written + done.output]
    found = check(agency / "encoded.csv")
    assert (found.form, found.rows, found.used, found.clean) == ("encoded_people", 3, 3, True)
    rows = list(csv.DictReader(written.splitlines()))
    assert sorted(row["role"] for row in rows) == ["child", "child", "suspect"]
    assert [row["source_ref"] for row in rows] == sorted(row["source_ref"] for row in rows)
    assert {row["status"] for row in rows} == {"not_stated"}


def test_encoding_twice_gives_the_same_bytes_and_another_key_shares_no_token(agency):
    make_key(agency / "other.key")
    for key, name in (("linkage", "one"), ("linkage", "again"), ("other", "apart")):
        assert encode("people.csv", "--key-file", f"{key}.key", "-o", f"{name}.csv").exit_code == 0
    one, again, apart = ((agency / f"{name}.csv").read_text() for name in ("one", "again", "apart"))
    assert one == again

    def tokens(text):
        cells = {cell for row in csv.reader(text.splitlines()[1:]) for column in row[5:] for cell in column.split(";")}
        return cells - {""}

    assert tokens(one)
    assert not tokens(one) & tokens(apart)


def test_the_agencys_own_list_leads_from_a_token_back_to_its_record(agency):
    encode("people.csv", "--key-file", "linkage.key", "-o", "encoded.csv", "--own-list", "own.csv")
    own = {row["source_ref"]: row for row in csv.DictReader((agency / "own.csv").read_text().splitlines())}
    rows = list(csv.DictReader((agency / "encoded.csv").read_text().splitlines()))
    assert set(own) == {row["source_ref"] for row in rows}
    suspect = next(row for row in rows if row["role"] == "suspect")
    assert (own[suspect["source_ref"]]["own_reference"], own[suspect["source_ref"]]["row"]) == ("N-3", "4")


def test_json_says_what_was_encoded_and_nothing_of_whom(agency):
    done = encode("people.csv", "--key-file", "linkage.key", "-o", "encoded.csv", "--json")
    told = json.loads(done.stdout)
    assert (told["form"], told["records"], told["refused"], told["fuzzy"]) == ("people", 3, 0, False)
    assert len(told["key"]) == 8
    assert list(told["fields"]) == list(EXACT)
    assert (told["fields"]["forename"], told["fields"]["born"], told["fields"]["born_year"]) == (3, 1, 2)
    assert not set(FUZZY) & set(told["fields"])


def test_headings_of_the_agencys_own_are_read_as_it_says(agency):
    (agency / "own.csv").write_text("source_ref,role,Given,Born on\nN-1,child,Ana,14/03/1997\n")
    done = encode(
        "own.csv",
        "--key-file",
        "linkage.key",
        "-o",
        "out.csv",
        "--json",
        "--heading",
        "Given=forename",
        "--heading",
        "Born on=dob",
    )
    assert done.exit_code == 0
    fields = json.loads(done.stdout)["fields"]
    assert (fields["forename"], fields["born"]) == (1, 1)


def test_refused_rows_are_told_by_the_exit_code(agency):
    (agency / "people.csv").write_text("\n".join((HEADINGS, *ROWS, ",,,,,,,,,,,08/11/2010")) + "\n")
    done = encode("people.csv", "--key-file", "linkage.key", "-o", "encoded.csv", "--json")
    assert (done.exit_code, json.loads(done.stdout)["refused"]) == (1, 1)


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("people.csv",), 2, "not given: the key (--key-file), where"),
        (("people.csv", "--key-file", "no.key", "-o", "out.csv"), 2, "is not there"),
        (("people.csv", "--key-file", "people.csv", "-o", "out.csv"), 2, "two things"),
        (("people.csv", "--key-file", "notes.csv", "-o", "out.csv"), 2, "64 hexadecimal digits"),
        (("people.csv", "--key-file", "linkage.key", "-o", "people.csv"), 2, "two things"),
        (("people.csv", "--key-file", "linkage.key", "-o", "none/out.csv"), 2, "cannot be written"),
        (("people.csv", "--key-file", "linkage.key", "-o", "out.csv", "--heading", "DOB"), 2, "--heading"),
        (("no.csv", "--key-file", "linkage.key", "-o", "out.csv"), 2, "not a file"),
        (("linkage.key", "--key-file", "linkage.key", "-o", "out.csv"), 2, "two things"),
        (("notes.csv", "--key-file", "linkage.key", "-o", "out.csv"), 3, "names nobody"),
        (("--make-key", "linkage.key"), 2, "there already"),
    ],
)
def test_what_cannot_be_done_is_said_with_how_to_mend_it(agency, monkeypatch, capsys, options, code, says):
    (agency / "notes.csv").write_text("some,words\n1,2\n")
    (agency / "notes.csv").chmod(0o600)
    before = (agency / "people.csv").read_bytes(), (agency / "linkage.key").read_bytes()
    found, text = failing(monkeypatch, capsys, *options)
    assert found == code
    assert says in text
    assert "Mend:" in text
    assert not [value for value in CLEAR if value in text]
    assert before == ((agency / "people.csv").read_bytes(), (agency / "linkage.key").read_bytes())


def test_make_key_prints_only_the_fingerprint(agency):
    done = encode("--make-key", "new.key", "--json")
    told = json.loads(done.stdout)
    secret = (agency / "new.key").read_text().strip()
    assert len(secret) == 64
    assert secret not in done.output
    assert told == {"key": told["key"], "key_file": "new.key"}


def test_a_key_for_cells_is_kept_and_one_for_linking_is_destroyed(agency, monkeypatch, capsys):
    for options, says, never in (
        (("--make-key", "cells.key", "--for-cells"), "for as long as anything", "destroy it"),
        (("--make-key", "new.key"), "destroy it when linking is done", "averaged"),
    ):
        code, text = failing(monkeypatch, capsys, *options)
        assert code == 0
        assert says in " ".join(text.split())
        assert never not in text
    code, text = failing(monkeypatch, capsys, "people.csv", "--for-cells")
    assert (code, "--make-key cells.key" in text) == (2, True)


def test_a_key_file_that_holds_none_sends_an_agency_to_the_inquiry(agency, monkeypatch, capsys):
    (agency / "notes.csv").write_text("no key")
    (agency / "notes.csv").chmod(0o600)
    _, text = failing(monkeypatch, capsys, "people.csv", "--key-file", "notes.csv", "-o", "out.csv")
    assert "asks the inquiry that made the key for the file again" in " ".join(text.split())
