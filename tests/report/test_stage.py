"""The stage on a made-up run: what is written, what is said, and above all what is not given away."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.errors import SettingsError
from joinedup.report import stage as report
from joinedup.store.numbers import recompute, trace


class Seen(HTMLParser):
    """What a reader or a program can take from the page: texts, attributes, and the elements in order."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts, self.data, self._open = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "data":
            self.data.append([dict(attrs), ""])

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, text):
        if "style" in self._open:
            return
        self.texts.append(text)
        if "data" in self._open:
            self.data[-1][1] += text

    def all(self, tag):
        return [attributes for each, attributes in self.elements if each == tag]


def rows(store, name):
    return store.read(name).to_pyarrow().to_pylist()


def exact_counts(store):
    """Every exact count of people that differs from what is published for it."""
    released = [row for row in rows(store, "released") if row["rule"] != "institutions_exact"]
    return {int(row["exact"]) for row in released if row["shown"].replace(",", "") != str(int(row["exact"]))}


def numbers_said(html):
    """Every number in texts and in attributes that a reader or a program meets, years and the inquiry's own words apart."""
    seen = Seen(html)
    told = [*seen.texts]
    for tag, attributes in seen.elements:
        told += [
            value
            for name, value in attributes.items()
            if name in ("aria-label", "title", "value", "alt") and tag != "meta" and value
        ]
    return {
        int(found.replace(",", ""))
        for text in told
        for found in re.findall(r"(?<![\w.-])\d[\d,]*(?![\w%-]|\.\d)", text)
    }


@pytest.mark.parametrize("rule", ["nhs_round_5", "ons_threshold_10"])
def test_no_exact_count_of_people_is_anywhere_on_the_page(report_of, rule):
    html, store = report_of(report={"disclosure_rule": rule})
    hidden = {count for count in exact_counts(store) if count > 31}
    assert {1006, 993, 961, 642, 433, 8123, 328, 308, 211} <= hidden
    assert not hidden & numbers_said(html)
    # The walk itself finds what is there, or it could not fail.
    assert {995, 1005, 640} <= numbers_said(html)


@pytest.mark.parametrize("rule", ["nhs_round_5", "ons_threshold_10"])
def test_every_number_element_shows_exactly_what_was_released_and_no_small_count(report_of, rule):
    html, store = report_of(report={"disclosure_rule": rule})
    released = {row["number_id"]: row for row in rows(store, "released")}
    seen = Seen(html)
    printed = [(attributes, text) for attributes, text in seen.data if "data-number" in attributes]
    assert {attributes["data-number"] for attributes, _ in printed} == set(released)
    for attributes, text in printed:
        row = released[attributes["data-number"]]
        assert text == row["shown"]
        assert attributes["data-rule"] == row["rule"]
        if row["rule"] == rule and row["exact"] > 0:
            assert text == "c" or int(text.replace(",", "")) % 5 == 0
    small = [row for row in released.values() if row["rule"] == rule and 0 < row["exact"] <= 7]
    assert len(small) > 10
    assert {row["shown"] for row in small} == ({"5"} if rule == "nhs_round_5" else {"c"})


def test_a_number_in_a_table_cell_or_finding_is_never_plain_text(report_of):
    """Outside <data>, cells and findings hold digits only in words that the inquiry, a registry or a date gives."""
    html, _ = report_of()
    outside = re.sub(r"<data.*?</data>", "", html, flags=re.DOTALL)
    cells = re.findall(
        r'<td role="cell" class="numeric"[^>]*>(.*?)</td>', outside.split('id="numbers"')[0], flags=re.DOTALL
    )
    assert cells
    assert not [cell for cell in cells if re.search(r"\d", cell)]
    findings = re.findall(r'<li id="\w+-\d+"><span class="tag">.*?</span>(.*?)</li>', outside, flags=re.DOTALL)
    assert len(findings) > 10
    assert {number for finding in findings for number in re.findall(r"\d+", re.sub("&#\\d+;", "", finding))} <= {
        "72",
        "0",
        "8",
    }


