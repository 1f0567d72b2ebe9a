from __future__ import annotations

import ast
import datetime
import random
from pathlib import Path

import pytest

import joinedup.link
from joinedup.evaluate.partitions import pairs_together, pairwise
from joinedup.link import stage

BORN = datetime.date(1997, 3, 14)
NHS = ("9434765919", "9434765870")


def mention(mention_id, agency="police-a", **facts):
    given = {
        "mention_id": mention_id, "agency": agency, "form": "people", "source_ref": mention_id, "role": "child",
        "forename_fold": "ana", "surname_fold": "brook", "dob": BORN, "sex": "F", "postcode": "ZX1 1AA", "outcode": "ZX1",
    } | facts  # fmt: skip
    given["dob_precision"] = facts.get("dob_precision", "day" if given["dob"] else None)
    return given


def background(mentions=60):
    """Mentions of other children, so that the inquiry is not two records large."""
    names = ["tomas", "leela", "owen", "maja", "idris", "ruth", "piotr", "zara", "sean", "gwen"]
    return [
        mention(
            f"other-{number:03}",
            forename_fold=names[number % 10],
            surname_fold=f"{names[number // 10]}son",
            dob=datetime.date(1990 + number % 9, 1 + number % 12, 2 + number % 20),
            postcode=f"ZX2 {number % 10}A{'ABDEFGHJLN'[number // 10]}",
            outcode="ZX2",
        )
        for number in range(mentions)
    ]


@pytest.fixture
def link(run_stage):
    """link(mentions, identifiers=[], decisions=[], **settings): person by mention, links by pair, quality by measure."""

    def run(mentions, identifiers=(), decisions=(), **settings):
        given = {"mentions": list(mentions), "identifiers": list(identifiers), "decisions": list(decisions)}
        store = run_stage(stage, given, **settings)
        people = {row["mention_id"]: row["person_id"] for row in store.read("people").to_pyarrow().to_pylist()}
        links = {(row["mention_l"], row["mention_r"]): row for row in store.read("links").to_pyarrow().to_pylist()}
        rows = store.read("link_quality").to_pyarrow().to_pylist()
        return people, links, {(row["measure"], row["scope"]): row["value"] for row in rows}

    return run


def decision(sequence, kind, subject, other, replaces=None):
    return {
        "sequence": sequence, "kind": kind, "subject": subject, "other": other, "judgement": kind, "reason": "read both",
        "decided_by": "A. Person", "decided_at": "2011-05-01T10:00:00+00:00", "replaces": replaces,
    }  # fmt: skip


def test_one_child_written_two_ways_is_one_person_and_a_sister_is_another(link):
    people, links, _ = link([
        *background(), mention("one"), mention("two", "care-a", forename_fold="anna", dob=datetime.date(1997, 3, 15)),
        mention("sister", "care-a", forename_fold="mia", dob=datetime.date(1995, 7, 2)),
    ])  # fmt: skip
    assert people["one"] == people["two"]
    assert people["sister"] != people["one"]
    assert links["one", "two"]["zone"] == "linked"


def test_siblings_without_a_date_of_birth_are_not_joined_by_the_home_they_share(link):
    home = {"postcode": "ZX1 1AA", "address_fold": "1 mill lane"}
    phones = [
        {"mention_id": name, "kind": "phone", "value": "+447700900123", "valid": True} for name in ("one", "brother")
    ]
    mentions = [
        *background(),
        mention("one", sex="M", dob=None, **home),
        mention("brother", "care-a", forename_fold="joe", sex="M", dob=None, **home),
    ]
    people, _, _ = link(mentions, phones)
    assert people["one"] != people["brother"]


def test_twins_are_held_for_review_and_not_joined(link):
    people, links, _ = link([*background(), mention("one"), mention("twin", "care-a", forename_fold="mia")])
    assert people["one"] != people["twin"]
    assert links["one", "twin"]["zone"] == "review"


