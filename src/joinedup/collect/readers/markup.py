"""XML messages to raw sheets, streamed one record at a time as the registry's form says where things stand.

A message that declares a document type or an entity is refused before anything is expanded. Elements the form does
not know are counted and reported, never fatal: standards add elements, and software writes them early.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import pyarrow as pa
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from joinedup.collect.readers.options import ReadOptions
from joinedup.collect.sheets import RawSheet, ReadProblem, ReadResult, text_table
from joinedup.errors import UnreadableError
from joinedup.registry.forms import Form, FormColumn, Sheet

_CHUNK = 10_000
_DEEPEST = 200
"""Elements may stand this deep in one another; no return form comes near it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One alternative of a column's path: how far to climb from the record, and the steps down from there."""

    up: int
    steps: tuple[str, ...]


def _places(path: str) -> tuple[_Place, ...]:
    """The alternatives of a path.

    >>> _places("../ChildIdentifiers/Sex|.")
    (_Place(up=1, steps=('ChildIdentifiers', 'Sex')), _Place(up=0, steps=()))
    """
    found = []
    for alternative in path.split("|"):
        parts = [part for part in alternative.strip().split("/") if part not in ("", ".")]
        up = sum(1 for part in parts if part == "..")
        found.append(_Place(up, tuple(part for part in parts if part != "..")))
    return tuple(found)


def _steps(path: str | None) -> tuple[str, ...]:
    return tuple(part for part in (path or "").split("/") if part not in ("", "."))


