"""The questions of the shared form on which two readers say how a lead was dealt with."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import RootModel

from joinedup.registry.documents import Entry, read_document

ANSWERS = ("yes", "no", "cannot tell")
FINDING = "properly_investigated"
"""The question whose answers are the finding."""


class Question(Entry):
    """One question, and where it comes from."""

    id: str
    question: str
    source: str


class _Questions(RootModel[tuple[Question, ...]]):
    """The file: a list of questions."""


@cache
def questions() -> dict[str, Question]:
    """Every question, by id, in the order of the form."""
    path = Path(str(files("joinedup.registry"))).joinpath("audit_form.yaml")
    return {one.id: one for one in read_document(path, _Questions).root}