def test_forename_and_surname_that_changed_places_still_meet(link):
    people, _, _ = link(
        [*background(), mention("one"), mention("two", "care-a", forename_fold="brook", surname_fold="ana")]
    )
    assert people["one"] == people["two"]


def test_every_mention_stands_in_people_once_however_little_it_says(link):
    bare = [
        {"mention_id": f"bare-{number}", "agency": "charity-a", "form": "people", "role": role}
        for number, role in enumerate(["child", "suspect", "witness", "other", "child"])
    ]
    people, links, quality = link([*background(), *bare])
    assert len(people) == 65
    assert quality["share_without_name_or_number", "children"] == pytest.approx(2 / 62)
    assert len({people[row["mention_id"]] for row in bare}) == 5
    assert not any(set(pair) & {row["mention_id"] for row in bare} for pair in links)


def test_nothing_at_all_gives_empty_tables_and_a_full_account(link):
    people, links, quality = link([])
    assert people == {}
    assert quality["share_without_name_or_number", "children"] == 0
    assert links == {}
    assert quality["children", "all"] == 0
    assert quality["pairs_kept", "all"] == 0


def test_a_person_is_named_by_its_smallest_mention_so_the_name_outlives_a_rerun(link):
    import hashlib

    people, _, _ = link([*background(), mention("a-one"), mention("b-two", "care-a")])
    assert people["a-one"] == people["b-two"] == "p_" + hashlib.sha256(b"a-one").hexdigest()[:16]


def test_a_forename_or_another_name_alone_never_links(link):
    alone = {
        "role": "suspect",
        "surname_fold": None,
        "dob": None,
        "postcode": None,
        "outcode": None,
        "aliases": "shades",
    }
    people, links, _ = link([*background(), mention("one", **alone), mention("two", "care-a", **alone)])
    assert people["one"] != people["two"]
    assert ("one", "two") not in links


def test_whoever_is_known_by_names_alone_stays_apart_whatever_else_is_alike(link):
    """Hundreds of suspects with few forenames and street names, one town and one year of birth; and others named in full."""
    import random

    draw = random.Random(7)
    bare = [
        mention(
            f"bare-{number:03}", draw.choice(["police-a", "care-a"]), role="suspect", forename_fold=draw.choice(["ana", "ben", "cara", None]),
            surname_fold=None, aliases=draw.choice([None, "shades", "shades; tank", "tank"]), dob=draw.choice([None, datetime.date(1980, 1, 1)]),
            dob_precision=draw.choice(["year", "placeholder"]), postcode=None, outcode=None, area="northmoor",
        )
        for number in range(200)
    ]  # fmt: skip
    named = [
        mention(f"full-{number}", "police-a", role="suspect", forename_fold="ana", aliases="shades", area="northmoor")
        for number in range(3)
    ]
    people, links, _ = link([*background(), *bare, *named])
    assert len({people[row["mention_id"]] for row in bare}) == len(bare)
    assert {people[row["mention_id"]] for row in bare} & {people[row["mention_id"]] for row in named} == set()
    assert len({people[row["mention_id"]] for row in named}) == 1
    assert not any(one.startswith("bare") or other.startswith("bare") for one, other in links)


def test_a_telephone_of_one_s_own_says_more_than_one_that_a_group_uses(link):
    """Two mentions by forename with a telephone that nobody else has; two with one that six forenames stand with."""
    names = ["ana", "ben", "cara", "dan", "ella", "finn"]
    bare = {"role": "suspect", "surname_fold": None, "dob": None, "postcode": None, "outcode": None}
    rows = [
        mention(name, agency, **bare, forename_fold="zoe") for name, agency in (("o1", "police-a"), ("o2", "care-a"))
    ]
    rows += [
        mention(f"g-{name}-{place}", "police-a", **bare, forename_fold=name) for name in names for place in range(2)
    ]
    held = [
        (row["mention_id"], "phone", "+447700900001" if row["mention_id"].startswith("o") else "+447700900002")
        for row in rows
    ]
    _, links, _ = link(
        [*background(), *rows],
        [{"mention_id": one, "kind": kind, "value": value, "valid": True} for one, kind, value in held],
    )
    assert links["o1", "o2"]["probability"] > links["g-ana-0", "g-ana-1"]["probability"]
    assert links["g-ana-0", "g-ben-0"]["zone"] != "linked"