@dataclass(slots=True)
class _SheetWalk:
    """One sheet's way through a record, and the rows it has given so far."""

    form: Form
    sheet: Sheet
    records: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[FormColumn, tuple[_Place, ...]], ...]
    rows: list[list[str | None]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    chunks: list[pa.Table] = field(default_factory=list)
    kept: int = 0
    blank: int = 0

    def take(self, each: Any) -> None:
        """Adds a row for every record of this sheet inside the element."""
        for steps in self.records:
            for chain in _chains(each, steps):
                self._row(chain)

    def _row(self, chain: tuple[Any, ...]) -> None:
        row: list[str | None] = []
        own = False
        for _, places in self.columns:
            value, up = _value(chain, places)
            row.append(value)
            own |= value is not None and up == 0
        if not own and any(places and places[0].up == 0 for _, places in self.columns):
            self.blank += 1
            return
        self.kept += 1
        self.rows.append(row)
        self.numbers.append(self.kept)
        if len(self.rows) >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Turns the rows held into columns."""
        cells = zip(*self.rows, strict=True) if self.rows else [()] * len(self.columns)
        self.chunks.append(text_table([pa.array(column, pa.string()) for column in cells]))
        self.rows = []

    def raw(self) -> RawSheet:
        """The sheet as read."""
        self.flush()
        return RawSheet(
            self.sheet.title,
            tuple(column.label for column, _ in self.columns),
            pa.concat_tables(self.chunks),
            pa.array(self.numbers, pa.int64()),
            blank_rows=self.blank,
            form_id=self.form.id,
            sheet_id=self.sheet.id,
        )


def _chains(each: Any, steps: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Every element at the end of the steps, with the elements above it from `each` down."""
    chains: list[tuple[Any, ...]] = [(each,)]
    for step in steps:
        chains = [(*chain, child) for chain in chains for child in chain[-1] if child.tag == step]
    yield from chains


def _value(chain: tuple[Any, ...], places: tuple[_Place, ...]) -> tuple[str | None, int]:
    """The first alternative that holds text, repeated elements joined by ';', and how far up it stood."""
    for place in places:
        if place.up >= len(chain):
            continue
        elements = [chain[len(chain) - 1 - place.up]]
        texts: list[str] = []
        for step in place.steps:
            if step.startswith("@"):
                texts = [found for element in elements if (found := (element.get(step[1:]) or "").strip())]
                elements = []
            else:
                elements = [child for element in elements for child in element if child.tag == step]
        texts += [text for element in elements if (text := (element.text or "").strip())]
        if texts:
            return ";".join(texts), place.up
    return None, 0


class _Walk:
    """The walk over one message: gives each `each` element to the sheets, and counts what no sheet knows."""

    def __init__(self, form: Form, limit: int | None) -> None:
        self.form = form
        self.limit = limit
        each = form.xml.each if form.xml else ""
        self.each = _steps(each)
        self.sheets = [
            _SheetWalk(
                form,
                sheet,
                tuple(_steps(path) for path in sheet.records.split("|")),
                tuple((column, _places(column.path) if column.path else ()) for column in sheet.columns),
            )
            for sheet in form.sheets
            if sheet.records is not None
        ]
        self.known = {path for walk in self.sheets for path in _known_paths(walk)}
        self.unknown: Counter[str] = Counter()
        self.outside: Counter[str] = Counter()
        self.stray = 0
        self.at_home = False
        """Whether the element that holds the `each` elements was met, be it empty."""

    def is_each(self, stack: list[str]) -> bool:
        """Whether the innermost of these elements is the one taken one at a time."""
        return tuple(stack[-len(self.each) :]) == self.each or tuple(stack[1:]) == self.each

    @property
    def full(self) -> bool:
        """Whether enough rows were read."""
        return self.limit is not None and max((walk.kept for walk in self.sheets), default=0) >= self.limit

    def take(self, each: Any) -> None:
        """Reads one `each` element into the sheets."""
        for walk in self.sheets:
            walk.take(each)
        self._count(each, ())

    def _count(self, element: Any, path: tuple[str, ...]) -> None:
        children = list(element)
        if children and element.text and element.text.strip():
            self.stray += 1
        for child in children:
            inner = (*path, child.tag)
            if child.tail and child.tail.strip():
                self.stray += 1
            if inner in self.known:
                self._count(child, inner)
            else:
                self.unknown["/".join(inner)] += 1

    def problems(self) -> list[ReadProblem]:
        """What the form does not know, each name once."""
        found = [
            ReadProblem(
                "", None, name, "note", f"elements of the form {self.form.id} {self.form.version}",
                f"the element stands in {count} place(s), is not in the form, and was not read",
            )
            for name, count in sorted(self.unknown.items())
        ]  # fmt: skip
        if self.outside:
            names = ", ".join(sorted(self.outside))
            found.append(
                ReadProblem("", None, "", "note", "", f"elements about the message itself were not read: {names}")
            )
        if self.stray:
            message = f"text stands between elements in {self.stray} place(s), belongs to none, and was not read"
            found.append(ReadProblem("", None, "", "note", "text inside elements only", message))
        return found


def _known_paths(walk: _SheetWalk) -> set[tuple[str, ...]]:
    """Every path below `each` that the sheet reads, and every path on the way to one."""
    whole: set[tuple[str, ...]] = set(walk.records)
    for record in walk.records:
        for _, places in walk.columns:
            for place in places:
                base = record[: len(record) - place.up] if place.up else record
                whole.add((*base, *(step for step in place.steps if not step.startswith("@"))))
    return {path[:length] for path in whole for length in range(1, len(path) + 1)}


def read_xml(path: Path, options: ReadOptions) -> ReadResult:
    """One raw sheet for each kind of record that the message's form registers.

    The form is told by the root element. Raises UnreadableError where the message is not well formed, is cut short, or
    declares a document type or entity.
    """
    try:
        root = _root(path)
        forms = _forms_of(root, options.forms)
        if not forms:
            known = sorted({form.xml.root for form in options.forms.values() if form.xml})
            message = (
                f"no registered form has the root element of this XML file; known are {', '.join(known) or 'none'}"
            )
            problem = ReadProblem("", None, "", "refused_file", "an XML message of a registered form", message)
            return ReadResult("xml", (), (problem,))
        return _read_first(path, forms, options)
    except DefusedXmlException as error:
        raise UnreadableError(
            "the XML declares a document type or an entity, which can reach outside the file or swell without end",
            remedy="Ask for the message without a DOCTYPE; no return form needs one.",
        ) from error
    except ParseError as error:
        line, column = getattr(error, "position", (0, 0))
        raise UnreadableError(
            f"the XML is not well formed or is cut short: line {line}, column {column}",
            remedy="Ask the agency to send the message again as its system made it.",
        ) from error
    except (LookupError, ValueError) as error:
        raise UnreadableError(
            "the XML names an encoding that is not known, or is not in the encoding it names",
            remedy="Ask for the message in UTF-8.",
        ) from error


def _read_first(path: Path, forms: list[Form], options: ReadOptions) -> ReadResult:
    """The message as the first of the forms that finds a record in it, else as the first."""
    results: list[tuple[_Walk, ReadResult]] = []
    for form in forms:
        walk = _Walk(form, options.limit)
        complete = _walk(path, walk)
        sheets = tuple(sheet.raw() for sheet in walk.sheets)
        result = ReadResult("xml", sheets, tuple(walk.problems()), complete, {"form": form.id})
        if any(len(sheet.rows) for sheet in sheets):
            return result
        results.append((walk, result))
    expected = "at least one of " + ", ".join(sorted(form.xml.each for form in forms if form.xml))
    for walk, result in results:
        if walk.at_home:
            problem = ReadProblem("", None, "", "note", expected, "the message holds no record of its form")
            return ReadResult("xml", result.sheets, (*result.problems, problem), result.complete, result.details)
    message = "the root element is that of a registered form, but nothing inside is; it is another collection's message"
    return ReadResult("xml", (), (ReadProblem("", None, "", "refused_file", expected, message),))


def _forms_of(root: str, forms: Mapping[str, Form]) -> list[Form]:
    return [form for _, form in sorted(forms.items()) if form.xml and form.xml.root == root]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _source(path: Path) -> io.BufferedReader:
    """The file from its first sign: blank lines above the XML declaration are common and not XML."""
    file = path.open("rb")
    start = file.read(4096)
    file.seek(len(start) - len(start.lstrip(b" \t\r\n")))
    return file


def _events(file: io.BufferedReader) -> Iterator[tuple[str, Any]]:
    events: Iterator[tuple[str, Any]] = iterparse(
        file, events=("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    return events


def _root(path: Path) -> str:
    with _source(path) as file:
        return next((_local(element.tag) for _, element in _events(file)), "")


def _walk(path: Path, walk: _Walk) -> bool:
    """Takes every `each` element and lets go of it at once; False where enough was read before the end."""
    stack: list[Any] = []
    names: list[str] = []
    inside = 0
    with _source(path) as file:
        for event, element in _events(file):
            if event == "start":
                element.tag = _local(element.tag)
                stack.append(element)
                names.append(element.tag)
                if len(stack) > _DEEPEST:
                    raise UnreadableError(
                        f"the XML nests elements more than {_DEEPEST} deep",
                        remedy="Send the message as its system made it.",
                    )
                walk.at_home |= tuple(names[1:]) == walk.each[:-1]
                if not inside and walk.is_each(names):
                    inside = len(stack)
                continue
            depth = len(stack)
            if inside and depth == inside:
                walk.take(element)
                inside = 0
                _let_go(stack)
                if walk.full:
                    return False
            elif not inside:
                if element.text and element.text.strip():
                    walk.outside["/".join(names[1:])] += 1
                _let_go(stack)
            stack.pop()
            names.pop()
    return True


def _let_go(stack: list[Any]) -> None:
    stack[-1].clear()
    if len(stack) > 1:
        stack[-2].remove(stack[-1])
