"""`joinedup encode`: a file of people turned into linkage tokens, on the machine of the agency that holds it."""

from __future__ import annotations

import csv
import datetime
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from joinedup.cli.console import busy, next_command, out, print_json, print_table, say
from joinedup.collect.people_of_file import PeopleOfFile, people_of_file
from joinedup.domain.linkage_key import FINGERPRINT_DIGITS, Key, load_key, make_key
from joinedup.errors import EXIT_DONE, EXIT_FINDINGS, UnreadableError, UsageError
from joinedup.link.tokens import EXACT, FUZZY, KEY, PREFIX, encode

STRONGEST = ("known", "charged", "suspected", "alleged", "at_risk", "not_stated")
_PLAIN = ("source_ref", "person_ref", "role", "status", "event_date")
_OWN_LIST = ("source_ref", "own_reference", "sheet", "row")

Row = dict[str, str]


def encode_file(  # noqa: PLR0917  (typer takes options by name)
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A file of any registered form.", show_default=False)
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="The file with the key that the inquiry handed you.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write the tokens, as CSV.")] = None,
    own_list: Annotated[
        Path | None,
        typer.Option("--own-list", help="Also write which of your records each row is. It stays with you."),
    ] = None,
    fuzzy: Annotated[
        bool, typer.Option("--fuzzy", help="Also encode what lets near spellings and dates meet. It gives more away.")
    ] = False,
    form: Annotated[str | None, typer.Option("--form", help="Take the file as this form only.")] = None,
    heading: Annotated[
        list[str] | None,
        typer.Option("--heading", metavar="'YOURS=COLUMN'", help="A heading of your own, and the form's column it is."),
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option("--make-key", metavar="KEYFILE", help="Only make a new key, and write it there.")
    ] = None,
    for_cells: Annotated[
        bool, typer.Option("--for-cells", help="With --make-key: the key is for protect --method cell-key.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was encoded as JSON.")] = False,
) -> None:
    """Write a file's people as keyed linkage tokens, with no name, date of birth, address or number in them.

    For an agency that may not send names. It works on your own machine and sends nothing. Agencies that share the key get
    equal tokens for equal fields. Role, status and the day of the record stay readable; ethnicity and all else are left out.
    Exit codes: 0 written, 1 written but rows were refused, 2 no usable key or option, 3 the file could not be read.
    """
    if new_key is not None or for_cells:
        _make(new_key, for_cells=for_cells, as_json=as_json)
    if file is None or key_file is None or output is None:
        needed = {
            "the file to encode": file,
            "the key (--key-file)": key_file,
            "where to write the tokens (-o)": output,
        }
        raise UsageError(
            f"not given: {', '.join(what for what, path in needed.items() if path is None)}",
            remedy="joinedup encode FILE --key-file linkage.key -o encoded.csv",
        )
    _not_twice(file, key_file, output, own_list)
    key = load_key(key_file)
    with busy("encoding"):
        people = people_of_file(file, _mapping(heading or []), form=form, latest_year=_this_year())
        if not people.checked.readable or not people.mentions:
            raise UnreadableError(
                f"{file.name} names nobody that can be read", remedy=f"Look at what is wrong: joinedup check {file}"
            )
        rows, own = _encoded(people, key, fuzzy=fuzzy)
    _write(output, (*_PLAIN, *_columns(fuzzy=fuzzy)), rows)
    if own_list is not None:
        _write(own_list, _OWN_LIST, own)
    _tell(people, rows, key, (output, own_list), fuzzy=fuzzy, as_json=as_json)
    raise typer.Exit(EXIT_FINDINGS if people.checked.refused else EXIT_DONE)


def _this_year() -> int:
    return datetime.datetime.now(datetime.UTC).year


_FOR_LINKING = (
    "Hand it to each agency apart from any file; keep it out of the inquiry's folder; destroy it when linking is done."
)
_FOR_CELLS = (
    "Hand it to nobody and link with no key of this file; keep it out of the inquiry's folder, and for as long as anything"
    " made with it is published: with another key the noise could be averaged away."
)


def _make(path: Path | None, *, for_cells: bool, as_json: bool) -> NoReturn:
    if path is None:
        raise UsageError(
            "--for-cells is of a new key", remedy="Give --make-key cells.key too; a file is encoded with a linkage key."
        )
    shown = make_key(path).fingerprint[:FINGERPRINT_DIGITS]
    if as_json:
        print_json({"key": shown, "key_file": str(path)})
    else:
        out.print(f"A new key stands in {path}, for its owner alone to read. Its eight digits: {shown}", markup=False)
        say(_FOR_CELLS if for_cells else _FOR_LINKING)
    if for_cells:
        next_command(f"joinedup protect FILE --method cell-key --key-file {path}")
    else:
        next_command(f"joinedup encode FILE --key-file {path} -o encoded.csv")
    raise typer.Exit(EXIT_DONE)


