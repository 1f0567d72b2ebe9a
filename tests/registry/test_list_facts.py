from __future__ import annotations

from typing import get_args

from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import forms
from joinedup.registry.list_facts import list_facts
from joinedup.settings import AgencyKind


def test_forms_codes_and_kinds_are_registered_ones():
    assert {each.form for each in list_facts().holds_only} <= set(forms())
    for each in list_facts().referred_by:
        assert each.kind in get_args(AgencyKind)
        for scheme in each.schemes:
            assert set(each.codes) <= set(code_sets()[scheme].codes)


def test_no_code_stands_for_two_kinds():
    found = [(scheme, code) for each in list_facts().referred_by for scheme in each.schemes for code in each.codes]
    assert len(found) == len(set(found))
