"""Ways to divide the records of children by what the records are like: by source, by how complete they are, by outcome.

A group is never made of a name, and none reaches the links.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

NO_FURTHER_ACTION = "no_further_action"
FIELDS = 5
ASKED = (
    "mention_id",
    "agency",
    "agency_kind",
    "forename_fold",
    "surname_fold",
    "dob_precision",
    "postcode",
    "nhs_no",
    "upn",
)
"""The columns of mentions that these functions ask for."""
_TOKENS = {
    "forename_fold": "token_forename", "surname_fold": "token_surname", "postcode": "token_postcode",
    "dob_precision": "token_born", "nhs_no": "token_nhs_no", "upn": "token_upn",
}  # fmt: skip
"""What an encoded record holds in place of each column; a whole date of birth, in place of a precision of a day."""
TOKEN_KINDS = tuple(_TOKENS.values())
"""The kinds of identifiers that with_tokens asks for."""


def with_tokens(mentions: pa.Table, tokens: pa.Table) -> pa.Table:
    """The mentions, those that were sent as linkage tokens as complete as their tokens are: which say nothing, but that a thing is held.

    `tokens` has the columns mention_id and kind of the table identifiers; kinds other than TOKEN_KINDS are passed over.
    """
    ids, found = mentions["mention_id"], mentions
    for column, kind in _TOKENS.items() if tokens.num_rows else ():
        sent = tokens.filter(pc.equal(tokens["kind"], kind))["mention_id"].combine_chunks()
        held = pa.scalar("day" if column == "dob_precision" else "token")
        values = pc.if_else(pc.is_in(ids, value_set=sent), held, found[column])
        found = found.set_column(found.column_names.index(column), column, values)
    return found


def completeness(mentions: pa.Table) -> NDArray[np.int64]:
    """How many of five things a record has: forename, surname, date of birth to the day, full postcode, valid NHS or pupil number."""
    held = [_present(mentions[name]) for name in ("forename_fold", "surname_fold", "postcode")]
    held.append(np.asarray(pc.fill_null(pc.equal(mentions["dob_precision"], "day"), False), dtype=bool))
    held.append(_present(mentions["nhs_no"]) | _present(mentions["upn"]))
    total: NDArray[np.int64] = np.sum(held, axis=0).astype(np.int64)
    return total


def groups(mentions: pa.Table, outcomes: pa.Table) -> dict[str, NDArray[np.bool_]]:
    """Which records are in each group, named "WAY: GROUP". `outcomes` has mention_id and outcome, one row for each referral a
    record is part of; a record with referrals that ended both ways is with those closed without action."""
    ids = mentions["mention_id"].combine_chunks()
    kinds = np.array([kind or "other" for kind in mentions["agency_kind"].to_pylist()], dtype=object)
    made = {f"source: {kind}": kinds == kind for kind in sorted(set(kinds.tolist()))}
    complete = completeness(mentions)
    made |= {f"completeness: {have} of {FIELDS}": complete == have for have in sorted(set(complete.tolist()))}
    closed = outcomes.filter(pc.fill_null(pc.equal(outcomes["outcome"], NO_FURTHER_ACTION), False))
    nothing_done, referred = (
        np.asarray(pc.is_in(ids, value_set=table["mention_id"].combine_chunks()), dtype=bool)
        for table in (closed, outcomes)
    )
    made["outcome: closed with no further action"] = nothing_done
    made["outcome: referred, another outcome or none recorded"] = referred & ~nothing_done
    made["outcome: not referred"] = ~referred
    return {scope: chosen for scope, chosen in made.items() if chosen.any()}


def unlinkable(mentions: pa.Table) -> NDArray[np.bool_]:
    """Records that no name and no valid number could link to another agency's."""
    named = _present(mentions["forename_fold"]) | _present(mentions["surname_fold"])
    return ~(named | _present(mentions["nhs_no"]) | _present(mentions["upn"]))


def _present(column: Any) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(pc.greater(pc.utf8_length(column), 0), False), dtype=bool)
