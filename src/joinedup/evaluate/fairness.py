"""Whom linking serves worse, held against the truth: missed, false and count bias by group.

A group is a way to divide the records of children; its labels exist here, in an evaluation, and nowhere in a run. The layout
follows the GUILD guidance on linkage (Gilbert and others, Journal of Public Health 40, 2018, 191-198): errors by group and
the bias they make in what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = dict[str, Any]


def by_group(found: NDArray[Any], true: NDArray[Any], labels: Mapping[str, NDArray[Any]]) -> list[Row]:
    """One row a group: of its records' true partners the share missed; of the partners found the share that are others; and
    how far the number of children is off, each child and each person found shared between groups by their records.

    `labels` gives, for each way of dividing, the group of each record; an empty label leaves a record out.

    >>> by_group(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), {"by": np.array(["x", "x", "y", "y"])})[0]
    {'by': 'by', 'group': 'x', 'records': 2, 'missed': 0.5, 'false': 0.0, 'count_bias': 0.5}
    """
    ours, theirs = (np.unique(each, return_inverse=True)[1] for each in (found, true))
    our_size, true_size = np.bincount(ours)[ours], np.bincount(theirs)[theirs]
    width = int(theirs.max(initial=0)) + 1
    _, cell, cells = np.unique(ours.astype(np.int64) * width + theirs, return_inverse=True, return_counts=True)
    right = cells[cell] - 1
    rows = []
    for by, label in labels.items():
        for group in sorted(set(label.tolist()) - {""}):
            chosen = label == group
            partners, joined = int((true_size[chosen] - 1).sum()), int((our_size[chosen] - 1).sum())
            rightly = int(right[chosen].sum())
            truly = float((1 / true_size[chosen]).sum())
            rows.append(
                {
                    "by": by,
                    "group": str(group),
                    "records": int(chosen.sum()),
                    "missed": round(1 - rightly / partners, 6) if partners else None,
                    "false": round(1 - rightly / joined, 6) if joined else None,
                    "count_bias": round(float((1 / our_size[chosen]).sum()) / truly - 1, 6),
                }
            )
    return rows
