"""Made-up records on which a standard or a breach rule is tried, as a domain expert writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, model_validator

from joinedup.registry.documents import Entry
from joinedup.registry.rules import ExampleEvent


class BreachEvent(ExampleEvent):
    """One made-up event, of the example's child unless another is named; `agency` doubles as its form where none is given.

    `suspects` are named in it, `status` is what it says of the child, `code` its own code. `times` repeats it for as many
    different children, each in a case of its own, and `months` from its start on once a month.
    """

    code: str | None = None
    child: str = "the child"
    suspects: tuple[str, ...] = ()
    status: str | None = None
    times: int = Field(default=1, ge=1, le=200)
    months: int = Field(default=1, ge=1, le=60)


class BreachExample(Entry):
    """Made-up records, and what the rule must make of its pathway; `reason` is the sentence where it fires.

    `born` is the child's date of birth on every record; empty where no record holds one.
    """

    expect: Literal["fires", "just_misses", "lacks"]
    about: str
    events: tuple[BreachEvent, ...] = ()
    born: str | None = "1996-05-05"
    reason: str | None = None

    @model_validator(mode="after")
    def _a_reason_where_it_fires(self) -> BreachExample:
        if (self.expect == "fires") != (self.reason is not None):
            raise ValueError("an example that fires says the reason it must give, and no other does")
        return self


def every_kind_of_example(name: str, examples: Sequence[BreachExample]) -> None:
    """Raises ValueError where a rule shows no example that fires, none that just misses, or none that lacks what it needs."""
    shown = {example.expect for example in examples}
    if missing := [kind for kind in ("fires", "just_misses", "lacks") if kind not in shown]:
        raise ValueError(f"{name}: there is no example that {' or '.join(missing)}")
