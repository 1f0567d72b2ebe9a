"""Suspects as mentions: how well they are linked, and whether the bounds of their number hold: `python -m benchmarks.suspects [--write]`.

Suspects of a region are in groups that share telephones and vehicles, or alone. A record names half of them in full, a quarter by a
forename alone, the others by a nickname, a street name or nothing; half the records hold a telephone, fewer a vehicle or an
account. The shares are planning figures and assumptions of this file; nothing of linking or of the simulator had a hand in it,
and the parameters of the model were set before it was run. Beside the model of sets stands the one before it, which knew one
comparison of anything shared (`suspects_reference_2.json`).
"""

from __future__ import annotations

import argparse
import datetime
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.measure import write_table
from joinedup.count.bounds import Ends, dimension_bounds
from joinedup.count.envelope import Linkage, envelopes
from joinedup.link.linking import Policy, link
from joinedup.registry.link_model import LinkModel, LinkModels, link_models
from joinedup.store.contract import from_rows

SEEDS, PEOPLE, ACT_AT = 10, 600, 0.99
LISTS = ("police-a", "police-b", "social-care-a", "charity-a")
HOW = (0.5, 0.24, 0.12, 0.08, 0.06)
"""Named in full, by forename, by nickname, by street name, not at all."""
STATUSES = ("charged", "alleged")
GIVEN = ["Aaron", "Adam", "Ali", "Andrew", "Ashley", "Ben", "Callum", "Carl", "Craig", "Damian", "Daniel", "Darren", "David", "Dean", "Gary", "Hamza", "Imran", "Jamie", "Jason", "Joe", "Jordan", "Karl", "Kevin", "Kyle", "Lee", "Liam", "Luke", "Marcin", "Mark", "Martin", "Michael", "Mohammed", "Nathan", "Neil", "Omar", "Paul", "Pawel", "Peter", "Piotr", "Ricky", "Robert", "Ryan", "Sajid", "Scott", "Sean", "Simon", "Stephen", "Steven", "Tariq", "Thomas", "Tony", "Usman", "Wayne"]  # fmt: skip
SHORT = {"Andrew": "Andy", "Daniel": "Danny", "David": "Dave", "Michael": "Mick", "Robert": "Bob", "Stephen": "Steve", "Steven": "Steve", "Thomas": "Tom", "Benjamin": "Ben", "Peter": "Pete", "Mohammed": "Mo", "Simon": "Si"}  # fmt: skip
STREET = [
    a + b
    for a in ("Big", "Lil", "Old", "Red", "Kid", "Doc", "Mad", "Fly")
    for b in ("", "man", "boy", "er", "so", "zy", "ace")
]
SYLLABLES = ("bar", "bell", "brook", "cart", "croft", "dal", "den", "ford", "hal", "har", "ker", "land", "ley", "mor", "nor", "raj", "sha", "son", "stan", "ton", "wal", "wood", "ski", "ahmed")  # fmt: skip


@dataclass(frozen=True)
class Suspects:
    """The tables mentions and identifiers, and of each mention the true person, the rank of its status, and whether it names in full."""

    mentions: pa.Table
    identifiers: pa.Table
    person: np.ndarray
    rank: np.ndarray
    full: np.ndarray


