"""From filed rows to the headings and cells of one agency's sheet, in that agency's way of writing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.registry.forms import forms
from joinedup.simulate.arrays import Texts, either, held, nothing
from joinedup.simulate.dates import BirthDates, days, moments
from joinedup.simulate.filing import Cells, Filed
from joinedup.simulate.region import Agency

_ONLY_IN_XML = {("ssda903", "header", "uasc")}


@dataclass(frozen=True)
class Sheet:
    """Headings and columns of texts, ready to be written."""

    headings: list[str]
    columns: list[Texts]
    day_columns: frozenset[int]
    """Places of columns that hold days, which a workbook can hold as dates."""
    days: dict[int, np.ndarray[Any, Any]]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def sheet_of(filed: Filed, agency: Agency) -> Sheet:
    """One agency's sheet with every heading of the registered form, cells empty where it records nothing."""
    style = {"school": "school", "social_care": "slashes"}.get(agency.kind, agency.writing.dates)
    headings: list[str] = []
    columns: list[Texts] = []
    as_days: dict[int, np.ndarray[Any, Any]] = {}
    for column in forms()[filed.form].sheet(filed.sheet).columns:
        if (filed.form, filed.sheet, column.id) in _ONLY_IN_XML:
            continue
        cells = filed.columns.get(column.id)
        if isinstance(cells, np.ndarray) and cells.dtype == np.dtype("datetime64[D]"):
            as_days[len(columns)] = cells
        headings.append(column.label)
        texts = _texts(cells, column.id, column.type, style, agency, len(filed))
        if column.id == "dob" and agency.writing.no_birth_date:
            texts = either(held(texts), texts, agency.writing.no_birth_date)
        columns.append(texts)
    return Sheet(headings, columns, frozenset(as_days), as_days)


def _texts(cells: Cells | None, column: str, kind: str, style: str, agency: Agency, length: int) -> Texts:
    if cells is None:
        return nothing(length)
    if isinstance(cells, BirthDates):
        return cells.written(style)
    if np.issubdtype(cells.dtype, np.datetime64):
        only_day = column == "rhi_date" and not agency.writing.interview_times
        if only_day or cells.dtype == np.dtype("datetime64[D]"):
            return days(cells.astype("datetime64[D]"), style)
        return moments(cells, style)
    if kind == "sex":
        female, male = agency.writing.sexes
        return either(cells == "F", female, either(cells == "M", male, cells))
    return np.asarray(cells, dtype=object)
