"""How work under way says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, of): a stage may report, and whoever shows it decides whether to."""


def no_progress(_what: str, _done: int, _of: int) -> None:
    """Reports nothing: the default where nobody is watching."""
