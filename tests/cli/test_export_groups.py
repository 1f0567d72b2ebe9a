from __future__ import annotations

import json

import pytest

from joinedup.casework.ledger import decisions_of
from joinedup.cli.export_groups import export_groups
from joinedup.cli.group import group
from joinedup.cli.groups import groups
from joinedup.errors import UsageError
from joinedup.groups.drawing import RESTRICTED
from joinedup.store.runs import Runs


@pytest.fixture
def finished(tied_inquiry):
    """The run of tests/cli/conftest with an inquiry.toml beside it, which decisions need."""
    (tied_inquiry / "inquiry.toml").write_text(
        'name = "N"\nquestion = "Q"\nperiod = { from = 2008-01-01, to = 2011-06-29 }\n', encoding="utf-8"
    )
    return tied_inquiry


def test_an_export_is_answered_for_marked_and_written_over_nothing(finished, tmp_path, capsys):
    folder = tmp_path / "out"
    folder.mkdir()
    export_groups(finished, folder, by="A. Analyst", why="For the panel.", form="i2")
    said = capsys.readouterr()
    assert RESTRICTED.split(".")[0] in " ".join(said.err.split())
    assert sorted(path.name for path in folder.iterdir()) == [
        "RESTRICTED-entities.csv", "RESTRICTED-links.csv", "RESTRICTED-read-first.txt",
    ]  # fmt: skip
    (decision,) = decisions_of(finished)
    assert (decision.kind, decision.subject, decision.decided_by) == (
        "restricted_copy_made",
        "all groups",
        "A. Analyst",
    )
    with pytest.raises(UsageError, match="there already"):
        export_groups(finished, folder, by="A. Analyst", why="Again.", form="i2")
    assert len(decisions_of(finished)) == 1


@pytest.mark.parametrize(
    ("options", "what"), [({"form": "dot"}, "form"), ({"group": ["g_x"]}, "no group"), ({"by": ""}, "reason")]
)
def test_what_cannot_be_exported_writes_nothing(finished, tmp_path, options, what):
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(UsageError, match=what):
        export_groups(finished, folder, **{"by": "A", "why": "B", **options})
    assert not list(folder.iterdir())


def test_a_page_needs_a_name_and_a_reason(finished, tmp_path):
    page = tmp_path / "page.html"
    store = Runs(finished).open()
    name = store.read("groups").to_pyarrow()["group_id"][0].as_py()
    store.close()
    with pytest.raises(UsageError, match="reason"):
        group(finished, name, html_file=page)
    assert not page.exists()
    group(finished, name, html_file=page, by="A", why="B")
    assert "<svg" in page.read_text(encoding="utf-8")


def test_another_method_stands_beside_the_rule(finished, capsys):
    groups(finished, beside="map-equation", as_json=True)
    other = json.loads(capsys.readouterr().out)["beside"]
    assert other["method"] == "map-equation"
    assert -1 <= other["agreement"] <= 1
    groups(finished, beside="louvain")
    assert "differ on" in " ".join(capsys.readouterr().out.split())
    with pytest.raises(UsageError, match="no method"):
        groups(finished, beside="astrology")
