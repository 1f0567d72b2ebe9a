from __future__ import annotations

import pyarrow as pa

from joinedup.link.respelling import respelt


def read(*addresses, outcodes=None):
    return respelt(pa.array(addresses), pa.array(outcodes or ["ZX1"] * len(addresses))).to_pylist()


def test_a_slip_is_read_as_what_more_records_say_of_the_house():
    assert read("4 benny place", "4 benny plcae", "4 benny place")[1] == "4 benny place"


def test_a_slip_in_a_word_that_is_else_shortened_is_mended_too():
    assert read("37 sanford pl", "37 sanf ordplace", "9 sanford pl")[1] == "37 sanford pl"


def test_streets_called_alike_that_stand_at_several_houses_stay_apart():
    streets = ["4 benny pl", "9 benny pl", "4 denny pl", "9 denny pl"]
    assert read(*streets) == streets


def test_another_number_or_another_district_is_another_house():
    assert read("4 benny pl", "5 bennny pl") == ["4 benny pl", "5 bennny pl"]
    assert read("4 benny pl", "4 bennny pl", outcodes=["ZX1", "ZX2"]) == ["4 benny pl", "4 bennny pl"]


def test_an_address_that_is_not_known_stays_so():
    assert read(None, "4 benny pl") == [None, "4 benny pl"]
    assert respelt(pa.array([], pa.string()), pa.array([], pa.string())).to_pylist() == []
