"""`joinedup evaluate`: a run held against the planted truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.cli.console import busy, next_command, print_json, print_table, say
from joinedup.cli.options import Directory, Run
from joinedup.evaluate import Evaluation, evaluate_run, true_children
from joinedup.link.sheets import fill


def evaluate(
    directory: Directory,
    *,
    truth: Annotated[Path, typer.Option(help="The truth folder that simulate wrote, e.g. DIR/truth.")],
    run: Run = None,
    fill_sheet: Annotated[
        list[Path] | None,
        typer.Option(help="Also fill this sheet of a review sample as a reader who knows the truth would."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures as JSON.")] = False,
) -> None:
    """Hold a run against the truth a simulated region planted: linking, estimate, concerns, groups, audit."""
    with busy("comparing"):
        evaluation = evaluate_run(directory, truth, run)
    for sheet in fill_sheet or ():
        say(
            f"{fill(sheet, true_children(directory, truth, run)):,} records marked as the same child's on {sheet.name}."
        )
    if as_json:
        print_json(as_document(evaluation))
    else:
        show_evaluation(evaluation)
    next_command(f"joinedup show {directory} link_quality")


def as_document(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as the JSON document others script against."""
    return evaluation.as_dict()


def show_evaluation(evaluation: Evaluation) -> None:
    """Prints what was found beside what was planted."""
    print_table("Found beside planted truth", ("what", "found", "planted", "how good"), _rows(evaluation))
    fairness = [
        (
            row["by"],
            row["group"],
            row["records"],
            _share(row["missed"]),
            _share(row["false"]),
            f"{row['count_bias']:+.1%}",
        )
        for row in evaluation.linkage["fairness"]
    ]
    headings = ("children's records by", "group", "records", "missed", "false", "count off by")
    print_table("Whom linking serves worse", headings, fairness)


def _rows(evaluation: Evaluation) -> list[tuple[str, str, str, str]]:
    linkage, estimate = evaluation.linkage, evaluation.estimate
    concerns, groups, audit = evaluation.concerns, evaluation.groups, evaluation.audit
    rows = [
        (
            "children linked across records",
            f"count off by {linkage['child_count_bias']:+.1%}",
            f"{linkage['mentions']:,} mentions of children",
            f"pairwise {_prf(linkage['pairwise'])}; B-cubed F1 {linkage['bcubed']['f1']:.3f}",
        ),
        _estimate_row(estimate),
        (
            "children nobody is looking at",
            f"{concerns['unseen_listed']:,} listed",
            f"{concerns['unseen_planted']:,}",
            f"recall {_share(concerns['recall'])}, precision {_share(concerns['precision'])}",
        ),
        (
            "exploited children a rule reaches", _share(concerns["reachable"]), "all",
            f"{_share(concerns['unreachable'])} leave no trace that a rule reads, however well joined",
        ),
        (
            "exploited children nobody is looking at", "on the list", f"{concerns['exploited_unseen']['planted']:,}",
            f"recall {_share(concerns['exploited_unseen']['recall'])}",
        ),
        (
            "groups",
            f"{groups['found']:,} of them found; {groups['false']:,} false",
            f"{groups['planted']:,}",
            f"B-cubed F1 {groups['bcubed_f1']:.3f}, adjusted mutual information {groups['ami']:.3f}",
        ),
    ]  # fmt: skip
    for rule, figures in concerns["by_rule"].items():
        quality = f"recall {_share(figures['recall'])}, precision {_share(figures['precision'])}"
        rows.append((f"children with {rule}", f"{figures['fired']:,}", f"{figures['planted']:,}", quality))
    for rule, figures in audit["by_rule"].items():
        quality = f"recall {_share(figures['recall'])}, precision {_share(figures['precision'])}"
        rows.append((f"breaches of {rule}", f"{figures['claimed']:,}", f"{figures['planted']:,} visible", quality))
    return rows


def _estimate_row(estimate: dict[str, Any]) -> tuple[str, str, str, str]:
    planted = f"{estimate['truth']:,}"
    if estimate["estimate"] is None:
        return ("exploited children in all", "no estimate", planted, f"refused: {estimate['refused']}")
    interval = f"{estimate['estimate']:,.0f}"
    if estimate["covered"] is not None:
        upper = "no upper limit" if estimate["upper"] is None else f"{estimate['upper']:,.0f}"
        interval += f" ({estimate['lower']:,.0f} to {upper})"
    if estimate["headline_refused"]:
        interval = f"{interval}; no headline, links unreviewed"
    covered = "the interval covers the truth" if estimate["covered"] else "the interval does not cover the truth"
    return ("exploited children in all", interval, planted, covered)


def _prf(score: dict[str, float]) -> str:
    return f"P {score['precision']:.3f} R {score['recall']:.3f} F1 {score['f1']:.3f}"


def _share(value: float | None) -> str:
    return "none to measure" if value is None else f"{value:.1%}"
