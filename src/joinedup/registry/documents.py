"""Reads the registry's YAML, and what people write in TOML, each kind checked by its model; a fault names file and key."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from joinedup.errors import InternalError, SettingsError


class Entry(BaseModel):
    """An entry of the registry: unknown keys are faults, and nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


def read_document(path: Path, model: type[Model]) -> Model:
    """One YAML document as its model.

    Raises InternalError naming the file and the key: the registry ships with the program, so a fault in it is ours.
    """
    try:
        return model.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise InternalError(f"registry file {path.name}: {faults}") from error


def read_toml(path: Path, model: type[Model], remedy: str) -> Model:
    """One TOML file that a person wrote, as its model.

    Raises SettingsError naming the file and each key that is wrong, with what was expected; `remedy` says how to mend those.
    """
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path.name} cannot be read: {type(error).__name__}", remedy="Save it as UTF-8 text and make it readable."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}", remedy="Mend that line.") from error
    except ValidationError as error:
        faults = [f"{path.name}: {_place(fault['loc'])}: {_plain(fault['msg'])}" for fault in error.errors()]
        raise SettingsError("\n".join(faults), remedy=remedy) from error


def _place(where: tuple[int | str, ...]) -> str:
    """Where in a document something stands: keys, and entries by their number from one."""
    return " ".join(f"number {part + 1}" if isinstance(part, int) else part for part in where) or "the file"


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def folder(name: str) -> list[Path]:
    """The YAML files of one folder of the registry, by name."""
    return sorted(Path(str(files("joinedup.registry"))).joinpath(name).glob("*.yaml"))
