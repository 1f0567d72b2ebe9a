"""`joinedup claim`: a claim held against published figures, or against a run's profiles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json
from joinedup.cli.options import AsJson, Run
from joinedup.errors import UsageError
from joinedup.profile.claims import judge as judge_profiles
from joinedup.profile.stage import vocabulary
from joinedup.stats.claims import figures, judge
from joinedup.store.runs import Runs


def claim(
    words: Annotated[list[str], typer.Argument(metavar="[DIR] CLAIM", help="The claim; before it the inquiry folder.")],
    *,
    counts: Annotated[
        str | None,
        typer.Option("--counts", help="Published figures: asian=239,white=460,unknown=241, or in whole percent."),
    ] = None,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a claim is supported, contradicted, or cannot be told while values are unknown.

    With --counts, on figures alone: "share asian >= 0.5", "majority white", "white > asian", "ratio asian / white >= 2",
    "ratio asian to 7.5% >= 2", "trend rising 2008 to 2010". With DIR, on a run: "share of suspects with ethnicity Asian >= 0.2",
    "F > M of children:known by sex", "trend rising 2008 to 2010 of children:known by first_year".
    """
    if len(words) != (2 if counts is None else 1):
        raise UsageError(
            "a claim needs an inquiry folder before it, or --counts, and not both",
            remedy='Write: joinedup claim DIR "CLAIM", or: joinedup claim --counts a=1,b=2,unknown=3 "CLAIM".',
        )
    answer = _on_figures(words[0], counts) if counts is not None else _on_run(Path(words[0]), words[1], run)
    if as_json:
        print_json(answer)
    else:
        out.print(f"{str(answer['verdict']).capitalize()}: {words[-1]}", markup=False)
        lower, upper = answer["bounds"] if isinstance(answer["bounds"], list) else (None, None)
        if isinstance(lower, float):
            out.print(
                f"The {answer['of']} lies between {lower:.3f} and {'any number' if upper is None else f'{upper:.3f}'}."
            )
        if answer.get("read_as"):
            out.print(f"Read as: {answer['read_as']}", markup=False)
        if isinstance(answer["unknown_share"], float):
            out.print(f"Not known: {100 * answer['unknown_share']:.1f}% of the base.")
        out.print(f"What would settle it: {answer['settled_by']}", markup=False)
    next_command("joinedup show DIR profiles" if counts is not None else f"joinedup show {words[0]} profiles")


def _on_figures(text: str, counts: str) -> dict[str, object]:
    try:
        found = judge(text, figures(counts))
    except ValueError as error:
        raise UsageError(str(error), remedy="Mend the claim or the figures.") from error
    return {
        "verdict": found.verdict,
        "bounds": [found.lower, None if found.upper == float("inf") else found.upper],
        "unknown_share": found.unknown_share,
        "of": found.of,
        "settled_by": found.settled_by,
    }


def _on_run(directory: Path, text: str, run: str | None) -> dict[str, object]:
    with Runs(directory).reading(run) as store:
        rows = store.read("profiles").to_pyarrow().to_pylist()
    [row] = judge_profiles([text], rows, vocabulary())
    bounds = None if row["lower"] is None else [row["lower"], row["upper"]]
    return {
        "verdict": row["verdict"],
        "bounds": bounds,
        "unknown_share": row["unknown_share"],
        "of": "share" if " with " in text else "figure claimed",
        "settled_by": row["settled_by"],
        "read_as": row["read_as"],
    }
