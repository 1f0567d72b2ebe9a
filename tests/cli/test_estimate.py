from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import UnreadableError, UsageError

TABLE = "a,b,c,count\n1,0,0,69\n0,1,0,55\n1,1,0,21\n0,0,1,63\n1,0,1,17\n0,1,1,18\n1,1,1,28\n"
KEYS = {
    "observed", "method", "model", "estimate", "lower", "upper", "level", "nominal", "refused", "warnings", "range", "seconds",
}  # fmt: skip


@pytest.fixture
def estimate(tmp_path):
    def run(text, *options):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return CliRunner().invoke(app, ["estimate", str(path), *options])

    return run


@pytest.mark.parametrize(
    "method", ["auto", "widened", "bic", "stepwise", "heterogeneity", "independence", "chao", "dga"]
)
def test_json_has_the_agreed_keys(estimate, method):
    result = estimate(TABLE, "--method", method, "--bootstrap", "50", "--seed", "2", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert set(found) >= KEYS
    assert found["observed"] == 271
    assert found["lower"] <= found["estimate"] <= found["upper"]
    assert found["refused"] is None
    [chosen] = [row for row in found["range"] if row["chosen"]]
    assert chosen["estimate"] == found["estimate"]
    assert found["nominal"] == found["level"] == 0.95


def test_a_refusal_is_printed_and_is_no_failure(estimate):
    result = estimate("a,b,c,count\n1,0,0,69\n0,1,0,55\n0,0,1,63\n1,1,0,3\n", "--bootstrap", "20", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert "Only 3 people" in found["refused"]["reason"]
    assert found["refused"]["lifted_by"]
    assert found["estimate"] is None


def test_the_screen_says_the_known_count_first_and_names_models(estimate):
    result = estimate(TABLE, "--bootstrap", "20")
    assert result.stdout.startswith("271 people are on the lists.")
    assert "[a]" in result.stdout
    assert "Assumed:" in result.stdout


def test_what_the_estimate_turns_on_comes_with_it(estimate):
    rows = [f"{p >> 0 & 1},{p >> 1 & 1},{p >> 2 & 1},{p >> 3 & 1},50" for p in range(1, 16)]
    text = "\n".join(["a,b,c,d,count", *rows, ""])
    found = json.loads(estimate(text, "--method", "independence", "--bootstrap", "40", "--json").stdout)
    assert found["sensitivity"]["self_test"]["coverage"] == 1.0
    assert {each["kind"] for each in found["sensitivity"]["changes"]} == {
        "left out",
        "merged",
        "more links missed",
        "more false links",
    }
    assert "known truth" in estimate(text, "--method", "independence", "--bootstrap", "40").stdout
    without = estimate(text, "--method", "independence", "--bootstrap", "0", "--no-sensitivity", "--json")
    assert json.loads(without.stdout)["sensitivity"] is None


def test_a_file_that_is_no_table_stops_with_code_3(estimate):
    result = estimate("a,b,count\n1,0,-4\n0,1,3\n")
    assert isinstance(result.exception, UnreadableError)
    assert result.exception.exit_code == 3


def test_latent_classes_say_what_their_chains_came_to(estimate):
    result = estimate(TABLE, "--method", "latent", "--bootstrap", "0", "--no-sensitivity", "--json")
    found = json.loads(result.stdout)
    assert set(found) >= KEYS
    assert found["method"] == "latent"
    assert "R-hat" in found["model"]
    [chosen] = [row for row in found["range"] if row["chosen"]]
    assert chosen["method"] == "latent"
    assert (found["estimate"] is None) == (found["refused"] is not None)


def test_charts_are_written_where_asked_for(estimate, tmp_path):
    folder = tmp_path / "charts"
    result = estimate(TABLE, "--bootstrap", "30", "--no-sensitivity", "--charts", folder, "--as", "svg", "--json")
    written = json.loads(result.stdout)["charts"]
    assert written == [str(folder / f"{name}.svg") for name in ("methods", "overlaps", "bootstrap")]
    assert all((folder / name).exists() for name in ("methods.svg", "overlaps.svg"))


def test_the_words_give_the_known_count_the_bound_the_method_and_the_range(estimate):
    found = json.loads(estimate(TABLE, "--bootstrap", "30", "--json").stdout)
    words = found["words"]
    known, bound, leading, spread = (
        words.index(each)
        for each in ("271 people are on the lists", "at least about", "by the method widened", "methods tried give")
    )
    assert known < bound < leading < spread
    assert "model-based, nominal 95%" in words


def test_covariates_and_strata_are_columns_of_the_table(tmp_path):
    people = tmp_path / "people.csv"
    rows = [f"{n % 2},{n % 3 > 0:d},{n % 5 > 2:d},{'FM'[n % 7 > 3]},{2008 + n % 2}" for n in range(400)]
    kept = [row for row in rows if not row.startswith("0,0,0")]
    people.write_text("\n".join(["a,b,c,sex,year", *kept]), encoding="utf-8")
    run = CliRunner().invoke
    options = ["--bootstrap", "20", "--no-sensitivity", "--json"]
    found = json.loads(run(app, ["estimate", str(people), "--covariates", "sex,year", *options]).stdout)
    assert set(found) >= KEYS
    assert any(row["method"] == "covariates: a and b" for row in found["range"])
    people.write_text("\n".join(["a,b,c,year", *(f"{r[:5]},{r[-4:]}" for r in kept)]), encoding="utf-8")
    strata = json.loads(run(app, ["estimate", str(people), "--strata", "year", *options]).stdout)
    assert [each["name"] for each in strata["strata"]] == ["2008", "2009"]
    assert strata["observed"] == len(kept)
    assert "In all" not in run(app, ["estimate", str(people), "--strata", "year", "--bootstrap", "20"]).stdout
    assert isinstance(run(app, ["estimate", str(people), "--method", "covariates"]).exception, UsageError)
    assert isinstance(run(app, ["estimate", str(people), "--strata", "year", "--method", "dga"]).exception, UsageError)


FOUR = "\n".join(["a,b,c,d,count", *(f"{p & 1},{p >> 1 & 1},{p >> 2 & 1},{p >> 3 & 1},{20 + p}" for p in range(1, 16))])


def test_lists_are_left_out_and_taken_as_one(estimate):
    plain = ["--method", "independence", "--bootstrap", "0", "--no-sensitivity", "--json"]
    found = json.loads(estimate(FOUR, "--merge", "a,d", *plain).stdout)
    assert found["lists"] == ["a or d", "b", "c"]
    assert found["observed"] == sum(20 + p for p in range(1, 16))
    less = json.loads(estimate(FOUR, "--omit", "d", *plain).stdout)
    assert less["lists"] == ["a", "b", "c"]
    assert less["observed"] == sum(20 + p for p in range(1, 16) if p & 7)
    for wrong in (["--omit", "e"], ["--merge", "a"], ["--omit", "a", "--merge", "a,b"]):
        assert isinstance(estimate(FOUR, *wrong, *plain).exception, UsageError)
    assert isinstance(estimate(FOUR, "--omit", "d", "--covariates", "sex").exception, UsageError)


def test_a_model_may_be_given(estimate):
    plain = ["--bootstrap", "0", "--no-sensitivity", "--json"]
    found = json.loads(estimate(FOUR, "--method", "fixed", "--model", "[a*b] [c*d]", *plain).stdout)
    assert found["model"] == "[a*b] [c*d]"
    assert isinstance(estimate(FOUR, "--method", "fixed", *plain).exception, UsageError)


def test_the_screen_says_what_the_estimate_follows_from(estimate):
    said = " ".join(estimate(TABLE, "--bootstrap", "20", "--no-sensitivity").output.split())
    assert "seed 1" in said
    assert "numpy" in said


def test_models_that_fit_about_as_well_are_named(estimate):
    counts = {1: 90, 2: 80, 4: 70, 8: 60, 3: 20, 5: 18, 6: 15, 9: 9, 10: 8, 12: 7, 7: 6, 11: 3, 13: 2, 15: 1}
    rows = [f"{p & 1},{p >> 1 & 1},{p >> 2 & 1},{p >> 3 & 1},{n}" for p, n in counts.items()]
    table = "\n".join(["a,b,c,d,count", *rows])
    found = json.loads(estimate(table, "--bootstrap", "0", "--json").stdout)["sensitivity"]["models"]
    assert found["close"] >= len(found["shown"]) > 1
    assert found["shown"][0]["above"] == 0
    assert "fit about as well" in estimate(table, "--bootstrap", "0").stdout
