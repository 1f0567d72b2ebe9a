"""What was published: one folder each in published/, with the files that went out and the record of how, never changed after.

published/0001-77f9d96d/
  report/         the files that went out
  manifest.json   what the run was made of
  record.json     who published it, what was checked, every number as published, the hash of every file, and the hash
                  of the record before it
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joinedup.errors import UnreadableError, UsageError
from joinedup.store.alone import alone_in
from joinedup.store.difference import Shown
from joinedup.store.runs import MANIFEST

FOLDER = "published"
RECORD = "record.json"
REPORT = "report"
_MAKING = ".making"
_ID = re.compile(r"^\d{4,}-[0-9a-f]{8}$")
_READ_ONLY = 0o444


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication: its id, its folder and its record."""

    publication_id: str
    directory: Path
    record: dict[str, Any]

    @property
    def manifest(self) -> dict[str, Any]:
        """What the run it came from was made of."""
        return _json(self.directory / MANIFEST)

    def numbers(self) -> dict[str, Shown]:
        """Every number as it was published, by trace id, with the files that were behind it."""
        files = self.record.get("files_behind", [])
        return {
            number_id: Shown(row["label"], row["shown"], row["recipe"], frozenset(files[at] for at in row["files"]))
            for number_id, row in self.record.get("numbers", {}).items()
        }


class Publications:
    """What an inquiry has published, oldest first."""

    def __init__(self, inquiry_dir: Path) -> None:
        self.directory = inquiry_dir / FOLDER

    def ids(self) -> list[str]:
        """The ids of the publications, in the order they were made."""
        if not self.directory.is_dir():
            return []
        found = [entry.name for entry in self.directory.iterdir() if _ID.match(entry.name) and entry.is_dir()]
        return sorted(found, key=lambda each: int(each.split("-")[0]))

    def all(self) -> list[Publication]:
        """Every publication."""
        return [self.open(each) for each in self.ids()]

    def latest(self) -> Publication | None:
        """The newest publication; None before the first."""
        ids = self.ids()
        return self.open(ids[-1]) if ids else None

    def open(self, publication_id: str) -> Publication:
        """The publication with this id."""
        directory = self.directory / publication_id
        return Publication(publication_id, directory, _json(directory / RECORD))

    def find(self, wanted: str) -> Publication:
        """The publication that `wanted` names: a whole id, its number or its beginning."""
        ids = self.ids()
        fits = [each for each in ids if each.startswith(wanted)]
        fits = [each for each in ids if wanted.isdigit() and int(each.split("-")[0]) == int(wanted)] or fits
        if len(fits) != 1:
            said = "fits several publications" if fits else "is no publication of this inquiry"
            raise UsageError(f"{wanted!r} {said}", remedy=f"Publications: {', '.join(ids) or 'none yet'}.")
        return self.open(fits[0])

    def altered(self) -> list[str]:
        """What is not as it was published: a file with other bytes, one that is gone, a record the next does not know."""
        faults = []
        before = ""
        for each in self.all():
            for path, digest in each.record["files"].items():
                file = each.directory / path
                if not file.is_file() or _digest(file) != digest:
                    faults.append(f"{FOLDER}/{each.publication_id}/{path}")
            if each.record["previous_sha256"] != before:
                faults.append(f"{FOLDER}: the record before {each.publication_id}")
            before = _digest(each.directory / RECORD)
        return faults

    def add(self, run_dir: Path, files: Iterable[str], record: Mapping[str, Any]) -> Publication:
        """Copies the files (paths below the run's report/) aside, records them, and puts the publication in place, whole.

        Raises RefusedError when another publication of this inquiry is under way.
        """
        with alone_in(self.directory, "another publication of this inquiry is under way", "Wait for it to end."):
            return self._add(run_dir, sorted(files), record)

    def _add(self, run_dir: Path, files: list[str], record: Mapping[str, Any]) -> Publication:
        aside = self.directory / _MAKING
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        digests = {}
        sources = {f"{REPORT}/{path}": run_dir / REPORT / path for path in files} | {MANIFEST: run_dir / MANIFEST}
        for path, source in sources.items():
            target = aside / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            target.chmod(_READ_ONLY)
            digests[path] = _digest(target)
        ids = self.ids()
        number = int(ids[-1].split("-")[0]) + 1 if ids else 1
        previous = _digest(self.directory / ids[-1] / RECORD) if ids else ""
        made = f"{number:04d}-{run_dir.name.split('-')[-1]}"
        whole = {"publication": made, "previous_sha256": previous, **record, "files": digests}
        text = json.dumps(whole, indent=1, ensure_ascii=False, default=str)
        (aside / RECORD).write_text(text + "\n", encoding="utf-8")
        (aside / RECORD).chmod(_READ_ONLY)
        aside.rename(self.directory / made)
        return self.open(made)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableError(
            f"{FOLDER}/{path.parent.name}/{path.name} cannot be read: {type(error).__name__}",
            remedy="A publication is never changed: put the folder back from where it is kept.",
        ) from error
    return found
