"""Text that is not UTF-8 throughout: each byte that is not is read as Windows-1252, the encoding of older British systems.

A file is so read right whether it is Windows-1252 from end to end or a UTF-8 file with older rows pasted in. A byte
that has no meaning there either becomes U+FFFD, and the reader says so.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TextIO

ERRORS = "joinedup-windows-1252"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("windows-1252", errors="replace"), error.end


codecs.register_error(ERRORS, _as_windows_1252)


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, line ends kept as they are.

    `encoding` is what `sniffing` found: 'windows-1252' there means UTF-8 with bytes that are not.
    """
    if encoding in ("utf-8", "utf-8-sig", "windows-1252"):
        return path.open(encoding="utf-8-sig", errors=ERRORS, newline="")
    return path.open(encoding=encoding, errors="replace", newline="")
