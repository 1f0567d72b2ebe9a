"""What linkage tokens cost in accuracy: one population with no, one, two and all agencies encoded, with and without --fuzzy.

    python -m benchmarks.linking_tokens [--rows 10000] [--large 100000]

Everything is linked by the same code within this process: mentions in the clear by what they say, pairs with an encoded one by
tokens. Where all agencies are encoded the inquiry holds no key. Last comes one linking of a larger population, with the
charity encoded. Written into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from benchmarks.linking import datasets, region
from benchmarks.linking.__main__ import made
from benchmarks.linking.measures import Outcome, measured
from benchmarks.measure import write_table
from joinedup.domain.linkage_key import Key
from joinedup.link.linking import Policy, link
from joinedup.link.tokens import encode
from joinedup.registry.link_model import link_models
from joinedup.store.contract import empty, from_rows
from joinedup.store.duck import DuckStore

KEY = Key(bytes(range(32)))
WHO = ("mention_id", "agency", "agency_kind", "form", "source_ref", "local_id", "role", "first_date")
HEAD = [
    "| population | encoded | tokens | P | R | F1 | count bias | false of them at home | calibration | review | found again | CPU s |",
    "|---|---|---|---:|---:|---:|---:|---|---:|---:|---:|---:|",
]


@dataclass(frozen=True)
class Tables:
    """A population as linking meets it, and its truth."""

    mentions: pa.Table
    identifiers: pa.Table
    truth: pa.Table


@dataclass(frozen=True)
class Variant:
    """Which kinds of agency sent tokens, and whether with what lets near values meet."""

    words: str
    kinds: frozenset[str]
    fuzzy: bool = False

    @property
    def sent(self) -> str:
        """The kind of tokens, in a word or two."""
        return "-" if not self.kinds else "with --fuzzy" if self.fuzzy else "exact"


def read(folder: Path) -> Tables:
    """The population in a folder."""
    store = DuckStore(folder / datasets.STORE, read_only=True)
    try:
        mentions = store.read("mentions").order_by("mention_id").to_pyarrow()
        given = store.read("identifiers")
        usable = given.filter(given.valid & given.kind.isin(["phone", "vehicle", "account"]))
        identifiers = usable.select("mention_id", "kind", "value").distinct().to_pyarrow()
    finally:
        store.close()
    return Tables(mentions, identifiers, pyarrow.parquet.read_table(folder / datasets.TRUTH))


def encoded(given: Tables, variant: Variant) -> Tables:
    """The same population, had the agencies of these kinds sent tokens."""
    agencies = np.array([str(name).removesuffix("-a") for name in given.mentions["agency"].to_pylist()])
    kinds = np.array(
        [kind or agency for kind, agency in zip(given.mentions["agency_kind"].to_pylist(), agencies, strict=True)]
    )
    chosen = np.isin(kinds, sorted(variant.kinds)) | ("*" in variant.kinds)
    held: dict[str, list[tuple[str, str]]] = {}
    for row in given.identifiers.to_pylist():
        held.setdefault(row["mention_id"], []).append((row["kind"], row["value"]))
    rows, tokens = [], []
    for hidden, row in zip(chosen.tolist(), given.mentions.to_pylist(), strict=True):
        if not hidden:
            rows.append(row)
            continue
        rows.append({name: row[name] for name in WHO})
        for kind, several in encode(row, held.get(row["mention_id"], ()), KEY, fuzzy=variant.fuzzy).items():
            tokens += [(row["mention_id"], kind, token) for token in several.split(";") if token]
    gone = given.mentions["mention_id"].filter(pa.array(chosen)).combine_chunks()
    kept = given.identifiers.filter(pc.invert(pc.is_in(given.identifiers["mention_id"], value_set=gone)))
    columns = zip(*tokens, strict=True) if tokens else ((), (), ())
    made_of = pa.table(
        dict(zip(("mention_id", "kind", "value"), (pa.array(c, pa.string()) for c in columns), strict=True))
    )
    return Tables(
        from_rows("mentions", rows), pa.concat_tables([kept.select(made_of.column_names), made_of]), given.truth
    )


def line(name: str, given: Tables, variant: Variant) -> str:
    """One linking, as a line of the table."""
    tables = encoded(given, variant)
    key = None if "*" in variant.kinds or not variant.kinds else KEY
    began = time.process_time()
    found = link(
        tables.mentions, tables.identifiers, empty("decisions"), link_models(), Policy(0.5, 0.1, 0.99, key=key)
    )
    spent = time.process_time() - began
    value = measured(Outcome.of(tables.truth, found.people, found.links))
    again = {row["measure"]: row["value"] for row in found.quality.to_pylist() if row["scope"] == "children"}
    share = f"{again['tokens_find_again']:.1%}" if "tokens_find_again" in again else "-"
    return (
        f"| {name} | {variant.words} | {variant.sent} | {value['precision']:.4f} | {value['recall']:.4f} | {value['f1']:.4f}"
        f" | {value['count_bias']:+.1%} | {value['false_pairs']:,.0f}, {value['false_at_home']:,.0f} | {value['calibration']:+.4f}"
        f" | {value['review']:,.0f} | {share} | {spent:.0f} |"
    )


def variants() -> Iterator[Variant]:
    """None, one, two and all kinds of agency, exact and fuzzy."""
    yield Variant("no agency", frozenset())
    for words, kinds in (
        ("charity", {"charity"}),
        ("charity and police", {"charity", "police"}),
        ("all agencies", {"*"}),
    ):
        for fuzzy in (False, True):
            yield Variant(words, frozenset(kinds), fuzzy)


def main() -> None:
    """Measures both populations and writes the table after each linking, so that what was measured stays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000, help="rows of the larger population; 0 for none")
    asked = parser.parse_args()
    lines = list(HEAD)

    def add(name: str, given: Tables, variant: Variant) -> None:
        lines.append(line(name, given, variant))
        print(lines[-1], flush=True)
        write_table(Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md", "linking tokens", lines)

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, make in (("own", made), ("simulator", region.make)):
            given = read(make(folder / name, asked.rows, 1))
            for variant in variants():
                add(f"{name}, {asked.rows:,} rows", given, variant)
        if asked.large:
            given = read(made(folder / "large", asked.large, 1))
            add(f"own, {asked.large:,} rows", given, Variant("charity", frozenset({"charity"})))


if __name__ == "__main__":
    main()
