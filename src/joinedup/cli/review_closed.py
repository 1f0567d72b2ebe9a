"""`joinedup review-closed`: closed leads looked at again by stated criteria, and what changed since the last time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.audit.closed_review import Change, Review, changes, review_closed
from joinedup.casework.ledger import decisions_of
from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.cli.records import records_of
from joinedup.errors import UnreadableError
from joinedup.registry.closed_criteria import read_criteria
from joinedup.store.runs import Runs

FOLDER = "closed-reviews"


def review_closed_verb(
    directory: Directory,
    *,
    criteria: Annotated[Path, typer.Option(help="The criteria, as a TOML file.")],
    run: Run = None,
    forget: Annotated[
        bool, typer.Option("--no-keep", help="Do not keep this review to compare the next with.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Hold every closed lead against criteria: in, examined, in scope, and out with the reason, with the difference to the last time.

    The review is kept in closed-reviews/ of the inquiry's folder, under the criteria's name.
    """
    stated = read_criteria(criteria)
    reviewed = frozenset(one.subject for one in decisions_of(directory) if one.kind == "lead_reviewed")
    runs = Runs(directory)
    with runs.reading(run) as store:
        review = review_closed(stated, records_of(directory, run, store), reviewed)
    kept = sorted((directory / FOLDER).glob(f"{stated.name}-[0-9][0-9][0-9][0-9].json"))
    before = _read(kept[-1]) if kept else None
    changed = changes(before["states"], review) if before else ()
    if not forget:
        _keep(directory / FOLDER / f"{stated.name}-{len(kept) + 1:04d}.json", runs.find(run), review)
    if as_json:
        print_json({"run": runs.find(run), **_as_json(review), "before": before and before["run"], "changed": [_changed(one) for one in changed]})  # fmt: skip
    else:
        _on_screen(review, before, changed)
    next_command(f"joinedup pathway {directory} ID")


def _keep(path: Path, run: str, review: Review) -> None:
    path.parent.mkdir(exist_ok=True)
    states = {one.pathway_id: one.state for one in review.looked}
    stated = review.criteria.model_dump(mode="json")
    path.write_text(json.dumps({"run": run, "criteria": stated, "states": states}, indent=1) + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableError(
            f"{path.name} of {FOLDER}/ cannot be read: {type(error).__name__}", remedy="Move it away and review again."
        ) from error
    return found


def _changed(one: Change) -> dict[str, str]:
    return {"pathway_id": one.pathway_id, "before": one.before, "now": one.now}


def _as_json(review: Review) -> dict[str, Any]:
    scope = review.scope
    return {
        "criteria": review.criteria.model_dump(mode="json"),
        "in": scope.total, "examined": scope.examined, "in_scope": scope.in_scope, "not_examined": scope.unexamined,
        "bounds": list(scope.bounds), "share_of_examined": scope.share,
        "limits": [scope.limits.lower, scope.limits.upper] if scope.limits else None,
        "out": [{"criterion": words, "out": number, "left": left} for words, number, left in review.steps],
        "leads": [
            {"pathway_id": one.pathway_id, "agency": one.agency, "state": one.state, "why": one.why} for one in review.looked
        ],
    }  # fmt: skip


def _on_screen(review: Review, before: dict[str, Any] | None, changed: tuple[Change, ...]) -> None:
    scope = review.scope
    rows: list[tuple[object, ...]] = [("in: closed leads", None, scope.total)]
    rows += [(words, number, left) for words, number, left in review.steps]
    print_table(f"Review {review.criteria.name}", ("criterion", "out by it", "left"), rows)
    out.print(
        f"Of {scope.total:,} closed leads {scope.examined:,} could be examined; {scope.in_scope:,} are in scope and "
        f"{scope.unexamined:,} the records cannot tell of, so between {scope.bounds[0]:,} and {scope.bounds[1]:,} in all.",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    for one in [one for one in review.looked if one.state == "in_scope"][:10]:
        out.print(f"  in scope: {one.pathway_id} ({one.agency})", markup=False)
    if before is None:
        out.print("No earlier review of this name to compare with.", markup=False)
        return
    out.print(f"Since the review of run {before['run']}: {len(changed):,} leads stand otherwise.", markup=False)
    for change in changed[:10]:
        was, now = (state.replace("_", " ") or "not there" for state in (change.before, change.now))
        out.print(f"  {change.pathway_id}: {was}, now {now}", markup=False)
