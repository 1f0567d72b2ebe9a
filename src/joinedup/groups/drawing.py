"""A group as one self-contained page of restricted material: warnings, picture, and the list beside the picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2

from joinedup.groups.reading import Row
from joinedup.groups.told import NAMES

RESTRICTED = "Restricted: this material is about identifiable people. It is not for publication; keep it as the records it is made of."

_WIDTH, _HEIGHT, _EDGE = 960.0, 720.0, 60.0


@dataclass(frozen=True)
class Node:
    """One person or thing as drawn: `shape` tells what it is without colour, `label` stands beside it."""

    x: float
    y: float
    shape: str
    label: str
    told: str


@dataclass(frozen=True)
class Picture:
    """Nodes, the lines between people and the things they share, and how many of the nodes there are."""

    nodes: Sequence[Node]
    lines: Sequence[tuple[float, float, float, float]]
    of: int
    width: float = _WIDTH
    height: float = _HEIGHT


def picture(page: Mapping[str, Any], layout: Sequence[Row]) -> Picture:
    """The picture of a group from its page and its rows of `group_layout`.

    People are numbered in the order of the page's list; children are circles, suspects squares, those recorded as both
    have both; things are small diamonds with their kind and the letters they have in the list of what holds the group together.
    """
    letters = letters_of(page)
    numbers = {row["person_id"]: row["number"] for row in people_of(page)}
    shapes = {row["person_id"]: _shape(row["roles"]) for row in people_of(page)}
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    for tie in page["ties"]:
        for reason in tie["reasons"]:
            users[reason["kind"], reason["value"]] |= set(tie["people"])
    at = {(row["kind"], row["value"]): _on_page(row) for row in layout}
    nodes, lines = [], []
    for row in layout:
        x, y = at[row["kind"], row["value"]]
        if row["kind"] == "person":
            number = numbers[row["value"]]
            nodes.append(Node(x, y, shapes[row["value"]], str(number), f"{number}: {row['value']}"))
            continue
        # Two may share one thing and stand in the group by others: what no pair of the page rests on is not drawn.
        if (row["kind"], row["value"]) not in letters:
            continue
        who = sorted(users.get((row["kind"], row["value"]), set()))
        lines += [(x, y, *at["person", person]) for person in who if ("person", person) in at]
        thing, letter = NAMES[row["kind"]][0], letters[row["kind"], row["value"]]
        told = f"{letter}: {thing} {row['value']}, shared by {len(who)} members"
        nodes.append(Node(x, y, "thing", f"{thing} {letter}", told))
    return Picture(nodes, sorted(lines), len(numbers) + len(users))


def letters_of(page: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Kind and value of every shared thing with its letters for the picture, in the order of what holds the group together.

    >>> letters_of({"holds_together": [{"kind": "phone", "value": str(number)} for number in range(28)]})["phone", "27"]
    'AB'
    """
    found = {}
    for place, row in enumerate(page["holds_together"]):
        letters, left = "", place + 1
        while left:
            left, letter = divmod(left - 1, 26)
            letters = chr(ord("A") + letter) + letters
        found[row["kind"], row["value"]] = letters
    return found


def people_of(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every member once, in the order of ids, with a number for the picture and the roles in words."""
    found: dict[str, dict[str, Any]] = {}
    for role, word in (("children", "child"), ("suspects", "suspect"), ("others", "other")):
        for row in page["members"][role]:
            found.setdefault(row["person_id"], {**row, "roles": []})["roles"].append(word)
    return [{**found[person], "number": number} for number, person in enumerate(sorted(found), start=1)]


def html(page: Mapping[str, Any], layout: Sequence[Row], run: str) -> str:
    """The page as HTML: no script, no request. The same group of the same run gives the same text."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("joinedup.groups", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    template = environment.get_template("group.html.j2")
    people = people_of(page)
    numbers = {row["person_id"]: row["number"] for row in people}
    told = {"page": page, "picture": picture(page, layout), "people": people, "numbers": numbers, "run": run}
    told["letters"] = letters_of(page)
    return template.render(**told, restricted=RESTRICTED, names=NAMES)


def _shape(roles: Sequence[str]) -> str:
    return "both" if len(roles) > 1 else roles[0]


def _on_page(row: Row) -> tuple[float, float]:
    return (
        round(_EDGE + row["x"] * (_WIDTH - 2 * _EDGE), 1),
        round(_EDGE + row["y"] * (_HEIGHT - 2 * _EDGE), 1),
    )
