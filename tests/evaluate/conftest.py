"""A run of nine mentions of five people, written by hand, and its truth."""

from __future__ import annotations

import csv
import datetime
import json

import pytest

from joinedup.store.contract import from_rows
from joinedup.store.duck import DuckStore

# mention, agency, role, the run's person, the true person
WHO = [
    ("m1", "police-a", "child", "P1", "T1"), ("m2", "care-a", "child", "P1", "T1"), ("m3", "care-a", "child", "P1", "T2"),
    ("m4", "police-a", "child", "P2", "T3"), ("m5", "charity-a", "child", "P2", "T3"), ("m6", "police-a", "child", "P3", "T4"),
    ("m7", "charity-a", "child", "P4", "T4"), ("m8", "police-a", "suspect", "P5", "S1"), ("m9", "police-b", "suspect", "P6", "S1"),
]  # fmt: skip
NINE = datetime.datetime(2010, 6, 1, 9, 0)  # noqa: DTZ001  (the store keeps local time, no zone)

TABLES = {
    "mentions": [
        {"mention_id": name, "agency": agency, "form": "people", "role": role, "source_ref": name} for name, agency, role, _, _ in WHO
    ]
    + [{"mention_id": "m0", "agency": "broken", "form": "people", "role": "child", "source_ref": "m0"}],
    "people": [{"mention_id": name, "person_id": found} for name, _, _, found, _ in WHO] + [{"mention_id": "m0", "person_id": "P9"}],
    "estimates": [
        {"scope": "children:known", "method": "chapman a x b", "observed": 3, "estimate": 9.0, "lower": 5.0, "upper": 13.0, "chosen": True},
        {"scope": "children:known", "method": "chapman a x c", "observed": 3, "estimate": 40.0, "lower": 30.0, "upper": 50.0, "chosen": False},
    ],
    "concerns": [
        {"person_id": "P1", "rule": "repeat_missing"}, {"person_id": "P2", "rule": "repeat_missing"}, {"person_id": "P9", "rule": "repeat_missing"},
    ],
    "rule_coverage": [{"rule": "repeat_missing"}],
    "unseen": [{"rank": 1, "person_id": "P1"}, {"rank": 2, "person_id": "P2"}, {"rank": 3, "person_id": "P9"}],
    "group_members": [
        {"group_id": "g1", "person_id": "P1", "part": "core"}, {"group_id": "g1", "person_id": "P2", "part": "core"},
        *({"group_id": "g2", "person_id": f"X{number}", "part": "core"} for number in range(6)),
        *({"group_id": "g3", "person_id": f"Y{number}", "part": "core"} for number in range(5)),
    ],
    "events": [
        {"event_id": "e1", "agency": "police-a", "form": "police_missing", "source_ref": "MP1", "start": NINE},
        {"event_id": "e2", "agency": "police-a", "form": "police_missing", "source_ref": "MP2", "start": NINE},
        {"event_id": "e3", "agency": "care-a", "form": "cin_census", "source_ref": "C1", "start": NINE},
        {"event_id": "e4", "agency": "care-a", "form": "cin_census", "source_ref": "C1", "start": NINE + datetime.timedelta(days=90)},
    ],
    "involvements": [],
    "pathways": [
        {"pathway_id": f"w{number}", "events": json.dumps([f"e{number}"])} for number in range(1, 5)
    ],
    "breaches": [
        {"pathway_id": "w1", "rule": "return_interview_72h", "outcome": "late"},
        {"pathway_id": "w2", "rule": "return_interview_72h", "outcome": "not_done"},
        {"pathway_id": "w3", "rule": "assessment_45_working_days", "outcome": "not_done"},
        {"pathway_id": "w4", "rule": "assessment_45_working_days", "outcome": "not_recorded"},
        {"pathway_id": "w4", "rule": "another_rule", "outcome": "late"},
    ],
}  # fmt: skip

TRUTH = {
    "mentions": [
        {"agency": agency, "form": "people", "role": role, "source_ref": name, "person_id": true} for name, agency, role, _, true in WHO
    ]
    + [{"agency": "lost", "form": "people", "role": "child", "source_ref": "m99", "person_id": "T5"}],
    "people": [
        {"person_id": "T1", "kind": "child", "household_id": "H1", "exploited": "1"}, {"person_id": "T2", "kind": "child", "household_id": "H1", "exploited": "0"},
        {"person_id": "T3", "kind": "child", "household_id": "H2", "exploited": "1"}, {"person_id": "T4", "kind": "child", "household_id": "H3", "exploited": "1"},
        {"person_id": "T5", "kind": "child", "household_id": "H4", "exploited": "1"}, {"person_id": "S1", "kind": "suspect", "household_id": "H5", "exploited": "0"},
    ],
    "groups": [
        {"group_id": "G1", "person_id": "T1", "role": "child"}, {"group_id": "G1", "person_id": "T3", "role": "child"},
        {"group_id": "G1", "person_id": "S1", "role": "suspect"}, {"group_id": "G2", "person_id": "T4", "role": "child"},
        {"group_id": "G3", "person_id": "T5", "role": "child"},
    ],
    "pathway_failures": [
        {"rule": "return_interview_72h", "agency": "police-a", "form": "police_missing", "source_ref": "MP1", "visible": "1", "detail": ""},
        {"rule": "return_interview_72h", "agency": "police-a", "form": "police_missing", "source_ref": "MP9", "visible": "1", "detail": ""},
        {"rule": "return_interview_72h", "agency": "police-a", "form": "police_missing", "source_ref": "MP8", "visible": "0", "detail": ""},
        {"rule": "assessment_45_working_days", "agency": "care-a", "form": "cin_census", "source_ref": "C1", "visible": "1", "detail": "2010-06-01"},
        {"rule": "assessment_45_working_days", "agency": "care-a", "form": "cin_census", "source_ref": "C1", "visible": "1", "detail": "2010-08-30"},
    ],
    "concerns": [{"person_id": "T1", "rule": "repeat_missing"}, {"person_id": "T4", "rule": "repeat_missing"}, {"person_id": "T2", "rule": "repeat_missing"}],
    "unseen": [{"person_id": "T1"}, {"person_id": "T4"}],
}  # fmt: skip


@pytest.fixture
def truth_dir(tmp_path):
    folder = tmp_path / "truth"
    folder.mkdir()
    for name, rows in TRUTH.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    (folder / "population.json").write_text(json.dumps({"exploited_children": 12}), encoding="utf-8")
    return folder


def write_run(path):
    store = DuckStore(path)
    for name, rows in ({"identifiers": []} | TABLES).items():
        store.write(name, from_rows(name, rows))
    return store


@pytest.fixture
def store(tmp_path):
    opened = write_run(tmp_path / "evidence.duckdb")
    yield opened
    opened.close()


@pytest.fixture
def inquiry_dir(tmp_path):
    """An inquiry folder with one finished run."""
    run = tmp_path / "inquiry" / "runs" / "0001-0123abcd"
    run.mkdir(parents=True)
    write_run(run / "evidence.duckdb").close()
    return tmp_path / "inquiry"
