"""Stage collect: every file below returns/, read, told apart and turned into the tables of the run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby

import pyarrow as pa

from joinedup.collect import problems
from joinedup.collect.emit.assemble import assemble
from joinedup.collect.emit.opening import Opened, SenderHabits, open_file
from joinedup.collect.emit.prepare import ParseContext
from joinedup.collect.emit.rows import StandingSheet
from joinedup.collect.ledger import Ledger, ReceivedFile, Sender, SheetReceived, Standing, senders, stand, survey
from joinedup.collect.problems import FileProblem
from joinedup.collect.responses import ReturnRow, respond
from joinedup.domain.progress import Progress
from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import forms
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun, arrow_schema, empty, from_rows

NAME = "collect"
READS: tuple[str, ...] = ()
WRITES: tuple[str, ...] = (
    "responses",
    "returns",
    "mentions",
    "descriptions",
    "events",
    "involvements",
    "identifiers",
    "problems",
)


def run(stage: StageRun) -> None:
    """Collects every return of the inquiry; a file that cannot be read is a problem of that file alone."""
    ledger = survey(stage.inquiry_dir / "returns")
    who = senders(stage.inquiry, ledger)
    made = _Collected(returns=[_refused(file) for file in ledger.refused])
    made.add({"problems": [*problems.of_files([*ledger.problems, *_of_agencies(who, stage.inquiry, ledger)])]})
    done = 0
    for agency_id, files in groupby(ledger.files, key=lambda file: file.agency):
        sent = list(files)
        _collect_agency(who[agency_id], sent, stage.inquiry, made, _Counter(stage.progress, done, len(ledger.files)))
        done += len(sent)
    for name in ("mentions", "descriptions", "events", "involvements", "identifiers", "problems"):
        stage.write(name, made.table(name))
    stage.write("returns", from_rows("returns", [asdict(row) for row in made.returns]))
    stage.write("responses", from_rows("responses", respond(who, stage.inquiry.agency, made.returns)))


@dataclass
class _Collected:
    """What has been made so far: pieces of tables, and the rows of `returns`."""

    returns: list[ReturnRow] = field(default_factory=list)
    pieces: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))

    def add(self, made: dict[str, list[pa.Table]]) -> None:
        for name, tables in made.items():
            names = arrow_schema(name).names
            self.pieces[name] += [table.select(names) for table in tables if table.num_rows]

    def table(self, name: str) -> pa.Table:
        """The whole table; its pieces are let go."""
        pieces = self.pieces.pop(name, [])
        return pa.concat_tables([piece.cast(arrow_schema(name)) for piece in pieces]) if pieces else empty(name)


@dataclass(frozen=True, slots=True)
class _Counter:
    """Reports how many of all files have been read."""

    progress: Progress
    before: int
    of: int

    def report(self, done: int) -> None:
        self.progress("reading", self.before + done, self.of)


def _collect_agency(
    sender: Sender, files: Sequence[ReceivedFile], inquiry: Inquiry, made: _Collected, counter: _Counter
) -> None:
    """Reads every different file of one agency once, and makes the tables of those sheets that stand."""
    context = ParseContext(code_sets(), inquiry.period.end.year, sender.unknown_dates_of_birth)
    habits = SenderHabits(dict(sender.mapping), sender.kind, context)
    opened: dict[str, Opened] = {}
    for place, file in enumerate(files):
        counter.report(place)
        if file.sha256 not in opened:
            opened[file.sha256] = open_file(file.path, forms(), habits)
    received = [
        SheetReceived(file, place, sheet.form, sheet.sheet)
        for file in files
        for place, sheet in enumerate(opened[file.sha256].prepared)
    ]
    standing = stand(received)
    used: dict[str, dict[str, list[StandingSheet]]] = defaultdict(lambda: defaultdict(list))
    for each in received:
        if standing[each].state == "used":
            prepared = opened[each.file.sha256].prepared[each.place]
            used[each.form][each.sheet].append(StandingSheet(each.file, prepared))
    _list_files(files, opened, received, standing, made)
    opened.clear()
    for form_id in sorted(used):
        made.add(assemble(sender, forms()[form_id], used.pop(form_id)))


def _list_files(
    files: Sequence[ReceivedFile],
    opened: dict[str, Opened],
    received: Sequence[SheetReceived],
    standing: dict[SheetReceived, Standing],
    made: _Collected,
) -> None:
    """Adds each file's rows of `returns`, and the problems of files that are not repeats or replaced."""
    sheets: dict[ReceivedFile, list[SheetReceived]] = defaultdict(list)
    for each in received:
        sheets[each.file].append(each)
    met: dict[str, ReceivedFile] = {}
    for file in files:
        contents = opened[file.sha256]
        own = sheets[file]
        before = met.setdefault(file.sha256, file)
        repeats = f"{before.return_id}: {before.file}" if before is not file else None
        made.returns += _of_file(file, contents, own, standing, repeats)
        told = contents.problems
        if own and all(standing[each].state != "used" for each in own):
            first = standing[own[0]]
            what = "repeats" if first.state == "duplicate" else "is replaced by"
            told = problems.one("note", "a return that stands", f"This file {what} {first.replaced_by}; it is kept.")
        elif repeats and not own:
            told = problems.one("note", "a file sent once", f"This file repeats {repeats}; it was read once.")
        made.add({"problems": [problems.placed(told, file.return_id, file.agency, file.file)]})


