from __future__ import annotations

from joinedup.registry.name_forms import name_forms, nicknames


def test_every_rule_says_why_and_every_table_how_it_was_made():
    rules = name_forms()
    assert all(rule.why for rule in (*rules.rules, *rules.vowels))
    assert "not estimated" in rules.made.lower()
    assert "No published list was copied" in nicknames().made


def test_no_nickname_stands_for_itself_and_names_are_plain_small_letters():
    for entry in nicknames().names:
        assert entry.name not in entry.forms
        assert len(set(entry.forms)) == len(entry.forms), entry.name
        assert all(form.isascii() and form.isalpha() and form.islower() for form in (entry.name, *entry.forms))


def test_a_short_form_can_stand_for_several_names():
    assert set(nicknames().roots["alex"]) >= {"alexander", "alexandra"}