def test_shares_name_printed_numbers(report_of):
    html, store = report_of()
    known = {row["number_id"] for row in rows(store, "released")}
    shares = [attributes["data-made-of"].split() for attributes, _ in Seen(html).data if "data-made-of" in attributes]
    assert len(shares) > 10
    assert all(set(share) <= known and len(share) >= 2 for share in shares)


def test_the_same_tables_give_the_same_bytes_whatever_their_order(report_of, made):
    first, _ = report_of()
    turned = {name: list(reversed(table)) for name, table in made.tables().items()}
    second, _ = report_of(turned)
    assert first == second


def test_nothing_of_a_person_or_of_what_agencies_wrote_is_on_the_page(report_of, made):
    given = made.tables()
    for row in given["concerns"]:
        row["reason"] = "REASONTEXT"
    for row in given["unseen"]:
        row["reasons"] = "REASONTEXT"
    for row in given["hubs"]:
        row["value"] = "HUBVALUE"
    for row in given["problems"]:
        row["message"] = row["expected"] = row["column"] = "PROBLEMTEXT"
    for row in given["groups"]:
        row["shared"] = "SHAREDTEXT"
    html, _ = report_of(given)
    assert not re.search(r"REASONTEXT|HUBVALUE|PROBLEMTEXT|SHAREDTEXT|\bp_\d|\bg_\d", html)


def test_a_long_value_of_a_profile_is_not_repeated(report_of, made):
    given = made.tables()
    given["profiles"][0]["value"] = "written at length " * 8
    html, _ = report_of(given)
    assert "written at length" not in html
    assert "other entry, not shown" in html


def test_names_from_the_inquiry_are_escaped(report_of):
    html, _ = report_of()
    assert "Harbour &amp; Dale &lt;Trust&gt;" in html
    assert "<Trust>" not in html


def test_every_released_number_can_be_recomputed_from_tables_of_the_run(report_of, made):
    _, store = report_of()
    own = set(made.tables())
    checked = 0
    for row in rows(store, "released"):
        recipe = Recipe.from_json(row["recipe"])
        if recipe.table in own or recipe.total:
            assert recompute(store, recipe) == pytest.approx(row["exact"]), row["number_id"]
            checked += 1
    assert checked > 80


def test_a_number_only_the_report_prints_can_be_traced(report_of, made):
    given = made.tables() | {"decisions": [], "mentions": [], "people": [], "events": [], "returns": []}
    _, store = report_of(given)
    found = trace(store, "unseen.children")
    assert (found.number.value, found.recomputed) == (19.0, 19)
    assert trace(store, "quality.refused").recomputed == 35


def test_findings_bind_released_values_and_name_their_numbers(report_of):
    _, store = report_of()
    findings = {row["finding_id"]: row for row in rows(store, "findings")}
    assert findings["scale-01"]["sentence"].startswith("995 different children are recorded as known victims")
    assert "960 to 1,025" in findings["scale-01"]["sentence"]
    known = {row["number_id"] for row in rows(store, "released")}
    for row in findings.values():
        assert set(json.loads(row["numbers"])) <= known
        assert "{{" not in row["sentence"]


def test_recommendations_follow_from_findings_that_are_there(report_of):
    _, store = report_of()
    findings = {row["finding_id"]: row["sentence"] for row in rows(store, "findings")}
    found = rows(store, "recommendations")
    assert len(found) >= 6
    for row in found:
        assert set(row["findings"].split("|")) <= set(findings)
    unseen = next(row for row in found if "unseen" in row["action"])
    assert "No agency had anything open" in findings[unseen["findings"]]


def test_a_refused_estimate_is_said_with_its_reason_and_without_its_counts(report_of, made):
    html, store = report_of(made.tables(estimates=[made.estimate(refused=made.REFUSED)]))
    assert "No number is given." in html
    assert "Too few children stand on both; fewer than 7 decide nothing." in html
    assert "chart-estimate" not in html
    actions = [row["action"] for row in rows(store, "recommendations")]
    assert any("give no such number until then" in action for action in actions)


def test_an_estimate_without_an_upper_limit_says_so_and_prints_no_number_for_it(report_of, made):
    html, store = report_of(made.tables(estimates=[made.estimate() | {"upper": None}]))
    assert "no upper limit" in html
    assert "chart-estimate" not in html
    [said] = [row["sentence"] for row in rows(store, "findings") if "there would be about" in row["sentence"]]
    assert said.endswith("in all, with a lower limit of 1,310 and no upper one.")