def test_a_suspect_and_a_child_of_one_name_are_scored_apart(link):
    people, links, _ = link([*background(), mention("one"), mention("two", "care-a", role="suspect")])
    assert people["one"] != people["two"]
    assert ("one", "two") not in links


def test_an_agency_s_own_person_id_joins_within_a_form_and_across_forms_only_with_the_date_of_birth(link):
    bare = {"forename_fold": None, "surname_fold": None, "postcode": None, "outcode": None, "local_id": "7"}
    people, links, _ = link([
        mention("a", "care-a", form="cin_census", **bare), mention("b", "care-a", form="cin_census", **bare | {"dob": None}),
        mention("c", "care-a", form="ssda903", **bare), mention("d", "care-a", form="annex_a", **bare | {"dob": datetime.date(1999, 9, 9)}),
        mention("e", "care-b", form="cin_census", **bare),
    ])  # fmt: skip
    assert people["a"] == people["b"] == people["c"]
    assert len({people[name] for name in "ade"}) == 3
    assert links["a", "b"]["model"] == "rule:same_local_id"


def test_repeats_of_one_record_are_one_person_and_are_compared_once(link):
    people, links, quality = link(
        [*background(), *(mention(f"one-{number}") for number in range(4)), mention("two", "care-a")]
    )
    assert len({people[f"one-{number}"] for number in range(4)} | {people["two"]}) == 1
    assert links["one-0", "one-3"]["model"] == "rule:same_record"
    assert ("one-3", "two") not in links
    assert quality["records_scored", "children"] == 62


def test_two_valid_nhs_numbers_are_never_one_person_and_the_weakest_link_goes(link):
    one, other = ({"nhs_no": number} for number in NHS)
    people, links, quality = link([
        *background(), mention("a", "police-a", **one), mention("b", "care-a", **one),
        mention("c", "school-a", sex=None, forename_fold="anna"), mention("d", "health-a", dob=datetime.date(1997, 3, 15), **other),
    ])  # fmt: skip
    assert people["a"] == people["b"] == people["c"] != people["d"]
    assert quality["conflicts", "nhs_no"] == 1
    assert quality["links_left_out", "all"] >= 1
    assert all(row["zone"] != "linked" for pair, row in links.items() if "d" in pair)


def test_what_a_person_decided_wins_over_the_score(link):
    mentions = [
        *background(),
        mention("a"),
        mention("b", "care-a"),
        mention("c", "school-a", forename_fold="zoe", dob=None),
    ]
    people, links, _ = link(
        mentions, decisions=[decision(1, "not_same_person", "b", "a"), decision(2, "same_person", "a", "c")]
    )
    assert people["a"] != people["b"]
    assert people["a"] == people["c"]
    assert (links["a", "b"]["zone"], links["a", "b"]["model"]) == ("not_linked", "decision")
    assert (links["a", "c"]["zone"], links["a", "c"]["probability"]) == ("linked", 1.0)


def test_two_mentions_said_to_be_different_are_not_joined_through_a_third(link):
    mentions = [*background(), mention("a"), mention("b", "care-a"), mention("c", "school-a")]
    people, _, quality = link(mentions, decisions=[decision(1, "not_same_person", "a", "b")])
    assert people["a"] != people["b"]
    assert people["c"] in (people["a"], people["b"])
    assert quality["conflicts", "decision"] == 1


def test_a_replaced_decision_and_one_about_a_mention_not_here_change_nothing(link):
    mentions = [*background(), mention("a"), mention("b", "care-a")]
    decisions = [
        decision(1, "not_same_person", "a", "b"), decision(2, "same_person", "a", "b", replaces=1),
        decision(3, "not_same_person", "a", "gone"),
    ]  # fmt: skip
    people, _, quality = link(mentions, decisions=decisions)
    assert people["a"] == people["b"]
    assert quality["decisions_not_applied", "all"] == 1


