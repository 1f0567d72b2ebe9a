"""Responses: data, holds nothing, no answer and unreadable are four different things."""

from __future__ import annotations

import datetime
from typing import Any

from joinedup.collect.ledger import Sender
from joinedup.collect.responses import ReturnRow, respond
from joinedup.domain.numbers import Recipe
from joinedup.settings import Agency

DUE = datetime.date(2011, 3, 31)


def returned(
    form: str | None, state: str = "used", used: int = 3, day: int | None = None, file: str = "x"
) -> ReturnRow:
    received = datetime.date(2011, 4, day) if day else None
    return ReturnRow("a@x", "a", received, file, "00", 1, form, form, state, None, 4, used, 4 - used)


def answer(returns: list[ReturnRow], **agency: Any) -> list[dict[str, object]]:
    stated = Agency(id="a", name="A", kind="police", due=DUE, **agency)
    return respond({"a": Sender("a", "A", "police")}, [stated], returns)


def test_data_and_how_late_and_its_number_recomputed() -> None:
    returns = [returned("people", day=3), returned("people", day=9, file="y"), returned("people", "superseded")]
    (row,) = answer(returns, asked=("people",))
    told = ("state", "asked", "days_late", "files", "rows", "used", "refused", "number_id")
    assert [row[name] for name in told] == ["data", True, 3, 2, 8, 6, 2, "response.a.people"]
    recipe = Recipe.from_json(str(row["recipe"]))
    matching = [each for each in returns if all(getattr(each, name) == value for name, value in recipe.where.items())]
    assert len({getattr(each, recipe.distinct) for each in matching}) == row["files"]


def test_silence_is_no_answer_and_a_statement_is_holds_nothing() -> None:
    assert [row["state"] for row in answer([], asked=("people",))] == ["no_answer"]
    assert [row["state"] for row in answer([], asked=("people",), holds_nothing=True)] == ["holds_nothing"]
    assert [(row["form"], row["asked"]) for row in answer([], holds_nothing=True)] == [(None, False)]


def test_something_that_could_not_be_read_is_neither_silence_nor_data() -> None:
    assert [row["state"] for row in answer([returned(None, "unreadable", 0)], asked=("people",))] == ["unreadable"]
    assert [row["state"] for row in answer([returned("people", used=0)], asked=("people",))] == ["unreadable"]
    assert [row["state"] for row in answer([returned(None, "unrecognised", 0)])] == ["unreadable"]


def test_a_form_nobody_asked_for_is_listed_as_such() -> None:
    found = {row["form"]: (row["asked"], row["state"]) for row in answer([returned("people")], asked=("intelligence",))}
    assert found == {"intelligence": (True, "no_answer"), "people": (False, "data")}


def test_early_is_not_late_and_undated_is_not_known() -> None:
    early = ReturnRow("a@x", "a", datetime.date(2011, 3, 1), "x", "00", 1, "people", "people", "used", None, 1, 1, 0)
    assert answer([early], asked=("people",))[0]["days_late"] == 0
    assert answer([returned("people")], asked=("people",))[0]["days_late"] is None