def test_an_estimate_whose_links_nobody_reviewed_is_no_headline_and_its_range_says_so(report_of, made):
    html, store = report_of(made.tables(estimates=[made.estimate() | {"unreviewed": "The links were not reviewed."}]))
    assert "No headline number is given. The links were not reviewed." in html
    assert "chart-estimate" not in html
    [said] = [row for row in rows(store, "findings") if "have not been reviewed" in row["sentence"]]
    assert said["headline"]
    assert not any("there would be about" in row["sentence"] for row in rows(store, "findings"))


def test_methods_and_overlaps_are_drawn_from_published_values(report_of, made):
    lead = made.estimate()
    ways = [
        lead
        | {"method": f"log-linear: {name}", "number_id": f"estimate.{name}", "chosen": name == "bic", "estimate": total}
        for name, total in (("bic", lead["estimate"]), ("stepwise", lead["estimate"] + 100))
    ]
    patterns = [("110", 212), ("100", 503), ("001", 4)]
    held = [
        {"scope": lead["scope"], "lists": "police|social_care|charity", "pattern": pattern, "count": count}
        for pattern, count in patterns
    ]
    html, store = report_of(made.tables(estimates=ways, overlaps=held))
    assert "chart-methods-" in html
    part = html[html.index("Which lists hold the same children:") :].split("</table>")[0]
    assert "210" in part
    assert "505" in part
    assert "212" not in part
    assert "503" not in part
    [released] = [
        row for row in rows(store, "released") if row["number_id"].startswith("overlap.") and row["exact"] == 4
    ]
    assert released["shown"] == "5"  # the rule's sign for every count from 1 to 7
    bare, _ = report_of(made.tables(overlaps=[]))
    assert "chart-overlaps" not in bare


def test_statuses_are_shown_apart_and_never_added(report_of):
    html, _ = report_of()
    # 993 known + 14 suspected + 1 not stated: no such sum, exact or published.
    assert not {1008, 1007, 1010} & numbers_said(html)


def test_a_bare_share_stands_only_where_few_are_unknown(report_of):
    html, _ = report_of()
    sex = html[html.index("<caption>Sex: children, known") :].split("</table>")[0]
    assert "Share of those known" not in sex
    assert "No share of those known is given" in html[html.index("<caption>Sex: children, known") :].split("<h3")[0]
    assert "60%" in sex
    assert "92%" in sex  # (602 + 312) of 993: the counts behind 600, 310 and 995 that make it highest
    disability = html[html.index("<caption>Disability: children, known") :].split("</table>")[0]
    assert "Share of those known" in disability


def test_what_is_recorded_for_nobody_stands_in_one_table_with_its_reasons(report_of, made):
    given = made.tables()
    given["profiles"] += made.profile("threat", [("not_stated", 640, False), ("not asked", 353, False)], 993, 993)
    html, store = report_of(given)
    assert "<caption>Kind of threat: children, known" not in html
    part = html[html.index("<caption>Recorded for nobody: children, known") :].split("</table>")[0]
    assert [part.count(each) for each in ("Kind of threat", "Not stated", "Not asked", "All of these")] == [3, 1, 1, 1]
    assert {"640", "355"} <= {row["shown"] for row in rows(store, "released")}
    assert "disability" not in part.lower()


def test_an_inquiry_with_nothing_in_it_still_has_a_report(report_of):
    html, store = report_of({})
    assert "No return names a child with a status." in html
    assert "No standard could be held against these returns." in html
    assert [row["finding_id"] for row in rows(store, "findings")]


def test_an_unknown_disclosure_rule_stops_the_run_and_names_those_there_are(report_of):
    with pytest.raises(SettingsError, match="no_such_rule") as stopped:
        report_of(report={"disclosure_rule": "no_such_rule"})
    assert "nhs_round_5" in stopped.value.remedy


