"""What is held against a run before its report is published, besides what the report's own stage has checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import joinedup
from joinedup.casework.ledger import applied_decisions, override_of
from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report import stage as report
from joinedup.report.checked import Check, read_checks
from joinedup.report.disclosed import Published, disclosure, told_of
from joinedup.report.stated import Told
from joinedup.settings import Inquiry
from joinedup.stats.disclosure import fingerprint
from joinedup.store.behind import own_recipe, own_recipes, records_by_return
from joinedup.store.contract import Store
from joinedup.store.inputs import basis_of, hash_files
from joinedup.store.published import Publications
from joinedup.store.runs import Runs

_PRINTED = re.compile(r'<data[^>]*data-number="([^"]+)"[^>]*>\s*<button[^>]*>([^<]*)</button>')


def checklist(directory: Path, inquiry: Inquiry, run_id: str, store: Store, people: tuple[str, str]) -> list[Check]:
    """Every check of a run, those that block first."""
    manifest = Runs(directory).manifest(run_id)
    if "checks" not in store.tables():
        missing = "the run was made by an earlier version, which checked nothing; run again"
        return [Check("run", "blocking", run_id, missing)]
    found = [
        *read_checks(store.read("checks").to_pyarrow().to_pylist()),
        _two_people(*people),
        *_as_it_was_made(store, manifest, Runs(directory).path(run_id)),
        *_history(directory, manifest),
        *_disclosure(directory, inquiry, run_id, store),
        _news(directory, inquiry, manifest),
    ]
    order = ("blocking", "warning", "passed")
    return sorted(found, key=lambda each: order.index(each.standing))


def _two_people(by: str, checked_by: str) -> Check:
    one, other = (" ".join(name.split()).casefold() for name in (by, checked_by))
    if not one or not other or one == other:
        return Check("people", "blocking", by, "the one who publishes and the one who has checked are to be two people")
    return Check("people", "passed", "", f"{by} publishes; {checked_by} has checked.")


def _as_it_was_made(store: Store, manifest: dict[str, Any], run_dir: Path) -> list[Check]:
    """The tables are those the run wrote, and the page shows what they release."""
    made = {name: table["sha256"] for stage in manifest["stages"] for name, table in stage["tables"].items()}
    altered = [name for name, digest in made.items() if store.fingerprint(name) != digest]
    found = [Check("run", "blocking", name, "the table is not as the run wrote it") for name in altered]
    released = {
        row["number_id"]: row["shown"]
        for row in store.read("released").select("number_id", "shown").to_pyarrow().to_pylist()
    }
    page = (run_dir / report.FOLDER / report.FILE).read_text(encoding="utf-8")
    printed = [(unescape(number), unescape(shown)) for number, shown in _PRINTED.findall(page)]
    wrong = sorted({number for number, shown in printed if released.get(number) != shown})
    if released and not printed:
        wrong.append("every number")
    found += [Check("run", "blocking", number, "the page does not show what the run released") for number in wrong]
    said = f"Tables are as the run wrote them, and the page shows its {len(released):,} released numbers."
    return found or [Check("run", "passed", "", said)]


def _history(directory: Path, manifest: dict[str, Any]) -> list[Check]:
    """Earlier publications are as they were, and the run was compared with the latest of them."""
    publications = Publications(directory)
    altered = publications.altered()
    found = [Check("history", "blocking", path, "it is not as it was published") for path in altered]
    seen = {row["path"]: row["sha256"] for row in manifest.get("written", [])}
    latest = [
        file for file in hash_files(directory, report.written_files(directory)) if file.path.startswith("published/")
    ]
    found += [
        Check("history", "blocking", file.path, "the run was made before this was published; run again: --stage report")
        for file in latest
        if seen.get(file.path) != file.sha256
    ]
    said = (
        f"Publications before this one, each as it was: {len(publications.ids())}."
        if publications.ids()
        else "The first publication."
    )
    return found or [Check("history", "passed", "", said)]


def _disclosure(directory: Path, inquiry: Inquiry, run_id: str, store: Store) -> list[Check]:
    """What the numbers give away, alone and beside every earlier publication; two people may answer for it in the ledger."""
    rows = store.read("released").drop("exact").to_pyarrow().to_pylist()
    before = [
        Published(each.publication_id, _told(each.record["numbers"].values())) for each in Publications(directory).all()
    ]
    rule = disclosure_rules()[inquiry.report.disclosure_rule]
    found = disclosure(Published(run_id, _told(rows)), before, rule)
    decided = override_of(directory, release_of(store))
    if decided and any(each.standing == "blocking" for each in found):
        why = f"{decided.decided_by} and {decided.other} let it out: {decided.reason}"
        return [replace(each, standing="warning", message=f"{each.message}; {why}") for each in found]
    return found


def release_of(store: Store) -> str:
    """What the ledger calls the release of a run: the same numbers printed have the same name."""
    rows = store.read("released").filter(lambda table: table.least.notnull()).order_by("number_id")
    found = rows.select("number_id", "shown").to_pyarrow().to_pylist()
    return fingerprint([], [f"{row['number_id']}: {row['shown']}" for row in found])


def _told(rows: Iterable[dict[str, Any]]) -> list[Told]:
    return [told for row in rows if (told := told_of(row))]


def _news(directory: Path, inquiry: Inquiry, manifest: dict[str, Any]) -> Check:
    """Whether anything the results follow from has changed since the run."""
    written = report.written_files(directory)
    basis = basis_of(directory, inquiry, applied_decisions(directory), joinedup.__version__, written)
    news = basis.news_since(manifest)
    if news:
        return Check("news", "warning", ", ".join(news), "changed since the run, which does not hold it")
    return Check("news", "passed", "", "Nothing the run is made of has changed since.")


def record_of(store: Store, checks: Sequence[Check]) -> dict[str, object]:
    """What a publication remembers of a run: its numbers as published with the files behind them, its checks and actions."""
    rows = store.read("released").drop("exact").to_pyarrow().to_pylist()
    own = own_recipes(store)
    recipes = {row["number_id"]: own_recipe(Recipe.from_json(row["recipe"]), own) for row in rows}
    behind = records_by_return(store, recipes.values(), store.tables(), by="file")
    files = sorted({file for found in behind.values() for file in found})
    place = {file: at for at, file in enumerate(files)}
    numbers = {
        row["number_id"]: {
            **{name: row[name] for name in ("label", "shown", "rule", "recipe", "least", "most")},
            "files": [place[file] for file in behind.get(recipes[row["number_id"]].to_json(), {})],
        }
        for row in rows
    }
    followed = store.read("recommendations").filter(lambda table: table.status != "draft").to_pyarrow().to_pylist()
    return {
        "checks": [f"{each.standing}: {each.check}: {each.subject}: {each.message}" for each in checks],
        "actions": [{"action": row["action_id"], "status": row["status"], "due": row["due"]} for row in followed],
        "files_behind": files,
        "numbers": numbers,
    }
