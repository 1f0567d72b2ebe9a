from __future__ import annotations

import datetime
import random

import pytest

from joinedup.count import stage
from joinedup.count.corrected import NO_SAMPLE, NOT_SUSPECTS, UNTOUCHED
from joinedup.domain.numbers import Recipe
from joinedup.store.contract import from_rows
from joinedup.store.numbers import recompute


def day(year, month=6, dayno=15):
    return datetime.date(year, month, dayno)


def moment(year, month=6, dayno=15):
    return datetime.datetime(year, month, dayno, 12, 0)  # noqa: DTZ001  (the store keeps local time, no zone)


class Region:
    """Hand-written evidence: mentions of people on agencies' lists."""

    def __init__(self):
        self.tables = {name: [] for name in stage.READS}

    def mention(self, person, agency, status, **facts):
        mention_id = f"m{len(self.tables['mentions']):04}"
        role = facts.pop("role", "child")
        start = facts.pop("start", moment(2010))
        precision = facts.pop("precision", "minute" if start else None)
        self.tables["people"].append({"mention_id": mention_id, "person_id": person, "agency": agency, "kind": "child"})
        self.tables["mentions"].append(
            {"mention_id": mention_id, "agency": agency, "agency_kind": agency.split("-")[0], "role": role} | facts
        )
        self.tables["events"].append({"event_id": f"e{mention_id}", "start": start, "start_precision": precision})
        self.tables["involvements"].append(
            {"mention_id": mention_id, "event_id": f"e{mention_id}", "role": role, "status": status, "basis": "fact"}
        )
        return mention_id

    def link(self, left, right, probability, zone):
        left, right = sorted((left, right))
        self.tables["links"].append(
            {"mention_l": left, "mention_r": right, "probability": probability, "zone": zone, "model": "test"}
        )


def memberships_of(run_stage, region):
    rows = run_stage(stage, region.tables).read("memberships").to_pyarrow().to_pylist()
    return {(row["person_id"], row["kind"], row["list"], row["status"]): row for row in rows}


def counts_of(store):
    rows = store.read("counts").to_pyarrow().to_pylist()
    return {(row["population"], row["status"], row["dimension"], row["value"]): row for row in rows}


@pytest.fixture
def mixed() -> Region:
    """Thirty children and twelve suspects on five lists, drawn by a fixed seed."""
    draw, region = random.Random(20110629), Region()
    agencies = ["police-a", "police-b", "social_care-a", "charity-a", "school-a"]
    for number in range(160):
        child = draw.random() < 0.7
        region.mention(
            f"{'c' if child else 's'}{draw.randrange(30 if child else 12):02}",
            draw.choice(agencies),
            draw.choice(
                ["known", "suspected", "at_risk", "not_stated", ""] if child else ["charged", "alleged", "not_stated"]
            ),
            role="child" if child else "suspect",
            start=draw.choice([None, moment(2008 + number % 4, 1 + number % 12, 1 + number % 28)]),
            sex=draw.choice(["F", "M", None]),
            dob=draw.choice([None, day(1990 + number % 8)]),
            dob_precision=draw.choice(["day", "month", "year"]),
            area=draw.choice(["ZX", "ZY", "North Moor", "north-moor", None]),
        )
    return region


def test_every_recipe_gives_its_count(run_stage, mixed):
    store = run_stage(stage, mixed.tables)
    rows = store.read("counts").to_pyarrow().to_pylist()
    assert len(rows) > 100
    for row in rows:
        assert recompute(store, Recipe.from_json(row["recipe"])) == row["count"], row["number_id"]
    assert len({row["number_id"] for row in rows}) == len(rows)


def test_a_person_counts_once_under_the_strongest_status(run_stage):
    region = Region()
    region.mention("anyone", "police-a", "suspected")
    region.mention("anyone", "charity-a", "known")
    region.mention("anyone", "school-a", "at_risk")
    counts = counts_of(run_stage(stage, region.tables))
    everybody = {
        status: counts["children", status, "all", "all"]["count"] for status in ("known", "suspected", "at_risk")
    }
    assert everybody == {"known": 1, "suspected": 0, "at_risk": 0}
    assert counts["children", "known", "lists", "3"]["count"] == 1
    assert ("children", "known", "source", "police-a") not in counts


def test_a_count_says_on_how_many_returns_it_stands(run_stage):
    region = Region()
    region.mention("one", "police-a", "known", return_id="r1", area="ZX")
    region.mention("one", "police-a", "suspected", return_id="r2", area="ZX")
    region.mention("two", "charity-a", "known", return_id="r3", area="ZY")
    region.mention("three", "charity-a", "known", return_id="r3", area="ZY")
    region.mention("one", "school-a", "", return_id="r4", area="ZX")
    counts = counts_of(run_stage(stage, region.tables))
    keys = [("all", "all"), ("area", "ZX"), ("area", "ZY"), ("threat", "not known"), ("lists", "1")]
    assert [counts["children", "known", *key]["returns"] for key in keys] == [3, 2, 1, 3, 3]
    assert counts["children", "at_risk", "all", "all"]["returns"] == 0


