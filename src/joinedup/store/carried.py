"""What one run carries on from the one before it: the person ids, and what is new since."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import ibis
import pyarrow as pa

from joinedup.errors import JoinedupError, UnreadableError
from joinedup.store.contract import Store, arrow_schema, empty, from_rows
from joinedup.store.difference import causes
from joinedup.store.inputs import Basis
from joinedup.store.runs import Making, Runs

_BORNE = ("mention_id", "person_id", "since", "person_since")


def carry(runs: Runs, making: Making, basis: Basis, *, as_the_latest: bool) -> dict[str, Any]:
    """Writes the tables last_ids and news of the run being made; gives its basis' part `last`.

    They are the ids of the latest run. A run on what the latest one was made of is that run again, so it is given what
    that one was given; so is a run that takes the latest one's people as they are (`as_the_latest`).
    Raises UnreadableError when the latest run cannot be read: with other ids its people could not be recognised.
    """
    last: dict[str, Any] = {}
    tables = {name: empty(name) for name in ("last_ids", "news")}
    if runs.ids():
        latest = runs.latest()
        try:
            manifest = runs.manifest(latest)
            store = runs.open(latest)
            try:
                if as_the_latest or not basis.news_since(manifest):
                    last = manifest.get("last", {})
                    tables |= {name: store.read(name).to_pyarrow() for name in tables.keys() & store.tables().keys()}
                else:
                    news = [asdict(cause) for cause in causes(manifest, basis.parts())]
                    tables = {"last_ids": _ids(store), "news": from_rows("news", news)}
                    last = {"run": latest, "news": news}
            finally:
                store.close()
        except JoinedupError as error:
            raise UnreadableError(
                f"the ids of people cannot be carried on from run {latest}: {error.message}",
                remedy=f"Mend runs/{latest} from a copy, or move it out of runs/: ids are then those of the run before it.",
            ) from error
    for name, table in tables.items():
        making.store.write(name, table)
    if "news" in last:
        last["sha256"] = making.store.fingerprint("last_ids")
    return last


def _ids(store: Store) -> pa.Table:
    """The rows of last_ids from a finished run: who bears which id, and who bore those given up."""
    people = store.read("people")
    if "since" in people.columns:
        borne = people.select(*_BORNE)
    else:  # a run of a version that made its ids anew every time
        borne = people.select("mention_id", "person_id", since=ibis.literal(1), person_since=ibis.literal(1))
    schema = arrow_schema("last_ids")
    table: pa.Table = borne.mutate(held_until=ibis.null("int64")).to_pyarrow().select(schema.names).cast(schema)
    if "former_ids" not in store.tables():
        return table
    both: pa.Table = pa.concat_tables([table, store.read("former_ids").to_pyarrow().cast(schema)])
    return both
