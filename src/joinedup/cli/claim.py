"""`joinedup claim`: a claim held against published figures, or against a run's profiles."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json
from joinedup.cli.csv_file import read_base_table
from joinedup.cli.options import AsJson, Run
from joinedup.errors import UsageError
from joinedup.profile.claims import judge as judge_profiles
from joinedup.profile.claims import population_share
from joinedup.profile.stage import vocabulary
from joinedup.stats.claims import Figure, figures, group_of, judge, times_population
from joinedup.store.runs import Runs


def claim(
    words: Annotated[list[str], typer.Argument(metavar="[DIR] CLAIM", help="The claim; before it the inquiry folder.")],
    *,
    counts: Annotated[
        str | None,
        typer.Option("--counts", help="Published figures: asian=239,white=460,unknown=241, or in whole percent."),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option("--population", help="With --counts, the population's shares, for the base rate: asian=7.5%."),
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option("--base", help="With DIR, a CSV of the population: area, age, sex, year or ethnic group; people."),
    ] = None,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a claim is supported, contradicted, or cannot be told while values are unknown.

    With --counts, on figures alone: "share asian >= 0.5", "majority white", "white > asian", "ratio asian / white >= 2",
    "ratio asian to 7.5% >= 2", "trend rising 2008 to 2010". With DIR, on a run: "share of suspects with ethnicity Asian >= 0.2",
    "F > M of children:known by sex", "trend rising 2008 to 2010 of children:known by first_year".
    """
    misplaced = base if counts is not None else population
    if len(words) != (2 if counts is None else 1) or misplaced is not None:
        raise UsageError(
            "a claim needs an inquiry folder before it (with --base), or --counts (with --population), and not both",
            remedy='Write: joinedup claim DIR "CLAIM", or: joinedup claim --counts a=1,b=2,unknown=3 "CLAIM".',
        )
    answer = _on_figures(words[0], counts) if counts is not None else _on_run(Path(words[0]), words[1], run)
    part = _of_population(words[-1], population, base)
    answer["base_rate"] = _base_rate(answer["bounds"], part)
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
        out.print(_base_rate_words(answer["base_rate"]), markup=False)
        out.print(f"What would settle it: {answer['settled_by']}", markup=False)
    next_command("joinedup show DIR profiles" if counts is not None else f"joinedup show {words[0]} profiles")


def _of_population(text: str, shares: str | None, base: Path | None) -> Figure | None:
    """The part of the population that has the value claimed, from what was given; None where nothing was, or it is of none."""
    if base is not None:
        kind = "suspects" if "suspects" in text.lower() else "children"
        found = population_share(text, read_base_table(base, kind), vocabulary())
        return None if found is None else Figure(found, found)
    group = group_of(text)
    if shares is None or group is None:
        return None
    try:
        return figures(shares).get(group)
    except ValueError as error:
        raise UsageError(str(error), remedy="Write the population's shares so: --population asian=7.5%.") from error


def _base_rate(bounds: object, part: Figure | None) -> dict[str, object] | None:
    """The share of the population, and how many times that the share claimed is, at least and at most."""
    if part is None or part.upper > 1 or not isinstance(bounds, list) or bounds[1] is None:
        return None
    lowest, highest = times_population((bounds[0], bounds[1]), part)
    times = [lowest, highest if math.isfinite(highest) else None]
    return {"share_of_population": (part.lower + part.upper) / 2, "times": times}


def _base_rate_words(rate: object) -> str:
    if not isinstance(rate, dict):
        return (
            "Base rate: not given. A share says little without the share of the population: "
            "--population NAME=SHARE% with --counts, --base FILE with an inquiry."
        )
    lowest, highest = rate["times"]
    most = "any number of" if highest is None else f"{highest:.2f}"
    return f"Base rate: {100 * rate['share_of_population']:.1f}% of the population; the share claimed is {lowest:.2f} to {most} times that."


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
