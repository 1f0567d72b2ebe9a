from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.collect.values.postcodes import EXPECTED, MENDED, parse_postcode


@pytest.mark.parametrize(
    ("raw", "value", "outcode"),
    [
        ("M1 1AA", "M1 1AA", "M1"),
        ("m60 1nw", "M60 1NW", "M60"),
        ("CR26XH", "CR2 6XH", "CR2"),
        ("DN55 1PT", "DN55 1PT", "DN55"),
        ("W1A-1HQ", "W1A 1HQ", "W1A"),
        ("EC1A  1BB", "EC1A 1BB", "EC1A"),
        ("GIR 0AA", "GIR 0AA", "GIR"),
        ("bfpo 801", "BFPO 801", "BFPO"),
        ("BFPO c/o 57", "BFPO 57", "BFPO"),
        ("ZX1 2AB", "ZX1 2AB", "ZX1"),
        ("EC1A", None, "EC1A"),
        ("M1 1", None, "M1"),
        ("not known", None, None),
    ],
)  # the forms A9, A99, AA9, AA99, A9A, AA9A: Royal Mail, Postcode address file, "Format of a postcode"
def test_postcodes_of_every_shape(raw, value, outcode):
    found = parse_postcode(raw)
    assert (found.value, found.outcode, found.fault, found.changed) == (value, outcode, None, None)


@pytest.mark.parametrize(
    ("raw", "value"), [("MI IAA", "M1 1AA"), ("DN55 IPT", "DN55 1PT"), ("LS1 OAA", "LS1 0AA"), ("0X1 1AA", "OX1 1AA")]
)
def test_letters_and_digits_in_each_others_places_are_mended_and_said(raw, value):
    found = parse_postcode(raw)
    assert (found.value, found.changed) == (value, MENDED)


@pytest.mark.parametrize("raw", ["ABC", "1 Mill Street", "M1 1AAA", "12345", "QQQ 1AA"])
def test_what_is_no_postcode_is_a_fault(raw):
    assert parse_postcode(raw) == type(parse_postcode(raw))(fault=EXPECTED)


@given(st.from_regex(r"\A[A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}\Z"))
def test_a_postcode_once_read_is_read_the_same_again(text):
    found = parse_postcode(text)
    if found.value:
        assert parse_postcode(found.value.replace(" ", "").lower()).value == found.value
