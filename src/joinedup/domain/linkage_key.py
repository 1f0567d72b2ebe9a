"""The key under which agencies that may not send names turn fields into linkage tokens.

It never stands in a message, a log, a table or an inquiry's folder; its fingerprint, which says nothing of it, does.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from joinedup.errors import SettingsError, UsageError

LEAST_KEY_BYTES = 32
TOKEN_DIGITS = 24
"""Hexadecimal digits kept of a hash: 96 bits, so that two values among a million million are still told apart."""
FINGERPRINT_DIGITS = 8
"""Digits of the fingerprint that people are shown and compare."""

_HEX = re.compile(r"[0-9a-fA-F]{64,}")
_ASK = (
    "An agency asks the inquiry that made the key for the file again: another key gives other tokens. Whoever makes the keys"
    " runs: joinedup encode --make-key linkage.key"
)


@dataclass(frozen=True, slots=True)
class Key:
    """A linkage key of at least 32 bytes."""

    secret: bytes

    def __repr__(self) -> str:
        """Nothing of the secret."""
        return "Key(...)"

    @property
    def fingerprint(self) -> str:
        """A token by which two people can see that they hold the same key, and nobody can find it.

        >>> Key(bytes(range(32))).fingerprint[:8]
        'cc7f1b07'
        """
        return self.token("fingerprint", "")

    def token(self, label: str, value: str) -> str:
        """The token of one value: equal for equal labels, values and keys, and otherwise without meaning."""
        return hmac.digest(self.of(label), value.encode(), "sha256").hex()[:TOKEN_DIGITS]

    def of(self, label: str) -> bytes:
        """The key of one kind of field: what is learnt of one kind is of no use against another."""
        return _of_label(self.secret, label)


@lru_cache(maxsize=256)
def _of_label(secret: bytes, label: str) -> bytes:
    return hmac.digest(secret, b"joinedup-token-1:" + label.encode(), "sha256")


def read_key(text: str) -> Key:
    """The key in the text of a key file: at least 64 hexadecimal digits, on one line or several.

    Raises UsageError where it is anything else, or repeats itself; the message never repeats it.
    """
    digits = "".join(text.split())
    if not _HEX.fullmatch(digits) or len(digits) % 2:
        raise UsageError(
            f"the key file does not hold a key: at least {2 * LEAST_KEY_BYTES} hexadecimal digits are expected",
            remedy=_ASK,
        )
    secret = bytes.fromhex(digits)
    if len(set(secret)) < 12:
        raise UsageError("the key repeats itself, so it could be guessed", remedy=_ASK)
    return Key(secret)


def load_key(path: Path) -> Key:
    """The key in a file that its owner alone may read.

    Raises UsageError where the file cannot be read, others on the machine may read it, or it holds no key.
    """
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & 0o077:
            raise UsageError(
                f"other users of this machine may read the key file {path.name}",
                remedy=f"Take their right away: chmod 600 {path}",
            )
        # A key is a line or a few: whatever is longer is another file.
        with path.open(encoding="ascii") as opened:
            text = opened.read(4096)
    except (OSError, UnicodeDecodeError) as error:
        missing = isinstance(error, FileNotFoundError)
        raise UsageError(
            f"the key file {path.name} {'is not there' if missing else f'cannot be read: {type(error).__name__}'}",
            remedy="Give the path of the file with the key in it: an agency has it from the inquiry; cell keys are your own.",
        ) from error
    return read_key(text)


def inquiry_key(inquiry_dir: Path, named: str | None) -> Key | None:
    """The key in the file that inquiry.toml names, from the inquiry's folder on; None where it names none.

    Raises SettingsError where the file lies inside that folder: whoever copied it would have the tokens and the key.
    """
    if named is None:
        return None
    path = inquiry_dir / Path(named).expanduser()
    if path.resolve().is_relative_to(inquiry_dir.resolve()):
        raise SettingsError(
            "inquiry.toml: link.token_key_file lies inside the inquiry's folder, beside the tokens",
            remedy="Move the key file out of the folder, and give its new path.",
        )
    return load_key(path)


def make_key(path: Path) -> Key:
    """Writes a new key, drawn at random, to a file that only its owner may read; never over another file."""
    key = Key(secrets.token_bytes(LEAST_KEY_BYTES))
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            f"{path} is there already, and a key is never written over another file",
            remedy="Give a new name; a key that is lost cannot be made again.",
        ) from None
    except OSError as error:
        raise UsageError(
            f"the key cannot be written to {path}: {type(error).__name__}",
            remedy="Give a folder that is there and can be written to.",
        ) from error
    with os.fdopen(opened, "w", encoding="ascii") as stream:
        stream.write(f"{key.secret.hex()}\n")
    return key