def test_a_role_belongs_to_the_involvement(run_stage):
    region = Region()
    region.mention("both", "police-a", "known")
    region.mention("both", "police-a", "charged", role="suspect")
    counts = counts_of(run_stage(stage, region.tables))
    assert counts["children", "known", "all", "all"]["count"] == 1
    assert counts["suspects", "charged", "all", "all"]["count"] == 1


def test_a_record_that_says_nothing_of_exploitation_puts_nobody_on_a_list(run_stage):
    region = Region()
    region.mention("missing", "police-a", "")
    region.mention("witness", "police-a", "known", role="witness")
    assert memberships_of(run_stage, region) == {}


def test_counts_by_a_persons_own_attributes_add_up_to_the_base(run_stage, mixed):
    counts = counts_of(run_stage(stage, mixed.tables))
    for population, status in {key[:2] for key in counts}:
        base = counts[population, status, "all", "all"]["count"]
        for dimension in ("year", "area", "age_band", "sex", "lists"):
            rows = [row for key, row in counts.items() if key[:3] == (population, status, dimension)]
            assert sum(row["count"] for row in rows) == base
            unknown = sum(row["count"] for row in rows if row["value"] in ("not known", "conflicting"))
            assert all(row["base"] == base and row["unknown"] == unknown for row in rows)


@pytest.mark.parametrize(
    ("dob", "precision", "start", "start_precision", "band"),
    [
        (day(1997, 6, 15), "day", moment(2010, 6, 15), "minute", "13-15"),  # thirteenth birthday
        (day(1997, 6, 16), "day", moment(2010, 6, 15), "minute", "10-12"),  # the day before it
        (day(1997, 6, 1), "month", moment(2010, 6, 15), "day", "not known"),  # born that month: 12 or 13
        (day(1996, 1, 1), "year", moment(2010, 6, 15), "day", "13-15"),  # 13 or 14, one band
        (day(1997, 1, 1), "year", moment(2010, 6, 15), "day", "not known"),  # 12 or 13, two bands
        (day(1996, 1, 1), "placeholder", moment(2010, 6, 15), "day", "13-15"),  # 1 January: the year stands
        (day(1996, 6, 6), "placeholder", moment(2010, 6, 15), "day", "not known"),  # the agency's sign for unknown
        (day(1997, 6, 15), "day", moment(2010, 1, 1), "year", "not known"),  # some time in 2010: 12 or 13
        (day(1996, 6, 15), "day", moment(2010, 1, 1), "year", "13-15"),  # some time in 2010: 13 or 14
        (day(1997, 6, 20), "day", moment(2010, 6, 1), "month", "not known"),  # some day in June 2010: 12 or 13
        (day(1997, 6, 20), "day", moment(2010, 7, 1), "month", "13-15"),
        (day(1996, 2, 29), "day", moment(2012, 2, 28), "day", "13-15"),  # not yet sixteen
        (day(1996, 6, 15), "day", None, None, "not known"),
        (None, None, moment(2010), "day", "not known"),
        (day(2011, 6, 15), "day", moment(2010), "day", "not known"),  # born after the concern: an error, no age
        (day(1800, 6, 15), "day", moment(2010), "day", "not known"),
    ],
)
def test_an_age_band_is_given_only_where_every_age_the_dates_allow_lies_in_it(
    run_stage, dob, precision, start, start_precision, band
):
    region = Region()
    region.mention("one", "police-a", "known", dob=dob, dob_precision=precision, start=start, precision=start_precision)
    [row] = memberships_of(run_stage, region).values()
    assert row["age_band"] == band


def test_the_most_precise_and_most_given_date_of_birth_decides(run_stage):
    region = Region()
    for agency, born, precision in [
        ("police-a", day(1990, 1, 1), "year"),
        ("police-b", day(1997, 1, 5), "day"),
        ("charity-a", day(1997, 1, 5), "day"),
        ("school-a", day(1987, 1, 5), "day"),
    ]:
        region.mention("one", agency, "known", dob=born, dob_precision=precision)
    rows = memberships_of(run_stage, region).values()
    assert {row["age_band"] for row in rows} == {"13-15"}


def test_a_tie_between_dates_of_birth_in_two_bands_is_not_known(run_stage):
    region = Region()
    region.mention("one", "police-a", "known", dob=day(1997, 1, 5), dob_precision="day")
    region.mention("one", "school-a", "known", dob=day(1987, 1, 5), dob_precision="day")
    assert {row["age_band"] for row in memberships_of(run_stage, region).values()} == {"not known"}


