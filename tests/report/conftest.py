"""A run's tables as the earlier stages would leave them: tiny counts, unknowns, groups, a refused and a given estimate."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from joinedup.domain.numbers import Recipe, number_id
from joinedup.report import stage as report
from joinedup.report.drafting import Facts
from joinedup.report.evidence import Evidence, Frame
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.duck import DuckStore

AGENCIES = [
    {
        "id": "northmoor-police",
        "name": "Northmoor Police",
        "kind": "police",
        "asked": ["police_missing", "police_crime"],
    },
    {"id": "eastvale-council", "name": "Eastvale Council", "kind": "social_care", "asked": ["cin_census"]},
    {"id": "harbour-trust", "name": "Harbour & Dale <Trust>", "kind": "charity", "asked": ["charity_referrals"]},
    {"id": "hillside-school", "name": "Hillside School", "kind": "school", "asked": ["people"]},
]
PERIOD = {"from": "2008-01-01", "to": "2011-06-29"}
STATED = {
    "name": "Northmoor 2011",
    "question": "How many children, and who is looking?",
    "period": PERIOD,
    "agency": AGENCIES,
}

KINDS = {"children": "child", "suspects": "suspect"}
# Exact counts that no rounding to 5 leaves as they are, and small ones: none of them may be seen on the page.
YEARS = {"2008": 113, "2009": 242, "2010": 313, "2011": 87, "not known": 238}
AGES = {"10-12": 61, "13-15": 642, "16-17": 53, "18+": 3, "not known": 234}
SEXES = {"F": 601, "M": 84, "conflicting": 4, "not known": 304}
AREAS = {"NM": 432, "EV": 321, "HD": 2, "not known": 238}
LISTS = {"1": 701, "2": 286, "3": 6}
SOURCES = {"northmoor-police": 612, "eastvale-council": 433, "harbour-trust": 7}


def count_row(about, count, base, unknown=0, lower=None, upper=None):
    population, status, dimension, value = about
    column = {"year": "first_year", "source": "list"}.get(dimension, dimension)
    where = {"kind": KINDS[population], "status": status, "strongest": True}
    if dimension != "all":
        where[column] = int(value) if dimension == "lists" else value
    return {
        "population": population, "status": status, "dimension": dimension, "value": value, "count": count,
        "lower": lower, "upper": upper, "base": base, "unknown": unknown,
        "number_id": number_id("count", population, status, dimension, value),
        "recipe": Recipe("memberships", where, "person_id").to_json(),
    }  # fmt: skip


def counts():
    base = 993
    rows = [count_row(("children", "known", "all", "all"), base, base, 0, 961, 1024)]
    dimensions = {"year": YEARS, "age_band": AGES, "sex": SEXES, "area": AREAS, "lists": LISTS, "source": SOURCES}
    for dimension, values in dimensions.items():
        unknown = sum(count for value, count in values.items() if value in ("not known", "conflicting"))
        rows += [
            count_row(("children", "known", dimension, value), count, base, unknown) for value, count in values.items()
        ]
    rows += [
        count_row(("children", "suspected", "all", "all"), 14, 14, 0, 13, 14),
        count_row(("children", "suspected", "age_band", "13-15"), 11, 14, 3),
        count_row(("children", "suspected", "age_band", "not known"), 3, 14, 3),
        count_row(("children", "at_risk", "all", "all"), 0, 0, 0, 0, 0),
        count_row(("children", "not_stated", "all", "all"), 1, 1, 0, 1, 1),
        count_row(("suspects", "charged", "all", "all"), 37, 37, 0, 33, 43),
        count_row(("suspects", "alleged", "all", "all"), 6, 6, 0, 2, 7),
        count_row(("suspects", "not_stated", "all", "all"), 0, 0, 0, 0, 0),
    ]
    return rows


def responses():
    def row(about, rows=0, used=0, received=None, late=None, *, asked=True):
        agency, form, state = about
        files = {8123: 2, 0: 0}.get(rows, 1)
        recipe = Recipe("returns", {"agency": agency, "form": form, "state": "used"}, "file")
        return {
            "agency": agency, "name": agency, "kind": "police", "form": form, "asked": asked, "state": state,
            "due": datetime.date(2011, 3, 31), "received": received, "days_late": late, "files": files, "rows": rows,
            "used": used, "refused": rows - used, "number_id": number_id("response", agency, form),
            "recipe": recipe.to_json(),
        }  # fmt: skip

    return [
        row(("northmoor-police", "police_missing", "data"), 8123, 8119, datetime.date(2011, 4, 13), 13),
        row(("northmoor-police", "police_crime", "holds_nothing")),
        row(("eastvale-council", "cin_census", "data"), 1433, 1402, datetime.date(2011, 3, 31), 0),
        row(("harbour-trust", "charity_referrals", "unreadable"), received=datetime.date(2011, 4, 1), late=1),
        row(("hillside-school", "people", "no_answer")),
        row(("harbour-trust", "people", "data"), 6, 6, asked=False),
    ]


def estimate(*, chosen=True, refused=None):
    return {
        "scope": "children:known or suspected", "method": "chapman: police and social_care", "observed": 1006,
        "estimate": None if refused else 1643.4, "lower": None if refused else 1312.2,
        "upper": None if refused else 2187.9, "nominal": 0.95, "refused": refused,
        "lifted_by": "At least 7 children on both lists." if refused else None, "chosen": chosen,
        "assumptions": "Closed population. Independence. Model-based, nominal 95%.",
        "number_id": "estimate.lead",
        "recipe": Recipe("memberships", {"kind": "child", "known_or_suspected": True}, "person_id").to_json(),
    }  # fmt: skip


REFUSED = "Only 3 children stand on both; fewer than 7 decide nothing."


def review(agency, due, met, silent):
    recipe = Recipe("breaches", {"rule": "return_interview_72h", "agency": agency})
    return {
        "rule": "return_interview_72h", "agency": agency, "due": due, "met": met, "breached": due - met - silent,
        "not_recorded": silent, "share_lower": met / due, "share_upper": (met + silent) / due,
        "standard": "Return interview within 72 hours.", "recipe": recipe.to_json(),
        "number_id": number_id("review", "return_interview_72h", agency),
    }  # fmt: skip


def profile(attribute, values, base, unknown):
    def row(value, count, *, known):
        where = {"population": "children:known", "attribute": attribute, "value": value}
        return {
            "population": "children:known", "attribute": attribute, "value": value, "count": count, "base": base,
            "unknown": unknown, "known": known, "share_known": None, "lower": count / base,
            "upper": (count + unknown) / base, "recipe": Recipe("person_attributes", where, "person_id").to_json(),
            "number_id": number_id("profile", "children:known", attribute, value),
        }  # fmt: skip

    return [row(value, count, known=known) for value, count, known in values]


def tables(**changed):
    """The tables of the test run; `changed` takes the place of single ones."""
    found = {
        "responses": responses(),
        "counts": counts(),
        "estimates": [estimate()],
        "rule_coverage": [
            {
                "rule": "repeat_missing", "pack": "missing 1", "fired": 44, "not_fired": 512, "not_evaluable": 2,
                "number_id": "concern.repeat_missing",
                "recipe": Recipe("concerns", {"rule": "repeat_missing"}, "person_id").to_json(),
            }
        ],
        "reviews": [
            review("all", 333, 211, 71), review("northmoor-police", 328, 209, 69), review("eastvale-council", 5, 2, 2),
        ],
        "profiles": [
            *profile("sex", [("F", 601, True), ("M", 84, True), ("conflicting", 4, False), ("not known", 304, False)], 993, 308),
            *profile("disability", [("yes", 6, True), ("no", 964, True), ("not_stated", 23, False)], 993, 23),
        ],
        "claims": [
            {
                "claim": "share of children:known with sex F >= 0.5", "verdict": "supported", "lower": 0.605,
                "upper": 0.911, "unknown_share": 0.31, "settled_by": "Recording sex for 308 more.",
            },
            {
                "claim": "share of children:known with sex F >= 0.8", "verdict": "cannot be told", "lower": 0.605,
                "upper": 0.911, "unknown_share": 0.31, "settled_by": "Recording sex for 308 more.",
            },
        ],
        "link_quality": [
            {"measure": "people", "scope": "all", "value": 7431.0, "means": ""},
            {"measure": "conflicts", "scope": "all", "value": 2.0, "means": ""},
            {"measure": "mean_probability", "scope": "all", "value": 0.973, "means": ""},
        ],
        "problems": [
            {"agency": "eastvale-council", "file": "a.xml", "row": place, "severity": "refused_row", "message": "m"}
            for place in range(31)
        ]
        + [{"agency": "northmoor-police", "file": "b.csv", "row": place, "severity": "note", "message": "m"} for place in range(4)],
        "groups": [{"group_id": f"g_{place}", "people": 4, "children": 1, "suspects": 3} for place in range(12)],
        "group_members": [
            {"group_id": f"g_{place % 12}", "person_id": f"p_{place}", "role": "child" if place % 4 == 0 else "suspect"}
            for place in range(48)
        ],
        "hubs": [{"kind": "phone", "value": f"h{place}", "people": 71, "cap": 25, "state": "set_aside"} for place in range(2)],
        "concerns": [
            {"person_id": f"p_{place}", "rule": "repeat_missing", "window_start": datetime.date(2010, 1, 1)}
            for place in range(44)
        ],
        "unseen": [{"rank": place, "person_id": f"p_{place}"} for place in range(1, 20)],
    }  # fmt: skip
    return found | changed


@pytest.fixture
def report_of(run_stage, tmp_path):
    """Runs the stage on the test run: report_of(tables=..., **settings) -> (html, store)."""

    def make(given=None, **settings):
        store = run_stage(report, tables() if given is None else given, **(STATED | settings))
        return (tmp_path / "report" / "index.html").read_text(encoding="utf-8"), store

    return make


@pytest.fixture(scope="session")
def reported(tmp_path_factory):
    """The folder of the report of the test run, made once; do not change its files."""
    folder = tmp_path_factory.mktemp("reported")
    store = DuckStore(folder / "evidence.duckdb")
    given = tables()
    for name in {*report.READS, *given}:
        store.write(name, from_rows(name, given.get(name, [])))
    inquiry = Inquiry.model_validate(STATED)
    report.run(StageRun(report.NAME, report.READS, report.WRITES, store, inquiry, folder, folder, 1))
    store.close()
    return folder / "report"


@pytest.fixture(scope="session")
def made():
    """The makers of the test run's tables."""
    return SimpleNamespace(
        tables=tables,
        profile=profile,
        estimate=estimate,
        review=review,
        REFUSED=REFUSED,
        AGENCIES=AGENCIES,
        STATED=STATED,
    )


@pytest.fixture
def facts():
    """What drafts are filled from."""
    frame = Frame(
        "Northmoor 2011", "Northmoor", "How many?", "2008 to 2011", {"police": "Northmoor Police"}, version="1"
    )
    evidence = Evidence(
        responses=[{"agency": "police", "form": "police_missing", "state": "data", "asked": True}],
        profiles=[
            {"attribute": "ethnicity (ethnicity_16_1)", "value": "A1: Indian"},
            {"attribute": "sex", "value": "F"},
            {"attribute": "nationality", "value": "not returned"},
        ],
    )
    return Facts(frame, evidence, "8,120", "counts of 1 to 7 shown as 5", ["Northmoor Police"])
