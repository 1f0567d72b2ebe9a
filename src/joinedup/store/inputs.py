"""What a run is made from: the files of returns/, hashed; and the fingerprint of everything its results follow from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from joinedup.domain.linkage_key import FINGERPRINT_DIGITS, inquiry_key
from joinedup.domain.nouns import Decision, InputFile
from joinedup.registry.link_model import link_models
from joinedup.settings import Inquiry
from joinedup.store.sample import FOLDER as SAMPLE


def hash_inputs(inquiry_dir: Path, folder_name: str = "returns") -> list[InputFile]:
    """Every file below a folder of the inquiry, returns/ unless another is named, by path. Hidden files and links that lead out of the folder are left out.

    A file that cannot be opened has no hash and no size: collecting says what is wrong with it, and the run goes on.
    """
    folder = inquiry_dir / folder_name
    home = folder.resolve()
    found = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.is_file() and not hidden and path.resolve().is_relative_to(home):
            found.append(InputFile(relative.as_posix(), *_hash(path)))
    return found


def own_rules(inquiry_dir: Path) -> list[InputFile]:
    """The inquiry's own rule packs, and its own standards, whose paths name their folder."""
    standards = [replace(file, path=f"standards/{file.path}") for file in hash_inputs(inquiry_dir, "standards")]
    return hash_inputs(inquiry_dir, "rules") + standards


def hash_files(inquiry_dir: Path, paths: Iterable[str]) -> list[InputFile]:
    """The files of the inquiry at these paths, hashed, by path; those that are not there are left out."""
    return [InputFile(path, *_hash(inquiry_dir / path)) for path in sorted(paths) if (inquiry_dir / path).is_file()]


def _hash(path: Path) -> tuple[str, int]:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size
    except OSError:
        return "", 0


@dataclass(frozen=True)
class Basis:
    """Everything the results of a run follow from. Equal bases give equal tables, byte for byte."""

    inquiry: Inquiry
    inputs: list[InputFile]
    decisions: list[Decision]
    version: str
    rules: list[InputFile] = field(default_factory=list)
    """The inquiry's own rule packs, as hash_inputs gives them."""
    sample: list[InputFile] = field(default_factory=list)
    """The files of the review sample, as hash_inputs gives them."""
    last: dict[str, Any] = field(default_factory=dict)
    """The run whose person ids are carried on, the hash of those ids, and what is new since; empty for the first run."""
    token_key: str = ""
    """The fingerprint of the linkage key, which says nothing of it; empty where the inquiry holds none."""
    written: list[InputFile] = field(default_factory=list)
    """What people wrote for the report and what was published before it, as hash_files gives them."""

    def parts(self) -> dict[str, Any]:
        """The basis as it stands in the manifest."""
        return {
            "inputs": [asdict(file) for file in self.inputs],
            "rules": [asdict(file) for file in self.rules],
            "sample": [asdict(file) for file in self.sample],
            "written": [asdict(file) for file in self.written],
            "settings": self.inquiry.model_dump(mode="json", by_alias=True),
            "decisions": [asdict(decision) for decision in self.decisions],
            "seed": self.inquiry.seed,
            "token_key": self.token_key,
            "version": self.version,
            "models": {"link": link_models().version},
            "last": self.last,
            "libraries": libraries(self.inquiry.engine),
        }

    def fingerprint(self) -> str:
        """The hash of all of it."""
        return fingerprint(self.parts())

    def news_since(self, manifest: dict[str, Any]) -> list[str]:
        """What differs from the basis of an earlier run: inputs, decisions, rules, sample, written, seed, version, models,
        libraries or settings.KEY. The ids it carried on are not asked for: they follow from the runs before it."""
        now = self.parts()
        settings = [f"settings.{key}" for key in now["settings"] if key != "seed"]
        plain = ["version", "models", "libraries", "inputs", "decisions", "rules", "sample", "written", "seed"]
        # A run of a version that knew no rules of an inquiry's own or review sample, or nothing
        # written, was made without any, and did not say its models.
        earlier = {"rules": [], "sample": [], "written": [], "token_key": "", "models": now["models"], **manifest}
        return [
            *(name for name in plain if earlier.get(name) != now[name]),
            *(
                name
                for name in settings
                if manifest["settings"].get(name[9:]) != now["settings"][name[9:]]
                # Another key in the file that a setting names is another setting.
                or (name == "settings.link" and earlier["token_key"] != now["token_key"])
            ),
        ]


def libraries(engine: str) -> dict[str, str]:
    """The versions of the libraries that the results of an engine follow from."""
    names = ["duckdb", "ibis-framework", "splink", "numpy", "scipy", *(["pyspark"] if engine == "spark" else [])]
    return {name: _version(name) for name in names}


def _version(name: str) -> str:
    """The version of a library; one that is an extra may be absent where a finished run is only read."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def basis_of(
    inquiry_dir: Path, inquiry: Inquiry, decisions: list[Decision], version: str, written: Iterable[str]
) -> Basis:
    """The basis that the inquiry's folder gives now; `written` are the paths of what people wrote and was published."""
    returns, sample = hash_inputs(inquiry_dir), hash_inputs(inquiry_dir, SAMPLE)
    files = hash_files(inquiry_dir, written)
    key = inquiry_key(inquiry_dir, inquiry.link.token_key_file)
    shown = key.fingerprint[:FINGERPRINT_DIGITS] if key else ""
    return Basis(inquiry, returns, decisions, version, own_rules(inquiry_dir), sample, token_key=shown, written=files)


def fingerprint(parts: dict[str, Any]) -> str:
    """SHA-256 over the parts as JSON with sorted keys.

    >>> fingerprint({"b": 1, "a": 2}) == fingerprint({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
