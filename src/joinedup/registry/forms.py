"""Return forms: which columns a file has, how it is recognised, and which mentions and events each row becomes.

A form is one YAML file in registry/forms. It has sheets (a CSV file holds one sheet, a workbook several, an XML
message several kinds of record); a sheet has columns, and says which mentions (people as named there) and which
events its rows give. Adding a form takes no Python.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from joinedup.registry.documents import Entry, folder, read_document

ColumnType = Literal[
    "text", "name", "names", "date", "moment", "code", "codes", "yes_no", "number", "sex", "postcode", "address",
    "place", "phones", "vehicles", "accounts", "nhs_no", "upn", "role", "status", "tokens",
]  # fmt: skip
"""`names`, `codes`, `phones`, `vehicles`, `accounts` and `tokens` are lists, separated by ';'."""

Flag = Literal["match", "describe", "never", "plain"]
"""match: may be used to link; describe: profiles only; never: ethnicity and its like, kept in `descriptions` alone; plain: structural."""


class FormColumn(Entry):
    """One column: its id (by which rules speak of it), its heading, other headings seen, its type and its use."""

    id: str
    label: str
    type: ColumnType = "text"
    required: bool = False
    flag: Flag = "plain"
    synonyms: tuple[str, ...] = ()
    codes: str | None = None
    """The code set of a code, codes or sex column."""
    path: str | None = None
    """For XML: path from the record's element; '../' climbs towards the root; '|' stands between alternatives."""
    means: str = ""
    example: str = ""


class Describe(Entry):
    """A descriptive attribute taken from a column, and who said so."""

    column: str
    basis: Literal["self", "officer", "other", "not_known"] = "not_known"
    basis_column: str | None = None


class MentionRule(Entry):
    """How a row names a person.

    `key` is empty for one mention a row, else the columns whose values, together, are one person throughout the
    return's files of this form (a looked-after child has one header row and many episode rows: one mention).
    `fields` maps columns of the table `mentions` to columns of the sheet; `identifiers` maps kinds to columns.
    """

    id: str
    role: str = "child"
    """child, suspect, witness or other, or the id of a `role` column."""
    key: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    """The row names this person when any of these columns holds a value; always, when empty."""
    fields: dict[str, str] = Field(default_factory=dict)
    identifiers: dict[str, str] = Field(default_factory=dict)
    describe: dict[str, Describe] = Field(default_factory=dict)


class StatusWhen(Entry):
    """A status that a row gives only when a column holds one of some codes."""

    column: str
    among: tuple[str, ...]
    status: Literal["known", "suspected", "at_risk", "alleged", "charged", "not_stated"]


class Involve(Entry):
    """The part a mention has in an event."""

    mention: str
    role: str | None = None
    """Defaults to the mention's role."""
    status: str | None = None
    """A constant status, or the id of a `status` column; empty when the record says nothing of exploitation."""
    status_when: tuple[StatusWhen, ...] = ()
    """The first that holds wins over `status`."""
    basis: Literal["fact", "allegation", "assessment"] = "fact"


class EventRule(Entry):
    """How a row tells of something that happened or was done.

    `key` is empty for one event a row, else the columns whose values, together, are one event (a crime with two
    suspects stands on two rows). `when`: the row tells of it when any of these columns holds a value, and, for
    each entry of `when_code`, when that column holds one of those codes.
    """

    id: str
    type: str
    key: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    when_code: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    start: str | None = None
    end: str | None = None
    source_ref: str | None = None
    case_ref: tuple[str, ...] = ()
    """Columns whose values, together, tie events of one case."""
    code: str | None = None
    outcome: str | None = None
    """A column whose code set gives harmonised outcomes in `means`, or a constant written '=value'."""
    place: str | None = None
    details: tuple[str, ...] = ()
    involve: tuple[Involve, ...] = ()


class Sheet(Entry):
    """One kind of row."""

    id: str
    title: str
    row: str
    """What one row is, in a sentence."""
    names: tuple[str, ...] = ()
    """Names a workbook's sheet may carry; only a hint where headings leave a doubt."""
    recognise: tuple[str, ...]
    """Columns that must all be found for a file to be this sheet."""
    records: str | None = None
    """For XML: path from the form's `each` element to this record; '.' for the element itself."""
    columns: tuple[FormColumn, ...]
    mentions: tuple[MentionRule, ...] = ()
    events: tuple[EventRule, ...] = ()

    @model_validator(mode="after")
    def _columns_exist(self) -> Sheet:
        known = {column.id for column in self.columns}
        named = set(self.recognise)
        for mention in self.mentions:
            named |= {*mention.key, *mention.when, *mention.fields.values(), *mention.identifiers.values()}
            named |= {describe.column for describe in mention.describe.values()}
            named |= {describe.basis_column for describe in mention.describe.values() if describe.basis_column}
        for event in self.events:
            single = (event.start, event.end, event.source_ref, event.code, event.place)
            named |= {*event.key, *event.when, *event.when_code, *event.case_ref, *event.details}
            named |= {column for column in single if column}
            if event.outcome and not event.outcome.startswith("="):
                named.add(event.outcome)
            people = {mention.id for mention in self.mentions}
            for part in event.involve:
                named |= {when.column for when in part.status_when}
                if part.mention not in people:
                    raise ValueError(
                        f"event {event.id} involves {part.mention!r}, which is no mention of sheet {self.id}"
                    )
        if unknown := sorted(named - known):
            raise ValueError(f"sheet {self.id} speaks of columns it does not have: {unknown}")
        return self

    def column(self, column_id: str) -> FormColumn:
        """The column with this id."""
        return next(column for column in self.columns if column.id == column_id)


class Xml(Entry):
    """How an XML message is walked: its root element, and the element taken one at a time."""

    root: str
    each: str


class Form(Entry):
    """One return form."""

    id: str
    title: str
    about: str
    kind: Literal["police", "social_care", "charity", "school", "health", "youth_justice", "other"]
    ours: bool = False
    """Whether this project defines it (and writes its template); else a public standard."""
    version: str
    source: str
    xml: Xml | None = None
    sheets: tuple[Sheet, ...]

    def sheet(self, sheet_id: str) -> Sheet:
        """The sheet with this id."""
        return next(sheet for sheet in self.sheets if sheet.id == sheet_id)


@cache
def forms() -> dict[str, Form]:
    """Every registered form, by id."""
    return {form.id: form for form in (read_document(path, Form) for path in folder("forms"))}
