from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.collect.values.identifiers import (
    ZERO_RESTORED,
    parse_account,
    parse_accounts,
    parse_nhs_number,
    parse_phone,
    parse_phones,
    parse_pupil_number,
    parse_vehicle,
    parse_vehicles,
)
from joinedup.domain.check_digits import nhs_check_digit


@pytest.mark.parametrize(
    "raw",
    [
        "07700 900123", "07700900123", "(07700) 900-123", "+44 7700 900123", "+44 (0)7700 900123", "0044 7700 900123",
        "447700900123", "07700 900123 ext 4",
    ],
)  # fmt: skip
def test_one_number_in_the_ways_people_write_it(raw):
    """07700 900000 to 900999 are Ofcom's mobile numbers for drama: no real telephone has them."""
    found = parse_phone(raw)
    assert (found.item.value, found.item.raw, found.item.valid, found.fault) == ("+447700900123", raw, True, None)


@pytest.mark.parametrize("raw", ["01632 960001", "020 7946 0001", "0161 496 0001", "03069 990001", "0808 1570001"])
def test_every_range_kept_for_drama_is_accepted(raw):
    """Ofcom, Numbers for drama use: no area, London, Manchester, UK-wide, freephone."""
    assert parse_phone(raw).item.valid


def test_a_zero_lost_in_a_spreadsheet_is_put_back_and_said():
    assert parse_phone("7700900123").item.value == "+447700900123"
    assert parse_phone("7700900123").changed == ZERO_RESTORED


def test_a_number_of_another_country_keeps_its_code():
    assert parse_phone("+353 20 914 4321").item.value == "+353209144321"
    assert parse_phone("00353 20 914 4321").item.value == "+353209144321"


@pytest.mark.parametrize("raw", ["12", "900123", "07700 90012", "ask mother", "0000000000"])
def test_what_is_no_number_keeps_its_raw_value(raw):
    found = parse_phone(raw)
    assert (found.item.value, found.item.valid) == (raw, False)
    assert found.fault
    assert raw not in found.fault


def test_lists_of_phones_hold_each_once():
    found = parse_phones("07700 900001; +447700900001, 07700 900002 ; unknown")
    assert [item.value for item in found.items] == ["+447700900001", "+447700900002"]
    assert found.items[0].raw == "07700 900001"
    assert found.fault is None


@given(st.integers(0, 999))
def test_phones_read_the_same_again(last):
    value = parse_phone(f"01632 960{last:03}").item.value
    assert parse_phone(value).item.value == value


@pytest.mark.parametrize(
    ("raw", "mark", "valid"),
    [
        ("ab51 abc", "AB51ABC", True),
        ("A123 BCD", "A123BCD", True),
        ("ABC 123D", "ABC123D", True),
        ("ABC 1", "ABC1", True),
        ("1234 AB", "1234AB", True),
        ("AIZ 1234", "AIZ1234", True),
        ("QQ99QQ9", "QQ99QQ9", False),
        ("red car", "red car", False),
        ("AB51 ABCDE", "AB51 ABCDE", False),
    ],
)
def test_registration_marks(raw, mark, valid):
    found = parse_vehicle(raw)
    assert (found.item.value, found.item.valid) == (mark, valid)
    assert bool(found.fault) == (mark == raw and " " in raw)


def test_lists_of_vehicles_and_accounts():
    assert [item.value for item in parse_vehicles("AB51ABC; ab51 abc; A1").items] == ["AB51ABC", "A1"]
    assert [item.value for item in parse_accounts("@Sky; https://example.invalid/sky; Lark").items] == ["sky", "lark"]


def test_accounts_without_a_name_are_a_fault():
    assert parse_account("@").fault


@given(st.integers(100_000_000, 999_999_999))
def test_only_the_right_check_digit_makes_an_nhs_number(nine):
    right = nhs_check_digit(str(nine))
    valid = {digit for digit in range(10) if parse_nhs_number(f"{nine}{digit}").item.valid}
    assert valid <= {right}


def test_identifiers_with_spaces_and_small_letters():
    assert parse_nhs_number("943-476-5919").item.value == "9434765919"
    assert parse_nhs_number("943 476 5918").item == ("943 476 5918", "943 476 5918", False)
    assert parse_pupil_number(" h801200001001 ").item.value == "H801200001001"
    assert parse_pupil_number("A801200001001").fault
