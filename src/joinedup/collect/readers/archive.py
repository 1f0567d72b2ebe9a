"""Looks into a zipped workbook before anything unpacks it, so that a small file cannot fill the memory."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from joinedup.errors import UnreadableError

MOST_BYTES = 1 << 30
MOST_ENTRIES = 10_000
MOST_RATIO = 200
RATIO_FROM = 50 * 1024 * 1024
"""Packing is judged only above this size: small sheets of one repeated value pack very well and do no harm."""

_REMEDY = "Open the workbook in a spreadsheet program, keep only the table, and save it again, or send it as CSV."
_BLOCK = 1 << 20


def check_archive(path: Path) -> tuple[str, ...]:
    """The names in a zipped workbook, once it is known to be whole and of bearable size.

    The directory's sizes are read first and held to the limits; then every entry is unpacked into nothing, which a
    directory that understates them does not survive. Raises UnreadableError naming the limit.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _bearable(entries, path.stat().st_size)
            for entry in entries:
                if entry.flag_bits & 1:
                    raise UnreadableError(
                        "the workbook is protected by a password", remedy="Send it without, by a safe way."
                    )
                with archive.open(entry) as content:
                    while content.read(_BLOCK):
                        pass
            return tuple(entry.filename for entry in entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise UnreadableError(
            "the workbook is truncated or damaged: its zip directory or one of its parts cannot be read",
            remedy="Ask the agency to send it again; compare the size of the file with theirs.",
        ) from error
    except OSError as error:
        raise UnreadableError(
            f"the workbook cannot be read: {error.strerror or type(error).__name__}", remedy="Make the file readable."
        ) from error


def _bearable(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise UnreadableError(
            f"the workbook has {len(entries):,} parts; at most {MOST_ENTRIES:,} are read", remedy=_REMEDY
        )
    if unpacked > MOST_BYTES:
        raise UnreadableError(
            f"the workbook would unpack to {unpacked / 2**20:,.0f} MiB; at most {MOST_BYTES / 2**20:,.0f} MiB are read",
            remedy=_REMEDY,
        )
    if unpacked > RATIO_FROM and unpacked > MOST_RATIO * max(packed, 1):
        raise UnreadableError(
            f"the workbook would unpack to {unpacked // max(packed, 1):,} times its size; at most {MOST_RATIO} times is read",
            remedy=_REMEDY,
        )
