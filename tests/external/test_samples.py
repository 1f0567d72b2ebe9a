"""An inquiry on every sample file that nobody here wrote, held to what is in the files.

Each expected figure is counted from the file itself by a few lines of csv or ElementTree, or stated in the domain note;
none is taken from the program.
"""

from __future__ import annotations

import csv
import datetime
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from defusedxml import ElementTree

from joinedup.collect import stage
from joinedup.collect.check import check
from joinedup.domain.check_digits import is_upn
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun
from joinedup.store.duck import DuckStore

pytestmark = pytest.mark.external

Tables = dict[str, pa.Table]


def collect(folder: Path) -> Tables:
    """The tables of an inquiry in this folder, by way of the store."""
    stated = {"name": "N", "question": "Q", "period": {"from": "2000-01-01", "to": "2030-12-31"}}
    store = DuckStore(folder / "evidence.duckdb")
    stage.run(
        StageRun("collect", stage.READS, stage.WRITES, store, Inquiry.model_validate(stated), folder, folder, seed=1)
    )
    tables = {name: store.read(name).to_pyarrow() for name in stage.WRITES}
    store.close()
    return tables


@pytest.fixture(scope="module")
def samples(shared_data: Path) -> Path:
    return shared_data / "returns"


@pytest.fixture(scope="module")
def made(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("samples")
    for name in ("annex_a", "cin", "school_census", "ssda903"):
        shutil.copytree(samples / name, folder / "returns" / name)
    # The XML is another authority's return: in one folder with the CSV files the two would add up.
    (folder / "returns" / "ssda903_xml").mkdir()
    shutil.move(folder / "returns/ssda903/fake_903.xml", folder / "returns/ssda903_xml/fake_903.xml")
    return collect(folder)


def rows(table: pa.Table, **where: Any) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if all(row[name] == value for name, value in where.items())]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def day(text: str) -> datetime.date:
    return datetime.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone


def test_rows_in_are_rows_used_and_refused_on_every_sheet(made: Tables) -> None:
    listed = made["returns"].to_pylist()
    assert listed
    assert all(row["state"] == "used" for row in listed)
    assert all(row["rows"] == row["used"] + row["refused"] for row in listed)
    assert {row["agency"]: row["state"] for row in made["responses"].to_pylist()} == dict.fromkeys(
        ("annex_a", "cin", "school_census", "ssda903", "ssda903_xml"), "data"
    )


def test_every_csv_row_is_counted(made: Tables, samples: Path) -> None:
    listed = {row["file"]: row["rows"] for row in made["returns"].to_pylist() if row["file"].endswith(".csv")}
    there = {
        path.name: len(read_csv(path))
        for name in ("ssda903", "school_census")
        for path in (samples / name).glob("*.csv")
    }
    assert listed == there


def test_every_file_checked_alone_says_the_same(samples: Path) -> None:
    for path in sorted((samples / "ssda903").iterdir()):
        found = check(path)
        assert (found.form, found.rows) == ("ssda903", found.used + found.refused), path.name


def test_looked_after_children_and_episodes(made: Tables, samples: Path) -> None:
    header, episodes = read_csv(samples / "ssda903/header.csv"), read_csv(samples / "ssda903/episodes.csv")
    assert (len(header), len(episodes), len({row["CHILD"] for row in episodes})) == (2_675, 5_050, 2_123)
    listed = {row["sheet"]: row["used"] for row in rows(made["returns"], agency="ssda903")}
    assert (listed["header"], listed["episodes"]) == (2_675, 5_050)
    care = rows(made["events"], agency="ssda903", type="care_episode")
    assert len(care) == 5_050
    assert len({row["source_ref"] for row in care}) == 2_123
    expected = Counter((row["CHILD"], day(row["DECOM"]), day(row["DEC"]) if row["DEC"] else None) for row in episodes)
    found = Counter((row["source_ref"], row["start"].date(), row["end"].date() if row["end"] else None) for row in care)
    assert found == expected


def test_one_child_is_one_mention_over_all_sheets(made: Tables, samples: Path) -> None:
    children: dict[str, dict[str, str]] = {}
    for path in sorted((samples / "ssda903").glob("*.csv")):
        for row in read_csv(path):
            children.setdefault(row["CHILD"], {}).update({key: value for key, value in row.items() if value})
    mentions = {row["local_id"]: row for row in rows(made["mentions"], agency="ssda903")}
    assert mentions.keys() == children.keys()
    header = {row["CHILD"]: row for row in read_csv(samples / "ssda903/header.csv")}
    for child, row in header.items():
        mention = mentions[child]
        assert mention["dob"] == day(row["DOB"])
        assert mention["sex"] == {"1": "M", "2": "F"}[row["SEX"]]
        assert mention["upn"] == (row["UPN"] if is_upn(row["UPN"]) else None)


