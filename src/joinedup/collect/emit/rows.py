"""The prepared rows of one sheet that stand in an agency's returns, with where each of them came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from joinedup.collect.emit.arrow import Array, pc
from joinedup.collect.emit.columns import constant, flat, key
from joinedup.collect.emit.identity import hashed, row_keys
from joinedup.collect.emit.prepare import Prepared
from joinedup.collect.ledger import ReceivedFile, Sender
from joinedup.registry.forms import Form, Sheet


@dataclass(frozen=True, slots=True)
class StandingSheet:
    """One prepared sheet and the file it stands in."""

    file: ReceivedFile
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Rows:
    """All used rows of one sheet of one form in one agency's standing returns.

    `table` is as in Prepared, with `_file` and `_return` beside `_row`; `keys` is one key a row, shared by no two.
    """

    sender: Sender
    form: Form
    sheet: Sheet
    table: pa.Table
    keys: Array

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def ids(self, letter: str, rule: str, columns: Sequence[str]) -> Array:
        """An id for each row: by the columns' values, throughout the form, where the rule has a key; else by the row."""
        by_row = (self.sender.id, self.form.id, rule, self.sheet.id, "row")
        if not columns:
            return hashed(letter, by_row, self.keys)
        keyed = key(self.table, self.sheet, columns)
        by_key = hashed(letter, (self.sender.id, self.form.id, rule, "key"), keyed)
        if not by_key.null_count:
            return by_key
        own = hashed(letter, by_row, self.keys)
        return pc.coalesce(by_key, own)

    def places(self) -> dict[str, Array]:
        """The columns that say where each row came from."""
        length = len(self)
        return {
            "return_id": flat(self.table.column("_return")),
            "agency": constant(self.sender.id, length),
            "agency_kind": constant(self.sender.kind, length),
            "form": constant(self.form.id, length),
            "file": flat(self.table.column("_file")),
            "sheet": constant(self.sheet.id, length),
            "row": flat(self.table.column("_row")),
        }


def gather(sender: Sender, form: Form, sheet: Sheet, standing: Sequence[StandingSheet]) -> Rows:
    """The rows of every file's sheet, one below the other."""
    tables = []
    for each in standing:
        table, length = each.prepared.table, each.prepared.used
        places: Mapping[str, Array] = {
            "_file": constant(each.file.file, length),
            "_return": constant(each.file.return_id, length),
        }
        for name, values in places.items():
            table = table.append_column(name, values)
        tables.append(table)
    whole = pa.concat_tables(tables, promote_options="default").combine_chunks()
    return Rows(sender, form, sheet, whole, row_keys(whole, sheet))
