"""`joinedup rules`: the rules of finding, one explained in full, a pack tried on its own examples."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson
from joinedup.errors import EXIT_FINDINGS, UsageError
from joinedup.find.examples import try_pack
from joinedup.registry.local_rules import local_packs, read_pack
from joinedup.registry.rules import Pack, Rule, packs
from joinedup.settings import Inquiry, load_inquiry


def rules(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The inquiry folder, for its own packs in DIR/rules.")
    ] = None,
    *,
    list_all: Annotated[
        bool, typer.Option("--list", help="List every rule; what is done without another option.")
    ] = False,
    explain: Annotated[str | None, typer.Option(metavar="RULE", help="Explain one rule in full.")] = None,
    test: Annotated[
        str | None, typer.Option(metavar="PACK", help="Try a pack, by its id or a YAML file, on its own examples.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the rules of finding, explain one, or try a pack on its own examples (exit 1 where one goes wrong)."""
    if sum((list_all, explain is not None, test is not None)) > 1:
        raise UsageError("more than one of --list, --explain and --test was given", remedy="Give one of them.")
    if test is not None and Path(test).suffix == ".yaml":
        _try(read_pack(Path(test)), as_json=as_json)
        return
    known = {**packs(), **(local_packs(directory) if directory else {})}
    if test is not None:
        if test not in known:
            raise UsageError(f"there is no rule pack {test!r}", remedy=f"Rule packs: {', '.join(sorted(known))}.")
        _try(known[test], as_json=as_json)
    elif explain is not None:
        _explain(known, explain, as_json=as_json)
    else:
        _list(known, _switched_on(directory), as_json=as_json)


def _switched_on(directory: Path | None) -> tuple[str, ...]:
    if directory is not None:
        return load_inquiry(directory).rule_packs
    default: tuple[str, ...] = Inquiry.model_fields["rule_packs"].default
    return default


def _list(known: dict[str, Pack], switched_on: tuple[str, ...], *, as_json: bool) -> None:
    rows = [
        {"pack": pack.id, "version": pack.version, "on": pack.id in switched_on, "rule": rule.id, "title": rule.title}
        for pack in known.values()
        for rule in pack.rules
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(
            "Rules of finding", ("pack", "version", "on", "rule", "title"), [tuple(row.values()) for row in rows]
        )
        out.print("A rule is a reason for a person to look. None has a published sensitivity or specificity.")
    next_command("joinedup rules --explain RULE")


def _explain(known: dict[str, Pack], wanted: str, *, as_json: bool) -> None:
    found = [(pack, rule) for pack in known.values() for rule in pack.rules if rule.id == wanted]
    if not found:
        named = ", ".join(rule.id for pack in known.values() for rule in pack.rules)
        raise UsageError(f"there is no rule {wanted!r}", remedy=f"Rules: {named}.")
    pack, rule = found[0]
    if as_json:
        print_json({"pack": pack.label, **rule.model_dump(mode="json")})
    else:
        out.print(f"{rule.id}: {rule.title}", style="bold", markup=False)
        for heading, said in _told(pack, rule):
            out.print(f"{heading}: {' '.join(said.split())}", markup=False, soft_wrap=True)
    next_command(f"joinedup rules --test {pack.id}")


def _told(pack: Pack, rule: Rule) -> list[tuple[str, str]]:
    test: dict[str, Any] = rule.test.model_dump(mode="json")
    fires = ", ".join(f"{name} {_plain(value)}" for name, value in test.items() if value)
    shown = [(f"Example ({example.expect.replace('_', ' ')})", example.about) for example in rule.examples]
    return [
        ("Pack", pack.label), ("Fires on", fires), ("Says", rule.reason), ("Needs", rule.needs),
        ("Where it is not recorded", rule.not_recorded), ("Cleared by", rule.clears), ("Source", rule.source),
        ("Cannot mean", rule.caveat), *shown,
    ]  # fmt: skip


def _plain(value: Any) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def _try(pack: Pack, *, as_json: bool) -> None:
    tried = try_pack(pack)
    wrong = [one for one in tried if not one.right]
    if as_json:
        print_json({"pack": pack.label, "right": not wrong, "examples": [asdict(one) for one in tried]})
    else:
        rows = [(one.rule, one.expect, one.came, one.right, one.reason or one.about) for one in tried]
        print_table(f"Pack {pack.label} on its own examples", ("rule", "expected", "came", "right", "example"), rows)
        out.print(f"{len(tried) - len(wrong)} of {len(tried)} examples come out as the pack says.")
    next_command(f'rule_packs = ["{pack.id}"] in inquiry.toml, then joinedup run DIR --stage find'.replace("[", r"\["))
    if wrong:
        raise typer.Exit(EXIT_FINDINGS)