def _of_file(
    file: ReceivedFile,
    contents: Opened,
    own: Sequence[SheetReceived],
    standing: dict[SheetReceived, Standing],
    repeats: str | None,
) -> list[ReturnRow]:
    """The file's rows of `returns`: one a sheet; `repeats` names the file with the same bytes met before it."""
    blank = _refused(file)
    found: dict[tuple[str, str, Standing], ReturnRow] = {}
    for each in own:
        sheet, stands = contents.prepared[each.place], standing[each]
        before = found.get((each.form, each.sheet, stands))
        found[each.form, each.sheet, stands] = replace(
            blank,
            form=each.form,
            sheet=each.sheet,
            state=stands.state,
            replaced_by=stands.replaced_by or None,
            rows=sheet.rows + (before.rows if before else 0),
            used=sheet.used + (before.used if before else 0),
            refused=sheet.refused + (before.refused if before else 0),
        )
    rows = list(found.values())
    state = "duplicate" if repeats else "unrecognised"
    rows += [
        replace(blank, sheet=sheet.name or None, state=state, replaced_by=repeats, rows=sheet.rows, refused=sheet.rows)
        for sheet in contents.unknown
    ]
    return rows or [replace(blank, state="duplicate" if repeats else "unreadable", replaced_by=repeats)]


def _refused(file: ReceivedFile) -> ReturnRow:
    return ReturnRow(
        file.return_id,
        file.agency,
        file.received,
        file.file,
        file.sha256 or None,
        file.bytes,
        form=None,
        sheet=None,
        state="unreadable",
        replaced_by=None,
        rows=0,
        used=0,
        refused=0,
    )


def _of_agencies(who: dict[str, Sender], inquiry: Inquiry, ledger: Ledger) -> list[FileProblem]:
    """Notes on folders nobody named, and on agencies that said they hold nothing and sent a file all the same."""
    sent = {file.agency for file in ledger.files}
    strangers = [sender.id for sender in who.values() if not sender.named and sender.id]
    found = [
        FileProblem(
            name,
            f"{name}@undated",
            "",
            "note",
            "a folder named by the id of an agency of inquiry.toml",
            "inquiry.toml names no agency with this folder's name. Its files are read as those of an agency of kind "
            "other; add the agency to inquiry.toml, or rename the folder.",
        )
        for name in sorted(strangers)
    ]
    found += [
        FileProblem(
            agency.id,
            f"{agency.id}@undated",
            "",
            "note",
            "either holds_nothing or files",
            "inquiry.toml says the agency holds nothing, and it sent files. The files are read; put inquiry.toml right.",
        )
        for agency in inquiry.agency
        if agency.holds_nothing and agency.id in sent
    ]
    return found
