"""`joinedup sample` and `joinedup sample-result`: how good the links are, from records that two people read blind."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
import typer

from joinedup.cli.console import next_command, out, print_json, print_table, say
from joinedup.cli.options import AsJson, Directory
from joinedup.domain.readings import Settled, one_name
from joinedup.errors import UsageError
from joinedup.link import sheets
from joinedup.link.candidates import Search, joined_or_held
from joinedup.link.sample_quality import by_kinds
from joinedup.link.sampling import LEAST, draw
from joinedup.link.tokens import FORM
from joinedup.settings import load_inquiry
from joinedup.stats.agreement import cohen_kappa
from joinedup.stats.record_sample import Rate, corrected_children
from joinedup.stats.reviewed_records import REPLICATES, reviewed
from joinedup.store.contract import Store
from joinedup.store.runs import Runs
from joinedup.store.sample import Drawn, ReviewSample, sample_tables

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

SHEETS = "review-sheets"
_SEARCHED = (
    "mention_id", "forename_fold", "surname_fold", "aliases", "dob", "dob_precision", "sex", "postcode", "outcode",
    "address_fold", "nhs_no", "upn", "agency_kind",
)  # fmt: skip


def sample(
    directory: Directory,
    *,
    records: Annotated[int, typer.Option(min=20, help="How many records to draw.")] = 400,
    seed: Annotated[int, typer.Option(help="The seed of the draw.")] = 1,
    mostly: Annotated[
        str, typer.Option(help="A kind of agency (police, charity ...) whose records are drawn more often.")
    ] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Write the sheets as CSV files instead of workbooks.")] = False,
    sheets_again: Annotated[
        bool, typer.Option("--sheets-again", help="Write empty sheets of the sample already drawn.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was drawn as JSON.")] = False,
) -> None:
    """Draw a random sample of records, and write the sheets on which two people find each child's other records.

    The draw is stratified by kind of agency, by whether the record puts a child on a list, and by how sure its links are;
    what was drawn with which chance is kept in DIR/review-sample, an input of every later run.
    """
    load_inquiry(directory)
    held = ReviewSample(directory)
    with Runs(directory).reading() as store:
        if not sheets_again:
            held.create(*_drawn(store, records, seed, mostly))
        shown = held.shown()
        rows = _fields(store, {each for record, beside in shown.items() for each in (record, *beside)})
    gone = [record for record in shown if record not in rows]
    questions = [
        sheets.Question(record, tuple(each for each in beside if each in rows))
        for record, beside in sorted(shown.items())
        if record in rows
    ]
    paths = [directory / SHEETS / f"reader-{number}.{'csv' if as_csv else 'xlsx'}" for number in (1, 2)]
    for path in paths:
        _keep(path)
        sheets.write(path, questions, rows)
    strata: dict[str, list[int]] = {}
    for row in held.design():
        counts = strata.setdefault(row.stratum, [0, 0])
        counts[0] += 1
        counts[1] += row.drawn
    if as_json:
        print_json({"records": len(shown), "strata": strata, "sheets": [str(path) for path in paths]})
    else:
        told = [(name, *counts) for name, counts in sorted(strata.items())]
        print_table(f"{len(shown)} records drawn", ("stratum", "records", "drawn"), told)
        if len(shown) > records and not sheets_again:
            say(f"That is more than the {records} asked for: of each stratum at least {LEAST} are drawn.")
        out.print(
            f"Sheets: {', '.join(map(str, paths))}. They name children: keep them as you keep the returns.",
            markup=False,
        )
    if gone:
        say(f"{len(gone)} drawn records are not in the latest run and stand on no sheet.")
    next_command(f'joinedup sample-result {directory} {paths[0]} {paths[1]} --by "FIRST READER" --by "SECOND READER"')


def _keep(path: Path) -> None:
    """Puts a sheet that holds answers aside, so that an empty one never takes its place."""
    if not sheets.has_answers(path):
        return
    kept = next(
        each
        for number in itertools.count(1)
        if not (each := path.with_name(f"{path.stem}-filled-{number}{path.suffix}")).exists()
    )
    path.rename(kept)
    say(f"{path.name} holds answers and is kept as {kept.name}.")


def _drawn(store: Store, records: int, seed: int, mostly: str) -> tuple[list[Drawn], dict[str, list[str]]]:
    """The design of the draw, and the records to show beside each drawn one."""
    table = store.read("mentions")
    children = table.filter(table.role == "child")
    hidden = int(children.filter(children.form == FORM).count().execute())
    if hidden:
        say(
            f"{hidden:,} records hold tokens that nobody can read. They are left out: what the sample says holds for the others."
        )
    mentions = children.filter(children.form != FORM).select(*_SEARCHED).order_by("mention_id").to_pyarrow()
    if mentions.num_rows == 0:
        raise UsageError("the latest run has no record of a child", remedy="Put returns in place and run again.")
    links = store.read("links").select("mention_l", "mention_r", "probability", "zone").to_pyarrow()
    listed = store.read("listed").select("mention_id").distinct().to_pyarrow()["mention_id"].combine_chunks()
    kinds = sorted(pc.unique(mentions["agency_kind"]).to_pylist())
    if mostly and mostly not in kinds:
        raise UsageError(f"no record is of an agency of the kind {mostly!r}", remedy=f"Kinds: {', '.join(kinds)}.")
    design = draw(mentions, links, listed, records, seed, mostly)
    identifiers = store.read("identifiers")
    phones = identifiers.filter(identifiers.valid & (identifiers.kind == "phone")).select("mention_id", "value")
    search = Search(mentions, phones.to_pyarrow())
    drawn = np.flatnonzero(design.drawn)
    always = _joined_or_held(store, links, mentions["mention_id"].combine_chunks(), drawn)
    shown = {
        design.mention_ids[record]: [design.mention_ids[other] for other in search.beside(record, others).tolist()]
        for record, others in zip(drawn.tolist(), always, strict=True)
    }
    rows = zip(design.mention_ids, design.strata, design.probability, design.drawn, strict=True)
    return [Drawn(*row) for row in rows], shown


def _joined_or_held(store: Store, links: pa.Table, ids: Any, drawn: Any) -> list[Any]:
    """For each drawn record, by number, those the run joined with it or holds for review."""
    people = store.read("people").select("mention_id", "person_id").to_pyarrow()
    persons = people["person_id"].take(pc.index_in(ids, value_set=people["mention_id"].combine_chunks()))
    told = links.filter(pc.not_equal(links["zone"], "not_linked"))
    one, other = (
        np.asarray(pc.fill_null(pc.index_in(told[side], value_set=ids), -1), dtype=np.int64)
        for side in ("mention_l", "mention_r")
    )
    among = (one >= 0) & (other >= 0)
    person = np.asarray(persons.combine_chunks().dictionary_encode().indices, dtype=np.int64)
    return joined_or_held(person, (one[among], other[among]), drawn)


def _fields(store: Store, mentions: set[str]) -> dict[str, dict[str, Any]]:
    """What the sheets show of each record."""
    ids = sorted(mentions)
    table, identifiers = store.read("mentions"), store.read("identifiers")
    rows = {row["mention_id"]: row for row in table.filter(table.mention_id.isin(ids)).to_pyarrow().to_pylist()}
    phones = identifiers.filter(identifiers.mention_id.isin(ids) & (identifiers.kind == "phone")).order_by("value")
    for row in phones.to_pyarrow().to_pylist():
        held = rows[row["mention_id"]]
        held["phones"] = f"{held['phones']}; {row['value']}" if held.get("phones") else row["value"]
    return {mention: row | {"source": row["agency"]} for mention, row in rows.items()}


def sample_result(
    directory: Directory,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Filled sheets; none to see what stands.")
    ] = None,
    *,
    by: Annotated[list[str] | None, typer.Option(help="Who filled each sheet, in the order of the files.")] = None,
    third: Annotated[
        bool, typer.Option("--third", help="The sheet is the third reading, where the first two differ.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take the readers' answers in, and say how good the links are: precision, recall, agreement, and the corrected count.

    Answers are added to DIR/review-sample and never overwritten; the next run counts and estimates with them.
    """
    load_inquiry(directory)
    held = ReviewSample(directory)
    asked = {record: frozenset(beside) for record, beside in held.shown().items()}
    given, names = files or [], by or []
    names = _readers(given, names, list(held.settled().read), third=third)
    readings = [
        each for path, name in zip(given, names, strict=True) for each in sheets.read(path, name, asked, settles=third)
    ]
    if readings:
        held.append(readings, datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"))
    settled = held.settled()
    differ = {record: mentions for record, mentions in settled.open.items() if mentions}
    third_sheet = directory / SHEETS / "third-reading.xlsx"
    with Runs(directory).reading() as store:
        found = _quality(store, directory, settled)
        if differ:
            rows = _fields(store, {each for record, mentions in differ.items() for each in (record, *mentions)})
            kept = [sheets.Question(record, tuple(sorted(mentions))) for record, mentions in sorted(differ.items())]
            if sheets.has_answers(third_sheet):
                say(f"{third_sheet.name} holds answers and is left as it is; move it away to have it written anew.")
            else:
                sheets.write(third_sheet, [question for question in kept if question.record in rows], rows)
    if as_json:
        print_json(found)
    else:
        _on_screen(found)
    behind = [name for name, number in settled.read.items() if number < len(asked)] if len(settled.read) > 1 else []
    if differ:
        next_command(f'joinedup sample-result {directory} {third_sheet} --third --by "THIRD READER"')
    elif len(settled.read) < 2 or behind:
        next_command(f'joinedup sample-result {directory} SHEET --by "{behind[0] if behind else "NAME"}"')
    else:
        next_command(f"joinedup run {directory} --stage link")


def _readers(files: Sequence[Path], names: Sequence[str], known: Sequence[str], *, third: bool) -> list[str]:
    """The names of the sheets' readers, each as it was written the first time. Raises UsageError where the sheets and names given
    are not those of so many people, or the third reading is by one of the first two readers."""
    if (
        len(files) != len(names)
        or len({one_name(name) for name in names}) != len(names)
        or not all(map(one_name, names))
    ):
        raise UsageError(
            "each sheet needs the name of its reader, and two readers are two people",
            remedy='Give --by "NAME" once for each file.',
        )
    if len({path.resolve() for path in files}) != len(files):
        raise UsageError("one sheet was given twice", remedy="Give the sheet of each reader once.")
    if third and len(files) != 1:
        raise UsageError("one sheet holds the third reading", remedy="Give that one file with --third.")
    written = {one_name(name): name for name in reversed(known)}
    found = [written.get(one_name(name), name) for name in names]
    new = [name for name in found if name not in known]
    if third and not new and len(known) == 2:
        raise UsageError(
            f"{found[0]!r} is one of the first two readers", remedy="The third reading is that of somebody else."
        )
    if known and new and not third and len(known) + len(new) > 2:
        say(
            f"So far {' and '.join(map(repr, known))} have read; {' and '.join(map(repr, new))} is taken for somebody else."
        )
    return found


def _quality(store: Store, directory: Path, settled: Settled) -> dict[str, Any]:
    """What the settled answers say of the latest run's links."""
    one, other = [pair[0] for pair in settled.pairs], [pair[1] for pair in settled.pairs]
    agreed = sum(left == right for left, right in settled.pairs)
    found: dict[str, Any] = {
        "records_drawn": len(settled.same) + len(settled.open),
        "records_settled": len(settled.same),
        "records_where_readers_differ": sum(bool(mentions) for mentions in settled.open.values()),
        "readers": list(settled.read),
        "questions_read": dict(settled.read),
        "pairs_read_twice": len(settled.pairs),
        "pairs_agreed": agreed,
        "kappa": cohen_kappa(one, other).kappa if settled.pairs else None,
        "pairs_settled_by_a_third_reading": settled.thirds,
        "pairs_that_stay_unsure": settled.unsure,
        "pairs_of_sources": [],
        "children": None,
    }
    people = store.read("people")
    mentions = store.read("mentions").filter(store.read("mentions").role == "child").select("mention_id", "agency_kind")
    table = people.join(mentions, "mention_id").order_by("mention_id").to_pyarrow()
    sampled = reviewed(table, *sample_tables(directory))
    if sampled is None:
        return found
    records, names = sampled
    kinds = table["agency_kind"].take(pc.index_in(names, value_set=table["mention_id"].combine_chunks()))
    found["pairs_of_sources"] = [
        {"pair": pair, "precision": _rate(quality.precision), "recall": _rate(quality.recall)}
        for pair, quality in by_kinds(records, kinds.combine_chunks()).items()
    ]
    children = corrected_children(records, REPLICATES, 1)
    [limits] = children.limits(0.95)
    linked, counts = float(children.linked[0]), float(children.counts[0])
    found["children"] = {"linked": linked, "corrected": counts, "lower": limits.lower, "upper": limits.upper}
    return found


def _rate(rate: Rate) -> dict[str, Any]:
    ends = (rate.limits.lower, rate.limits.upper) if rate.limits else (None, None)
    return {"share": rate.share, "lower": ends[0], "upper": ends[1], "records": rate.records}


def _on_screen(found: dict[str, Any]) -> None:
    drawn, read = found["records_drawn"], found["questions_read"]
    out.print(
        f"Drawn {drawn:,}, read by two and settled {found['records_settled']:,}, "
        f"still differing {found['records_where_readers_differ']:,}."
    )
    for name, number in read.items():
        rest = f"; {drawn - number:,} wait and count for nothing until read" if number < drawn else ""
        out.print(f"{name} has read {number:,} of {drawn:,}{rest}.", markup=False)
    if len(read) < 2:
        out.print(
            "Only questions that two people have read say anything: "
            + ("one has read so far." if read else "nobody has read so far.")
        )
    if found["pairs_read_twice"]:
        chance = f"{found['kappa']:.3f}" if found["kappa"] is not None else "none (both always gave one answer)"
        out.print(
            f"The first two readers gave the same answer to {found['pairs_agreed']:,} of {found['pairs_read_twice']:,} pairs; Cohen's kappa {chance}. "
            f"A third reading settled {found['pairs_settled_by_a_third_reading']:,}; {found['pairs_that_stay_unsure']:,} stay unsure and count as different.",
            soft_wrap=True,
        )
    rows = [
        (row["pair"], *(_shown(row[what]) for what in ("precision", "recall"))) for row in found["pairs_of_sources"]
    ]
    if not rows:
        return
    print_table(
        "Pairs of records joined, by kinds of agency (95% limits; records they rest on)",
        ("pair", "precision", "recall"),
        rows,
    )
    if children := found["children"]:
        out.print(
            f"Different children in all records: {children['linked']:,.0f} as linked, {children['corrected']:,.0f} corrected "
            f"({children['lower']:,.0f} to {children['upper']:,.0f}).",
        )


def _shown(rate: dict[str, Any]) -> str:
    if rate["share"] is None:
        return "none to measure"
    return f"{rate['share']:.3f} ({rate['lower']:.3f} to {rate['upper']:.3f}; {rate['records']})"
