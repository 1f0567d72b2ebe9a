"""What changed between two runs of one inquiry, and why: new return, decision, configuration, version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.store.contract import Store
from joinedup.store.numbers import Number, files_behind, read_numbers


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that differs between what two runs were made of."""

    kind: str
    """new return, changed return, withdrawn return, decision, configuration, review sample, seed or version."""
    what: str
    file: str = ""
    """For returns: the path below returns/."""
    subject: str = ""
    other: str = ""
    """For decisions: what they are about, and the second subject where there is one."""


@dataclass(frozen=True, slots=True)
class Change:
    """A printed number that differs between two runs; None where a run does not print it. `why` names causes, the
    returns among them only where rows of theirs stand behind the number in either run."""

    number_id: str
    before: float | None
    after: float | None
    why: tuple[Cause, ...]


def causes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Cause]:
    """What differs between two manifests.

    >>> causes({"version": "1", "inputs": []}, {"version": "2", "inputs": []})
    [Cause(kind='version', what='1 became 2', file='', subject='', other='')]
    """
    found = _input_causes(before.get("inputs", []), after.get("inputs", []))
    decided = {_key(row): row for row in before.get("decisions", [])}
    decides = {_key(row): row for row in after.get("decisions", [])}
    for key in sorted(set(decided) ^ set(decides)):
        row = decides.get(key) or decided[key]
        said = "recorded" if key in decides else "replaced"
        what = f"decision {row['sequence']} ({row['kind']}) was {said}"
        found.append(Cause("decision", what, "", row["subject"], row["other"]))
    settings = before.get("settings", {}), after.get("settings", {})
    for key in sorted({*settings[0], *settings[1]}):
        if settings[0].get(key) != settings[1].get(key) and key != "seed":
            found.append(Cause("configuration", f"'{key}' of inquiry.toml"))
    ruled, rules = ({row["path"]: row["sha256"] for row in manifest.get("rules", [])} for manifest in (before, after))
    for path in sorted({*ruled, *rules}):
        if ruled.get(path) != rules.get(path):
            found.append(Cause("configuration", f"the inquiry's own rule pack rules/{path}"))
    sampled = [{row["path"]: row["sha256"] for row in manifest.get("sample", [])} for manifest in (before, after)]
    if sampled[0] != sampled[1]:
        found.append(Cause("review sample", "what was drawn or answered in review-sample/"))
    return found + _program_causes(before, after)


def _program_causes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Cause]:
    """The seed, the program, the versions of its models and libraries."""
    was = {kind: before.get(kind) for kind in ("seed", "version")}
    found = [Cause(kind, f"{old} became {after.get(kind)}") for kind, old in was.items() if old != after.get(kind)]
    for part, called in (("models", "the model of {}"), ("libraries", "{}")):
        old, new = before.get(part, {}), after.get(part, {})
        found += [
            Cause("version", f"{called.format(name)}: {old[name]} became {new[name]}")
            for name in sorted(old.keys() & new.keys())
            if old[name] != new[name]
        ]
    return found


def _key(row: Mapping[str, Any]) -> str:
    return f"{row['sequence']:012d} {row['kind']} {row['subject']} {row['other']} {row['judgement']}"


def _input_causes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Cause]:
    was = {row["path"]: row["sha256"] for row in before}
    now = {row["path"]: row["sha256"] for row in after}
    found = []
    for path in sorted({*was, *now}):
        if path not in was:
            found.append(Cause("new return", f"returns/{path}", path))
        elif path not in now:
            found.append(Cause("withdrawn return", f"returns/{path}", path))
        elif was[path] != now[path]:
            found.append(Cause("changed return", f"returns/{path}", path))
    return found


def changes(before: Store, after: Store, known: list[Cause]) -> list[Change]:
    """Every printed number that differs between two runs, by trace id, with the causes that may be behind it."""
    was, now = read_numbers(before), read_numbers(after)
    found = []
    for number_id in sorted({*was, *now}):
        old, new = was.get(number_id), now.get(number_id)
        if (old.value if old else None) != (new.value if new else None):
            why = _why(known, (before, old), (after, new))
            found.append(Change(number_id, old.value if old else None, new.value if new else None, why))
    return found


def _why(known: list[Cause], *sides: tuple[Store, Number | None]) -> tuple[Cause, ...]:
    """The causes left after returns with no row behind the number in either run are set aside. Where every return
    would be set aside, all stay: a new return can move a number through links alone."""
    returns = [cause for cause in known if cause.file]
    if not returns:
        return tuple(known)
    behind = {file for store, number in sides if number for file in files_behind(store, number.recipe)}
    near = [cause for cause in returns if cause.file in behind] or returns
    return tuple(cause for cause in known if not cause.file or cause in near)