def test_missing_episodes_of_looked_after_children(made: Tables, samples: Path) -> None:
    missing = read_csv(samples / "ssda903/missing.csv")
    assert Counter(row["MISSING"] for row in missing) == {"A": 24, "M": 19}
    events = rows(made["events"], agency="ssda903", type="missing_episode")
    assert Counter(row["code"] for row in events) == {"A": 24, "M": 19}
    assert len({row["source_ref"] for row in events}) == len({row["CHILD"] for row in missing}) == 39
    assert Counter((row["source_ref"], row["start"].date(), row["end"].date()) for row in events) == Counter(
        (row["CHILD"], day(row["MIS_START"]), day(row["MIS_END"])) for row in missing
    )
    assert {row["start_precision"] for row in events} == {"day"}
    tied = {row["event_id"] for row in made["involvements"].to_pylist()}
    assert {row["event_id"] for row in events} <= tied


def test_ethnicity_keeps_its_own_scheme_and_its_ways_of_not_knowing(made: Tables, samples: Path) -> None:
    given = Counter(row["ETHNIC"] for row in read_csv(samples / "ssda903/header.csv"))
    of = {row["mention_id"] for row in rows(made["mentions"], agency="ssda903")}
    described = [row for row in rows(made["descriptions"], attribute="ethnicity") if row["mention_id"] in of]
    assert Counter(row["raw"] for row in described) == given
    assert {row["scheme"] for row in described} == {"ethnicity_dfe"}
    states = {row["raw"]: row["state"] for row in described}
    assert states["REFU"] == "refused"
    assert states["NOBT"] == "not_yet_obtained"
    assert not any(code in str(row) for row in made["mentions"].slice(0, 300).to_pylist() for code in ("WBRI", "BCRB"))


