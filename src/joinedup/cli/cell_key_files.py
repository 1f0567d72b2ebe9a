"""The files that cell-key perturbation takes: one row a person, or a table with the cell key of each count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from joinedup.cli.csv_file import rows_of
from joinedup.cli.release_files import Parts
from joinedup.domain.linkage_key import load_key
from joinedup.errors import UnreadableError, UsageError
from joinedup.stats.disclosure import KEYS, TOTAL, Counted, cell_keys, counts_of, person_keys

PERSON, CELL_KEY, COUNT = "person", "cell_key", "count"
LAYOUT = "See docs/how-to/protect-a-table.md for the two layouts."
_BRING = (
    "Give one row a person (a first column person, then the dimensions) and --key-file, or a table with a column"
    " cell_key before count."
)
Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A table to perturb, and the cell key of each of its innermost combinations."""

    table: Counted
    keys: Mapping[Labels, int]


def keyed_tables(files: Sequence[Path], key_file: Path | None, parts: Parts) -> list[Keyed]:
    """The tables in the files with their cell keys.

    Raises UsageError where a key file is missing, not to be had or of no use, and UnreadableError where a file has
    neither layout, naming its row and never what stands in it of a person.
    """
    read = [(file.name, rows_of(file)) for file in files]
    headings = [[word.strip().lower() for word in rows[0]] if rows else [] for _, rows in read]
    of_people = [bool(heading) and heading[0] == PERSON and heading[-1] != COUNT for heading in headings]
    if any(of_people) and key_file is None:
        raise UsageError(
            "people need a key file, from which each gets a record key",
            remedy="Make one with joinedup encode --make-key cells.key --for-cells, keep it, and give --key-file cells.key.",
        )
    if key_file is not None and not all(of_people):
        name = read[of_people.index(False)][0]
        raise UsageError(
            f"a key file is for files of people; {name} is none", remedy="A table brings its own column cell_key."
        )
    secret = load_key(key_file).of("record-key").hex() if key_file is not None else ""
    try:
        return [
            _of_people(name, rows, secret, parts) if people else _of_counts(name, rows, parts)
            for (name, rows), people in zip(read, of_people, strict=True)
        ]
    except ValueError as error:
        raise UnreadableError(str(error), remedy=LAYOUT) from error


def _inside(dimensions: Labels, parts: Parts) -> dict[str, Mapping[str, str]]:
    return {name: parts[name] for name in dimensions if name in parts}


def _of_people(name: str, rows: list[list[str]], secret: str, parts: Parts) -> Keyed:
    """One row a person, counted, with the keys of those in each combination."""
    dimensions = tuple(word.strip() for word in rows[0][1:])
    if not dimensions:
        raise ValueError(f"{name}: expected a dimension to count people by beside the column {PERSON}")
    seen: dict[str, int] = {}
    people: dict[Labels, list[str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(word.strip() for word in row):
            continue
        if len(row) != len(rows[0]):
            raise ValueError(f"{name}, row {number}: expected {len(rows[0])} values, as in the heading")
        person, *labels = (word.strip() for word in row)
        if not person or "" in labels or TOTAL in labels:
            raise ValueError(f"{name}, row {number}: expected a person and a category of every dimension, not {TOTAL}")
        if person in seen:
            raise ValueError(f"{name}, row {number}: the same person as in row {seen[person]}; each has one row")
        seen[person] = number
        people.setdefault(tuple(labels), []).append(person)
    if not seen:
        raise ValueError(f"{name}: the file has no people")
    keys = person_keys(list(seen), secret)
    table = Counted(name, dimensions, {labels: len(ids) for labels, ids in people.items()}, _inside(dimensions, parts))
    return Keyed(table, cell_keys(table, {labels: [keys[each] for each in ids] for labels, ids in people.items()}))


def _of_counts(name: str, rows: list[list[str]], parts: Parts) -> Keyed:
    """A table of counts with the cell key of each, worked out where the people's records are."""
    header = [word.strip() for word in rows[0]] if rows else []
    if len(header) < 3 or header[-1].lower() != COUNT or header[-2].lower() != CELL_KEY:
        raise UnreadableError(f"{name} brings no keys, and counts alone cannot be perturbed by them", remedy=_BRING)
    keys: dict[Labels, int] = {}
    without = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) == len(header):
            text, count = row[-2].strip(), row[-1].strip()
            if not (text.isascii() and text.isdecimal() and int(text) < KEYS) and not (text == "" and count == "0"):
                raise ValueError(f"{name}, row {number}: a cell key is a whole number from 0 to {KEYS - 1}")
            keys[tuple(word.strip() for word in row[:-2])] = int(text or 0)
        without.append([*row[:-2], *row[-1:]] if len(row) == len(header) else row)
    dimensions, counts = counts_of(name, [*header[:-2], header[-1]], without)
    return Keyed(Counted(name, dimensions, counts, _inside(dimensions, parts)), keys)
