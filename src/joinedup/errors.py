"""The error tree.

JoinedupError
├── UsageError            exit 2: a command was asked for something that is not there
│   └── SettingsError     exit 2: inquiry.toml says something it cannot mean
├── UnreadableError       exit 3: data could not be read at all
├── RefusedError          exit 4: understood, and refused, with the reason and what would lift it
└── InternalError         exit 5: a promise of this program was broken

Faults inside the data are not errors: they are collected in the table `problems`.
A message says what is wrong, where, what was expected and how to mend it, and never repeats a personal value.
"""

from __future__ import annotations

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_UNREADABLE = 3
EXIT_REFUSED = 4
EXIT_INTERNAL = 5


class JoinedupError(Exception):
    """Anything this program stops for; carries the remedy and the exit code of the command."""

    exit_code = EXIT_INTERNAL

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(JoinedupError):
    """A command was asked for something that does not exist or does not fit."""

    exit_code = EXIT_USAGE


class SettingsError(UsageError):
    """inquiry.toml says something it cannot mean; the message names the line."""


class UnreadableError(JoinedupError):
    """A file or run could not be read at all."""

    exit_code = EXIT_UNREADABLE


class RefusedError(JoinedupError):
    """The request was understood and is refused: the reason, and what would lift it."""

    exit_code = EXIT_REFUSED


class InternalError(JoinedupError):
    """A promise between two parts of this program was broken."""

    exit_code = EXIT_INTERNAL
