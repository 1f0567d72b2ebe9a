"""`joinedup publish`: what blocks, who answers for it, and that what went out is kept and compared with."""

from __future__ import annotations

import json
import shlex
import shutil

import pytest

from joinedup.store.published import Publications
from joinedup.store.runs import Runs

NAMES = ("--by", "A. Analyst", "--checked-by", "B. Checker", "--accept", "linkage=The ends are given.")
TOML = """name = "Small"
question = "How many?"
period = { from = 2008-01-01, to = 2011-06-29 }

[[agency]]
id = "force"
name = "Northmoor Police"
kind = "police"
asked = ["people"]
"""
HEAD = "source_ref,role,forename,surname,dob,sex,event_date\n"


FORENAMES = ["Anna", "Beth", "Cleo", "Dora", "Eve", "Fay", "Gwen", "Hope", "Iris", "June", "Kate", "Lena", "Mia"]
SURNAMES = [
    "Brook",
    "Carr",
    "Dunn",
    "Estham",
    "Fenn",
    "Gale",
    "Hurst",
    "Ivory",
    "Jarrow",
    "Kemp",
    "Lowe",
    "Marsh",
    "Nash",
]


def child(number):
    name = f"{FORENAMES[number]},{SURNAMES[-number]}"
    return (
        f"N{number},child,{name},{1995 + number % 5}-0{1 + number % 9}-{10 + 2 * number % 17},F,2010-05-{10 + number}\n"
    )


@pytest.fixture(scope="module")
def inquiry(tmp_path_factory, joinedup):
    """One force's list, run and published, then a child added, run and published again."""
    folder = tmp_path_factory.mktemp("publish") / "inquiry"
    (folder / "returns" / "force").mkdir(parents=True)
    (folder / "inquiry.toml").write_text(TOML)
    people = folder / "returns" / "force" / "people.csv"
    people.write_text(HEAD + "".join(child(number) for number in range(7)))
    joinedup("run", folder)
    joinedup("publish", folder, *NAMES)
    people.write_text(HEAD + "".join(child(number) for number in range(13)))
    joinedup("run", folder)
    return folder


def found_by(joinedup, folder, *words):
    # The second report beside the first gives a few children away, so its checklist always ends with exit 1.
    return json.loads(joinedup("publish", folder, *words, "--check", "--json", code=1).stdout)["checks"]


def checks(joinedup, folder, *words):
    return {(each["check"], each["standing"]) for each in found_by(joinedup, folder, *words)}


def test_the_report_tells_what_changed_since_the_last_and_why(joinedup, inquiry):
    latest = Runs(inquiry).path(Runs(inquiry).latest())
    html = (latest / "report" / "index.html").read_text(encoding="utf-8")
    changed = html[html.index('id="changes"') :]
    assert "correction: Northmoor Police" in changed
    assert "no reason was found" not in changed
    assert "people.csv" not in html


def test_two_people_answer_for_what_goes_out(joinedup, inquiry):
    found = checks(joinedup, inquiry, "--by", "A. Analyst", "--checked-by", "a.  analyst")
    assert ("people", "blocking") in found
    before = Publications(inquiry).ids()
    refused = joinedup("publish", inquiry, "--by", "A. Analyst", "--checked-by", "A. Analyst", code=4)
    assert "not published" in refused.stderr
    assert "To mend people:" in refused.stdout
    assert f"\n    joinedup publish {inquiry}\n" in refused.stdout
    assert "--by is missing" in joinedup("publish", inquiry, code=2).stderr
    assert Publications(inquiry).ids() == before


def test_a_table_or_page_that_is_not_as_the_run_wrote_it_blocks(joinedup, inquiry, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(inquiry, folder)
    page = Runs(folder).path(Runs(folder).latest()) / "report" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert ("run", "passed") in checks(joinedup, folder, *NAMES)
    place = text.index('data-number="count.children.not_stated.all.all"')
    page.write_text(text[:place] + text[place:].replace(">15<", ">20<", 1))
    assert ("run", "blocking") in checks(joinedup, folder, *NAMES)


def test_an_earlier_publication_that_was_changed_blocks(joinedup, inquiry, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(inquiry, folder)
    page = folder / "published" / Publications(folder).ids()[0] / "report" / "index.html"
    page.chmod(0o644)
    page.write_text("another")
    assert ("history", "blocking") in checks(joinedup, folder, *NAMES)


def test_a_run_made_before_the_last_publication_cannot_be_published(joinedup, inquiry):
    first = Runs(inquiry).ids()[0]
    assert ("history", "blocking") in checks(joinedup, inquiry, *NAMES, "--run", first)


def test_only_open_links_can_be_accepted_and_only_with_a_reason(joinedup, inquiry):
    joinedup("publish", inquiry, *NAMES, "--accept", "arithmetic=because", code=2)
    joinedup("publish", inquiry, *NAMES, "--accept", "linkage=", code=2)


def test_a_second_report_that_gives_a_few_children_away_needs_two_people_in_the_ledger(joinedup, inquiry):
    told = next(each for each in found_by(joinedup, inquiry, *NAMES) if each["check"] == "disclosure")
    assert "earlier report" in told["message"]
    joinedup("publish", inquiry, *NAMES, "--accept", "disclosure=because", code=2)
    [override] = [command for way in told["mend"] for command in way["commands"] if "release_override" in command]
    name, *words = shlex.split(override)
    assert name == "joinedup"
    assert "--why is missing" in joinedup(*words, code=2).stderr
    joinedup(*words, "--why", "The few have agreed.")
    checked = json.loads(joinedup("publish", inquiry, *NAMES, "--check", "--json").stdout)["checks"]
    assert ("disclosure", "warning") in {(each["check"], each["standing"]) for each in checked}


def test_publications_are_compared_number_by_number(joinedup, inquiry):
    made = json.loads(joinedup("publish", inquiry, *NAMES, "--json").stdout)["published"]
    assert made["publication"].startswith("0002-")
    found = json.loads(joinedup("diff", inquiry, "1", "2", "--published", "--json").stdout)
    total = next(row for row in found["changes"] if row["number_id"] == "count.children.not_stated.all.all")
    assert (total["before"], total["after"]) == ("5", "15")
    assert {cause["reason"] for cause in total["why"]} == {"correction"}
    drafts = list((inquiry / "published").rglob("drafts"))
    assert drafts == []
    record = Publications(inquiry).latest().record
    assert (record["by"], record["checked_by"]) == ("A. Analyst", "B. Checker")
