"""Reads the registry's YAML, each kind checked by its model; a fault names the file and the key."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from joinedup.errors import InternalError


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


def folder(name: str) -> list[Path]:
    """The YAML files of one folder of the registry, by name."""
    return sorted(Path(str(files("joinedup.registry"))).joinpath(name).glob("*.yaml"))
