"""truth/: who every row really is, who was exploited and by whom, and what was planted for each rule to find."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from joinedup.simulate.arrays import Texts, either, held, labels, nothing, pick
from joinedup.simulate.dates import days
from joinedup.simulate.filing import Filed
from joinedup.simulate.groups import Exploitation
from joinedup.simulate.names import ORIGINS
from joinedup.simulate.population import Population
from joinedup.simulate.region import AGENCIES, AREAS
from joinedup.simulate.writers.tables import write

_STRENGTH = {"known": 3, "suspected": 2, "at_risk": 1}


def person_ids(population: Population, person: np.ndarray) -> Texts:
    """C0000001 for children, S0000001 for suspects."""
    child = person < len(population)
    return np.where(child, labels("C", person + 1, 7), labels("S", person - len(population) + 1, 7))


def readable() -> np.ndarray:
    """For each agency whether its rows can be read; the last, for -1, is False."""
    return np.array([*(one.answered for one in AGENCIES), False])


@dataclass(frozen=True)
class Named:
    """Every mention in the returns: agency, form, role, reference and person, and a child's status on that row."""

    agency: np.ndarray
    form: Texts
    role: Texts
    ref: Texts
    person: np.ndarray
    status: Texts


def mentions(filed: list[Filed]) -> Named:
    """Every mention of every readable return, in the order of agency, form, role and reference."""
    parts: list[tuple[np.ndarray, Texts, Texts, Texts, np.ndarray, Texts]] = []
    can_be_read = readable()
    for rows in filed:
        for named in rows.named:
            keep = can_be_read[rows.agency] & (named.person >= 0)
            size = int(keep.sum())
            status = nothing(size) if named.status is None else named.status[keep]
            parts.append((
                rows.agency[keep], np.full(size, rows.form, dtype=object), np.full(size, named.role, dtype=object),
                rows.refs()[keep], named.person[keep], status,
            ))  # fmt: skip
    agency, form, role, ref, person, status = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((ref.astype(str), role.astype(str), form.astype(str), agency))
    return Named(agency[order], form[order], role[order], ref[order], person[order], status[order])


def write_table(path: Path, columns: dict[str, Any]) -> None:
    """Writes a truth table as CSV."""
    table = pa.table({name: pa.array(values.tolist() if isinstance(values, np.ndarray) else values) for name, values in columns.items()})  # fmt: skip
    sink = io.BytesIO()
    pyarrow.csv.write_csv(table, sink, pyarrow.csv.WriteOptions(quoting_style="needed"))
    write(path, sink.getvalue())


def write_mentions(directory: Path, population: Population, named: Named) -> None:
    """mentions.csv: agency, form, role, source_ref, person_id."""
    write_table(
        directory / "mentions.csv",
        {
            "agency": pick([one.id for one in AGENCIES], named.agency), "form": named.form, "role": named.role,
            "source_ref": named.ref, "person_id": person_ids(population, named.person),
        },
    )  # fmt: skip


def on_lists(exploitation: Exploitation, named: Named) -> dict[tuple[int, int], str]:
    """For each exploited child and agency the strongest status its rows give the child."""
    exploited = set(exploitation.children.tolist())
    strongest: dict[tuple[int, int], str] = {}
    rows = np.flatnonzero((named.role == "child") & held(named.status))
    for row in rows.tolist():
        key = (int(named.person[row]), int(named.agency[row]))
        status = str(named.status[row])
        if key[0] in exploited and _STRENGTH[status] > _STRENGTH.get(strongest.get(key, ""), 0):
            strongest[key] = status
    return strongest


def write_people(
    directory: Path, population: Population, exploitation: Exploitation, held: dict[tuple[int, int], str]
) -> None:
    """people.csv, groups.csv and lists.csv."""
    children, suspects = len(population), exploitation.suspects
    everyone = np.arange(children + len(suspects))
    ids = person_ids(population, everyone)
    exploited = np.isin(everyone, exploitation.children)
    known = np.isin(everyone, np.array(sorted({child for child, _ in held}), dtype=int))
    none = nothing(len(suspects))
    twin = either(population.twin_of >= 0, person_ids(population, np.maximum(population.twin_of, 0)), None)
    area = [one.id for one in AREAS]
    write_table(
        directory / "people.csv",
        {
            "person_id": ids, "kind": either(everyone < children, "child", "suspect"),
            "forename": np.concatenate([population.forename, suspects.forename]),
            "surname": np.concatenate([population.surname, suspects.surname]),
            "dob": days(np.concatenate([population.born, suspects.born]), "iso"),
            "sex": np.concatenate([population.sex, suspects.sex]),
            "household_id": np.concatenate([labels("H", population.household + 1, 7), none]),
            "twin_of": np.concatenate([twin, none]),
            "name_origin": np.concatenate([pick(ORIGINS, population.origin), pick(ORIGINS, suspects.origin)]),
            "area": np.concatenate([pick(area, population.area), pick(area, suspects.area)]),
            "ethnicity": np.concatenate([population.ethnicity, suspects.ethnicity]),
            "exploited": exploited.astype(int), "known_to_any": known.astype(int),
        },
    )  # fmt: skip
    in_group = np.flatnonzero(exploitation.group >= 0)
    grown = np.flatnonzero(exploitation.suspect_group >= 0)
    group = np.concatenate([exploitation.group[in_group], exploitation.suspect_group[grown]])
    person = np.concatenate([exploitation.children[in_group], grown + children])
    order = np.lexsort((person, group))
    write_table(
        directory / "groups.csv",
        {
            "group_id": labels("G", group[order] + 1, 5), "person_id": ids[person[order]],
            "role": either(person[order] < children, "child", "suspect"),
        },
    )  # fmt: skip
    on_none = [(child, -1) for child in exploitation.children.tolist() if not known[child]]
    rows = sorted([*held, *on_none])
    write_table(
        directory / "lists.csv",
        {
            "person_id": [str(ids[child]) for child, _ in rows],
            "list": ["" if number < 0 else AGENCIES[number].id for _, number in rows],
            "status": [held.get(row, "") for row in rows],
        },
    )


def write_population(directory: Path, figures: dict[str, Any]) -> None:
    """population.json."""
    write(directory / "population.json", (json.dumps(figures, indent=2) + "\n").encode("utf-8"))


def write_looking(directory: Path, population: Population, work: tuple[np.ndarray, np.ndarray]) -> None:
    """looking.csv: person_id, agency of all work open at the period's end."""
    person, agency = work
    names = pick([one.id for one in AGENCIES], agency)
    write_table(directory / "looking.csv", {"person_id": person_ids(population, person), "agency": names})