def test_different_ids_of_an_agency_that_keeps_one_for_each_person_are_different_people(link):
    agency = {"id": "care-a", "name": "Care A", "kind": "social_care"}
    mentions = [*background(), mention("a", "care-a", local_id="1"), mention("b", "care-a", local_id="2", sex=None)]
    assert len({link(mentions, agency=[agency])[0][name] for name in "ab"}) == 1
    assert len({link(mentions, agency=[agency | {"ids_are_unique": True}])[0][name] for name in "ab"}) == 2


def test_a_name_shared_by_too_many_proposes_no_pairs_and_is_counted(link):
    common = [
        mention(f"x-{number:04}", f"agency-{number}", dob=None, postcode=None, outcode=None, sex=None)
        for number in range(320)
    ]
    _, links, quality = link(common)
    assert links == {}
    assert quality["keys_set_aside", "children"] == 1
    assert quality["mentions_with_a_key_set_aside", "children"] == 320


@pytest.fixture(scope="module")
def region(make_region):
    return make_region(4000, 11)


def test_a_region_with_siblings_and_errors_is_linked_well(link, region):
    people, links, _ = link(region.mentions, region.identifiers)
    names = sorted(people)
    found, true = [people[name] for name in names], [region.person[name] for name in names]
    homes = [region.household[person] for person in true]
    score = pairwise(found, true)
    assert score.f1 > 0.95
    assert abs(len(set(found)) / len(set(true)) - 1) < 0.04
    # Brothers and sisters are by far the most pairs that share a home; hardly any may be joined.
    siblings = pairs_together(true, homes)
    assert pairs_together(homes, homes) - siblings > 2000
    assert (
        pairs_together(found, homes) - pairs_together(found, [f"{a}{b}" for a, b in zip(true, homes, strict=True)]) < 60
    )
    sure = [pair for pair, row in links.items() if row["probability"] >= 0.95]
    right = sum(region.person[left] == region.person[right] for left, right in sure)
    assert right / len(sure) > 0.98


def test_the_order_of_rows_and_the_names_of_agencies_change_no_link(link, region):
    first = link(region.mentions, region.identifiers)
    shuffled = random.Random(3).sample(region.mentions, len(region.mentions))
    new_names = {"northmoor-police": "zz", "northmoor-care": "aa", "eastby-charity": "mm", "westing-school": "bb"}
    renamed = [row | {"agency": new_names[row["agency"]]} for row in shuffled]
    second = link(renamed, random.Random(4).sample(region.identifiers, len(region.identifiers)))
    assert first == second


def test_splitting_a_return_and_changing_every_description_change_no_link(link, make_region, run_stage):
    region = make_region(500, 5)
    whole = [row | {"return_id": "all@2011-01-01"} for row in region.mentions]
    split = [row | {"return_id": f"part-{place % 2}@2011-01-01"} for place, row in enumerate(region.mentions)]
    first, second = link(whole, region.identifiers), link(split, region.identifiers)
    assert first == second
    assert len(first[1]) > 100
    described = [
        {"mention_id": row["mention_id"], "attribute": kind, "value": f"{kind} {place % 7}"}
        for place, row in enumerate(region.mentions)
        for kind in ("ethnicity", "nationality")
    ]
    given = {"mentions": whole, "identifiers": region.identifiers, "descriptions": described}
    store = run_stage(stage, given)
    people = {row["mention_id"]: row["person_id"] for row in store.read("people").to_pyarrow().to_pylist()}
    assert people == first[0]


def test_descriptions_are_never_read():
    assert "descriptions" not in stage.READS
    forbidden = {"descriptions", "ethnicity", "nationality", "religion"}
    for path in sorted(Path(joinedup.link.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not forbidden & (texts | names), path.name
