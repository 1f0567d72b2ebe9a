"""inquiry.toml: the question, the period, who was asked, for what, by when; thresholds. Read with tomllib, checked by pydantic.

A mistake is reported with its line, what was expected, and the nearest valid key.
"""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
import types
import typing
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from joinedup.errors import SettingsError

AgencyKind = Literal["police", "social_care", "charity", "school", "health", "youth_justice", "other"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Period(_Strict):
    """The first and last day the inquiry asks about."""

    start: datetime.date = Field(alias="from")
    end: datetime.date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            raise ValueError("the period must end on or after the day it starts")
        return self


class Agency(_Strict):
    """One agency that was asked, and what it said."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    name: str
    kind: AgencyKind
    asked: tuple[str, ...] = ()
    due: datetime.date | None = None
    holds_nothing: bool = False
    area: str | None = None
    nation: Literal["england", "wales", "scotland", "northern_ireland"] = "england"
    mapping: dict[str, str] = Field(default_factory=dict)
    ids_are_unique: bool = False
    unknown_dates_of_birth: tuple[str, ...] = ()
    definition: str | None = None
    covers: Period | None = None


class LinkSettings(_Strict):
    """When two mentions are taken to be one person; the key file of agencies that send tokens, outside the folder; with engine = "spark", the master that compares them (`local[*]` is this
    machine, `spark://HOST:7077` a cluster) and the memory it may take there (`4g`, `900m`)."""

    linked_at: float = Field(default=0.5, gt=0, le=1)
    review_from: float = Field(default=0.1, ge=0, lt=1)
    act_at: float = Field(default=0.99, gt=0, le=1)
    token_key_file: str | None = None
    spark_master: str = "local[*]"
    spark_memory: Annotated[str, Field(pattern=r"^[1-9][0-9]*[mg]$")] = "4g"

    @model_validator(mode="after")
    def _in_order(self) -> LinkSettings:
        if not self.review_from <= self.linked_at <= self.act_at:
            raise ValueError("must rise: review_from <= linked_at <= act_at")
        return self


ESTIMATED_BY = ("area", "sex", "age_band", "year")
NEVER_ESTIMATED_BY = frozenset({"ethnicity", "ethnic_group", "race", "nationality", "religion", "belief"})


class EstimateSettings(_Strict):
    """How the hidden number is estimated."""

    level: float = Field(default=0.95, gt=0.5, lt=1)
    least_overlap: int = Field(default=7, ge=1)
    lists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    never_both: tuple[tuple[str, str], ...] = ()
    holds_only: dict[str, str] = Field(default_factory=dict)
    strata: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()

    @field_validator("strata", "covariates")
    @classmethod
    def _taken(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Only what may steer how many are looked for: never ethnicity, nationality or religion."""
        for name in names:
            if name not in ESTIMATED_BY:
                never = name.strip().lower().replace(" ", "_") in NEVER_ESTIMATED_BY
                why = "is never used in an estimate" if never else "is not known here"
                raise ValueError(f"{name} {why}; one of: {', '.join(ESTIMATED_BY)}")
        return names


class ReportSettings(_Strict):
    """How numbers leave."""

    disclosure_rule: str = "nhs_round_5"
    title: str | None = None


class Inquiry(_Strict):
    """One inquiry, as inquiry.toml states it."""

    name: str
    question: str
    period: Period
    agency: tuple[Agency, ...] = ()
    engine: Literal["duckdb", "spark"] = "duckdb"
    seed: int = Field(default=1, ge=0, lt=2**31)
    rule_packs: tuple[str, ...] = ("missing", "contact", "history")
    claims: tuple[str, ...] = ()
    link: LinkSettings = Field(default_factory=LinkSettings)
    estimate: EstimateSettings = Field(default_factory=EstimateSettings)
    report: ReportSettings = Field(default_factory=ReportSettings)

    @field_validator("agency")
    @classmethod
    def _ids_differ(cls, agencies: tuple[Agency, ...]) -> tuple[Agency, ...]:
        seen: set[str] = set()
        for agency in agencies:
            if agency.id in seen:
                raise ValueError(f"two agencies have the id {agency.id!r}")
            seen.add(agency.id)
        return agencies

    def agency_of(self, agency_id: str) -> Agency | None:
        """The agency with this id, or None when inquiry.toml does not name it."""
        return next((agency for agency in self.agency if agency.id == agency_id), None)


def load_inquiry(directory: Path) -> Inquiry:
    """The inquiry stated in `directory`/inquiry.toml.

    Raises SettingsError naming the line, what was expected and the nearest valid key.
    """
    path = directory / "inquiry.toml"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(
            f"{directory} has no inquiry.toml", remedy=f"Make one with: joinedup init {directory}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"inquiry.toml cannot be read: {type(error).__name__}", remedy="Save it as UTF-8 text and make it readable."
        ) from error
    return parse_inquiry(text)


def parse_inquiry(text: str) -> Inquiry:
    r"""The inquiry stated in the text of an inquiry.toml.

    >>> parse_inquiry('name="N"\nquestion="Q"\nperiod={from=2010-01-01,to=2010-12-31}').name
    'N'
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"inquiry.toml is not valid TOML: {error}", remedy="Mend that line; strings stand in double quotes."
        ) from error
    try:
        return Inquiry.model_validate(raw)
    except ValidationError as error:
        faults = [_explain(fault["loc"], fault["type"], fault["msg"], text) for fault in error.errors()]
        raise SettingsError(
            "inquiry.toml: " + "\n".join(faults), remedy="Every key is listed in docs/reference/inquiry-toml.md."
        ) from error


def _explain(where: tuple[int | str, ...], fault: str, message: str, text: str) -> str:
    line = _line_of(text, where)
    place = f"line {line}: " if line else ""
    key = ".".join(str(part) for part in where)
    if fault == "extra_forbidden":
        near = difflib.get_close_matches(str(where[-1]), _valid_keys(where[:-1]), n=1, cutoff=0.5)
        return f"{place}unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if fault == "missing":
        return f"{place}{key!r} is missing"
    return f"{place}{key!r}: {message.removeprefix('Value error, ')}"


def _valid_keys(where: tuple[int | str, ...]) -> list[str]:
    model: Any = Inquiry
    for part in where:
        if isinstance(part, int) or not hasattr(model, "model_fields"):
            continue
        by_key = {(field.alias or name): field for name, field in model.model_fields.items()}
        model = _model_inside(by_key[part].annotation) if part in by_key else None
    if not hasattr(model, "model_fields"):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_inside(annotation: Any) -> Any:
    if typing.get_origin(annotation) in (tuple, list, typing.Union, types.UnionType, Annotated):
        return next((found for part in typing.get_args(annotation) if (found := _model_inside(part))), None)
    return annotation if hasattr(annotation, "model_fields") else None


def _line_of(text: str, where: tuple[int | str, ...]) -> int | None:
    """The line a key of the parsed document stands on: tomllib keeps none, so headings and keys are followed again."""
    best: tuple[int, int] | None = None
    counts: dict[str, int] = {}
    table: list[int | str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?", line):
            name = heading.group(2)
            table = list(name.split("."))
            if heading.group(1) == "[[":
                counts[name] = counts.get(name, -1) + 1
                table.append(counts[name])
            elif len(table) > 1 and table[0] in counts:
                table.insert(1, counts[str(table[0])])
            path = tuple(table)
        elif key := re.match(r"\s*\"?([A-Za-z0-9_.-]+)\"?\s*=", line):
            path = (*table, *key.group(1).split("."))
        else:
            continue
        depth = len(path)
        if tuple(where[:depth]) == path and (best is None or depth > best[0]):
            best = (depth, number)
    return best[1] if best else None
