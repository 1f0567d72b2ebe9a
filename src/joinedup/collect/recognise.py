"""Which registered form a raw sheet is, by its headings and never by its file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from joinedup.collect.sheets import RawSheet, fold_heading
from joinedup.registry.forms import Form, FormColumn, Sheet

_CLOSE = 70.0
"""Least likeness (0 to 100) at which a heading is suggested for a column that was not found."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A required column that was not found, and the heading that may be meant by it ("" where none is close)."""

    column: str
    label: str
    heading: str
    likeness: float
    words: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """The form and sheet a raw sheet is, with the place of each column's heading.

    `columns` maps column ids to positions in the raw sheet; `unmatched` are headings no column took, in order;
    `suggestions` speak of required columns that were not found.
    """

    form: str
    sheet: str
    columns: Mapping[str, int]
    unmatched: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """No form's telling columns were all found: the nearest form and, for what it misses, suggestions in words."""

    nearest_form: str
    nearest_sheet: str
    suggestions: tuple[Suggestion, ...]
    words: str


@dataclass(frozen=True, slots=True)
class _Fit:
    form: Form
    sheet: Sheet
    columns: Mapping[str, int]

    def rank(self, sheet_name: str, headings: int, kind_of_agency: str) -> tuple[float, ...]:
        """Larger is better: columns matched, then share of both sides, then hints; form id last, by the caller."""
        matched = len(self.columns)
        share = matched / max(len(self.sheet.columns), 1) + matched / max(headings, 1)
        named = fold_heading(sheet_name) in {fold_heading(name) for name in (*self.sheet.names, self.sheet.title)}
        return (matched, round(share, 9), float(named), float(self.form.kind == kind_of_agency))


def recognise(
    raw: RawSheet, forms: Mapping[str, Form], mapping: Mapping[str, str] | None = None, *, kind: str = ""
) -> Recognised | Unrecognised:
    """The form and sheet this raw sheet is: all its `recognise` columns must be found, most columns matched wins.

    Ties go to the larger share of columns and headings matched, then to the sheet whose registered names hold the raw
    sheet's name, then to a form of the agency's `kind`, then to the first form and sheet by id. `mapping` is the
    agency's own: their heading to our column id; it wins over labels.
    """
    mapping = mapping or {}
    if raw.form_id and raw.sheet_id:
        sheet = forms[raw.form_id].sheet(raw.sheet_id)
        exact = {column.id: place for place, column in enumerate(sheet.columns)}
        return Recognised(raw.form_id, raw.sheet_id, exact, (), ())
    fits = [
        _Fit(form, sheet, match_columns(raw.headings, sheet, mapping))
        for _, form in sorted(forms.items())
        for sheet in sorted(form.sheets, key=lambda sheet: sheet.id)
    ]
    whole = [fit for fit in fits if all(column in fit.columns for column in fit.sheet.recognise)]
    if not whole:
        return _nearest(raw, fits, mapping)
    best = max(whole, key=lambda fit: fit.rank(raw.name, len(raw.headings), kind))
    taken = set(best.columns.values())
    unmatched = tuple(heading for place, heading in enumerate(raw.headings) if heading and place not in taken)
    return Recognised(best.form.id, best.sheet.id, best.columns, unmatched, _suggest(raw, best, unmatched))


def match_columns(headings: tuple[str, ...], sheet: Sheet, mapping: Mapping[str, str]) -> dict[str, int]:
    """Where each column of the sheet stands among the headings: by the agency's mapping, else id, label, synonym.

    A heading serves one column, a column takes one heading: of two that could, the first in the file.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        folded = fold_heading(heading)
        if folded:
            places.setdefault(folded, place)
    known = {column.id for column in sheet.columns}
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for theirs, ours in mapping.items():
        place_of = places.get(fold_heading(theirs))
        if ours in known and ours not in columns and place_of is not None and place_of not in taken:
            columns[ours] = place_of
            taken.add(place_of)
    for rank in range(3):
        for column in sheet.columns:
            if column.id in columns:
                continue
            free = [places[name] for name in _names(column)[rank] if name in places and places[name] not in taken]
            if free:
                columns[column.id] = min(free)
                taken.add(columns[column.id])
    return {column.id: columns[column.id] for column in sheet.columns if column.id in columns}


def _names(column: FormColumn) -> tuple[list[str], list[str], list[str]]:
    synonyms = [fold_heading(name) for name in column.synonyms]
    return [fold_heading(column.label)], [fold_heading(column.id)], synonyms


def _suggest(raw: RawSheet, fit: _Fit, unmatched: tuple[str, ...]) -> tuple[Suggestion, ...]:
    wanted = [
        column
        for column in fit.sheet.columns
        if column.id not in fit.columns and (column.required or column.id in fit.sheet.recognise)
    ]
    shown = [heading for heading in unmatched if raw.headings_sure and _may_show(heading)]
    return tuple(_closest(column, shown) for column in wanted)


def _may_show(heading: str) -> bool:
    """Whether a heading can be repeated in a message: it is short, and does not look like a value."""
    return len(heading) <= 80 and not re.search(r"\d{3,}|@", heading)


def _closest(column: FormColumn, headings: list[str]) -> Suggestion:
    scored = [
        (max(_likeness(heading, name) for name in (column.label, *column.synonyms)), heading) for heading in headings
    ]
    likeness, heading = max(scored, key=lambda pair: (pair[0], pair[1]), default=(0.0, ""))
    if likeness < _CLOSE:
        words = (
            f'the column "{column.label}" was not found under any of its headings; add it, or say which heading stands '
            f'for it in inquiry.toml: mapping = {{ "their heading" = "{column.id}" }}'
        )
        return Suggestion(column.id, column.label, "", 0.0, words)
    words = (
        f'the column "{column.label}" was not found; did you mean the heading "{heading}"? '
        f'If so, say so in inquiry.toml: mapping = {{ "{heading}" = "{column.id}" }}'
    )
    return Suggestion(column.id, column.label, heading, round(likeness, 1), words)


def _likeness(heading: str, name: str) -> float:
    left, right = heading.casefold().replace("_", " "), name.casefold().replace("_", " ")
    return float(max(fuzz.token_sort_ratio(left, right), fuzz.ratio(fold_heading(heading), fold_heading(name))))


def _nearest(raw: RawSheet, fits: list[_Fit], mapping: Mapping[str, str]) -> Unrecognised:
    known = sum(1 for heading in raw.headings if heading)
    best = max(fits, key=lambda fit: (len(fit.columns), fit.rank(raw.name, known, "")), default=None)
    if best is None or len(best.columns) < 2 or not raw.headings_sure:
        words = "the headings are those of no registered form; `joinedup form --list` names them all"
        return Unrecognised("", "", (), words)
    taken = set(best.columns.values())
    unmatched = tuple(heading for place, heading in enumerate(raw.headings) if heading and place not in taken)
    missing = [best.sheet.column(column).label for column in best.sheet.recognise if column not in best.columns]
    words = (
        f"the headings are nearest to the form {best.form.id}, sheet {best.sheet.id}, "
        f"which cannot be told without: {', '.join(missing)}"
    )
    if unknown := sorted(set(mapping.values()) - {column.id for column in best.sheet.columns}):
        words += f"; the agency's mapping names columns that form does not have: {', '.join(unknown)}"
    return Unrecognised(best.form.id, best.sheet.id, _suggest(raw, best, unmatched), words)
