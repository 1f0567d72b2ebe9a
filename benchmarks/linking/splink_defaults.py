"""Splink's own defaults on one population: `python -m benchmarks.linking.splink_defaults FOLDER`.

Library comparisons (ForenameSurname, DateOfBirth, Postcode, telephone and sex), parameters by Splink's own estimators,
clusters the connected components of pairs at .95 and more: what its documentation shows first.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linking.datasets import STORE

THRESHOLD = 0.95
_RULES = (
    ("forename", "surname"),
    ("dob", "surname"),
    ("dob", "forename"),
    ("surname", "postcode"),
    ("forename", "postcode"),
    ("phone",),
    ("surname", "substr(dob, 1, 4)", "substr(forename, 1, 1)"),
    ("forename", "substr(dob, 1, 7)"),
)


def records(folder: Path) -> pa.Table:
    """The mentions as Splink is given them: names folded, a whole date of birth, the first telephone."""
    with duckdb.connect(str(folder / STORE), read_only=True) as connection:
        found: pa.Table = connection.execute(
            "SELECT mention_id AS unique_id, forename_fold AS forename, surname_fold AS surname, strftime(dob, '%Y-%m-%d')"
            " AS dob, sex, postcode, phone FROM mentions LEFT JOIN (SELECT mention_id, min(value) AS phone FROM identifiers"
            " WHERE kind = 'phone' GROUP BY mention_id) USING (mention_id) ORDER BY mention_id"
        ).to_arrow_table()
    return found


def main(folder: Path) -> None:
    """Writes splink_people.parquet (mention_id, person_id) and splink_links.parquet (the pairs and their probabilities)."""
    connection = duckdb.connect(":memory:")
    interface = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison("forename", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("phone"),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _RULES],
    )
    linker = Linker(interface.register(records(folder), dataset_display_name="records"), settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("forename", "surname", "dob"), block_on("forename", "dob", "postcode")], recall=0.6
    )
    training.estimate_u_using_random_sampling(max_pairs=3e6)
    training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    training.estimate_parameters_using_expectation_maximisation(block_on("forename", "surname"))
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, THRESHOLD)
    pa.parquet.write_table(
        connection.execute(
            f"SELECT unique_id AS mention_id, cluster_id AS person_id FROM {clusters.physical_name} ORDER BY 1"
        ).to_arrow_table(),
        folder / "splink_people.parquet",
    )
    pa.parquet.write_table(
        connection.execute(
            "SELECT unique_id_l AS mention_l, unique_id_r AS mention_r, match_probability AS probability"
            f" FROM {predicted.physical_name} ORDER BY 1, 2"
        ).to_arrow_table(),
        folder / "splink_links.parquet",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
