"""`joinedup standards`: the standards and breach rules of the audit, one explained in full, any tried on their own examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from joinedup.audit.examples import Tried, try_rule, try_standard
from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson
from joinedup.errors import EXIT_FINDINGS, UsageError
from joinedup.registry.breach_rules import BreachRule, breach_rules
from joinedup.registry.local_standards import all_standards, read_standards
from joinedup.registry.standards import Standard
from joinedup.registry.standards import standards as registered
from joinedup.settings import load_inquiry

ALL = "all"
Known = Mapping[str, Standard | BreachRule]


def standards(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The inquiry folder, for its own standards in DIR/standards.")
    ] = None,
    *,
    list_all: Annotated[
        bool, typer.Option("--list", help="List every standard and breach rule; what is done without another option.")
    ] = False,
    explain: Annotated[str | None, typer.Option(metavar="NAME", help="Explain one in full.")] = None,
    test: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Try one by its name, a YAML file of standards, or 'all', on their own examples."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what leads are audited by, explain one, or try any on their own examples (exit 1 where one goes wrong).

    A standard says which step follows a lead by when; a breach rule says what stands against how a lead was ended.
    """
    if sum((list_all, explain is not None, test is not None)) > 1:
        raise UsageError("more than one of --list, --explain and --test was given", remedy="Give one of them.")
    if test is not None and Path(test).suffix in {".yaml", ".yml"}:
        _try({one.id: one for one in read_standards(Path(test))}, as_json=as_json)
        return
    known = _known(directory)
    if test is not None:
        _try(known if test == ALL else {test: _found(known, test)}, as_json=as_json)
    elif explain is not None:
        _explain(_found(known, explain), as_json=as_json)
    else:
        _list(known, as_json=as_json)


def _known(directory: Path | None) -> Known:
    """The registered standards, an inquiry's own, and the breach rules, by name."""
    if directory is None:
        return {**registered(), **breach_rules()}
    load_inquiry(directory)
    return {**all_standards(directory), **breach_rules()}


def _found(known: Known, name: str) -> Standard | BreachRule:
    if name not in known:
        raise UsageError(f"there is no standard or breach rule {name!r}", remedy=f"There are: {', '.join(known)}.")
    return known[name]


def _list(known: Known, *, as_json: bool) -> None:
    rows = [
        {"name": name, "kind": _kind(one), "nation": one.nation if isinstance(one, Standard) else "", "since": str(one.since) if isinstance(one, Standard) else "", "title": one.title}
        for name, one in known.items()
    ]  # fmt: skip
    if as_json:
        print_json(rows)
    else:
        print_table(
            "Standards and breach rules",
            ("name", "kind", "nation", "since", "title"),
            [(*row.values(),) for row in rows],
        )
        out.print("A breach is a reason for a person to open the rows behind it, and no finding of fault.")
    next_command("joinedup standards --explain NAME")


def _kind(one: Standard | BreachRule) -> str:
    if isinstance(one, BreachRule):
        return "breach rule"
    return "standard" if one.id in registered() else "local standard"


def _explain(one: Standard | BreachRule, *, as_json: bool) -> None:
    if as_json:
        print_json({"kind": _kind(one), **one.model_dump(mode="json")})
    else:
        out.print(f"{one.id}: {one.title}", style="bold", markup=False)
        said = _of_standard(one) if isinstance(one, Standard) else _of_rule(one)
        examples = [(f"Example ({each.expect.replace('_', ' ')})", each.about) for each in one.examples]
        for heading, text in [*said, ("Source", one.source), ("Cannot mean", one.caveat), *examples]:
            out.print(f"{heading}: {' '.join(text.split())}", markup=False, soft_wrap=True)
    next_command(f"joinedup standards --test {one.id}")


def _of_standard(one: Standard) -> list[tuple[str, str]]:
    clock = one.clock
    starts = f"the {clock.starts_at} of the {_plain(one.first_step)}"
    due = f", where a {_plain(one.after)} followed" if one.after else ""
    excused = [
        *(_plain(name) for name in one.excused_outcomes),
        *(f"{_plain(name)}: {', '.join(values)}" for name, values in one.excused_details.items()),
    ]
    until = f" until {one.until}" if one.until else ""
    before = "; earlier years are held to it too" if one.also_before else ""
    return [
        ("Nation", one.nation.replace("_", " ").title()),
        ("Binds", f"{', '.join(_plain(kind) for kind in one.binds)}, from {one.since}{until}{before}"),
        ("Clock", f"{clock.length} {_plain(clock.unit)} from {starts}{due}"),
        ("Step", f"the {one.step.at} of the {_plain(one.step.event)}{', by any agency' if one.step.any_agency else ''}"),
        ("Not due", "; ".join(excused) or "never excused"),
        ("Shown by the forms", ", ".join(one.forms)), ("Says, when late", one.late), ("Says, when not done", one.not_done),
    ]  # fmt: skip


def _of_rule(one: BreachRule) -> list[tuple[str, str]]:
    test = one.test.model_dump(mode="json")
    fires = ", ".join(f"{name} {_listed(value)}" for name, value in test.items() if value)
    return [("Fires on", fires), ("Says", one.reason), ("Counts as", _plain(one.says)), ("Needs", one.needs)]


def _listed(value: object) -> str:
    if isinstance(value, list):
        return " or ".join(map(_listed, value))
    if isinstance(value, dict):
        return " ".join(f"{name} {_listed(each)}" for name, each in value.items())
    return str(value)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _try(chosen: Known, *, as_json: bool) -> None:
    tried: list[Tried] = []
    for one in chosen.values():
        tried += try_standard(one) if isinstance(one, Standard) else try_rule(one)
    wrong = [one for one in tried if not one.right]
    if as_json:
        print_json({"right": not wrong, "examples": [asdict(one) for one in tried]})
    else:
        rows = [(one.rule, one.expect, one.came, one.right, one.reason or one.about) for one in tried]
        print_table("On their own examples", ("name", "expected", "came", "right", "example"), rows)
        out.print(f"{len(tried) - len(wrong)} of {len(tried)} examples come out as they say.")
    next_command("joinedup run DIR --stage audit, then joinedup breaches DIR")
    if wrong:
        raise typer.Exit(EXIT_FINDINGS)
