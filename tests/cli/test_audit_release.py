"""`joinedup audit-release`: JSON as agreed, exit codes, several files as one release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from joinedup.casework.ledger import override_of
from joinedup.cli.app import app
from joinedup.errors import UnreadableError, UsageError

ALONE = "area,sex,count\nn,F,3\nn,M,c\nn,Total,7\ns,F,12\ns,M,9\ns,Total,21\nTotal,F,15\nTotal,M,13\nTotal,Total,28\n"
SQUARE = (
    "area,sex,count\nn,F,c\nn,M,c\nn,Total,17\ns,F,c\ns,M,c\ns,Total,17\n"
    "e,F,30\ne,M,30\ne,Total,60\nTotal,F,47\nTotal,M,47\nTotal,Total,94\n"
)


def asked(tmp_path: Path, *texts: str, code: int) -> dict:
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_text(text)
    found = CliRunner().invoke(app, ["audit-release", *map(str, files), "--json"])
    assert found.exit_code == code, found.output
    return json.loads(found.stdout)


def test_a_cell_left_alone_in_its_line_is_found(tmp_path):
    found = asked(tmp_path, ALONE, code=1)
    assert (found["safe"], found["unprotected"]) == (False, 1)
    [cell] = found["cells"]
    assert {"cell": "area=n, sex=M", "lower": 4, "upper": 4, "primary": True}.items() <= cell.items()


def test_four_cells_that_cover_each_other_are_safe(tmp_path):
    found = asked(tmp_path, SQUARE, code=0)
    assert found["safe"]
    assert [(each["lower"], each["upper"]) for each in found["cells"]] == [(0, 17)] * 4
    assert [(each["lower_knowing_rule"], each["upper_knowing_rule"]) for each in found["cells"]] == [(1, 16)] * 4


def test_a_cell_that_could_be_small_and_is_not_nought_is_not_protected(tmp_path):
    found = asked(
        tmp_path,
        SQUARE.replace("n,Total,17", "n,Total,19").replace("Total,M,47", "Total,M,49").replace("94", "96"),
        code=1,
    )
    assert [(each["lower"], each["protected"]) for each in found["cells"]] == [
        (0, True),
        (2, False),
        (0, True),
        (0, True),
    ]


def test_several_files_are_one_release(tmp_path):
    found = asked(tmp_path, SQUARE, "area,sex,count\nn,F,4\nn,M,13\ns,F,13\ns,M,4\ne,F,30\ne,M,30\n", code=1)
    assert {each["lower"] for each in found["cells"]} == {4, 13}


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "area,count\nn,x\n", "area,count\nn,3\nTotal,9\n"])
def test_what_is_no_release_is_refused(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(UnreadableError):
        CliRunner().invoke(app, ["audit-release", str(path)], catch_exceptions=False)


def test_the_screen_ends_with_the_verdict_and_the_next_command(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(ALONE)
    found = CliRunner().invoke(app, ["audit-release", str(path)], env={"COLUMNS": "200"})
    assert found.exit_code == 1
    assert "Not safe" in found.stdout
    assert "Next:" in found.output


INQUIRY = 'name = "N"\nquestion = "How many?"\nperiod = { from = 2008-01-01, to = 2011-06-29 }\n'


def call(*arguments: object):
    return CliRunner().invoke(app, ["audit-release", *map(str, arguments)])


def files(tmp_path: Path, **texts: str) -> dict[str, Path]:
    made = {name: tmp_path / f"{name}.csv" for name in texts}
    for name, text in texts.items():
        made[name].write_text(text)
    return made


def test_an_earlier_release_that_differs_by_one_child_is_caught(tmp_path):
    later = SQUARE.replace("e,F,30", "e,F,31").replace("Total,60", "Total,61").replace("F,47", "F,48")
    made = files(tmp_path, now=later.replace("94", "95"), before=SQUARE)
    assert call(made["now"]).exit_code == 0
    found = call(made["now"], "--earlier", made["before"], "--json")
    assert found.exit_code == 1
    told = json.loads(found.stdout)
    assert told["safe"] is False
    assert told["history"]["corrections"] == [1]
    assert {"area=e, sex=F", "Total"} <= {each["cell"] for each in told["history"]["revealed"]}
    shown = call(made["now"], "--earlier", made["before"]).stdout
    assert "Changes of a few people" in shown
    assert "Not safe beside what was published before" in shown


def test_a_percentage_and_a_sum_in_sentences_count(tmp_path):
    table = "area,count\nn,c\ns,c\ne,90\nTotal,100\n"
    made = files(tmp_path, table=table, prose='of,out_of,says\narea=n,Total,3.0%\n"area=n + area=e",,93\n')
    assert call(made["table"]).exit_code == 0
    told = json.loads(call(made["table"], made["prose"], "--json").stdout)
    assert [(each["lower"], each["upper"]) for each in told["cells"]] == [(3, 3), (7, 7)]
    assert not told["safe"]
    bad = files(tmp_path, bad="of,out_of,says\narea=x,,3\n")["bad"]
    assert isinstance(call(made["table"], bad).exception, UnreadableError)


def test_rounded_counts_are_read_as_their_rule_rounds_them(tmp_path):
    made = files(tmp_path, table="area,count\nn,5\ns,10\nTotal,20\n")["table"]
    told = json.loads(call(made, "--rule", "nhs_round_5", "--json").stdout)
    assert [(each["lower"], each["upper"]) for each in told["cells"]] == [(6, 7), (11, 12), (18, 19)]
    assert not told["safe"]
    assert call(made, "--rule", "none_such").exception is not None


def test_areas_within_regions_are_one_dimension(tmp_path):
    table = "area,count\nn1,c\nn2,12\ns1,30\ns2,c\nnorth,15\nTotal,60\n"
    made = files(tmp_path, table=table, areas="part,whole\nn1,north\nn2,north\ns1,south\ns2,south\n")
    told = json.loads(call(made["table"], "--parts", f"area={made['areas']}", "--json").stdout)
    assert [(each["cell"], each["lower"], each["upper"]) for each in told["cells"]] == [
        ("area=n1", 3, 3), ("area=s2", 15, 15),
    ]  # fmt: skip


def test_a_small_group_known_to_be_all_alike_is_found_where_it_is_asked_for(tmp_path):
    table = "area,care,count\nn,yes,7\nn,no,0\nn,Total,7\ns,yes,30\ns,no,20\ns,Total,50\n"
    made = files(tmp_path, table=table)["table"]
    assert call(made).exit_code == 0
    told = json.loads(call(made, "--small-group", 9, "--json").stdout)
    assert told["groups"] == [{"group": "area=n", "alike": "care=yes", "most": 7}]
    assert not told["safe"]


def test_an_override_needs_two_people_and_a_reason_and_is_of_this_release_alone(tmp_path):
    (tmp_path / "inquiry.toml").write_text(INQUIRY)
    made = files(tmp_path, t=ALONE)["t"]
    given = (made, "--override", tmp_path, "--by", "A. One", "--why", "consent of the one child and her guardian")
    assert isinstance(call(*given).exception, UsageError)
    assert isinstance(call(*given, "--checked-by", "a.  one").exception, UsageError)
    found = call(*given, "--checked-by", "B. Two", "--json")
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    assert (told["safe"], told["override"]) == (False, 1)
    decision = override_of(tmp_path, told["fingerprint"])
    assert (decision.decided_by, decision.other) == ("A. One", "B. Two")
    assert (
        override_of(tmp_path, json.loads(call(files(tmp_path, o=SQUARE)["o"], "--json").stdout)["fingerprint"]) is None
    )


def test_three_overlapping_totals_are_one_system_on_the_command_line(tmp_path):
    folders = []
    for name, pair, both in (("1", "ns", 12), ("2", "se", 18), ("3", "ne", 12)):
        folders.append(tmp_path / name)
        folders[-1].mkdir()
        (folders[-1] / "areas.csv").write_text("area,count\nn,c\ns,c\ne,c\nw,c\nTotal,45\n")
        (folders[-1] / "words.csv").write_text(f"of,out_of,says\narea={pair[0]} + area={pair[1]},,{both}\n")

    def asked_of(now, *earlier):
        options = [word for each in earlier for word in ("--earlier", str(each))]
        return CliRunner().invoke(
            app, ["audit-release", *map(str, sorted(now.iterdir())), *options], env={"COLUMNS": "200"}
        )

    assert asked_of(folders[2], folders[1]).exit_code == 0
    assert asked_of(folders[2], folders[0]).exit_code == 0
    found = asked_of(folders[2], *folders[:2])
    assert found.exit_code == 1
    assert "narrow down a withheld cell together" in found.stdout
