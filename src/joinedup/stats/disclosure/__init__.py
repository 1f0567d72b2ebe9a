"""Disclosure control: what may leave an inquiry, and whether it can be undone.

`released` makes the only numbers and tables that a report may print. `releases` states published tables as one system
of balances, `balances` narrows what each cell can be, `solver` and `auditor` find the ends of each cell's range, and
`audit` says whether a release gives a small count away. `suppression` withholds until it does not.

Assumptions: categories do not overlap and add up to their total, tables audited together count the same people at the
same time, and whoever reads them knows nothing else. Somebody who is in a table knows more than that.
Sources: L. Willenborg and T. de Waal, Elements of Statistical Disclosure Control, Springer 2001; M. Fischetti and
J. J. Salazar, Management Science 47 (2001), 1008-1027.
"""

from __future__ import annotations

from joinedup.stats.disclosure.audit import Audit, AuditedCell, SmallCounts, audit
from joinedup.stats.disclosure.cell_key import KEYS, Noise, cell_keys, person_keys, perturbed_tables
from joinedup.stats.disclosure.deviations import UnprotectedError
from joinedup.stats.disclosure.groups import RevealedGroup
from joinedup.stats.disclosure.history import Change, HistoryAudit, audit_history
from joinedup.stats.disclosure.released import (
    NOT_AVAILABLE,
    ROUNDING_ONLY,
    ReleasedNumber,
    ReleasedTable,
    nearest,
    protect,
    protect_estimate,
    protect_share,
    protect_table,
    withheld_count,
)
from joinedup.stats.disclosure.rounding import rounded_table
from joinedup.stats.disclosure.statements import Statement, statements_of
from joinedup.stats.disclosure.suppression import (
    ProtectedTable,
    ProtectedTables,
    TooSparseError,
    visible_without,
    withhold,
    withhold_together,
)
from joinedup.stats.disclosure.tables import (
    TOTAL,
    WITHHELD,
    Between,
    Counted,
    PublishedTable,
    count_of,
    counts_of,
    described,
    fingerprint,
    published_table,
)
from joinedup.stats.disclosure.together import Publication

__all__ = [
    "KEYS",
    "NOT_AVAILABLE",
    "ROUNDING_ONLY",
    "TOTAL",
    "WITHHELD",
    "Audit",
    "AuditedCell",
    "Between",
    "Change",
    "Counted",
    "HistoryAudit",
    "Noise",
    "ProtectedTable",
    "ProtectedTables",
    "Publication",
    "PublishedTable",
    "ReleasedNumber",
    "ReleasedTable",
    "RevealedGroup",
    "SmallCounts",
    "Statement",
    "TooSparseError",
    "UnprotectedError",
    "audit",
    "audit_history",
    "cell_keys",
    "count_of",
    "counts_of",
    "described",
    "fingerprint",
    "nearest",
    "person_keys",
    "perturbed_tables",
    "protect",
    "protect_estimate",
    "protect_share",
    "protect_table",
    "published_table",
    "rounded_table",
    "statements_of",
    "visible_without",
    "withheld_count",
    "withhold",
    "withhold_together",
]
