"""What changed between two runs of one inquiry, and why: new return, decision, configuration, version."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.store.contract import Store
from joinedup.store.numbers import Number, files_behind, read_numbers

_REASONS = {
    "changed return": "correction",
    "withdrawn return": "correction",
    "seed": "configuration",
    "version": "code",
}


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

    @property
    def reason(self) -> str:
        """The kind of reason a reader is given: new return, correction, decision, configuration or code."""
        return _REASONS.get(self.kind, self.kind)


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
    if before.get("token_key", "") != after.get("token_key", ""):
        found.append(Cause("configuration", "the linkage key"))
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
    if not any(cause.file for cause in known):
        return tuple(known)
    behind = {file for store, number in sides if number for file in files_behind(store, number.recipe)}
    return _near(known, behind)


def _near(known: list[Cause], behind: Collection[str]) -> tuple[Cause, ...]:
    """The causes left after returns that hold no row behind the number; all where that would leave no return."""
    returns = [cause for cause in known if cause.file]
    near = [cause for cause in returns if cause.file in behind] or returns
    return tuple(cause for cause in known if not cause.file or cause in near)


@dataclass(frozen=True, slots=True)
class Shown:
    """One number as a report published it: what it counts, how it is printed, its recipe, the files behind it."""

    label: str
    shown: str
    recipe: str
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """A number that two reports print differently; None where one does not print it. Without `why` it is unexplained."""

    number_id: str
    label: str
    before: str | None
    after: str | None
    why: tuple[Cause, ...]


def published_changes(
    before: Mapping[str, Shown], after: Mapping[str, Shown], known: list[Cause]
) -> list[PublishedChange]:
    """Every number that two reports print differently, by trace id, with the causes that may be behind it.

    A number made by another recipe is another number under the same name, and nothing but code or configuration makes
    that.
    """
    found = []
    for number_id in sorted({*before, *after}):
        old, new = before.get(number_id), after.get(number_id)
        if old and new and old.shown == new.shown:
            continue
        causes_of = known
        if old and new and old.recipe != new.recipe:
            causes_of = [cause for cause in known if cause.reason in ("code", "configuration")]
        behind = {*(old.files if old else ()), *(new.files if new else ())}
        label = new.label if new else old.label if old else ""
        shown = (old.shown if old else None, new.shown if new else None)
        found.append(PublishedChange(number_id, label, *shown, _near(causes_of, behind)))
    return found
