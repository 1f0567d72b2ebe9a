from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.link import names
from joinedup.link.names import forename, forenames, sound, surname, surnames

# Spellings known to be one name, none of them taken from the benchmark's lists.
SPELLINGS = [
    ("mukhtar", "muktar"), ("rafiuddin", "rafi uddin"), ("abdul kareem", "abd al karim"), ("el fassi", "fassi"),
    ("macgregor", "mcgregor"), ("ohanlon", "hanlon"), ("ap gwilym", "gwilym"), ("krasinski", "krasinska"),
    ("czerwinski", "cherwinsky"), ("todorov", "todorova"), ("petrenkov", "petrenkoff"), ("joergensen", "jorgenson"),
    ("smith jones", "jones smith"), ("nour", "nur"), ("umair", "omair"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_spellings_of_one_family_name_share_a_form(one, other):
    assert set(surname(one).forms) & set(surname(other).forms)


@pytest.mark.parametrize(
    ("one", "other"),
    [("smith", "jones"), ("khan", "shah"), ("nowak", "kowalski"), ("ali", "ella"), ("mia", "amy"), ("omar", "amir")],
)
def test_different_names_share_none(one, other):
    assert not set(surname(one).forms) & set(surname(other).forms)


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("bill", "william"),
        ("peggy", "margaret"),
        ("kasia", "katarzyna"),
        ("huw", "hugh"),
        ("mo", "mohammed"),
        ("neve", "niamh"),
        ("tunde", "babatunde"),
    ],
)
def test_a_nickname_is_kindred_to_the_name_it_stands_for(short, whole):
    assert set(forename(short).forms) & set(forename(whole).forms)


def test_two_nicknames_of_one_name_are_kindred_and_two_names_of_one_nickname_are_not():
    assert set(forename("liz").forms) & set(forename("betty").forms)
    assert not set(forename("bethany").forms) & set(forename("elizabeth").forms)


def test_a_name_that_leads_another_is_not_the_name_used():
    assert set(forename("mohammed hamza").parts) == set(forename("hamza").parts)
    assert not set(forename("mohammed hamza").parts) & set(forename("mohammed bilal").parts)
    assert forename("mohammed").parts == (sound("mohammed"),)


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), min_size=1, max_size=4))
def test_a_key_does_not_depend_on_the_order_of_parts_unless_words_are_joined(words):
    from joinedup.registry.name_forms import name_forms

    rules = name_forms()
    words = [word for word in words if word not in rules.joined | rules.particles] or ["ana"]
    assert surname(" ".join(words)).key == surname(" ".join(reversed(words))).key


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyzł ", min_size=1, max_size=12), min_size=1, max_size=6))
def test_names_heard_together_sound_as_each_does_by_itself(folds):
    names._HEARD.clear()
    alone = [(forename(fold), surname(fold)) for fold in folds]
    for held in (names._HEARD, forename, surname):
        (held.clear if isinstance(held, dict) else held.cache_clear)()
    assert list(zip(forenames(folds), surnames(folds), strict=True)) == alone


@given(st.text(min_size=1, max_size=12))
def test_any_name_has_a_form(fold):
    if fold.split():
        assert forename(" ".join(fold.split())).forms
