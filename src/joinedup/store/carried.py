"""What one run carries on from the one before it: the person ids, the scores of linking, and what is new since."""

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

SCORES = {"last_records": "scored_records", "last_pairs": "scored_pairs", "last_parameters": "score_parameters"}
"""What a run is given of the last one's scores, and the table it comes from."""
_SCORED_BY = ("version", "models", "libraries")
_BORNE = ("mention_id", "person_id", "since", "person_since")


def carry(runs: Runs, making: Making, basis: Basis, *, as_the_latest: bool) -> dict[str, Any]:
    """Writes the tables last_ids, news and those of SCORES of the run being made; gives its basis' part `last`.

    They are the ids and scores of the latest run; its scores only where the program, its models and libraries and the
    settings of linking are the same, for else every pair could score otherwise. A run on what the latest one was made of is that run again, so it is given what
    that one was given; so is a run that takes the latest one's people as they are (`as_the_latest`).
    Raises UnreadableError when the latest run cannot be read: with other ids its people could not be recognised.
    """
    last: dict[str, Any] = {}
    tables = {name: empty(name) for name in ("last_ids", "news", *SCORES)}
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
                    tables |= {"last_ids": _ids(store), "news": from_rows("news", news)}
                    if _scores_alike(manifest, basis.parts()):
                        tables |= {
                            name: store.read(of).to_pyarrow() for name, of in SCORES.items() if of in store.tables()
                        }
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
        if tables["last_parameters"].num_rows:
            last["scores"] = {name: making.store.fingerprint(name) for name in SCORES}
    return last


def _scores_alike(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether two runs score the same two records alike."""
    settings = before.get("settings", {}), now["settings"]
    same_settings = all(settings[0].get(name) == settings[1].get(name) for name in ("link", "engine"))
    return same_settings and all(before.get(name) == now[name] for name in _SCORED_BY)


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
