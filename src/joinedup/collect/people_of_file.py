"""The people one file names, as a run would read them: for an agency that works on its own file, with no inquiry at hand."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from joinedup.collect.check import LATEST_YEAR, CheckResult, check
from joinedup.collect.emit.assemble import assemble
from joinedup.collect.emit.opening import SenderHabits, open_file
from joinedup.collect.emit.prepare import ParseContext
from joinedup.collect.emit.rows import StandingSheet
from joinedup.collect.ledger import ReceivedFile, Sender
from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import forms

Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class PeopleOfFile:
    """Rows of the tables mentions, identifiers and involvements that one file makes, and how the reading of it went."""

    mentions: Rows
    identifiers: Rows
    involvements: Rows
    checked: CheckResult


def people_of_file(
    path: Path, mapping: Mapping[str, str] | None = None, *, form: str | None = None, latest_year: int = LATEST_YEAR
) -> PeopleOfFile:
    """The people of one file of any registered form, read as `joinedup check` reads it; what cannot be read is in `checked`.

    `mapping` gives the agency's own headings and the form's column each one is; `form` takes the file as that form only.
    Raises UsageError when there is no such form or file.
    """
    checked = check(path, mapping, form=form, latest_year=latest_year)
    known = forms() if form is None else {form: forms()[form]}
    opened = open_file(path, known, SenderHabits(mapping or {}, "", ParseContext(code_sets(), latest_year)))
    content = path.read_bytes()
    file = ReceivedFile("file", None, path.name, path, hashlib.sha256(content).hexdigest(), len(content))
    standing: dict[str, dict[str, list[StandingSheet]]] = defaultdict(lambda: defaultdict(list))
    for sheet in opened.prepared:
        standing[sheet.form][sheet.sheet].append(StandingSheet(file, sheet))
    made: dict[str, list[pa.Table]] = defaultdict(list)
    for form_id in sorted(standing):
        for name, tables in assemble(Sender("file", path.name, "other"), forms()[form_id], standing[form_id]).items():
            made[name] += tables
    rows = {
        name: pa.concat_tables(made[name], promote_options="default").to_pylist() if made[name] else []
        for name in ("mentions", "identifiers", "involvements")
    }
    return PeopleOfFile(**rows, checked=checked)