def test_a_sex_that_mentions_disagree_on_is_conflicting_and_counts_as_unknown(run_stage):
    region = Region()
    region.mention("one", "police-a", "known", sex="F")
    region.mention("one", "school-a", "", sex="M")
    region.mention("two", "police-a", "known", sex="F")
    region.mention("two", "charity-a", "known", sex="F")
    region.mention("three", "police-a", "known", sex=None)
    counts = counts_of(run_stage(stage, region.tables))
    assert {key[3]: row["count"] for key, row in counts.items() if key[:3] == ("children", "known", "sex")} == {
        "F": 1, "conflicting": 1, "not known": 1,
    }  # fmt: skip
    assert counts["children", "known", "sex", "F"]["unknown"] == 2


def test_area_and_year_are_those_of_the_earliest_concern(run_stage):
    region = Region()
    region.mention("one", "police-a", "known", start=moment(2010), area="ZX")
    region.mention("one", "charity-a", "suspected", start=moment(2008), area="ZY")
    region.mention("one", "school-a", "", start=moment(2007), area="ZZ")
    rows = memberships_of(run_stage, region)
    assert {row["area"] for row in rows.values()} == {"ZY"}
    assert {row["first_year"] for row in rows.values()} == {"2008"}
    assert rows["one", "child", "police-a", "known"]["year"] == "2010"


def test_of_two_areas_on_the_first_day_the_first_by_name_stands_and_one_beats_none(run_stage):
    region = Region()
    for area in (None, "ZY", "ZX"):
        region.mention("one", f"police-{area}".lower(), "known", area=area)
    assert {row["area"] for row in memberships_of(run_stage, region).values()} == {"ZX"}


def test_a_list_that_holds_a_person_twice_is_one_list(run_stage):
    region = Region()
    region.mention("one", "police-a", "known")
    region.mention("one", "police-a", "suspected")
    rows = memberships_of(run_stage, region)
    assert {key[3]: row["strongest"] for key, row in rows.items()} == {"known": True, "suspected": False}
    assert {row["lists"] for row in rows.values()} == {1}


def test_links_held_for_review_lower_the_count_and_uncertain_links_raise_it(run_stage):
    region = Region()
    one = region.mention("one", "police-a", "known")
    again = region.mention("one", "charity-a", "known")
    sure = region.mention("one", "school-a", "suspected")
    two = region.mention("two", "police-b", "suspected")
    region.link(one, again, 0.7, "linked")
    region.link(one, sure, 0.999, "linked")
    region.link(again, two, 0.3, "review")
    counts = counts_of(run_stage(stage, region.tables))
    bounds = {
        status: tuple(counts["children", status, "all", "all"][column] for column in ("lower", "count", "upper"))
        for status in ("known", "suspected")
    }
    # known: `again` may be a second child. suspected: `two` may be the known child, and nobody else.
    assert bounds == {"known": (1, 1, 2), "suspected": (0, 1, 1)}
    for row in counts.values():
        assert row["lower"] <= row["count"] <= row["upper"]
    assert counts["children", "known", "source", "police-a"]["lower"] == 1


def test_a_mention_without_a_status_can_carry_the_chain_of_links(run_stage):
    region = Region()
    one = region.mention("one", "police-a", "known")
    between = region.mention("one", "school-a", "")
    again = region.mention("one", "charity-a", "known")
    region.link(one, between, 0.995, "linked")
    region.link(between, again, 0.995, "linked")
    counts = counts_of(run_stage(stage, region.tables))
    assert counts["children", "known", "all", "all"]["upper"] == 1


def test_no_statuses_at_all_gives_noughts_and_no_lists(run_stage):
    store = run_stage(stage, {})
    assert store.tables()["memberships"] == 0
    rows = store.read("counts").to_pyarrow().to_pylist()
    assert {row["dimension"] for row in rows} == {"all"}
    assert all(row["count"] == row["lower"] == row["upper"] == 0 for row in rows)


def test_the_order_of_the_rows_changes_nothing(run_stage, mixed):
    first = run_stage(stage, mixed.tables)
    shuffled = {name: random.Random(7).sample(rows, len(rows)) for name, rows in mixed.tables.items()}
    second = run_stage(stage, shuffled)
    for table in stage.WRITES:
        assert first.fingerprint(table) == second.fingerprint(table)
        assert first.read(table).to_pyarrow().equals(second.read(table).to_pyarrow())
    assert from_rows("counts", []).schema.names == first.read("counts").to_pyarrow().schema.names


