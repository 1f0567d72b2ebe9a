"""Which files an inquiry has received, from whom and when, and which of them stand.

`returns/AGENCY/2011-05-02/...` was received that day; files elsewhere below `returns/AGENCY/` are the undated return,
taken as the earliest. A file whose bytes already stand is not collected twice. A later return of the same form and
sheet takes the place of every earlier one, which is kept and listed. Several files of one form in one return add up.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from joinedup.collect.problems import FileProblem
from joinedup.settings import Inquiry

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "icon\r"})


@dataclass(frozen=True, slots=True)
class Sender:
    """One folder below returns/: the agency inquiry.toml names, or, with kind `other`, one it does not name."""

    id: str
    name: str
    kind: str
    area: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    unknown_dates_of_birth: tuple[str, ...] = ()
    named: bool = True


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file as received: `file` is its path below returns/AGENCY/; `received` is None in the undated return."""

    agency: str
    received: datetime.date | None
    file: str
    path: Path
    sha256: str
    bytes: int

    @property
    def return_id(self) -> str:
        """AGENCY@DATE-RECEIVED, or AGENCY@undated."""
        return return_id(self.agency, self.received)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every file below returns/ in order of agency, day received and path; and what was wrong with files as such.

    `refused` are files that are not opened, with the reason among the problems.
    """

    files: tuple[ReceivedFile, ...]
    refused: tuple[ReceivedFile, ...]
    problems: tuple[FileProblem, ...]


@dataclass(frozen=True, slots=True)
class SheetReceived:
    """One recognised sheet of one received file; `place` tells sheets of one file apart."""

    file: ReceivedFile
    place: int
    form: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a sheet is used, superseded or a duplicate, and what stands in its place."""

    state: str
    replaced_by: str = ""


def return_id(agency: str, received: datetime.date | None) -> str:
    """The id of what one agency sent at one time.

    >>> return_id("northmoor-police", datetime.date(2011, 5, 2)), return_id("x", None)
    ('northmoor-police@2011-05-02', 'x@undated')
    """
    return f"{agency}@{received.isoformat() if received else 'undated'}"


def senders(inquiry: Inquiry, ledger: Ledger) -> dict[str, Sender]:
    """Every agency of inquiry.toml, and every folder of returns/ it does not name, by id."""
    found = {
        agency.id: Sender(
            agency.id,
            agency.name,
            agency.kind,
            agency.area,
            tuple(sorted(agency.mapping.items())),
            agency.unknown_dates_of_birth,
        )
        for agency in inquiry.agency
    }
    for agency_id in sorted({file.agency for file in (*ledger.files, *ledger.refused)} - set(found)):
        found[agency_id] = Sender(agency_id, agency_id or "(no agency)", "other", named=False)
    return found


def survey(returns: Path) -> Ledger:
    """Every file below `returns`, hashed; nothing is written, and links that lead out of the folder are refused."""
    files: list[ReceivedFile] = []
    refused: list[ReceivedFile] = []
    problems: list[FileProblem] = []
    for parts, path in _walk(returns, ()):
        agency, below = (parts[0], parts[1:]) if len(parts) > 1 else ("", parts)
        received, strange = _received(below)
        name = "/".join(below)
        where = (agency, return_id(agency, received), name)
        if strange:
            problems.append(FileProblem(*where, "note", "a folder named by a day that exists, as 2011-05-02", strange))
        fault = _not_to_open(path, returns) if agency else _NO_AGENCY
        if fault is None:
            try:
                files.append(ReceivedFile(agency, received, name, path, *_hash(path)))
                continue
            except OSError as error:
                fault = _cannot_open(error)
        problems.append(FileProblem(*where, *fault))
        if fault[0] != "note":
            refused.append(ReceivedFile(agency, received, name, path, "", 0))
    ordered = sorted(files, key=lambda file: (file.agency, file.received or datetime.date.min, file.file))
    return Ledger(tuple(ordered), tuple(refused), tuple(problems))


