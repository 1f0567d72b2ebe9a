"""Nouns that are handled one at a time; the rest live as rows of the tables in domain.tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """What a named person decided, with a reason: appended to the ledger, never overwritten; a run applies it."""

    sequence: int
    kind: str
    subject: str
    other: str
    judgement: str
    reason: str
    decided_by: str
    decided_at: str
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file a run was made from: its path below the inquiry folder, its SHA-256 and its size in bytes."""

    path: str
    sha256: str
    bytes: int
