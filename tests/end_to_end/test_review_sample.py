"""A review sample from the draw to the estimate, as its users go through it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from joinedup.store.runs import Runs


def mark(path: Path, same: set[frozenset[str]], differs: str = "") -> None:
    """Reads every question of a sheet; two references in `same` are one child, and `differs` is marked unsure wherever it stands beside."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    drawn = ""
    for row in rows:
        if row["Which"] == "drawn":
            drawn, row["Answer"] = row["Reference"], "read"
        elif row["Reference"] == differs:
            row["Answer"] = "unsure"
        elif frozenset({drawn, row["Reference"]}) in same:
            row["Answer"] = "same"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def one_reader_alone(inquiry, joinedup, one: Path, by: tuple[str, ...]) -> None:
    """What is refused and told before the second sheet is taken in."""
    assert "given twice" in joinedup("sample-result", inquiry, one, one, *by, code=2).stderr
    assert "no file" in joinedup("sample-result", inquiry, one.with_name("x.csv"), "--by", "A. One", code=3).stderr
    half = json.loads(joinedup("sample-result", inquiry, one, "--by", "a. one", "--json").stdout)
    assert half["questions_read"] == {"a. one": 5}
    assert "one has read so far" in joinedup("sample-result", inquiry).stdout


def test_from_the_draw_to_the_corrected_estimate(people_inquiry, joinedup) -> None:
    with (people_inquiry / "returns" / "charity" / "people.csv").open("a") as stream:
        # The same child as the police's N2, written so that linking keeps them apart.
        stream.write("C9,child,Benjy,Kerr,,1999,,ZX9 9ZZ,,,,,,,,2010-07-01\n")
    joinedup("run", people_inquiry)
    drawn = json.loads(joinedup("sample", people_inquiry, "--records", 20, "--csv", "--json").stdout)
    assert drawn["records"] == 5, "a sample of more records than there are draws all of them"
    assert "already" in joinedup("sample", people_inquiry, code=4).stderr
    one, two = map(Path, drawn["sheets"])
    same = {frozenset({"N1", "C1"}), frozenset({"N2", "C9"})}
    mark(one, same)
    mark(two, same, differs="C9")
    by = ("--by", "A. One", "--by", "B. Two")
    assert "name of its reader" in joinedup("sample-result", people_inquiry, one, two, code=2).stderr
    one_reader_alone(people_inquiry, joinedup, one, by)
    first = json.loads(joinedup("sample-result", people_inquiry, one, two, *by, "--json").stdout)
    assert first["records_where_readers_differ"] > 0
    assert first["kappa"] < 1
    assert first["questions_read"] == {"a. one": 5, "B. Two": 5}, "a name written another way is the same reader"
    assert (people_inquiry / "review-sheets" / "third-reading.xlsx").is_file()
    filled = two.read_bytes()
    joinedup("sample", people_inquiry, "--sheets-again", "--csv")
    assert two.with_name("reader-2-filled-1.csv").read_bytes() == filled, "an empty sheet takes no filled one's place"
    mark(two, same)
    joinedup("sample-result", people_inquiry, two, "--by", "B. Two")
    mark(one, same)
    found = json.loads(joinedup("sample-result", people_inquiry, one, "--by", "A. One", "--json").stdout)
    assert (found["records_settled"], found["pairs_agreed"]) == (5, found["pairs_read_twice"])
    assert found["children"] == {"linked": 4.0, "corrected": 3.0, "lower": 3.0, "upper": 3.0}
    screen = joinedup("sample-result", people_inquiry).stdout
    assert "Cohen's kappa" in screen
    assert "4 as linked, 3 corrected" in screen
    joinedup("run", people_inquiry, "--stage", "link")
    runs = Runs(people_inquiry)
    assert [row["path"] for row in runs.manifest()["sample"]] == ["answers.csv", "design.csv", "shown.csv"]
    store = runs.open()
    counts = store.read("counts").to_pyarrow().to_pylist()
    [whole] = [
        row
        for row in counts
        if (row["population"], row["status"], row["dimension"]) == ("children", "not_stated", "all")
    ]
    assert (whole["count"], whole["corrected"]) == (4, 3.0)
    quality = {
        row["measure"]: row["value"]
        for row in store.read("link_quality").to_pyarrow().to_pylist()
        if row["scope"] == "all"
    }
    assert quality["records_reviewed"] == 5
    assert quality["sample_precision"] == 1.0
    assert quality["sample_recall"] == 0.5
    assert quality.get("sample_kappa") == found["kappa"]
    assert quality["sample_pairs_agreed"] == found["pairs_agreed"]
    assert quality["sample_pairs_read_twice"] == found["pairs_read_twice"]
    checks = {row["check"]: row for row in store.read("checks").to_pyarrow().to_pylist()}
    assert (
        "5 records were read by two people" in checks["linkage"]["message"] or checks["linkage"]["standing"] == "passed"
    )
    assert {row["unreviewed"] for row in store.read("estimates").to_pyarrow().to_pylist()} >= {None}
    store.close()
    causes = json.loads(joinedup("diff", people_inquiry, "1", "2", "--json").stdout)["causes"]
    assert [cause["kind"] for cause in causes] == ["review sample"]
