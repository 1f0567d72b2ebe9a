from __future__ import annotations

import pytest
import yaml

from joinedup.errors import SettingsError
from joinedup.registry.local_standards import all_standards, read_standards
from joinedup.registry.standards import standards


@pytest.fixture
def own(tmp_path):
    """Writes a local standard made from a registered one, with changes."""

    def write(**changes):
        entry = standards()["conference_15_working_days"].model_dump(mode="json", exclude_defaults=True)
        entry |= {"id": "local_conference_10", "title": "Conference within 10 working days"} | changes
        path = tmp_path / "standards" / "local.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump([entry], sort_keys=False))
        return path

    return write


def test_a_local_standard_stands_after_the_registered_ones(own, tmp_path):
    own()
    found = all_standards(tmp_path)
    assert list(found) == [*standards(), "local_conference_10"]
    assert all_standards(tmp_path / "elsewhere") == standards()


def test_an_id_that_is_taken_is_refused(own, tmp_path):
    own(id="bulk_closure")
    with pytest.raises(SettingsError, match="already a standard or rule"):
        all_standards(tmp_path)


def test_a_fault_is_told_with_its_line(own):
    path = own()
    lines = path.read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if "nation:" in line)
    path.write_text("\n".join([*lines[:place], "  nation: france", *lines[place + 1 :]]))
    with pytest.raises(SettingsError, match=rf"local.yaml line {place + 1}: 'nation'"):
        read_standards(path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"forms": ["nothing"]}, "no form 'nothing'"),
        ({"forms": ["intelligence"]}, "the form intelligence holds no"),
        ({"step": {"event": "parade", "at": "start"}}, "no event type 'parade'"),
    ],
)
def test_what_is_not_registered_is_named(own, changes, said):
    with pytest.raises(SettingsError, match=said):
        read_standards(own(**changes))


def test_text_that_is_no_yaml_is_told_with_its_line(tmp_path):
    path = tmp_path / "local.yaml"
    path.write_text("- id: a\n  title: ]")
    with pytest.raises(SettingsError, match="line 2: not valid YAML"):
        read_standards(path)
