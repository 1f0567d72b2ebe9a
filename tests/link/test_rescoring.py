"""A run that has little new to see links as one that scores everything with the same parameters, to the bit."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from joinedup.link import kept as kept_module
from joinedup.link.kept import Kept, Parameters
from joinedup.link.linking import Policy, link
from joinedup.link.pairs import Means
from joinedup.registry.link_model import link_models
from joinedup.store.contract import from_rows

MODELS = link_models()
POLICY = Policy(0.5, 0.1, 0.99)
GIVEN = {"last_records": "scored_records", "last_pairs": "scored_pairs", "last_parameters": "score_parameters"}


def linked(rows, identifiers, decisions=(), last=None):
    here = {row["mention_id"] for row in rows}
    mentions = from_rows("mentions", sorted(rows, key=lambda row: row["mention_id"]))
    told = [{name: row[name] for name in ("mention_id", "kind", "value")} for row in identifiers if row["mention_id"] in here]  # fmt: skip
    schema = pa.schema([(name, pa.string()) for name in ("mention_id", "kind", "value")])
    carried = pa.Table.from_pylist(told, schema)
    return link(mentions, carried, from_rows("decisions", list(decisions)), MODELS, POLICY, Means(last=last or {}))


def kept(before, most_changed=1.0):
    """What a run kept, so that nothing but `most_changed` makes the next one learn anew."""
    given = {name: before.kept[of] for name, of in GIVEN.items()}
    found = {model.id: Kept.of(model, given) for model in MODELS.models}
    return {name: replace(one, most_changed=most_changed) for name, one in found.items() if one}


def forgotten(last):
    """The same parameters, and no record known again: everything is compared."""
    nothing = {name: one.records.set_column(2, "mark", pa.array(np.full(one.records.num_rows, -1))) for name, one in last.items()}  # fmt: skip
    return {name: replace(one, records=nothing[name], most_changed=9.0) for name, one in last.items()}


def compared_again(found):
    rows = {(row["measure"], row["scope"]): row["value"] for row in found.quality.to_pylist()}
    return rows.get(("records_compared_again", "children")), rows.get(("pairs_compared_again", "children"))


def same(one, other):
    assert one.links.equals(other.links)
    assert one.people.equals(other.people)
    for name in ("scored_records", "scored_pairs"):
        assert one.kept[name].equals(other.kept[name]), name


def changed(rows, draw, many):
    """Rows with some gone, some corrected, some moved to another child's home."""
    found = draw.sample(rows, len(rows) - many)
    for place in draw.sample(range(len(found)), many):
        other = draw.choice(rows)
        what = draw.choice([("dob", "dob_precision"), ("surname_fold",), ("postcode", "outcode", "address_fold"), ("forename_fold",), ("nhs_no",)])  # fmt: skip
        found[place] = found[place] | {name: other[name] for name in what}
    return found


def decision(sequence, kind, subject, other):
    return {"sequence": sequence, "kind": kind, "subject": subject, "other": other, "judgement": kind, "reason": "r", "by": "b"}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_new_withdrawn_and_corrected_rows_and_decisions_give_the_links_of_a_whole_run(make_region, seed):
    region, draw = make_region(700, 40 + seed), random.Random(seed)
    rows = list(region.mentions)
    for place in range(0, 40, 2):  # suspects too, and repeats of one record
        rows[place] = rows[place] | {"role": "suspect", "aliases": draw.choice(["", "shades"])}
        rows.append(rows[place + 1] | {"mention_id": f"m{place:012x}"})
    draw.shuffle(rows)
    before = linked(rows[:640], region.identifiers)
    decisions = []
    for step in range(2):
        here = changed(rows[: 660 + 30 * step], draw, 12)
        ids = [row["mention_id"] for row in here]
        pairs = before.links.filter(pa.compute.less(before.links["probability"], 0.6)).to_pylist()
        close = [(row["mention_l"], row["mention_r"]) for row in draw.sample(pairs, min(4, len(pairs)))]
        decisions += [decision(len(decisions) + 1, kind, *pair) for kind, pair in zip(("same", "different"), close, strict=False)]  # fmt: skip
        decisions.append(decision(len(decisions) + 1, "same", *draw.sample(ids, 2)))
        last = kept(before)
        little = linked(here, region.identifiers, decisions, last)
        whole = linked(here, region.identifiers, decisions, forgotten(last))
        same(little, whole)
        (records, pairs_again), (all_records, all_pairs) = compared_again(little), compared_again(whole)
        assert records < all_records / 2
        assert pairs_again < all_pairs / 2
        before = little


