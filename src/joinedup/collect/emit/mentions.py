"""People as the rows name them: the table `mentions`, and what each mention carries: `identifiers`, `descriptions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from joinedup.collect import problems
from joinedup.collect.emit.arrow import Array, pc
from joinedup.collect.emit.columns import any_holds, constant, flat, holds, nothing, over_distinct, part, raw, text
from joinedup.collect.emit.merging import merge
from joinedup.collect.emit.rows import Rows
from joinedup.collect.values.parsed import ITEMS
from joinedup.registry.forms import Describe, MentionRule

ROLES = frozenset({"child", "suspect", "witness", "other"})
_BASES = frozenset({"self", "officer", "other"})
_CONFLICTING = ("forename_fold", "surname_fold", "dob", "sex", "nhs_no", "upn")
"""What cannot differ between rows of one person of one agency; addresses and names used can."""


@dataclass(frozen=True, slots=True)
class Named:
    """The mentions one rule makes of one sheet, row for row: `ids` and `roles` are empty where the row names nobody."""

    rule: MentionRule
    ids: Array
    roles: Array

    @property
    def present(self) -> Array:
        """Whether the row names this person."""
        return pc.is_valid(self.ids)


def name_people(rows: Rows, rule: MentionRule) -> tuple[Named, pa.Table]:
    """The mentions of one rule, and a note for each row whose role is not stated."""
    present = any_holds(rows.table, rows.sheet, rule.when)
    empty = pa.scalar(None, pa.string())
    ids = pc.if_else(present, rows.ids("m", rule.id, rule.key), empty)
    notes = _no_notes()
    if rule.role in ROLES:
        roles = constant(rule.role, len(rows))
    else:
        given = part(rows.table, rule.role, "value")
        roles = pc.fill_null(given, "other")
        silent = pc.and_(present, pc.and_(pc.is_null(given), pc.is_null(part(rows.table, rule.role, "fault"))))
        notes = _roles_not_stated(rows, rule.role, silent)
    return Named(rule, ids, pc.if_else(present, roles, empty)), notes


def _roles_not_stated(rows: Rows, column: str, silent: Array) -> pa.Table:
    where = rows.table.filter(silent)
    label = rows.sheet.column(column).label
    expected = constant("child, suspect, witness or other", where.num_rows)
    message = constant("No role is stated; the person is taken as other, neither child nor suspect.", where.num_rows)
    return _placed(
        rows, where, problems.of_rows((rows.sheet.id, label), flat(where.column("_row")), "note", expected, message)
    )


def _placed(rows: Rows, where: pa.Table, found: pa.Table) -> pa.Table:
    return pa.table(
        {
            "return_id": flat(where.column("_return")),
            "agency": constant(rows.sender.id, where.num_rows),
            "file": flat(where.column("_file")),
            **{name: found.column(name) for name in problems.SCHEMA.names},
        }
    )


def mention_rows(rows: Rows, named: Named) -> pa.Table:
    """The rows of the table `mentions` that one rule makes of one sheet, one a row, not yet merged.

    `first_date` is still missing; `_sheet` and `_key` give the order in which rows of one mention are merged.
    """
    fields = named.rule.fields
    table, sheet, length = rows.table, rows.sheet, len(rows)

    def parsed(target: str, name: str, kind: pa.DataType | None = None) -> Array:
        return part(table, fields[target], name, kind) if target in fields else nothing(length, kind)

    def checked(target: str) -> Array:
        valid = pc.fill_null(parsed(target, "valid", pa.bool_()), fill_value=False)
        return pc.if_else(valid, parsed(target, "value"), pa.scalar(None, pa.string()))

    def words(target: str) -> Array:
        return text(table, sheet, fields[target]) if target in fields else nothing(length)

    outcode = parsed("postcode", "outcode")
    local_id = words("local_id")
    if "local_id" in fields:
        local_id = pc.if_else(holds(table, sheet, fields["local_id"]), local_id, pa.scalar(None, pa.string()))
    area = words("area")
    area = pc.coalesce(area, constant(rows.sender.area, length) if rows.sender.area else _letters(outcode))
    columns = {
        "mention_id": named.ids,
        **rows.places(),
        "source_ref": words("source_ref"),
        "local_id": local_id,
        "role": named.roles,
        "forename": parsed("forename", "value"),
        "surname": parsed("surname", "value"),
        "aliases": parsed("aliases", "value"),
        "forename_fold": parsed("forename", "fold"),
        "surname_fold": parsed("surname", "fold"),
        "dob": parsed("dob", "value", pa.date32()),
        "dob_precision": parsed("dob", "precision"),
        "sex": parsed("sex", "value"),
        "postcode": checked("postcode"),
        "outcode": outcode,
        "address": parsed("address", "value"),
        "address_fold": parsed("address", "fold"),
        "nhs_no": checked("nhs_no"),
        "upn": checked("upn"),
        "area": area,
        "_sheet": constant(f"{rows.form.sheets.index(sheet):03}", length),
        "_key": rows.keys,
    }
    return pa.table(columns).filter(named.present)


def _letters(outcode: Array) -> Array:
    """The letters an outcode begins with: the postcode area."""
    return over_distinct(
        lambda value: "".join(sign for sign in value[:2] if sign.isalpha()) or None, outcode, pa.string()
    )


def merge_mentions(tables: Sequence[pa.Table], *, keyed: bool) -> tuple[pa.Table, pa.Table]:
    """The mentions with one row each, and a note for each mention whose rows differ in what cannot differ."""
    whole = pa.concat_tables(tables)
    if not keyed:
        return whole.drop_columns(["_sheet", "_key"]), _no_notes()
    merged = merge(whole, "mention_id", ["_sheet", "_key"])
    notes = [note for column in _CONFLICTING if (note := _conflicts(whole, merged, column)).num_rows]
    # The outward half goes with the postcode that was kept.
    kept = merged.column("postcode").combine_chunks()
    outcode = pc.coalesce(
        over_distinct(lambda value: value.split(" ")[0], kept, pa.string()), flat(merged.column("outcode"))
    )
    merged = merged.set_column(merged.column_names.index("outcode"), "outcode", outcode)
    return merged.drop_columns(["_sheet", "_key"]), pa.concat_tables([_no_notes(), *notes])


def _no_notes() -> pa.Table:
    return problems.placed(problems.none(), "", "", "")


def _conflicts(whole: pa.Table, merged: pa.Table, column: str) -> pa.Table:
    counts = whole.group_by("mention_id", use_threads=False).aggregate([(column, "count_distinct")])
    several = counts.filter(pc.greater(counts.column(f"{column}_count_distinct"), 1)).column("mention_id")
    rows = merged.filter(pc.is_in(merged.column("mention_id"), value_set=several.combine_chunks()))
    plain = column.removesuffix("_fold")
    expected = constant(f"one {plain} on every row of one person", rows.num_rows)
    text_of = (
        f"Rows of this person give more than one {plain}; the first is used. Say which is right and send it again."
    )
    found = problems.of_rows(("", plain), flat(rows.column("row")), "note", expected, constant(text_of, rows.num_rows))
    places = {name: flat(rows.column(name)) for name in ("return_id", "agency", "file")}
    table = pa.table({**places, **{name: found.column(name) for name in problems.SCHEMA.names}})
    return table.set_column(table.column_names.index("sheet"), "sheet", flat(rows.column("sheet")))


def identifier_rows(rows: Rows, named: Named) -> list[pa.Table]:
    """The rows of the table `identifiers` that one rule makes of one sheet, not yet distinct."""
    found = []
    for kind, column in named.rule.identifiers.items():
        if column not in rows.table.column_names:
            continue
        if f"{column}:items" in rows.table.column_names:
            found.append(_listed(rows, named, kind, column))
        else:
            found.append(_single(rows, named, kind, column))
    return found


def _listed(rows: Rows, named: Named, kind: str, column: str) -> pa.Table:
    items = part(rows.table, column, "items", ITEMS)
    entries, parents = pc.list_flatten(items), pc.list_parent_indices(items)
    table = pa.table(
        {
            "mention_id": named.ids.take(parents),
            "kind": constant(kind, len(parents)),
            "value": pc.struct_field(entries, "value"),
            "raw": pc.struct_field(entries, "raw"),
            "valid": pc.struct_field(entries, "valid"),
        }
    )
    return table.filter(pc.is_valid(table.column("mention_id")))


def _single(rows: Rows, named: Named, kind: str, column: str) -> pa.Table:
    cells = raw(rows.table, column)
    fold = part(rows.table, column, "fold")
    value = pc.coalesce(fold, part(rows.table, column, "value"), cells)
    if f"{column}:valid" in rows.table.column_names:
        valid = pc.fill_null(part(rows.table, column, "valid", pa.bool_()), fill_value=False)
    else:
        valid = pa.repeat(pa.scalar(value=True), len(rows))
    table = pa.table(
        {"mention_id": named.ids, "kind": constant(kind, len(rows)), "value": value, "raw": cells, "valid": valid}
    )
    return table.filter(pc.and_(named.present, holds(rows.table, rows.sheet, column)))


def description_rows(rows: Rows, named: Named) -> list[pa.Table]:
    """The rows of the table `descriptions` that one rule makes of one sheet, not yet distinct."""
    return [
        _described(rows, named, attribute, describe)
        for attribute, describe in named.rule.describe.items()
        if describe.column in rows.table.column_names
    ]


def _described(rows: Rows, named: Named, attribute: str, describe: Describe) -> pa.Table:
    table, column, length = rows.table, describe.column, len(rows)
    cells = raw(table, column)
    kind = rows.sheet.column(column).type
    basis = constant(describe.basis, length)
    if describe.basis_column:
        said = pc.coalesce(part(table, describe.basis_column, "means"), text(table, rows.sheet, describe.basis_column))
        known = pc.fill_null(pc.is_in(said, value_set=pa.array(sorted(_BASES))), fill_value=False)
        basis = pc.if_else(known, said, basis)
    code = nothing(length) if kind in ("text", "name") else text(table, rows.sheet, column)
    lost = pc.is_valid(part(table, column, "fault"))
    plain = pc.if_else(
        lost,
        constant("not_in_scheme", length),
        pc.if_else(holds(table, rows.sheet, column), constant("recorded", length), constant("not_stated", length)),
    )
    described = pa.table(
        {
            "mention_id": named.ids,
            "attribute": constant(attribute, length),
            "raw": cells,
            "code": code,
            "scheme": part(table, column, "scheme"),
            "scheme_version": part(table, column, "version"),
            "basis": basis,
            "state": pc.coalesce(part(table, column, "state"), plain),
        }
    )
    return described.filter(pc.and_(named.present, pc.is_valid(cells)))
