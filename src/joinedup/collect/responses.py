"""Who was asked, who answered, and how late: data, holds nothing, no answer, or something that could not be read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joinedup.collect.ledger import Sender
from joinedup.domain.numbers import Recipe, number_ids
from joinedup.settings import Agency


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One row of the table `returns`: one sheet of one file as received."""

    return_id: str
    agency: str
    received: datetime.date | None
    file: str
    sha256: str | None
    bytes: int
    form: str | None
    sheet: str | None
    state: str
    replaced_by: str | None
    rows: int
    used: int
    refused: int


def respond(
    senders: Mapping[str, Sender], asked: Sequence[Agency], returns: Sequence[ReturnRow]
) -> list[dict[str, object]]:
    """The rows of the table `responses`: every form asked of an agency, and every form that came without being asked.

    A form counts as answered with data when a row of it is used. Where none is, and something came from the agency
    that could not be read or told, it is unreadable: that may have been the answer. The number is `files`: different
    files used for the form.
    """
    by_id = {agency.id: agency for agency in asked}
    rows: list[dict[str, object]] = []
    for agency_id in sorted(senders):
        own = [row for row in returns if row.agency == agency_id]
        agency = by_id.get(agency_id)
        forms = set(agency.asked if agency else ()) | {row.form for row in own if row.form and row.state == "used"}
        if not forms and (own or (agency and agency.holds_nothing)):
            forms = {""}
        rows += [_one(senders[agency_id], agency, form, own) for form in sorted(forms)]
    ids = number_ids([("response", str(row["agency"]), str(row["form"] or "none")) for row in rows])
    for row, number in zip(rows, ids, strict=True):
        row["number_id"] = number
        where = {"agency": str(row["agency"]), "form": str(row["form"] or ""), "state": "used"}
        row["recipe"] = Recipe("returns", where, "file").to_json()
    return rows


def _one(sender: Sender, agency: Agency | None, form: str, own: Sequence[ReturnRow]) -> dict[str, object]:
    came = [row for row in own if row.form == form]
    used = [row for row in came if row.state == "used"]
    due = agency.due if agency else None
    received = min((row.received for row in came if row.received), default=None)
    rows = sum(row.rows for row in used)
    kept = sum(row.used for row in used)
    return {
        "agency": sender.id,
        "name": sender.name,
        "kind": sender.kind,
        "form": form or None,
        "asked": bool(agency and form in agency.asked),
        "state": _state(agency, kept, came, own),
        "due": due,
        "received": received,
        "days_late": max((received - due).days, 0) if received and due else None,
        "files": len({row.file for row in used}),
        "rows": rows,
        "used": kept,
        "refused": rows - kept,
    }


def _state(agency: Agency | None, used: int, came: Sequence[ReturnRow], own: Sequence[ReturnRow]) -> str:
    if used:
        return "data"
    if came or any(row.state in ("unreadable", "unrecognised") for row in own):
        return "unreadable"
    return "holds_nothing" if agency and agency.holds_nothing else "no_answer"