def region(seed: int) -> Suspects:
    """The mentions of one region's suspects."""
    rng = np.random.default_rng(seed)
    surnames = [a.capitalize() + b for a in SYLLABLES for b in SYLLABLES]
    common = 1 / (np.arange(len(surnames)) + 15.0)
    common /= common.sum()
    often = 1 / (np.arange(len(GIVEN)) + 6.0)
    often /= often.sum()
    group = np.sort(rng.integers(0, PEOPLE // 7, PEOPLE))
    rows: list[dict[str, object]] = []
    held: list[dict[str, object]] = []
    person: list[int] = []
    rank: list[int] = []
    full: list[bool] = []
    for number in range(PEOPLE):
        own = _person(
            rng,
            number,
            int(group[number]),
            surnames[rng.choice(len(surnames), p=common)],
            GIVEN[rng.choice(len(GIVEN), p=often)],
        )
        charged = rng.random() < 0.3
        for _ in range(1 + rng.geometric(0.32) - 1):
            mention = f"m{len(rows):06}"
            how = int(rng.choice(5, p=HOW))
            rows.append(_written(rng, own, how, mention))
            held += [
                {"mention_id": mention, "kind": kind, "value": value, "valid": True}
                for kind, value in _things(rng, own)
            ]
            person.append(number)
            rank.append(0 if charged and rng.random() < 0.4 else 1)
            full.append(how == 0)
    return Suspects(
        from_rows("mentions", rows), from_rows("identifiers", held), np.array(person), np.array(rank), np.array(full)
    )


def _person(rng: np.random.Generator, number: int, group: int, surname: str, forename: str) -> dict:
    return {
        "forename": forename, "surname": surname, "street": STREET[rng.integers(len(STREET))] if rng.random() < 0.4 else None,
        "born": datetime.date(1960, 1, 1) + datetime.timedelta(days=int(rng.integers(12000))),
        "postcode": f"ZX{group % 9 + 1} {number % 10}{'ABDEF'[number % 5]}{'GHJLN'[number // 5 % 5]}", "town": f"town {group % 6}",
        "phone": f"+447700{900000 + number}", "vehicle": f"ZX{number:05}", "account": f"account{number}",
        "shared": (f"+447701{900000 + group}", f"ZG{group:05}"),
    }  # fmt: skip


def _written(rng: np.random.Generator, own: dict, how: int, mention: str) -> dict[str, object]:
    """One mention as one record names it."""
    forename = {0: own["forename"], 1: own["forename"], 2: SHORT.get(own["forename"], own["forename"])}.get(how)
    surname = own["surname"] if how == 0 else None
    if forename and rng.random() < 0.05:
        forename = forename[:-1] + "aeiou"[rng.integers(5)]
    if surname and rng.random() < 0.06:
        at = int(rng.integers(1, len(surname)))
        surname = surname[:at] + surname[at + 1 :]
    street = own["street"] if how == 3 or rng.random() < 0.3 else None
    precise = rng.random()
    precision = None if how and precise > 0.2 else "day" if precise < 0.6 else "year" if precise < 0.75 else None
    born = own["born"] if precision == "day" else own["born"].replace(month=1, day=1) if precision == "year" else None
    placed = how == 0 and rng.random() < 0.5
    return {
        "mention_id": mention, "agency": LISTS[rng.integers(4)], "form": "people", "source_ref": mention, "role": "suspect",
        "forename_fold": forename.lower() if forename else None, "surname_fold": surname.lower() if surname else None,
        "aliases": street, "dob": born, "dob_precision": precision, "sex": "M" if rng.random() < 0.9 else None,
        "postcode": own["postcode"] if placed else None, "outcode": own["postcode"].split()[0] if placed else None,
        "area": own["town"] if rng.random() < 0.8 else None,
    }  # fmt: skip


def _things(rng: np.random.Generator, own: dict) -> list[tuple[str, str]]:
    """What the record says the suspect uses: their own, or their group's."""
    found = []
    if rng.random() < 0.5:
        found.append(("phone", own["phone"] if rng.random() < 0.7 else own["shared"][0]))
    if rng.random() < 0.25:
        found.append(("vehicle", own["vehicle"] if rng.random() < 0.6 else own["shared"][1]))
    if rng.random() < 0.15:
        found.append(("account", own["account"]))
    return found


def measured(suspects: Suspects, models: LinkModels) -> dict[str, float]:
    """How the mentions are linked by the models, and what the bounds of their number hold."""
    held = suspects.identifiers.select(["mention_id", "kind", "value"])
    linked = link(suspects.mentions, held, from_rows("decisions", []), models, Policy(0.5, 0.1, ACT_AT))
    ids = suspects.mentions["mention_id"]
    whole = Linkage.of(linked.people.select(["mention_id", "person_id"]), linked.links)
    joined, right, true = _pairs(whole.person, suspects.person)
    ends = [
        np.searchsorted(np.array(ids.to_pylist()), linked.links[side].to_pylist())
        for side in ("mention_l", "mention_r")
    ]
    zone = np.array(linked.links["zone"].to_pylist())
    partial = (zone == "linked") & ~(suspects.full[ends[0]] & suspects.full[ends[1]])
    same = suspects.person[ends[0]] == suspects.person[ends[1]]
    told = whole.recognisable(suspects.mentions)
    found = {
        "precision": right / joined, "recall": right / true, "partial": float(same[partial].mean()) if partial.any() else 1.0,
        "review": float((zone == "review").sum()), "alone": float(_by_name_alone(suspects, ends, zone)),
    }  # fmt: skip
    return found | _bounds(suspects, whole, told)


def _pairs(found: np.ndarray, true: np.ndarray) -> tuple[float, float, float]:
    """Pairs joined, rightly joined, and true pairs."""

    def pairs(codes: np.ndarray) -> float:
        sizes = np.unique(codes, return_counts=True)[1]
        return float((sizes * (sizes - 1) / 2).sum())

    return pairs(found), pairs(found * (int(true.max()) + 1) + true), pairs(true)


def _by_name_alone(suspects: Suspects, ends: list[np.ndarray], zone: np.ndarray) -> int:
    """Pairs linked of which one side holds nothing but a forename or another name."""
    table = suspects.mentions
    owners = set(suspects.identifiers["mention_id"].to_pylist())
    bare = np.array([mention not in owners for mention in table["mention_id"].to_pylist()])
    for column in ("surname_fold", "postcode"):
        bare &= np.array(table[column].is_null())
    bare &= np.array([precision != "day" for precision in table["dob_precision"].to_pylist()])
    return int(((zone == "linked") & (bare[ends[0]] | bare[ends[1]])).sum())


def _bounds(suspects: Suspects, whole: Linkage, told: np.ndarray) -> dict[str, float]:
    """Whether the bounds hold the truth, and how wide they are: of all with each status, and by list."""
    ids = suspects.mentions["mention_id"]
    concerns = pa.table({
        "mention_id": ids, "rank": suspects.rank, "place": np.zeros(len(ids), dtype=np.int64), "list": suspects.mentions["agency"],
        "list_kind": suspects.mentions["agency"], "year": suspects.mentions["agency"], "area": suspects.mentions["agency"],
    })  # fmt: skip
    best = np.full(PEOPLE, 9)
    np.minimum.at(best, suspects.person, suspects.rank)
    found = envelopes(whole, concerns, told, ACT_AT, len(STATUSES))
    truth = [int((best == rank).sum()) for rank in range(len(STATUSES))]
    by_list = dimension_bounds(Ends.of(whole, told, ACT_AT), whole, concerns, len(STATUSES))
    lists = suspects.mentions["agency"].to_pylist()
    inside = []
    for (dimension, rank, value), (lower, upper) in by_list.items():
        if dimension == "source":
            there = {
                who
                for who, one, where in zip(suspects.person.tolist(), suspects.rank.tolist(), lists, strict=True)
                if one == rank and where == value and best[who] == rank
            }
            inside.append(lower <= len(there) <= upper)
    return {
        "held": float(np.mean([each.lower <= number <= each.upper for each, number in zip(found, truth, strict=True)])),
        "lower": float(np.mean([each.lower / number for each, number in zip(found, truth, strict=True)])),
        "upper": float(np.mean([each.upper / number for each, number in zip(found, truth, strict=True)])),
        "point": float(np.mean([each.count / number for each, number in zip(found, truth, strict=True)])),
        "by_list": float(np.mean(inside)),
    }  # fmt: skip


def earlier() -> LinkModels:
    """The reference models with the one of suspects as it was before."""
    text = (Path(__file__).parent / "suspects_reference_2.json").read_text(encoding="utf-8")
    now = link_models()
    before = LinkModel.model_validate_json(text)
    return now.model_copy(update={"models": tuple(before if each.id == before.id else each for each in now.models)})


def main() -> None:
    """Measures, prints, and with --write puts the table into docs/benchmarks.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    regions = [region(seed) for seed in range(1, asked.seeds + 1)]
    lines = [
        "| model | precision | recall | precision where a side is no full name | pairs for review | linked by a name alone | number as linked | lowest | highest | bounds hold | bounds by list hold |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, models in (("one shared thing (before)", earlier()), ("sets", link_models())):
        each = [measured(one, models) for one in regions]
        mean = {key: float(np.mean([row[key] for row in each])) for key in each[0]}
        lines.append(
            f"| {name} | {mean['precision']:.3f} | {mean['recall']:.3f} | {mean['partial']:.3f} | {mean['review']:,.0f} | {mean['alone']:.0f} | "
            f"{mean['point']:.2f} | {mean['lower']:.2f} | {mean['upper']:.2f} | {mean['held']:.0%} | {mean['by_list']:.0%} |"
        )
        sys.stdout.write(lines[-1] + "\n")
    size = np.mean([len(one.person) for one in regions])
    lines += [
        "",
        f"Means over {asked.seeds} regions of {PEOPLE} suspects in about {size:,.0f} mentions; numbers as shares of the truth.",
    ]
    sys.stdout.write(lines[-1] + "\n")
    if asked.write:
        write_table(Path("docs/benchmarks.md"), "suspects", lines)


if __name__ == "__main__":
    main()