def stand(sheets: Iterable[SheetReceived]) -> dict[SheetReceived, Standing]:
    """Which sheets are used, which are duplicates of one that stands, and which a later return has replaced."""
    found: dict[SheetReceived, Standing] = {}
    ordered = sorted(sheets, key=_return_order)
    for _, group in groupby(
        sorted(ordered, key=lambda each: (each.file.agency, each.form, each.sheet)),
        key=lambda each: (each.file.agency, each.form, each.sheet),
    ):
        found |= _stand_of_one_form(list(group))
    return found


def _stand_of_one_form(sheets: Sequence[SheetReceived]) -> dict[SheetReceived, Standing]:
    standing: dict[tuple[str, int], SheetReceived] = {}
    duplicates: dict[SheetReceived, tuple[str, int]] = {}
    superseded: list[SheetReceived] = []
    for _, group in groupby(sheets, key=lambda each: each.file.received or datetime.date.min):
        distinct: dict[tuple[str, int], SheetReceived] = {}
        for each in group:
            content = (each.file.sha256, each.place)
            if content in distinct:
                duplicates[each] = content
            else:
                distinct[content] = each
        if standing and distinct.keys() <= standing.keys():
            duplicates |= {each: content for content, each in distinct.items()}
            continue
        superseded += standing.values()
        standing = distinct
    first = next(iter(standing.values()))
    found = {each: Standing("used") for each in standing.values()}
    for each in superseded:
        found[each] = Standing("superseded", _name(first))
    for each, content in duplicates.items():
        original = standing.get(content)
        # What it repeats may itself have been replaced since: then so has it.
        found[each] = Standing("duplicate", _name(original)) if original else Standing("superseded", _name(first))
    return found


def _return_order(sheet: SheetReceived) -> tuple[datetime.date, str, int]:
    return (sheet.file.received or datetime.date.min, sheet.file.file, sheet.place)


def _name(sheet: SheetReceived) -> str:
    return f"{sheet.file.return_id}: {sheet.file.file}"


def _walk(folder: Path, above: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], Path]]:
    """Every entry that is no plain folder, with the parts of its path below the first folder; links are not followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError:
        if above:
            yield above, folder
        return
    for entry in entries:
        parts = (*above, _shown(entry.name))
        if entry.is_dir(follow_symlinks=False) and not _is_system(entry.name):
            yield from _walk(Path(entry.path), parts)
        else:
            yield parts, Path(entry.path)


def _shown(name: str) -> str:
    """The name as text, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_system(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in _SYSTEM_FILES


def _received(below: tuple[str, ...]) -> tuple[datetime.date | None, str]:
    if len(below) < 2 or not _DATED.fullmatch(below[0]):
        return None, ""
    try:
        return datetime.date.fromisoformat(below[0]), ""
    except ValueError:
        return None, "The folder is named like a day, and there is no such day. Its files are taken as undated."


_Fault = tuple[str, str, str]
_NO_AGENCY: _Fault = (
    "refused_file",
    "a file in the folder of the agency that sent it",
    "The file lies in returns/ itself, so nobody knows whose it is. Move it to returns/AGENCY/.",
)


def _not_to_open(path: Path, returns: Path) -> _Fault | None:
    if _is_system(path.name):
        return ("note", "a return", "A hidden or system file; it was not read.")
    if path.is_symlink():
        try:
            inside = path.resolve(strict=True).is_relative_to(returns.resolve())
        except (OSError, RuntimeError):
            inside = False
        if not inside or path.is_dir():
            expected = "the file itself"
            return (
                "refused_file",
                expected,
                "A link that leads to a folder, nowhere, or out of returns/. Put a copy of the file in its place.",
            )
    if path.is_dir():
        return ("refused_file", "a folder that can be listed", "The folder cannot be listed. Make it readable.")
    if not path.is_file():
        return ("refused_file", "an ordinary file", "Not an ordinary file; it was not opened.")
    return None


def _cannot_open(error: OSError) -> _Fault:
    kind = type(error).__name__
    return ("refused_file", "a file that can be opened", f"The file cannot be opened ({kind}). Make it readable.")


def _hash(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return digest.hexdigest(), stream.tell()
