"""The review sample of an inquiry: what was drawn, what was shown, and every answer, in the folder review-sample/.

The files are inputs of a run, hashed like the returns. answers.csv only grows: a later answer of a reader takes the place of
an earlier one and both stay.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from joinedup.domain.readings import Reading, Settled, settle
from joinedup.errors import RefusedError, UnreadableError, UsageError
from joinedup.store.contract import empty, from_rows

FOLDER = "review-sample"
_DESIGN, _SHOWN, _ANSWERS = "design.csv", "shown.csv", "answers.csv"
_DESIGN_COLUMNS = ("mention_id", "stratum", "probability", "drawn")
_SHOWN_COLUMNS = ("record", "mention_id")
_ANSWER_COLUMNS = ("reader", "record", "mention_id", "answer", "settles", "received_at")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One record that could be drawn: its stratum, its chance and whether it was."""

    mention_id: str
    stratum: str
    probability: float
    drawn: bool


class ReviewSample:
    """The review sample of the inquiry in a folder."""

    def __init__(self, inquiry_dir: Path) -> None:
        self.directory = inquiry_dir / FOLDER

    @property
    def exists(self) -> bool:
        """Whether one was drawn."""
        return (self.directory / _DESIGN).is_file()

    def create(self, design: Iterable[Drawn], shown: Mapping[str, Sequence[str]]) -> None:
        """Writes what was drawn and what is shown beside it. Raises RefusedError where there is a sample already."""
        if self.exists:
            raise RefusedError(
                "this inquiry has a review sample already",
                remedy=f"Go on with it (joinedup sample-result), or move its folder {FOLDER}/ away to draw another.",
            )
        self.directory.mkdir(parents=True, exist_ok=True)
        _write(
            self.directory / _SHOWN,
            _SHOWN_COLUMNS,
            [(record, each) for record in sorted(shown) for each in shown[record]],
        )
        rows = [(row.mention_id, row.stratum, repr(row.probability), int(row.drawn)) for row in design]
        _write(self.directory / _DESIGN, _DESIGN_COLUMNS, rows)

    def design(self) -> list[Drawn]:
        """Every record that could be drawn. Raises UsageError where no sample was drawn."""
        if not self.exists:
            raise UsageError("this inquiry has no review sample", remedy="Draw one: joinedup sample DIR --records 400")
        return [
            Drawn(row["mention_id"], row["stratum"], float(row["probability"]), row["drawn"] == "1")
            for row in _read(self.directory / _DESIGN, _DESIGN_COLUMNS)
        ]

    def shown(self) -> dict[str, list[str]]:
        """For each drawn record those that stand beside it."""
        found: dict[str, list[str]] = {row.mention_id: [] for row in self.design() if row.drawn}
        for row in _read(self.directory / _SHOWN, _SHOWN_COLUMNS):
            found.setdefault(row["record"], []).append(row["mention_id"])
        return found

    def readings(self) -> list[Reading]:
        """Every answer, in the order received."""
        if not (self.directory / _ANSWERS).is_file():
            return []
        return [
            Reading(row["reader"], row["record"], row["mention_id"], row["answer"], row["settles"] == "1")
            for row in _read(self.directory / _ANSWERS, _ANSWER_COLUMNS)
        ]

    def append(self, readings: Sequence[Reading], received_at: str) -> None:
        """Adds answers; what stands there is never changed."""
        path = self.directory / _ANSWERS
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not path.is_file():
            writer.writerow(_ANSWER_COLUMNS)
        for each in readings:
            writer.writerow((each.reader, each.record, each.mention, each.answer, int(each.settles), received_at))
        with path.open("a", encoding="utf-8", newline="") as stream:
            stream.write(text.getvalue())

    def settled(self) -> Settled:
        """What stands of all answers."""
        return settle(self.readings(), self.shown())


def sample_tables(inquiry_dir: Path) -> tuple[pa.Table, pa.Table]:
    """The tables sample_frame and sample_answers; both empty where nothing was drawn.

    A record's chance is that of being drawn and settled: of each stratum's records, those that are settled.
    """
    sample = ReviewSample(inquiry_dir)
    if not sample.exists:
        return empty("sample_frame"), empty("sample_answers")
    settled, design = sample.settled(), sample.design()
    sizes = Counter(row.stratum for row in design)
    answered = Counter(row.stratum for row in design if row.mention_id in settled.same)
    frame: list[dict[str, object]] = [
        {
            "mention_id": row.mention_id,
            "stratum": row.stratum,
            "probability": answered[row.stratum] / sizes[row.stratum],
            "answered": row.mention_id in settled.same,
        }
        for row in design
    ]
    answers: list[dict[str, object]] = [
        {"record": record, "mention_id": mention}
        for record, mentions in sorted(settled.same.items())
        for mention in sorted(mentions)
    ]
    return from_rows("sample_frame", frame), from_rows("sample_answers", answers)


def given_tables(inquiry_dir: Path) -> dict[str, pa.Table]:
    """The tables sample_frame, sample_answers and sample_agreement, by name: what a run is given of the sample."""
    sample = ReviewSample(inquiry_dir)
    pairs = Counter(sample.settled().pairs) if sample.exists else {}
    rows = [{"one": one, "other": other, "pairs": count} for (one, other), count in sorted(pairs.items())]
    frame, answers = sample_tables(inquiry_dir)
    return {
        "sample_frame": frame, "sample_answers": answers, "sample_agreement": from_rows("sample_agreement", rows),
    }  # fmt: skip


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def _read(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(f"{FOLDER}/{path.name} cannot be read: {type(error).__name__}", remedy=_MEND) from error
    bad = next(
        (number for number, row in enumerate(rows, start=2) if any(row.get(name) is None for name in columns)), 0
    )
    if bad:
        raise UnreadableError(f"{FOLDER}/{path.name}, row {bad}: lacks one of {', '.join(columns)}", remedy=_MEND)
    return rows


_MEND = "Joinedup writes these files and nobody else should; bring back the last copy of the folder."
