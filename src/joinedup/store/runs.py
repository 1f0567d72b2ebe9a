"""The life of a run: made aside, renamed when whole, immutable after; one at a time on one inquiry.

A run that is killed leaves only a hidden folder that no reader looks at and the next run removes.
"""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joinedup.errors import UnreadableError, UsageError
from joinedup.store.alone import alone_in
from joinedup.store.duck import DuckStore

EVIDENCE = "evidence.duckdb"
MANIFEST = "manifest.json"
_MAKING = ".making"
_RUN_ID = re.compile(r"^\d{4,}-[0-9a-f]{8}$")


@dataclass(frozen=True, slots=True)
class Making:
    """A run being made: its folder aside, and its store."""

    directory: Path
    store: DuckStore


class Runs:
    """The finished runs of one inquiry, oldest first."""

    def __init__(self, inquiry_dir: Path) -> None:
        self.directory = inquiry_dir / "runs"

    def ids(self) -> list[str]:
        """The ids of the finished runs, in the order they were made."""
        if not self.directory.is_dir():
            return []
        found = [entry.name for entry in self.directory.iterdir() if _RUN_ID.match(entry.name) and entry.is_dir()]
        return sorted(found, key=lambda run_id: int(run_id.split("-")[0]))

    def latest(self) -> str:
        """The id of the newest finished run."""
        if not (ids := self.ids()):
            raise UsageError("this inquiry has no run yet", remedy=f"Make one: joinedup run {self.directory.parent}")
        return ids[-1]

    def find(self, wanted: str | None) -> str:
        """The id that `wanted` names: a whole id, its number or its beginning; the latest when None."""
        if wanted is None:
            return self.latest()
        ids = self.ids()
        matches = [run_id for run_id in ids if run_id == wanted] or [
            run_id
            for run_id in ids
            if run_id.startswith(wanted) or (wanted.isdigit() and int(run_id.split("-")[0]) == int(wanted))
        ]
        if len(matches) != 1:
            said = "fits several runs" if matches else "is no run of this inquiry"
            raise UsageError(f"{wanted!r} {said}", remedy=f"Runs: {', '.join(ids) or 'none yet'}.")
        return matches[0]

    def path(self, run_id: str) -> Path:
        """The folder of a finished run."""
        return self.directory / run_id

    def open(self, run_id: str | None = None) -> DuckStore:
        """The tables of a finished run (the latest when None), for reading only."""
        return DuckStore(self.path(self.find(run_id)) / EVIDENCE, read_only=True)

    @contextmanager
    def reading(self, run_id: str | None = None) -> Iterator[DuckStore]:
        """The tables of a finished run (the latest when None), closed again at the end."""
        store = self.open(run_id)
        try:
            yield store
        finally:
            store.close()

    def manifest(self, run_id: str | None = None) -> dict[str, Any]:
        """What the run was made of and from: inputs, settings, versions, seed, tables."""
        path = self.path(self.find(run_id)) / MANIFEST
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UnreadableError(
                f"{MANIFEST} of the run cannot be read: {type(error).__name__}",
                remedy="The run is damaged; run the inquiry again. Its folder can be deleted.",
            ) from error
        return found

    @contextmanager
    def making(self) -> Iterator[Making]:
        """A new run's folder and store, aside from the finished ones, removed again unless `finish` is called.

        Raises RefusedError when another run of this inquiry is under way.
        """
        # What the program is loaded with is no garbage: left out, it is not gone through whenever a run looks for some.
        gc.freeze()
        remedy = "Wait for it to end, or stop it; nothing of it is lost."
        with alone_in(self.directory, "another run of this inquiry is under way", remedy):
            aside = self.directory / _MAKING
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            store = DuckStore(aside / EVIDENCE)
            try:
                yield Making(aside, store)
            finally:
                store.close()
                shutil.rmtree(aside, ignore_errors=True)

    def finish(self, making: Making, fingerprint: str, manifest: dict[str, Any]) -> str:
        """Closes the run being made and puts it in place, whole; returns its id."""
        making.store.close()
        number = int(self.ids()[-1].split("-")[0]) + 1 if self.ids() else 1
        run_id = f"{number:04d}-{run_tail(fingerprint)}"
        text = json.dumps({"run": run_id, **manifest}, indent=2, ensure_ascii=False)
        (making.directory / MANIFEST).write_text(text + "\n", encoding="utf-8")
        for file in sorted(making.directory.rglob("*")):
            if file.is_file():
                _flush(file)
        making.directory.rename(self.path(run_id))
        _flush(self.directory)
        return run_id


def run_tail(fingerprint: str) -> str:
    """The end of a run's id: what every run of the same inputs, settings, decisions, seed and version has in common."""
    return fingerprint[:8]


def _flush(path: Path) -> None:
    """Makes sure the bytes are on the disk before the rename that makes the run visible."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
