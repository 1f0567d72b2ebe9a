"""Published data on who met whom, through the rule and through the other methods: what each makes of it, with no target.

    python -m benchmarks.covert_networks FILE.csv ...

Such data sets (who attended which meeting, in a covert network, from court records) are published by others and are not
part of this project: give the path of a copy. A file is a table with one row a person: the first column names the person
and is not read beyond telling rows apart, a column `label`, where there is one, holds the published division, and every
other column is a meeting or record, with 1 (or any number above 0) for whoever was at it.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
from sklearn.metrics import adjusted_mutual_info_score

from joinedup.groups.communities import METHODS, by_rule
from joinedup.groups.incidence import Integers, hub_things, things_of
from joinedup.groups.sharing import NOBODY, Placed, sharing_of
from joinedup.registry.hubs import hubs


def incidences(path: Path) -> tuple[pa.Table, dict[str, str]]:
    """person_id, kind, value of who was at what, people by number in the order of the file; and the labels there are.

    Raises ValueError for a row of another length than the headings, and for a cell that is no number, saying where.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        headings, *rows = list(csv.reader(file))
    said, labels = [], {}
    for number, row in enumerate(rows, start=2):
        if len(row) != len(headings):
            message = f"{path.name}, row {number}: {len(row)} cells where the headings are {len(headings)}"
            raise ValueError(message)
        person = f"{number - 1:06d}"
        for column, (heading, cell) in enumerate(zip(headings[1:], row[1:], strict=True), start=2):
            if heading.strip().lower() == "label":
                if cell.strip():
                    labels[person] = cell.strip()
                continue
            try:
                present = float(cell or 0) > 0
            except ValueError as error:
                message = f"{path.name}, row {number}, column {column}: expected a number"
                raise ValueError(message) from error
            if present:
                said.append((person, "record", f"{column:06d}"))
    columns = list(zip(*said, strict=True)) or [(), (), ()]
    names = ("person_id", "kind", "value")
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in zip(names, columns, strict=True)}), labels


def report(path: Path) -> list[str]:
    """A line a method: groups of two or more, the largest, people in none, and agreement with the labels and with the rule."""
    table, labels = incidences(path)
    things = things_of(table)
    caps = {str(kind): cap.cap for kind, cap in hubs().caps.items()}
    hub = hub_things(things, caps, ())
    sharing = sharing_of(things, ~hub, Placed(NOBODY, NOBODY, NOBODY))
    lines = [
        f"{path.name}: {len(things.people)} people at {len(things.values)} meetings, {int(hub.sum())} set aside as hubs."
    ]
    ours = by_rule(sharing)
    for name, found in {"the rule": ours, **{name: method(sharing) for name, method in METHODS.items()}}.items():
        sizes = np.bincount(found[found >= 0])
        told = _agreement(things.people, found, labels)
        lines.append(
            f"  {name}: {len(sizes)} groups, the largest of {int(sizes.max(initial=0))}, {int((found < 0).sum())} people in none; "
            f"AMI with the rule {adjusted_mutual_info_score(_alone_apart(ours), _alone_apart(found)):.3f}{told}"
        )
    return lines


def _agreement(people: list[str], found: Integers, labels: dict[str, str]) -> str:
    """Over the labelled people alone."""
    known = [place for place, person in enumerate(people) if person in labels]
    if not known:
        return ""
    theirs = [labels[people[place]] for place in known]
    score = adjusted_mutual_info_score(theirs, _alone_apart(found)[known])
    return f", with the {len(known)} published labels {score:.3f}"


def _alone_apart(found: Integers) -> Integers:
    """People in no group each in one of their own."""
    return np.where(found >= 0, found, len(found) + np.arange(len(found)))


def main() -> None:
    """Reports on each file named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.csv")
    for path in parser.parse_args().files:
        print("\n".join(report(path)))


if __name__ == "__main__":
    main()
