"""One at a time: a folder that only one process may add to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from joinedup.errors import RefusedError


@contextmanager
def alone_in(directory: Path, refused: str, remedy: str) -> Iterator[None]:
    """Makes the folder if need be and holds it for this process alone.

    Raises RefusedError with these words when another process holds it; nobody is waited for.
    """
    directory.mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RefusedError(refused, remedy=remedy) from None
    try:
        yield
    finally:
        lock.release()
