"""Whole columns at once: each distinct value is parsed once, whatever the number of rows."""

from __future__ import annotations

PARTS: dict[str, tuple[str, ...]] = {
    "text": ("value",),
    "name": ("value", "fold"),
    "names": ("value", "fold", "items"),
    "date": ("value", "precision"),
    "moment": ("value", "precision"),
    "code": ("value", "scheme", "version", "state", "means"),
    "codes": ("value", "items"),
    "yes_no": ("value",),
    "number": ("value",),
    "sex": ("value",),
    "postcode": ("value", "outcode", "valid"),
    "address": ("value", "fold"),
    "place": ("value", "fold"),
    "phones": ("value", "items"),
    "vehicles": ("value", "items"),
    "accounts": ("value", "items"),
    "nhs_no": ("value", "valid"),
    "upn": ("value", "valid"),
    "role": ("value",),
    "status": ("value",),
}
"""The parts of a parsed column of each registered type.

`value` is the value in its normal form as text (date32 for date, timestamp[us] for moment, double for number, 'yes' or
'no' for yes_no, 'F' or 'M' for sex, the code in its own scheme for code, the codes or items joined by ';' for lists);
None where absent or lost. `fold` is for comparison. `items` is a list of (value, raw, valid) structs (see
`parsed.ITEMS`). `valid` says whether an identifier passed its format and check digit (`value` is then its normal
form, else the folded value as given). `state` of a code is recorded, refused, not_yet_obtained, not_stated,
not_asked, ambiguous or not_in_scheme, None where the cell is empty; `means` is the harmonised value it stands for.
"""
