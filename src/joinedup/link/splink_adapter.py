"""The one file that knows Splink: a model and its records in, scored pairs out."""

from __future__ import annotations

import os
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator

from joinedup.errors import InternalError
from joinedup.link.fields import PROPOSALS
from joinedup.registry.link_model import Compared, Level, LinkModel

_TO_DAY = "dob_precision_l = 'day' AND dob_precision_r = 'day'"
_TO_MONTH = "dob_precision_l IN ('day', 'month') AND dob_precision_r IN ('day', 'month')"
_YEARS_APART = "abs(CAST(substr(dob_l, 1, 4) AS INT) - CAST(substr(dob_r, 1, 4) AS INT))"
_SAME_YEAR = "substr(dob_l, 1, 4) = substr(dob_r, 1, 4)"
_SAME_MONTH = "substr(dob_l, 5, 2) = substr(dob_r, 5, 2)"
_SAME_DAY = "substr(dob_l, 7, 2) = substr(dob_r, 7, 2)"
_SHARED_HOME = "list_has_any(home_l, home_r)"
_SWAPPED = "forename_l = surname_r AND surname_l = forename_r AND forename_l <> surname_l"


def _name_levels(name: str) -> dict[str, str]:
    left, right = f"{name}_l", f"{name}_r"
    return {
        "exact": f"{left} = {right}",
        "close": f"jaro_winkler_similarity({left}, {right}) >= 0.9 OR damerau_levenshtein({left}, {right}) <= 1",
        "part": (
            f"list_has_any(string_split({left}, ' '), string_split({right}, ' ')) OR (least(length({left}), length({right})) >= 3"
            f" AND (starts_with({left}, {right}) OR starts_with({right}, {left})))"
        ),
        "same_initial": f"substr({left}, 1, 1) = substr({right}, 1, 1)",
        "other_name": (
            f"list_contains(aliases_r, {left}) OR list_contains(aliases_l, {right})"
            " OR list_has_any(list_filter(aliases_l, a -> a <> ''), list_filter(aliases_r, a -> a <> ''))"
        ),
    }


_UNKNOWN = {
    "home": "(home_l IS NULL AND outcode_l IS NULL) OR (home_r IS NULL AND outcode_r IS NULL)",
    "forename": f"forename_l IS NULL OR forename_r IS NULL OR ({_SWAPPED})",
    "surname": "surname_l IS NULL OR surname_r IS NULL",
    "date_of_birth": "dob_l IS NULL OR dob_r IS NULL",
    "sex": "sex_l IS NULL OR sex_r IS NULL",
    "nhs_number": "nhs_l IS NULL OR nhs_r IS NULL",
    "pupil_number": "upn_l IS NULL OR upn_r IS NULL",
    "shared_identifier": "shared_l IS NULL OR shared_r IS NULL",
}
"""When a comparison says nothing: at least one side does not hold it."""

_CONDITIONS: dict[str, dict[str, str]] = {
    "home": {"shared": _SHARED_HOME, "same_outcode": "outcode_l = outcode_r"},
    "forename": _name_levels("forename"),
    "surname": {"swapped": _SWAPPED, **_name_levels("surname")},
    "date_of_birth": {
        "exact": f"{_TO_DAY} AND dob_l = dob_r",
        "slip": (
            f"{_TO_DAY} AND (levenshtein(dob_l, dob_r) <= 1 OR (substr(dob_l, 1, 4) = substr(dob_r, 1, 4)"
            " AND substr(dob_l, 5, 2) = substr(dob_r, 7, 2) AND substr(dob_l, 7, 2) = substr(dob_r, 5, 2)))"
        ),
        "two_parts": (
            f"{_TO_DAY} AND (CAST({_SAME_YEAR} AS INT) + CAST({_SAME_MONTH} AS INT) + CAST({_SAME_DAY} AS INT)) >= 2"
        ),
        "same_month": f"({_TO_MONTH}) AND NOT ({_TO_DAY}) AND substr(dob_l, 1, 6) = substr(dob_r, 1, 6)",
        "same_year": f"NOT ({_TO_MONTH}) AND {_SAME_YEAR}",
        "next_year": f"NOT ({_TO_DAY}) AND {_YEARS_APART} <= 1",
        "imprecise_different": f"NOT ({_TO_DAY})",
    },
    "sex": {"same": "sex_l = sex_r"},
    "nhs_number": {"same": "nhs_l = nhs_r"},
    "pupil_number": {"same": "upn_l = upn_r"},
    "shared_identifier": {"shared": "list_has_any(shared_l, shared_r)"},
}
"""What recognises a level; the last level of a comparison takes whatever is left."""


