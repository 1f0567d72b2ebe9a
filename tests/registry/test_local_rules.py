from __future__ import annotations

import pytest

from joinedup.errors import SettingsError
from joinedup.registry.local_rules import local_packs, read_pack

PACK = """\
id: northmoor
title: Northmoor's own rules
version: 1.10
about: Local procedures of Northmoor.
rules:
  - id: twice_in_a_month
    title: Missing twice in 30 days
    test: {kind: repeated, events: [missing_episode], least: 2, within_days: 30}
    reason: "Missing {count} times in a month, {first} to {last}."
    needs: The day each episode began.
    not_recorded: "Episodes without a full date: {count}."
    clears: A dated note of a person who read them together.
    source: Northmoor local procedure, 2009.
    caveat: Most children who go missing are not exploited.
    examples:
      - expect: fires
        about: Thirty days apart.
        reason: "Missing 2 times in a month, 1 March 2010 to 31 March 2010."
        events:
          - {type: missing_episode, start: 2010-03-01}
          - {type: missing_episode, start: 2010-03-31}
      - expect: just_misses
        about: Thirty-one days apart.
        events:
          - {type: missing_episode, start: 2010-03-01}
          - {type: missing_episode, start: 2010-04-01}
      - expect: lacks
        about: One month only is known.
        events:
          - {type: missing_episode, start: 2010-03-01}
          - {type: missing_episode, start: 2010-03}
"""


@pytest.fixture
def folder(tmp_path):
    def write(text=PACK, name="northmoor"):
        (tmp_path / "rules").mkdir(exist_ok=True)
        (tmp_path / "rules" / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def fault(folder, text):
    with pytest.raises(SettingsError) as refusal:
        local_packs(folder(text))
    return refusal.value.message


def test_a_pack_of_the_inquirys_own_is_read_as_it_was_written(folder):
    (pack,) = local_packs(folder()).values()
    assert (pack.id, pack.version, pack.label) == ("northmoor", "1.10", "northmoor 1.10")
    assert pack.rules[0].test.within_days == 30
    assert pack.rules[0].examples[2].events[1].start == "2010-03"


def test_no_folder_is_no_packs(tmp_path):
    assert local_packs(tmp_path) == {}


@pytest.mark.parametrize(
    ("was", "becomes", "line", "says"),
    [
        ("within_days: 30", "within_days: month", 8, "'rules.test.repeated.within_days'"),
        ("within_days: 30", "within_day: 30", 8, "unknown key 'within_day'; did you mean 'within_days'?"),
        ("    needs: The day each episode began.\n", "", 6, "'rules.needs' is missing"),
        ("[missing_episode], least", "[mising_episode], least", 8, "no event type 'mising_episode' is registered"),
        ('{first} to {last}."\n    needs', '{who}."\n    needs', 6, "reason speaks of ['who']"),
        ("kind: repeated", "kind: often", 8, "'often'"),
        ("start: 2010-03-31", "start: 2010-02-31", 21, "day is out of range"),
        ("start: 2010-03-31", "start: March", 21, "pattern"),
        ("expect: lacks", "expect: just_misses", 6, "no example that lacks"),
        ("title: Missing twice", "title: [Missing twice", 8, "not valid YAML"),
        ("needs: The", "title: The", 10, "the key 'title' stands twice"),
        ("    caveat: Most", "    caveat: &a Most", None, None),
        ("about: Local", "about: *a #", 1, "aliases"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_what_was_expected(folder, was, becomes, line, says):
    assert PACK.count(was) == 1 or was.startswith("expect"), was
    text = PACK.replace(was, becomes)
    if says is None:
        assert local_packs(folder(text))
        return
    message = fault(folder, text)
    assert f"northmoor.yaml line {line}: " in message
    assert says in message


def test_every_fault_is_told_at_once_in_the_order_of_lines(folder):
    message = fault(folder, PACK.replace("least: 2", "least: none").replace("    clears: A", "    clear: A"))
    assert [line.split(": ")[0] for line in message.splitlines()] == [
        "northmoor.yaml line 6", "northmoor.yaml line 8", "northmoor.yaml line 12",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "- a list", "just words"])
def test_what_is_no_mapping_is_no_pack(folder, text):
    assert "expected the keys of a pack" in fault(folder, text)


def test_ids_already_taken_are_refused(folder):
    assert "is not the name of its file" in fault(folder, PACK.replace("id: northmoor", "id: southmoor"))
    with pytest.raises(SettingsError, match="is the id of a registered pack"):
        local_packs(folder(PACK.replace("id: northmoor", "id: missing"), name="missing"))


def test_a_rule_id_already_taken_is_refused(folder):
    assert "'missing' already has a rule" in fault(folder, PACK.replace("twice_in_a_month", "repeat_missing"))


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="UnicodeDecodeError"):
        read_pack(path)
    with pytest.raises(SettingsError, match="FileNotFoundError"):
        read_pack(tmp_path / "none.yaml")
