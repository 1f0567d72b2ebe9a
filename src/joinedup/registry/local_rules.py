"""An inquiry's own rule packs: YAML files in its folder `rules/`, each fault told with its line and what was expected."""

from __future__ import annotations

import difflib
from pathlib import Path

import yaml
from pydantic import ValidationError

from joinedup.errors import SettingsError
from joinedup.registry.rules import Pack, Place, packs, unknown_names

FOLDER = "rules"
_LARGEST = 1_000_000
_REMEDY = "Mend the lines named; joinedup rules --explain repeat_missing shows a whole rule."


def local_packs(inquiry_dir: Path) -> dict[str, Pack]:
    """The packs of the inquiry's own folder, by id.

    Raises SettingsError naming file and line: for a pack that cannot be read, and for an id of a pack or rule already taken.
    """
    found: dict[str, Pack] = {}
    rules = {rule.id: pack.id for pack in packs().values() for rule in pack.rules}
    for path in sorted((inquiry_dir / FOLDER).glob("*.yaml")):
        pack = read_pack(path)
        if pack.id in packs() or pack.id != path.stem:
            wrong = "is the id of a registered pack" if pack.id in packs() else "is not the name of its file"
            raise SettingsError(f"{path.name}: the pack's id {pack.id!r} {wrong}", remedy="Name pack and file alike.")
        if taken := [rule.id for rule in pack.rules if rule.id in rules]:
            raise SettingsError(
                f"{path.name}: the pack {rules[taken[0]]!r} already has a rule {taken[0]!r}",
                remedy="Choose another id.",
            )
        rules |= {rule.id: pack.id for rule in pack.rules}
        found[pack.id] = pack
    return found


def read_pack(path: Path) -> Pack:
    """The rule pack of one YAML file.

    Raises SettingsError with every fault on a line of its own: the line in the file, the key, what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if len(text) > _LARGEST:
            raise SettingsError(f"{path.name} is too large for a rule pack", remedy="A pack is a page or two of text.")
        faults, pack = _read(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path.name} cannot be read: {type(error).__name__}", remedy="Save it as UTF-8 text and make it readable."
        ) from error
    if pack is None:
        raise SettingsError("\n".join(f"{path.name} {fault}" for fault in faults), remedy=_REMEDY)
    return pack


def _read(text: str) -> tuple[list[str], Pack | None]:
    """The faults, or the pack where there are none."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader)):
            return ["line 1: aliases (*name) are not used in rule packs"], None
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
        # Every value as it was written: a version 1.10, a date and the word no stay what the expert wrote.
        raw = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  (the base loader makes nothing but text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [f"line {line}: not valid YAML: {error.problem}"], None
    if not isinstance(tree, yaml.MappingNode):
        return ["line 1: expected the keys of a pack: id, title, version, about, rules"], None
    faults = [(line, f"the key {key!r} stands twice") for line, key in _twice(tree)]
    try:
        pack = Pack.model_validate(raw)
    except ValidationError as error:
        told = error.errors()
        for fault in told:
            where = fault["loc"]
            # A list all of whose entries are faulty is not also too short.
            if not any(other["loc"][: len(where)] == where and len(other["loc"]) > len(where) for other in told):
                faults.append(_explain(tree, where, fault["type"], fault["msg"]))
    else:
        faults += [(line_of(tree, where), message) for where, message in unknown_names(pack)]
        if not faults:
            return [], pack
    return [f"line {line}: {message}" for line, message in sorted(set(faults))], None


def line_of(tree: yaml.Node, where: Place) -> int:
    r"""The line of the deepest part of `where` that the document holds, counted from 1; of a value, its key's line.

    >>> line_of(yaml.compose("id: a\nrules:\n  - id: b\n    title: c"), ("rules", 0, "title"))
    4
    """
    node, line = tree, tree.start_mark.line
    for part in where:
        if isinstance(node, yaml.MappingNode):
            # A place may name a choice that pydantic made, which stands nowhere in the document: it is passed over.
            held = next(((key, value) for key, value in node.value if key.value == part), None)
            if held is not None:
                line, node = held[0].start_mark.line, held[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
    return int(line) + 1


def _twice(node: yaml.Node) -> list[tuple[int, str]]:
    """Every key that stands twice in one mapping, with the line of the second."""
    found: list[tuple[int, str]] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                found.append((key.start_mark.line + 1, str(key.value)))
            seen.add(str(key.value))
            found += _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += _twice(value)
    return found


def _explain(tree: yaml.Node, where: Place, fault: str, message: str) -> tuple[int, str]:
    """The line of a fault and its sentence."""
    line = line_of(tree, where)
    key = ".".join(str(part) for part in where if isinstance(part, str)) or "the pack"
    if fault == "extra_forbidden":
        near = difflib.get_close_matches(str(where[-1]), _KEYS, n=1, cutoff=0.6)
        return line, f"unknown key {where[-1]!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if fault == "missing":
        return line, f"{key!r} is missing"
    return line, f"{key!r}: {message.removeprefix('Value error, ')}"


_KEYS = (
    "id", "title", "version", "about", "rules", "test", "reason", "needs", "not_recorded", "clears", "source", "caveat",
    "examples", "kind", "events", "outcomes", "least", "within_days", "event", "step", "recorded_by", "expect", "start",
    "end", "type", "details", "agency", "case", "outcome",
)  # fmt: skip
"""Every key a pack may hold somewhere, to name the nearest."""