SHEETS_OF_XML: dict[str, tuple[str, str, str]] = {
    "episodes": (
        "EPISODE",
        "CHILD,DECOM,RNE,LS,CIN,PL=PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
        "",
    ),
    "missing": ("HEADER/AMISSING", "CHILD,DOB,MISSING,MIS_START,MIS_END", ""),
    "reviews": ("HEADER/AREVIEW", "CHILD,DOB,REVIEW,REVIEW_CODE", ""),
    "header": ("HEADER", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB", ""),
    "oc2": (
        "HEADER/OC2",
        (
            "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
            "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED"
        ),
        "",
    ),
    "previous_permanence": ("HEADER/PERMANENCE", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM", ""),
    "oc3": ("HEADER", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", "IN_TOUCH"),
    "uasc": ("HEADER", "CHILD,SEX,DOB,DUC", "DUC"),
    "ad1": ("HEADER", "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR", "DATE_INT"),
    "placed_for_adoption": ("HEADER/AD_PLACED", "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED", ""),
}


def as_csv(message: Path, folder: Path) -> dict[str, int]:
    """Writes the XML message as the CSV files an authority would send instead; gives the rows of each."""
    counts = {}
    children = ElementTree.parse(message).getroot().findall("CHILD")
    for sheet, (records, columns, needs) in SHEETS_OF_XML.items():
        pairs = [column.split("=") for column in columns.split(",")]
        with (folder / f"{sheet}.csv").open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([pair[-1] for pair in pairs])
            counts[sheet] = 0
            for child in children:
                every = {"CHILD": child.findtext("HEADER/CHILDID"), "DOB": child.findtext("HEADER/DOB")}
                for record in child.findall(records):
                    # A HEADER of XML holds what CSV puts into files of its own: it is a row of them where it has theirs.
                    if needs and not [found for found in record.iter(needs) if found.text]:
                        continue
                    counts[sheet] += 1
                    writer.writerow(
                        [every.get(pair[0]) or next((e.text for e in record.iter(pair[0])), "") for pair in pairs]
                    )
    return {sheet: count for sheet, count in counts.items() if count}


def test_the_xml_message_reads_to_the_same_tables_as_its_csv_files(made: Tables, samples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "returns" / "ssda903_xml"
    folder.mkdir(parents=True)
    counts = as_csv(samples / "ssda903/fake_903.xml", folder)
    other = collect(tmp_path)
    assert counts == {row["sheet"]: row["used"] for row in rows(made["returns"], agency="ssda903_xml") if row["rows"]}
    assert (counts["header"], counts["episodes"], counts["reviews"], counts["missing"]) == (253, 459, 1_206, 6)
    place = {"file", "row", "sheet", "return_id"}
    ids = {row["mention_id"] for row in rows(made["mentions"], agency="ssda903_xml")}
    for name in ("mentions", "events", "involvements", "identifiers", "descriptions"):
        own = [
            row
            for row in made[name].to_pylist()
            if row.get("agency") == "ssda903_xml" or ("agency" not in row and row["mention_id"] in ids)
        ]
        left = Counter(str({key: value for key, value in row.items() if key not in place}) for row in own)
        right = Counter(
            str({key: value for key, value in row.items() if key not in place}) for row in other[name].to_pylist()
        )
        assert left == right, name


def test_children_in_need(made: Tables, samples: Path) -> None:
    message = ElementTree.parse(samples / "cin/fake_CIN_data.xml")
    children = {child.findtext("ChildIdentifiers/LAchildID") for child in message.iter("Child")}
    assert (len(children), len(list(message.iter("CINdetails")))) == (332, 402)
    listed = {row["sheet"]: row["used"] for row in rows(made["returns"], file="fake_CIN_data.xml")}
    assert (listed["children"], listed["referrals"]) == (332, 402)
    mentions = {row["local_id"]: row for row in rows(made["mentions"], file="fake_CIN_data.xml")}
    assert mentions.keys() == children
    for child in message.iter("Child"):
        mention = mentions[child.findtext("ChildIdentifiers/LAchildID")]
        born = child.findtext("ChildIdentifiers/PersonBirthDate")
        assert str(mention["dob"]) == born
        assert mention["sex"] == {"1": "M", "2": "F"}.get(child.findtext("ChildIdentifiers/GenderCurrent") or "")


def test_referrals_keep_their_source_outcome_and_closure(made: Tables, samples: Path) -> None:
    message = ElementTree.parse(samples / "cin/fake_CIN_data.xml")
    pairs = {
        (child.findtext("ChildIdentifiers/LAchildID"), details.findtext("CINreferralDate"))
        for child in message.iter("Child")
        for details in child.findall("CINdetails")
    }
    referrals = rows(made["events"], file="fake_CIN_data.xml", type="referral")
    assert {(row["source_ref"], str(row["start"].date())) for row in referrals} == pairs
    assert {row["outcome"] for row in referrals} == {"no_further_action"}
    sources = Counter(element.text for element in message.iter("ReferralSource"))
    assert len(pairs) == 402, "no child has two referrals on one day, so every referral is an event of its own"
    assert Counter(row["code"] for row in referrals) == sources
    closures = rows(made["events"], file="fake_CIN_data.xml", type="closure")
    closed = {
        (child.findtext("ChildIdentifiers/LAchildID"), details.findtext("CINreferralDate"))
        for child in message.iter("Child")
        for details in child.findall("CINdetails")
        if details.findtext("CINclosureDate")
    }
    assert len(closures) == len(closed)


def test_the_full_cin_messages_reach_every_depth(made: Tables, samples: Path) -> None:
    for name in ("CIN_Census_2021.xml", "cin-2022.xml"):
        message = ElementTree.parse(samples / "cin" / name)
        there = {
            "children": "Child",
            "referrals": "CINdetails",
            "assessments": "Assessments",
            "plans": "CINPlanDates",
            "section47": "Section47",
            "child_protection_plans": "ChildProtectionPlans",
            "reviews": "CPPreviewDate",
        }
        listed = {row["sheet"]: row["used"] for row in rows(made["returns"], file=name)}
        assert listed == {sheet: len(list(message.iter(tag))) for sheet, tag in there.items()}


def test_the_inspection_workbook_is_read_list_by_list(made: Tables, samples: Path) -> None:
    book = openpyxl.load_workbook(samples / "annex_a/Annex_A.xlsx", read_only=True)
    there = {}
    doubled = []
    for number, sheet in enumerate(book.worksheets, start=1):
        cells = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
        there[f"list_{number}"] = len(cells) - 1
        doubled += [heading for heading in cells[0] if heading and str(heading).endswith("))")]
    assert doubled, "the sample no longer holds the heading with the doubled bracket"
    assert {row["sheet"]: row["used"] for row in rows(made["returns"], agency="annex_a")} == there
    unread = [row for row in rows(made["problems"], agency="annex_a") if any(h in row["message"] for h in doubled)]
    assert not unread, "the heading with the doubled bracket was not taken for its column"


def test_pupils(made: Tables, samples: Path) -> None:
    pupils = read_csv(samples / "school_census/2024_autumn_pupilonroll.csv")
    assert len(pupils) == 9_088
    mentions = {row["local_id"] or row["source_ref"]: row for row in rows(made["mentions"], sheet="pupil_on_roll")}
    assert len(rows(made["mentions"], sheet="pupil_on_roll")) == 9_088
    for pupil in pupils[::97]:
        mention = mentions[pupil["pupilonrolltableid"]]
        assert (mention["surname"], mention["forename"]) == (pupil["surname"], pupil["forename"])
        assert mention["dob"] == datetime.datetime.strptime(pupil["dob"], "%Y-%b-%d %H:%M:%S").date()  # noqa: DTZ007
