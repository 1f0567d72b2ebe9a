"""Hand-made maps from the labels seen in files to codes: which labels such a map sends to more than one code.

A label that two people, or one person twice, sent to different codes cannot be resolved by a program. It is reported
as ambiguous, and the raw label is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

LabelMap = Mapping[str, Mapping[str, Any]]
"""Tables of columns, as in `column_map` of SocialFinanceDigitalLabs/liia-tools-pipeline: a column may hold
`category`, a list of {code, name}, where `name` lists the labels that become the code."""


def fold_label(label: object) -> str:
    """A label without case, accents and punctuation, its words one space apart.

    >>> fold_label("Friend/Neighbour "), fold_label("a) White")
    ('friend neighbour', 'a white')
    """
    plain = unicodedata.normalize("NFKD", str(label)).casefold()
    marks_gone = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^0-9a-z]+", " ", marks_gone).strip() or marks_gone.strip()


def _labels(categories: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every folded label of a column with each code it becomes; a code that joins two codes stands for both."""
    spelled: dict[str, str] = {}
    for category in categories:
        spelled.setdefault(fold_label(category["code"]), str(category["code"]).strip())
    for category in categories:
        code = str(category["code"]).strip()
        parts = [part.strip() for part in code.split(" / ")]
        joined = len(parts) > 1 and all(fold_label(part) in spelled for part in parts)
        names = category.get("name") or ()
        for label in names if isinstance(names, list | tuple) else [names]:
            for part in parts if joined else [code]:
                yield fold_label(label), spelled[fold_label(part)]


def ambiguous_labels(tables: LabelMap) -> dict[tuple[str, str], dict[str, tuple[str, ...]]]:
    """For each table and column of a label map, the folded labels that become more than one code, and those codes.

    Labels and codes are compared without case, accents and punctuation, so that two spellings of one code are one
    code. Columns without such labels are left out.

    >>> categories = [{"code": "Police", "name": ["PC"]}, {"code": "Other", "name": ["pc", "Taxi"]}]
    >>> ambiguous_labels({"list_1": {"Contact Source": {"category": categories}}})
    {('list_1', 'Contact Source'): {'pc': ('Other', 'Police')}}
    """
    found: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for table, columns in tables.items():
        for column, rule in columns.items():
            categories = rule.get("category") if isinstance(rule, Mapping) else None
            if not categories:
                continue
            codes: dict[str, set[str]] = {}
            for label, code in _labels(categories):
                codes.setdefault(label, set()).add(code)
            several = {label: tuple(sorted(seen)) for label, seen in sorted(codes.items()) if len(seen) > 1}
            if several:
                found[table, column] = several
    return found
