"""The inquiry folder: inquiry.toml and the agencies' returns, good, late, corrected, sent twice, broken or silent."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from joinedup.simulate.arrays import Texts, either, held
from joinedup.simulate.filing import Filed
from joinedup.simulate.region import AGENCIES, CORRECTED, DUE, PERIOD, SENT_TWICE, Agency
from joinedup.simulate.writers import cin, tables
from joinedup.simulate.writers.cells import Sheet, sheet_of

RULE_PACKS = ("missing", "contact", "history")
"""The rule packs that the made inquiry switches on."""

_SLIPS = {"Offence from": "31/02/2010", "Reason": "see file", "Risk level": "tbc"}
_EVERY = 23

_HEAD = """# A fictional region's inquiry, made by `joinedup simulate`. No place, body or person in it is real.
# What it truly holds lies in truth/, which no stage reads.

name = "Northmoor 2011"
question = "How many children, how many more has nobody seen, and who is looking?"

# The first and last day the inquiry asks about.
period = {period}
seed = {seed}
rule_packs = [{packs}]

# One block for each agency asked. A missing folder under returns/ is no answer; `holds_nothing` is one.
"""


def inquiry_toml(seed: int) -> str:
    """The text of inquiry.toml for the fictional region."""
    blocks = []
    packs = ", ".join(f'"{pack}"' for pack in RULE_PACKS)
    for one in AGENCIES:
        lines = [
            "[[agency]]", f'id = "{one.id}"', f'name = "{one.name}"', f'kind = "{one.kind}"',
            f"asked = [{', '.join(f'{chr(34)}{form}{chr(34)}' for form in one.asked)}]", f"due = {DUE}",
        ]  # fmt: skip
        if one.answer == "holds_nothing":
            lines.append("holds_nothing = true  # it said so, in writing")
        blocks.append("\n".join(lines) + "\n")
    return _HEAD.format(period=PERIOD, seed=seed % 2**31, packs=packs) + "\n" + "\n".join(blocks)


def write_inquiry(directory: Path, seed: int, filed: list[Filed], census: tuple[Filed, Filed]) -> None:
    """Writes inquiry.toml and every return; `filed` are the rows of all sheets but the census, which is one message."""
    tables.write(directory / "inquiry.toml", inquiry_toml(seed).encode("utf-8"))
    for one in AGENCIES:
        if one.answer in ("no_answer", "holds_nothing"):
            continue
        folder = directory / "returns" / one.id
        received = folder if one.received is None else folder / one.received
        for sheet in filed:
            if sheet.form in one.asked:
                _write_sheet(folder, received, one, sheet.of(one))
        if "cin_census" in one.asked:
            tables.write(received / "cin_census.xml", cin.message(census[0].of(one), census[1].of(one), one))


def _write_sheet(folder: Path, received: Path, one: Agency, rows: Filed) -> None:
    name = rows.sheet if rows.form in ("ssda903", "school_census") else rows.form
    if (one.id, rows.form) == CORRECTED[:2]:
        tables.write(received / f"{name}.csv", _as_first_sent(one, rows))
        received = folder / CORRECTED[2]
    sheet = _with_slips(sheet_of(rows, one))
    if one.writing.file == "xlsx":
        data = tables.workbook(sheet, name)
        tables.write(received / f"{name}.xlsx", data[: len(data) * 2 // 3] if one.answer == "truncated" else data)
        return
    if one.answer == "unreadable":
        sheet = _beyond_recognition(sheet)
    data = tables.delimited(sheet, one.writing.delimiter, one.writing.encoding)
    tables.write(received / f"{name}.csv", data)
    if one.id == SENT_TWICE:
        tables.write(received / f"{name} (2).csv", data)


def _with_slips(sheet: Sheet) -> Sheet:
    """The sheet with what hands leave in columns no rule rests on: a day that does not exist, a code of nobody's."""
    columns = list(sheet.columns)
    for place, heading in enumerate(sheet.headings):
        if heading in _SLIPS:
            slip = (np.arange(len(sheet)) % _EVERY == _EVERY - 1) & held(columns[place])
            columns[place] = either(slip, _SLIPS[heading], columns[place])
    return Sheet(sheet.headings, columns, sheet.day_columns, sheet.days)


def _as_first_sent(one: Agency, rows: Filed) -> bytes:
    """The return before it was corrected: every seventh row left out, and nothing of return interviews."""
    kept = rows.rows(np.flatnonzero(np.arange(len(rows)) % 7 != 3))
    without = {name: cells for name, cells in kept.columns.items() if not name.startswith("rhi_")}
    first = Filed(kept.form, kept.sheet, kept.agency, without, kept.ref, kept.named)
    return tables.delimited(sheet_of(first, one), one.writing.delimiter, one.writing.encoding)


def _beyond_recognition(sheet: Sheet) -> Sheet:
    """The sheet as somebody re-keyed it: the columns that matter under headings of nobody's, days that do not exist."""
    lost = {"Reference": "Col A", "Offence date": "Col D", "Disposal": "Col E", "Disposal date": "Col F"}
    headings = [lost.get(heading, heading) for heading in sheet.headings]
    columns = [
        _impossible(column) if heading in ("Col D", "Col F") else column
        for heading, column in zip(headings, sheet.columns, strict=True)
    ]
    return Sheet(headings, columns, frozenset(), {})


def _impossible(column: Texts) -> Texts:
    return np.array([None if text is None else "31/02" + text[5:] for text in column.tolist()], dtype=object)
