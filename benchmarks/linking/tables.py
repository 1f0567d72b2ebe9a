"""The tables of the benchmark as they stand in docs/benchmarks.md, so that they can be made in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import write_table

HEAD = [
    "| population | linking | P | R | F1 | B-cubed F1 | count bias | gap | false of them at home | calibration | review | CPU s | peak MB |",
    "|---|---|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|---:|",
]
GROUPS = ["| population | linking | name group | missed | false | count bias |", "|---|---|---|---:|---:|---:|"]
SMALL = "six inquiries of 500 rows"
LESS = ", less "


@dataclass
class Tables:
    """The lines of the table of populations, of name groups, and of the small inquiries."""

    page: Path
    names: Sequence[str]
    lines: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    def keep(self) -> None:
        """Takes over the lines that the page holds of the named populations."""
        text = self.page.read_text(encoding="utf-8")
        block = text.partition("<!-- linking: from here -->")[2].partition("<!-- linking: to here -->")[0]
        rows = [line for line in block.splitlines() if line not in (*HEAD, *GROUPS)]
        tabled = [line for line in rows if line.startswith("| ") and self._of(line) in self.names]
        self.lines = [line for line in tabled if line.count("|") > GROUPS[0].count("|")]
        self.groups = [line for line in tabled if line.count("|") == GROUPS[0].count("|")]
        self.below = [line for line in rows if SMALL in line]

    def put(self, lines: Iterable[str], groups: Iterable[str]) -> None:
        """Puts the lines of one linking of one population in the place of those that were there."""
        new, by_group = list(lines), list(groups)
        mine = self._key(new[0])
        self.lines = self._ordered([line for line in self.lines if self._key(line) != mine] + new)
        self.groups = self._ordered([line for line in self.groups if self._key(line) != mine] + by_group)

    def write(self, where: str) -> None:
        """Writes the tables into the page."""
        write_table(self.page, "linking", [*HEAD, *self.lines, "", *GROUPS, *self.groups, "", *self.below, "", where])

    def _ordered(self, lines: list[str]) -> list[str]:
        return sorted(lines, key=lambda line: (self.names.index(self._of(line)), self._key(line)[1] != "joinedup"))

    def _of(self, line: str) -> str:
        return line.split("|")[1].strip().partition(LESS)[0]

    def _key(self, line: str) -> tuple[str, str]:
        return self._of(line), line.split("|")[2].strip()
