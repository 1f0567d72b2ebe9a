"""The ledger of decisions: record one, read those that stand."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connections

from joinedup.domain.judgements import DIFFERENT, ON_PAIRS, SAME, UNSURE, Judgements
from joinedup.domain.nouns import Decision
from joinedup.errors import RefusedError, UnreadableError, UsageError

FILE = "casework.sqlite3"
DATABASE_URL = "JOINEDUP_CASEWORK_URL"
"""Environment variable with postgresql://user:password@host:port/name for a team; SQLite in the folder without it."""

RELEASE_OVERRIDE = "release_override"
"""Its subject is the release's fingerprint, `decided_by` one of the two who decide and `other` the second."""

KINDS = {
    SAME: "two mentions are one person",
    DIFFERENT: "two mentions are two people",
    UNSURE: "it cannot be told whether two mentions are one person; takes back what was decided of them before",
    "entity_is_not_a_hub": "an entity set aside as a hub may make ties again",
    "entity_is_a_hub": "an entity must make no ties, however few share it; takes back that it may",
    "restricted_copy_made": "a copy of material about identifiable people was written to a file",
    "concern_reviewed": "a person has looked at a child's concerns",
    RELEASE_OVERRIDE: "a release that its audit does not pass goes out all the same; two people decide it",
    "lead_reviewed": "a person has looked again at a closed lead",
}
"""What can be decided, and what each means."""

OF_A_FINISHED_RUN = frozenset({"restricted_copy_made", RELEASE_OVERRIDE})
"""What is done with the results of a run, and changes none of another."""


def decisions_of(inquiry_dir: Path) -> list[Decision]:
    """Every decision that stands, in the order recorded; those replaced by a later one are left out."""
    if not os.environ.get(DATABASE_URL) and not (inquiry_dir / FILE).exists():
        return []
    model, alias = _open(inquiry_dir)
    rows = list(model.objects.using(alias).order_by("sequence").values())
    replaced = {row["replaces_id"] for row in rows}
    return [_noun(row) for row in rows if row["sequence"] not in replaced]


def applied_decisions(inquiry_dir: Path) -> list[Decision]:
    """The decisions that stand and that the next run applies."""
    return [decision for decision in decisions_of(inquiry_dir) if decision.kind not in OF_A_FINISHED_RUN]


def record(inquiry_dir: Path, decision: Decision) -> Decision:
    """Appends the decision and returns it with its place in the ledger.

    A decision on two mentions takes the place of the one that stands on them. Raises UsageError for an unknown kind, a
    decision without a reason or a name, one on a pair that is no pair, an override by one person alone, or one that replaces what is not there, and
    RefusedError when decisions that stand say the opposite together.
    """
    if decision.kind not in KINDS:
        raise UsageError(f"there is no kind of decision {decision.kind!r}", remedy=f"Kinds: {', '.join(KINDS)}.")
    if not decision.reason.strip() or not decision.decided_by.strip():
        raise UsageError("a decision needs a reason and the name of who decided", remedy="Give --why and --by.")
    if decision.kind == RELEASE_OVERRIDE:
        _by_two_people(decision)
    if decision.kind in ON_PAIRS:
        decision = on_a_pair(decision, decisions_of(inquiry_dir))
    model, alias = _open(inquiry_dir)
    ledger = model.objects.using(alias)
    if decision.replaces is not None and not ledger.filter(sequence=decision.replaces).exists():
        raise UsageError(
            f"there is no decision {decision.replaces} to replace", remedy="joinedup decisions DIR lists them."
        )
    row = ledger.create(
        kind=decision.kind,
        subject=decision.subject,
        other=decision.other,
        judgement=decision.judgement,
        reason=decision.reason,
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
        replaces_id=decision.replaces,
    )
    return _noun({**vars(row), "replaces_id": row.replaces_id})


