"""How to mend each thing that blocks publishing: a sentence, and commands that work as they are pasted."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from joinedup.report.checked import Check


@dataclass(frozen=True, slots=True)
class Situation:
    """What is being published, by whom, and what the release is called in the ledger; the run last published, if any."""

    directory: Path
    run_id: str
    people: tuple[str, str]
    release: str = ""
    before: str = ""

    def verb(self, verb: str, *words: str) -> str:
        """A command on the inquiry, quoted for a shell.

        >>> Situation(Path("my inquiry"), "0001", ("A", "B")).verb("run", "--stage", "report")
        "joinedup run 'my inquiry' --stage report"
        """
        return shlex.join(["joinedup", verb, str(self.directory), *words])


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, and the commands that do it, in order."""

    what: str
    commands: tuple[str, ...] = ()


def remedies(checks: list[Check], situation: Situation) -> dict[str, list[Remedy]]:
    """The ways to mend each check that blocks, by its name, each once."""
    found: dict[str, list[Remedy]] = {}
    for each in checks:
        if each.standing == "blocking":
            ways = _WAYS[each.check](each, situation)
            found.setdefault(each.check, []).extend(way for way in ways if way not in found.get(each.check, []))
    return found


def _linkage(_: Check, now: Situation) -> list[Remedy]:
    by, checked_by = now.people
    accept = "linkage=The report gives the ends that open links leave."
    return [
        Remedy(
            "Decide the pairs, then run again:", (now.verb("review", "--by", by), now.verb("run", "--stage", "link"))
        ),
        Remedy("Or have two people read a random sample, which stands in their place:", (now.verb("sample"),)),
        Remedy(
            "Or publish with a reason, which is kept with both names (write your own):",
            (now.verb("publish", "--by", by, "--checked-by", checked_by, "--accept", accept),),
        ),
    ]


def _disclosure(_: Check, now: Situation) -> list[Remedy]:
    by, checked_by = now.people
    return [
        Remedy(
            'Publish under a rule that says less: [report] disclosure_rule in inquiry.toml, for example "ons_threshold_10". Then:',
            (now.verb("run", "--stage", "report"),),
        ),
        Remedy(
            "Or two people answer for it; the command asks why:",
            (now.verb("decide", "release_override", now.release, checked_by, "--by", by),),
        ),
    ]


def _sentence(_: Check, now: Situation) -> list[Remedy]:
    return [
        Remedy(
            "Mend the entry in findings.toml; the drafts and the numbers they name are printed by the first of these. Then run again:",
            (now.verb("findings", "--toml"), now.verb("run", "--stage", "report")),
        )
    ]


def _arithmetic(check: Check, now: Situation) -> list[Remedy]:
    if check.subject.rpartition("-")[2].isdigit():
        return _sentence(check, now)
    return [
        Remedy("The program is at fault, not the data: report it with the line above. Nothing is published until then.")
    ]


def _bounds(check: Check, now: Situation) -> list[Remedy]:
    if check.subject.rpartition("-")[2].isdigit():
        return _sentence(check, now)
    return [
        Remedy(
            "Write the claim in inquiry.toml so that it can be read; the first command says how this one is. Then run again:",
            (now.verb("claim", check.subject), now.verb("run", "--stage", "profile")),
        )
    ]


def _changes(_: Check, now: Situation) -> list[Remedy]:
    compare = (now.verb("diff", now.before, now.run_id),) if now.before else ()
    return [
        Remedy(
            "Nothing that differs between the two runs can be behind the change, so one of them is not what its inputs make. Compare them, then make the run anew from the returns:",
            (*compare, now.verb("run")),
        )
    ]


def _history(check: Check, now: Situation) -> list[Remedy]:
    if "run again" in check.message:
        return [
            Remedy("Make the report anew, beside what was published since:", (now.verb("run", "--stage", "report"),))
        ]
    return [
        Remedy(
            f"Put {check.subject} back as it was published, from a copy: its hash stands in record.json beside it. Then:",
            (now.verb("publish", "--by", now.people[0], "--checked-by", now.people[1], "--check"),),
        )
    ]


def _run(_: Check, now: Situation) -> list[Remedy]:
    return [Remedy("A run is never changed. Make another, and publish that one:", (now.verb("run"),))]


def _people(_: Check, now: Situation) -> list[Remedy]:
    return [Remedy("Publish with the names of two people; the command asks for them:", (now.verb("publish"),))]


_WAYS: dict[str, Callable[[Check, Situation], list[Remedy]]] = {
    "linkage": _linkage,
    "disclosure": _disclosure,
    "findings": _sentence,
    "arithmetic": _arithmetic,
    "bounds": _bounds,
    "changes": _changes,
    "history": _history,
    "run": _run,
    "people": _people,
}