def test_nothing_new_compares_nothing_and_changes_nothing(make_region):
    region = make_region(300, 9)
    first = linked(region.mentions, region.identifiers)
    again = linked(region.mentions, region.identifiers, last=kept(first))
    same(first, again)
    assert compared_again(again) == (0, 0)
    assert first.kept["score_parameters"].equals(again.kept["score_parameters"])


def test_once_enough_has_changed_the_parameters_are_learnt_anew(make_region):
    region = make_region(400, 9)
    first = linked(region.mentions[:300], region.identifiers)
    again = linked(region.mentions, region.identifiers, last=kept(first, most_changed=0.05))
    same(again, linked(region.mentions, region.identifiers))
    assert compared_again(again) == (None, None)


def test_changes_add_up_until_parameters_are_learnt_anew(make_region):
    region = make_region(400, 9)
    found = linked(region.mentions[:300], region.identifiers)
    learnt = []
    for many in (320, 340, 360, 380):
        found = linked(region.mentions[:many], region.identifiers, last=kept(found, most_changed=0.25))
        learnt.append(compared_again(found)[0] is None)
    assert learnt.index(True) > 0


def test_of_other_questions_nothing_is_taken_on(make_region, monkeypatch):
    region = make_region(200, 9)
    first = linked(region.mentions, region.identifiers)
    monkeypatch.setattr(kept_module, "asked", lambda _: "other questions")
    assert kept(first) == {}


def test_parameters_are_read_back_to_the_bit(make_region):
    first = linked(make_region(300, 9).mentions, [])
    [text] = first.kept["score_parameters"]["document"].to_pylist()
    model = MODELS.model("children")
    read = Parameters.from_json(text, model)
    assert read.to_json() == text
    codes = np.asarray(first.kept["scored_pairs"]["code"])
    probability = dict(zip(zip(first.links["mention_l"].to_pylist(), first.links["mention_r"].to_pylist(), strict=True), first.links["probability"].to_pylist(), strict=True))  # fmt: skip
    ids = first.kept["scored_records"]["mention_id"].to_pylist()
    for left, right, found in zip(*(first.kept["scored_pairs"][name].to_pylist() for name in ("place_l", "place_r")), read.fitted.probability(codes).tolist(), strict=True):  # fmt: skip
        assert probability.get((ids[left], ids[right]), found) in (found, 0.999)


def test_more_bearers_of_known_names_touch_no_record_that_none_of_them_bears_whole(make_region):
    rows = [row for row in make_region(400, 9).mentions if row["forename_fold"] and row["surname_fold"]]
    borne = {(row["forename_fold"], row["surname_fold"]) for row in rows}
    strangers = []
    for place, row in enumerate(rows):
        name = row["forename_fold"], rows[place - 7]["surname_fold"]
        if name not in borne:
            strangers.append({"mention_id": f"n{place:012x}", "agency": "other", "form": row["form"], "source_ref": f"n{place}", "role": "child", "forename_fold": name[0], "surname_fold": name[1], "dob": row["dob"], "dob_precision": row["dob_precision"], "sex": row["sex"]})  # fmt: skip
            borne.add(name)
    assert len(strangers) > 50
    before = linked(rows, [])
    again = linked(rows + strangers, [], last=kept(before, most_changed=9.0))
    assert compared_again(again)[0] == len(strangers)
    last = kept(before, most_changed=9.0)["children"].parameters.held
    now = kept(again)["children"].parameters.held
    assert now.usual == last.usual
    for name, pairs in last.together.items():
        assert pairs.items() <= now.together[name].items()