def override_of(inquiry_dir: Path, fingerprint: str) -> Decision | None:
    """The decision that lets the release with this fingerprint out although its audit does not pass; None without one.

    It is of that release alone: a release with one other number has another fingerprint.
    """
    standing = [each for each in decisions_of(inquiry_dir) if each.kind == RELEASE_OVERRIDE]
    return next((each for each in reversed(standing) if each.subject == fingerprint), None)


def _by_two_people(decision: Decision) -> None:
    one, other = (" ".join(name.split()).casefold() for name in (decision.decided_by, decision.other))
    if not other or one == other:
        raise UsageError(
            "a release that its audit does not pass needs two different people who decide it",
            remedy="Give the name of the second person too: --checked-by, or the second id of joinedup decide.",
        )
    if not decision.subject.strip():
        raise UsageError(
            "an override is of one release", remedy="Give its fingerprint: joinedup audit-release prints it."
        )


def on_a_pair(decision: Decision, standing: list[Decision]) -> Decision:
    """The decision, taking the place of the one that stands on the same two mentions."""
    pair = {decision.subject, decision.other}
    if len(pair) != 2 or "" in pair:
        raise UsageError("a decision about two mentions needs two different ones", remedy="Give both mention ids.")
    before = [found for found in standing if found.kind in ON_PAIRS and {found.subject, found.other} == pair]
    if decision.replaces is None and before:
        decision = replace(decision, replaces=before[-1].sequence)
    others = [
        found
        for found in standing
        if found.kind in (SAME, DIFFERENT) and found.sequence != decision.replaces and found not in before
    ]
    judgements = Judgements[str]()
    for found in sorted(others, key=lambda found: -found.sequence):
        judgements.add(found.subject, found.other, same=found.kind == SAME)
    groups = {judgements.group(mention) for mention in pair}
    if decision.kind != UNSURE and not judgements.add(decision.subject, decision.other, same=decision.kind == SAME):
        against = [
            found.sequence
            for found in others
            if {judgements.group(found.subject), judgements.group(found.other)} <= groups
        ]
        raise RefusedError(
            f"decisions {', '.join(map(str, against))} say the opposite together",
            remedy="Read them with joinedup decisions DIR; decide first on the pair of the one that is wrong.",
        )
    return decision


def _noun(row: dict[str, Any]) -> Decision:
    return Decision(
        row["sequence"], row["kind"], row["subject"], row["other"], row["judgement"], row["reason"], row["decided_by"],
        row["decided_at"], row["replaces_id"],
    )  # fmt: skip


def _open(inquiry_dir: Path) -> tuple[Any, str]:
    """The ledger's model and the name of its database, brought up to the newest schema."""
    # Django keeps its settings for the whole process, so it is set up at the first ledger touched and each inquiry
    # gets a database of its own name.
    if not settings.configured:
        app = "joinedup.casework.apps.CaseworkConfig"
        settings.configure(INSTALLED_APPS=[app], DATABASES={"default": {}}, USE_TZ=True)
        django.setup()
    alias = f"casework:{inquiry_dir.resolve()}"
    url = os.environ.get(DATABASE_URL, "")
    wanted = _postgresql(url) if url else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(inquiry_dir / FILE)}
    if alias not in connections.databases:
        connections.databases[alias] = connections.configure_settings({"default": {}, alias: wanted})[alias]
        _bring_up_to_date(alias)
    return apps.get_model("casework", "RecordedDecision"), alias


def _bring_up_to_date(alias: str) -> None:
    try:
        call_command("migrate", database=alias, verbosity=0)
    except (DatabaseError, ImproperlyConfigured) as error:
        del connections.databases[alias]
        remedy = f"Check {DATABASE_URL}; PostgreSQL also needs its driver: pip install 'psycopg[binary]'."
        if not os.environ.get(DATABASE_URL):
            remedy = f"{FILE} is damaged or in use by another program; the runs do not depend on it."
        raise UnreadableError(f"the ledger cannot be opened: {type(error).__name__}", remedy=remedy) from error


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise UsageError(
            f"{DATABASE_URL} is not a PostgreSQL address", remedy="Expected postgresql://user:password@host:port/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
