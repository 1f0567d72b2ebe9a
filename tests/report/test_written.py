"""The two files people write: read, checked, and refused with the file, the entry and what was expected."""

from __future__ import annotations

import datetime

import pytest

from joinedup.errors import SettingsError
from joinedup.report.written import read_written

RECOMMENDATION = """
[[recommendation]]
id = "lists"
text = "Exchange lists."
to = "Partners"
made = 2026-05-01
findings = ["scale-08"]

[[recommendation.action]]
id = "lists-1"
text = "Agree on a list."
owner = "Chair"
due = 2026-09-30
{more}
"""


def test_nothing_written_is_nothing(tmp_path):
    found = read_written(tmp_path)
    assert (found.findings, found.recommendations) == ((), ())


def test_a_recommendation_with_its_action(tmp_path):
    (tmp_path / "recommendations.toml").write_text(RECOMMENDATION.format(more='status = "in_progress"'))
    [found] = read_written(tmp_path).recommendations
    assert found.action[0].due == datetime.date(2026, 9, 30)
    assert found.findings == ("scale-08",)


def test_what_is_done_needs_evidence(tmp_path):
    (tmp_path / "recommendations.toml").write_text(RECOMMENDATION.format(more='status = "done"'))
    with pytest.raises(SettingsError, match="needs dated evidence"):
        read_written(tmp_path)
    evidence = 'status = "done"\nevidence = [{ on = 2026-08-01, says = "Signed.", source = "Minutes" }]'
    (tmp_path / "recommendations.toml").write_text(RECOMMENDATION.format(more=evidence))
    assert read_written(tmp_path).recommendations[0].action[0].evidence[0].says == "Signed."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[finding]]\nid = "a"\nby = "A"\n', "needs a 'sentence'"),
        ('[[finding]]\nid = "a"\nby = "A"\nleave_out = true\n', "needs 'why'"),
        ('[[finding]]\nid = "a"\nby = "A"\nsentense = "S."\n', "finding number 1 sentense"),
        ('[[finding]]\nid = "a"\nby = "A"\nsentence = "S."\n' * 2, "stands twice"),
        ("[[finding]\n", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_entry(tmp_path, text, said):
    (tmp_path / "findings.toml").write_text(text)
    with pytest.raises(SettingsError, match=said) as stopped:
        read_written(tmp_path)
    assert "findings.toml" in stopped.value.message