def score(records: pa.Table, model: LinkModel, least_probability: float) -> pa.Table:
    """The proposed pairs at least as probable as `least_probability`: left, right (numbers, left < right), probability."""
    if records.num_rows < 2:
        return pa.table(
            {
                "left": pa.array([], pa.int64()),
                "right": pa.array([], pa.int64()),
                "probability": pa.array([], pa.float64()),
            }
        )
    connection = duckdb.connect(":memory:", config={"threads": os.cpu_count() or 1})
    try:
        interface = DuckDBAPI(connection)
        linker = Linker(
            interface.register(records, dataset_display_name="records"),
            settings(model, records.num_rows),
            log_level=None,
            validate_settings=False,
        )
        for column, frequencies in name_frequencies(records, model).items():
            lookup = interface.register(frequencies, dataset_display_name=f"frequencies_of_{column}")
            linker.table_management.register_term_frequency_lookup(lookup, column)
        predicted = linker.inference.predict(threshold_match_probability=least_probability, warning_mode="never")
        pairs: pa.Table = connection.execute(
            "SELECT least(number_l, number_r) AS left, greatest(number_l, number_r) AS right,"
            f" CAST(match_probability AS DOUBLE) AS probability FROM {predicted.physical_name} ORDER BY 1, 2"
        ).to_arrow_table()
    finally:
        connection.close()
    return pairs


def name_frequencies(records: pa.Table, model: LinkModel) -> dict[str, pa.Table]:
    """For each column whose frequency counts: how often each value stands, drawn towards the model's own u.

    >>> from joinedup.registry.link_model import link_models
    >>> model = link_models().model("suspects")
    >>> records = pa.table({"forename": ["ana", "ana", None], "surname": pa.array([None] * 3, pa.string())})
    >>> name_frequencies(records, model)["forename"].to_pylist()
    [{'forename': 'ana', 'tf_forename': 0.01195219123505976}]
    """
    found = {}
    for level in (level for compared in model.compared for level in compared.levels if level.frequency_of):
        column = str(level.frequency_of)
        counted: Any = records[column].drop_null().value_counts()
        counts = counted.field("counts").to_numpy(zero_copy_only=False)
        weight, total = model.frequency_weight, records.num_rows - records[column].null_count
        frequencies = (counts + weight * (level.u or 0.0)) / (total + weight)
        found[column] = pa.table({column: counted.field("values"), f"tf_{column}": pa.array(frequencies, pa.float64())})
    return found


def settings(model: LinkModel, mentions: int) -> SettingsCreator:
    """The model as Splink's settings for so many mentions.

    Raises InternalError when the model names a comparison or level that has no condition here.
    """
    proposals = PROPOSALS[model.id]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="number",
        probability_two_random_records_match=model.prior(mentions),
        comparisons=[_comparison(compared, mentions) for compared in model.compared],
        blocking_rules_to_generate_predictions=[
            *({"blocking_rule": f"l.{key} = r.{key}"} for key in proposals.plain),
            *({"blocking_rule": f"l.{key} = r.{key}", "arrays_to_explode": [key]} for key in proposals.lists),
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _comparison(compared: Compared, mentions: int) -> dict[str, Any]:
    conditions = _CONDITIONS.get(compared.id)
    if conditions is None:
        raise InternalError(f"the link model compares {compared.id!r}, which has no conditions")
    levels: list[dict[str, Any]] = [
        {"sql_condition": _UNKNOWN[compared.id], "label_for_charts": "unknown", "is_null_level": True}
    ]
    for position, level in enumerate(compared.levels):
        last = position == len(compared.levels) - 1
        if not last and level.id not in conditions:
            raise InternalError(f"the link model has a level {compared.id}.{level.id}, which has no condition")
        levels += _levels(level, "ELSE" if last else conditions[level.id], mentions)
    return {"output_column_name": compared.id, "comparison_levels": levels}


def _levels(level: Level, condition: str, mentions: int) -> list[dict[str, Any]]:
    """The level, and before it, where brothers and sisters differ from strangers, the same level in a shared home."""
    found: list[dict[str, Any]] = []
    if level.u_home is not None:
        at_home = _SHARED_HOME if condition == "ELSE" else f"({condition}) AND {_SHARED_HOME}"
        found.append(_level(f"{level.id}, home shared", at_home, level.m, level.u_home))
    u = level.u if level.u is not None else LinkModel.as_share(level.pairs_per_record or 0.0, mentions)
    elsewhere = _level(level.id, condition, level.m, u)
    if level.frequency_of:
        elsewhere |= {
            "tf_adjustment_column": level.frequency_of,
            "tf_adjustment_weight": 1.0,
            "tf_minimum_u_value": level.least_frequency,
        }
    return [*found, elsewhere]


def _level(label: str, condition: str, m: float, u: float) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": label, "m_probability": m, "u_probability": u}
