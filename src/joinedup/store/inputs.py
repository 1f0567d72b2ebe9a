"""What a run is made from: the files of returns/, hashed; and the fingerprint of everything its results follow from."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from joinedup.domain.nouns import InputFile
from joinedup.errors import UnreadableError


def hash_inputs(inquiry_dir: Path) -> list[InputFile]:
    """Every file below returns/, by path; hidden files are left out."""
    folder = inquiry_dir / "returns"
    found = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            found.append(InputFile(relative.as_posix(), *_hash(path)))
    return found


def _hash(path: Path) -> tuple[str, int]:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
    except OSError as error:
        raise UnreadableError(
            f"returns/{path.name} cannot be opened: {type(error).__name__}",
            remedy="Make the file readable, or move it out of returns/.",
        ) from error
    return digest.hexdigest(), path.stat().st_size


def fingerprint(parts: dict[str, Any]) -> str:
    """SHA-256 over the parts as JSON with sorted keys.

    >>> fingerprint({"b": 1, "a": 2}) == fingerprint({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