def days_meant(first, precision):
    """Every day a date with its precision can mean."""
    last = {
        "year": first.replace(month=12, day=31),
        "month": (first.replace(day=28) + datetime.timedelta(4)).replace(day=1),
    }
    if precision == "month":
        first, end = first.replace(day=1), last["month"] - datetime.timedelta(1)
    elif precision == "year":
        first, end = first.replace(month=1, day=1), last["year"]
    else:
        end = first
    return [first + datetime.timedelta(n) for n in range((end - first).days + 1)]


def age_on(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def test_age_bands_are_those_of_trying_every_day_the_dates_allow(run_stage):
    from joinedup.registry.bands import age_bands

    draw, region, expected = random.Random(29), Region(), {}
    for number in range(300):
        born = day(1993 + draw.randrange(5), 1 + draw.randrange(12), 1 + draw.randrange(28))
        start = moment(2008 + draw.randrange(4), 1 + draw.randrange(12), 1 + draw.randrange(28))
        precision, start_precision = (
            draw.choice(["day", "month", "year"]),
            draw.choice(["minute", "day", "month", "year"]),
        )
        region.mention(
            f"p{number}", "police-a", "known", dob=born, dob_precision=precision, start=start, precision=start_precision
        )
        # An age moves one way with either date, so the first and last day of each tell all.
        births, concerns = days_meant(born, precision), days_meant(start.date(), start_precision)
        if start_precision in ("month", "year"):
            concerns = [start.date(), concerns[-1]]
        ages = {age_on(one, other) for one in (births[0], births[-1]) for other in (concerns[0], concerns[-1])}
        bands = {age_bands()["children"].band_of(age) for age in range(min(ages), max(ages) + 1)}
        expected[f"p{number}"] = bands.pop() if len(bands) == 1 else "not known"
    found = {key[0]: row["age_band"] for key, row in memberships_of(run_stage, region).items()}
    assert found == expected
    assert len(set(expected.values())) >= 4


@pytest.mark.parametrize(
    ("kinds", "key", "everyone", "lowest"),
    [
        (("forename", "surname"), "../linkage.key", False, 2),
        (("forename", "born"), "../linkage.key", False, 2),
        (("forename", "born_year"), "../linkage.key", False, 1),
        (("nhs_no",), "../linkage.key", False, 2),
        (("forename", "surname"), None, False, 1),
        (("forename", "surname"), None, True, 2),
    ],
)
def test_tokens_are_enough_to_be_recognised_by_only_where_they_could_be_compared(
    run_stage, kinds, key, everyone, lowest
):
    region = Region()
    names = {"forename_fold": "ana", "surname_fold": "brook"}
    region.mention("p1", "police", "known", **({} if everyone else names))
    region.mention("p2", "charity", "known")
    for mention in [row["mention_id"] for row in region.tables["mentions"]][0 if everyone else 1 :]:
        region.tables["identifiers"] += [
            {"mention_id": mention, "kind": f"token_{kind}", "value": "0" * 24, "valid": True}
            for kind in (*kinds, "key")
        ]
    found = counts_of(run_stage(stage, region.tables, link={"token_key_file": key}))
    row = next(
        row
        for (population, status, dimension, _), row in found.items()
        if (population, status, dimension) == ("children", "known", "all")
    )
    assert (row["count"], row["lower"]) == (2, lowest)


def test_breakdowns_of_children_are_corrected_where_records_were_read_and_say_why_where_not(run_stage):
    region = Region()
    one = region.mention("p1", "police-a", "known", area="ZX", start=moment(2009), sex="F")
    other = region.mention("p2", "charity-a", "at_risk", area="ZY", start=moment(2010))
    region.mention("p3", "charity-a", "at_risk", area="ZY", start=moment(2010))
    region.mention("s1", "police-a", "charged", role="suspect")
    assert counts_of(run_stage(stage, region.tables))["children", "known", "sex", "F"]["corrected_note"] == NO_SAMPLE
    region.tables["sample_frame"] = [
        {"mention_id": row["mention_id"], "stratum": "s", "probability": 1.0, "answered": True}
        for row in region.tables["mentions"][:3]
    ]
    region.tables["sample_answers"] = [
        {"record": record, "mention_id": same} for record in (one, other) for same in (one, other)
    ]
    found = counts_of(run_stage(stage, region.tables))
    area, year = found["children", "at_risk", "area", "ZY"], found["children", "at_risk", "year", "2010"]
    assert (area["count"], area["corrected"], area["corrected_note"]) == (2, 1.0, None)
    assert (year["corrected"], year["corrected_lower"], year["corrected_upper"]) == (1.0, 1.0, 1.0)
    assert found["children", "at_risk", "source", "charity-a"]["corrected"] == 1.0
    untouched = found["children", "known", "area", "ZX"]
    assert (untouched["corrected"], untouched["corrected_lower"], untouched["corrected_note"]) == (1.0, None, UNTOUCHED)
    assert found["suspects", "charged", "all", "all"]["corrected_note"] == NOT_SUSPECTS