def test_the_page_stands_alone(report_of):
    html, _ = report_of()
    seen = Seen(html)
    assert not [tag for tag, _ in seen.elements if tag in ("script", "link", "img", "iframe", "form", "base", "object")]
    assert set(re.findall(r'(?:https?:)?//[^"<\s)]+', html)) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in html
    assert "url(" not in html


def test_the_page_keeps_the_structure_that_assistive_technology_needs(report_of):
    html, _ = report_of()
    seen = Seen(html)
    assert seen.all("html")[0]["lang"] == "en-GB"
    for landmark in ("header", "main", "footer", "h1", "title"):
        assert len(seen.all(landmark)) == 1, landmark
    ways = [attributes["aria-label"] for attributes in seen.all("nav")]
    assert ways[0] == "Contents"
    assert len(ways) == len(set(ways)) > 2
    assert seen.all("a")[0]["href"] == "#main"
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    tables = len(seen.all("table"))
    assert tables > 10
    assert len(seen.all("caption")) == tables
    assert all(attributes.get("scope") in ("col", "row") for attributes in seen.all("th"))
    assert html.count("<svg") == html.count('role="img"') > 3
    assert all(attributes["aria-label"].count(":") for attributes in seen.all("div") if attributes.get("role") == "img")


def test_ids_stand_once_and_every_link_inside_the_page_leads_somewhere(report_of):
    html, _ = report_of()
    seen = Seen(html)
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"] for attributes in seen.all("a")}
    assert all(target.startswith("#") and target[1:] in ids for target in targets)
    pointed = {
        attributes[name] for _, attributes in seen.elements for name in ("aria-labelledby",) if name in attributes
    }
    assert pointed <= set(ids)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "#ffffff"),
        ("quiet", "#ffffff"),
        ("quiet", "pale"),
        ("accent", "#ffffff"),
        ("accent", "pale"),
        ("warn", "#ffffff"),
        ("ink", "focus"),
    ],
)
def test_colours_of_text_reach_the_contrast_of_wcag_aa(report_of, text, ground):
    html, _ = report_of({})
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", html))
    pair = [luminance(colours.get(each, each)) for each in (text, ground)]
    assert (max(pair) + 0.05) / (min(pair) + 0.05) >= 4.5


def test_a_large_region_is_reported_whole(report_of, made):
    agencies = [
        {"id": f"agency-{place}", "name": f"Agency {place}", "kind": "police", "asked": []} for place in range(60)
    ]
    plain = {row["number_id"]: row for row in made.tables()["profiles"]}
    profiles = [
        row | {"attribute": f"{row['attribute']} {place}", "number_id": f"{number}.{place}"}
        for place in range(60)
        for number, row in plain.items()
    ]
    reviews = [made.review(agency["id"], 300 + place, 200, 50) for place, agency in enumerate(agencies)]
    html, _ = report_of(made.tables(profiles=profiles, reviews=reviews), agency=agencies)
    assert html.count("Agency 59") > 0


def test_reads_and_writes_are_what_the_design_says():
    assert report.NAME == "report"
    assert report.WRITES == ("findings", "recommendations", "released", "checks")


def test_bands_stand_by_their_numbers_and_words_last(report_of, made):
    given = made.tables()
    values = [("10-12", 50, True), ("5-9", 40, True), ("18 or over", 30, True), ("not known", 0, False)]
    given["profiles"] += made.profile("age_band", values, 120, 0)
    html, _ = report_of(given)
    part = html[html.index("<caption>Age at first concern: children, known") :].split("</table>")[0]
    assert sorted(("10-12", "5-9", "18 or over", "Not known"), key=part.index) == [
        "5-9",
        "10-12",
        "18 or over",
        "Not known",
    ]


def test_what_an_estimate_stands_on_is_told_a_line_each_and_quotes_no_count(report_of, made):
    said = "Lists are of one population. Only 13 people are on two lists or more. Nobody can be on both health and youth_justice."
    html, _ = report_of(made.tables(estimates=[made.estimate() | {"assumptions": said}]))
    part = html[html.index("What it stands on:") :].split("<table")[0]
    assert "<li>Lists are of one population.</li>" in part
    assert "<li>Nobody can be on both health and youth justice.</li>" in part
    assert "two lists or more" not in part
    assert "quotes counts that are not published" in part