def _not_twice(file: Path, key_file: Path, output: Path, own_list: Path | None) -> None:
    """Raises UsageError where one path is given for two things, so that nothing is written over."""
    given = [path.resolve() for path in (file, key_file, output, own_list) if path is not None]
    if len(set(given)) < len(given):
        raise UsageError("one path is given for two things", remedy="Give the output a name of its own.")


def _mapping(given: Sequence[str]) -> dict[str, str]:
    pairs = [text.rsplit("=", 1) for text in given]
    if any(len(pair) != 2 or not all(part.strip() for part in pair) for pair in pairs):
        raise UsageError(
            "--heading takes your heading and the form's column", remedy="For instance: --heading 'DOB of YP=dob'"
        )
    return {own.strip(): column.strip() for own, column in pairs}


def _columns(*, fuzzy: bool) -> tuple[str, ...]:
    return tuple(f"{PREFIX}{field}" for field in (*EXACT, *(FUZZY if fuzzy else ()), KEY))


def _encoded(people: PeopleOfFile, key: Key, *, fuzzy: bool) -> tuple[list[Row], list[Row]]:
    """The rows to send, and the agency's own list of which record each of them is."""
    held: dict[object, list[tuple[str, str]]] = defaultdict(list)
    for one in people.identifiers:
        if one["kind"] in ("phone", "vehicle", "account") and one["valid"]:
            held[one["mention_id"]].append((str(one["kind"]), str(one["value"])))
    statuses: dict[object, set[str]] = defaultdict(set)
    for part in people.involvements:
        statuses[part["mention_id"]].add(str(part["status"] or ""))
    rows, own = [], []
    for mention in people.mentions:
        mention_id, local = mention["mention_id"], mention.get("local_id")
        reference = key.token("reference", str(mention_id))
        rows.append(
            {
                "source_ref": reference,
                "person_ref": key.token("person", str(local)) if local else "",
                "role": str(mention["role"] or "other"),
                "status": next((status for status in STRONGEST if status in statuses[mention_id]), ""),
                "event_date": "" if mention.get("first_date") is None else str(mention["first_date"]),
                **encode(mention, held[mention_id], key, fuzzy=fuzzy),
            }
        )
        values = (reference, mention["source_ref"], mention["sheet"], mention["row"])
        own.append({name: "" if value is None else str(value) for name, value in zip(_OWN_LIST, values, strict=True)})
    # In the order of tokens that say nothing, so that the place of a row in the agency's own file is not told.
    return sorted(rows, key=lambda row: row["source_ref"]), sorted(own, key=lambda row: row["source_ref"])


def _write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    try:
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {type(error).__name__}",
            remedy="Give a folder that is there and can be written to.",
        ) from error


def _tell(
    people: PeopleOfFile, rows: Sequence[Row], key: Key, paths: tuple[Path, Path | None], *, fuzzy: bool, as_json: bool
) -> None:
    shown, refused = key.fingerprint[:FINGERPRINT_DIGITS], people.checked.refused
    filled = {
        name.removeprefix(PREFIX): sum(bool(row[name]) for row in rows)
        for name in _columns(fuzzy=fuzzy)
        if name != f"{PREFIX}{KEY}"
    }
    if as_json:
        facts = {"key": shown, "form": people.checked.form, "records": len(rows), "refused": refused, "fuzzy": fuzzy}
        print_json({**facts, "output": str(paths[0]), "own_list": str(paths[1] or ""), "fields": filled})
    else:
        out.print(
            f"{len(rows):,} {'record' if len(rows) == 1 else 'records'} encoded into {paths[0]} under the key {shown}.",
            markup=False,
        )
        print_table("Tokens", ("field", "records that hold it"), list(filled.items()))
    say(f"Every agency that takes part must see the same eight digits: {shown}")
    if paths[1]:
        say(f"{paths[1]} names your records: it stays with you.")
    if refused:
        say(
            f"{refused:,} {'row was refused and is' if refused == 1 else 'rows were refused and are'} not in it; look with joinedup check at the file you gave."
        )
    next_command(f"joinedup check {paths[0]}")
