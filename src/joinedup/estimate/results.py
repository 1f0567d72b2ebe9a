"""What is asked of an estimate and what it answers: frozen, and as plain values, JSON, a table or a frame."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked: a method, the largest term of a model (none: as large as is tried), replicates, seed and level.

    Without replicates the methods that rest on them have no limits. `beside`: whether the other methods are run too; with neither,
    nothing is said of models that fit about as well. `model`: the one of the method `fixed`, written as models are printed.
    """

    method: str = "auto"
    max_order: int | None = None
    replicates: int = 1000
    seed: int = 1
    level: float = 0.95
    beside: bool = True
    model: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no headline is given, and what would lift it."""

    reason: str
    lifted_by: str


@dataclass(frozen=True, slots=True)
class MethodRow:
    """What one method says: a total with its limits, infinite limits as none; or nothing, with the reason."""

    method: str
    model: str | None
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float
    chosen: bool
    reason: str | None
    assumption: str


@dataclass(frozen=True, slots=True)
class PopulationEstimate:
    """The answer to one overlap table. Where it is refused, the estimate and its limits are none and the range stays.

    `overlaps`: the people of each pattern of lists, as the lists' names joined by ` & `. `totals`: what every replicate came to by
    the method that leads, infinite where it has no model; empty where the method draws none.
    """

    observed: int
    on_several: int
    lists: tuple[str, ...]
    method: str
    model: str | None
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float
    refused: Refusal | None
    warnings: tuple[str, ...]
    range: tuple[MethodRow, ...]
    assumption: str
    table: str
    seed: int
    replicates: int
    overlaps: tuple[tuple[str, int], ...] = ()
    totals: tuple[float, ...] = field(default=(), repr=False)

    @property
    def lower_bound(self) -> float | None:
        """Chao's lower bound, where it is in the range."""
        return next((row.estimate for row in self.range if row.method == "chao"), None)

    @property
    def words(self) -> str:
        """The answer in sentences: the known count first, then the lower bound, the method that leads, and the range."""
        said = [f"{self.observed:,} people are on the lists."]
        if self.refused or self.estimate is None:
            why = self.refused.reason if self.refused else "no model can be fitted."
            return " ".join([*said, f"No total is given: {why}"])
        if self.lower_bound is not None and self.method != "chao":
            said.append(
                f"If lists do not feed one another, there are at least about {self.lower_bound:,.0f} in all (lower bound)."
            )
        limits = ""
        if self.lower is not None:
            upper = f"{self.upper:,.0f}" if self.upper is not None else "no upper limit"
            limits = f" ({self.lower:,.0f} to {upper}; model-based, nominal {self.level:.0%})"
        said.append(f"In all there are about {self.estimate:,.0f}{limits}, by the method {self.method}.")
        others = [row.estimate for row in self.range if row.estimate is not None and row.method != "chao"]
        if len(others) > 1:
            said.append(f"The {len(others)} methods tried give from {min(others):,.0f} to {max(others):,.0f}.")
        return " ".join(said)

    def to_dict(self) -> dict[str, object]:
        """The answer as plain values; `nominal` repeats the level, which limits that rest on a model are not sure to reach."""
        found = asdict(self)
        del found["totals"]
        found["overlaps"] = dict(self.overlaps)
        found["lower_bound"] = self.lower_bound
        found["nominal"] = self.level
        found["interval"] = f"model-based, nominal {self.level:.0%}"
        found["words"] = self.words
        found["versions"] = versions()
        return found

    def to_json(self) -> str:
        """The answer as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_table(self) -> pa.Table:
        """One row for each method of the range, as an Arrow table."""
        return pa.Table.from_pylist([asdict(row) for row in self.range], schema=_RANGE)

    def to_frame(self) -> Any:
        """One row for each method of the range, as a pandas data frame; pandas must be installed, joinedup does not bring it."""
        return self.to_table().to_pandas()

    def plot(self, kind: str = "methods") -> Any:
        """An Altair chart: `methods` (every method with its limits), `overlaps` (UpSet) or `bootstrap` (totals of replicates).

        `joinedup.estimate.charts` draws those of the sensitivity, and writes any of them as SVG, PNG or HTML.
        Raises ValueError for another kind, or where there is nothing of that kind to draw.
        """
        from joinedup.estimate.drawing import of_result  # noqa: PLC0415  (Altair takes a second to load)

        return of_result(self, kind)


def versions() -> dict[str, str]:
    """The versions that an estimate follows from."""
    return {each: version(each) for each in ("joinedup", "numba", "numpy", "scipy")}


_FIELDS: list[tuple[str, pa.DataType]] = [
    ("method", pa.string()),
    ("model", pa.string()),
    ("estimate", pa.float64()),
    ("lower", pa.float64()),
    ("upper", pa.float64()),
    ("level", pa.float64()),
    ("chosen", pa.bool_()),
    ("reason", pa.string()),
    ("assumption", pa.string()),
]
_RANGE = pa.schema(_FIELDS)
