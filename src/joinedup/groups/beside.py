"""A run's groups beside those of another method on the same evidence: how alike they are, and on whom they differ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score

from joinedup.groups.communities import METHODS
from joinedup.groups.incidence import things_of
from joinedup.groups.reading import Read
from joinedup.groups.sharing import NOBODY, Placed, sharing_of


@dataclass(frozen=True)
class Beside:
    """`agreement`: adjusted mutual information over everybody who shares anything with anybody, people in no group each
    alone: 1 where the two are equal, about 0 where they are unrelated. `differ`: person_id, group_id (empty for none), the
    size of the other method's community, `together` in both, `only_here` and `only_there`: how many people."""

    method: str
    people: int
    communities: int
    agreement: float
    differ: list[dict[str, object]]


def beside(read: Read, method: str) -> Beside:
    """What another method (a name of METHODS) makes of the things that may tie, in a finished run.

    Two agree on a person when the same others stand with him or her in both.
    """
    rows = read("incidences")
    table = rows.filter(rows.use == "may_tie").select("person_id", "kind", "value", "probability").to_pyarrow()
    things = things_of(table, table["probability"].to_numpy().astype(np.float64))
    sharing = sharing_of(things, np.ones(len(things.values), np.bool_), Placed(NOBODY, NOBODY, NOBODY))
    there = METHODS[method](sharing)
    group_of = {row["person_id"]: row["group_id"] for row in read("group_members").to_pyarrow().to_pylist()}
    ours = [group_of.get(person, "") for person in things.people]
    labels_here = [group or f"alone {place}" for place, group in enumerate(ours)]
    labels_there = [str(number) if number >= 0 else f"alone {place}" for place, number in enumerate(there.tolist())]
    agreement = float(adjusted_mutual_info_score(labels_here, labels_there)) if things.people else 1.0
    here, other = _sets(labels_here), _sets(labels_there)
    differ: list[dict[str, object]] = []
    for place, person in enumerate(things.people):
        mine, theirs = here[labels_here[place]], other[labels_there[place]]
        if mine != theirs:
            differ.append(
                {
                    "person_id": person, "group_id": ours[place], "community": len(theirs),
                    "together": len(mine & theirs) - 1, "only_here": len(mine - theirs), "only_there": len(theirs - mine),
                }
            )  # fmt: skip
    return Beside(method, len(things.people), int(there.max(initial=-1)) + 1, round(agreement, 6), differ)


def _sets(labels: list[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for place, label in enumerate(labels):
        found[label].add(place)
    return found
