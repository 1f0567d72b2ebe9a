from __future__ import annotations

from joinedup.domain.readings import READ, Reading, settle

SHOWN = {"r": ["a", "b"], "s": ["c"]}


def read(reader, record, *answers, settles=False):
    marks = [Reading(reader, record, record, READ, settles)]
    return marks + [Reading(reader, record, mention, answer, settles) for mention, answer in answers]


def test_what_two_readers_agree_on_stands_and_what_one_read_alone_is_open():
    found = settle([*read("A", "r", ("a", "same")), *read("B", "r", ("a", "same")), *read("A", "s")], SHOWN)
    assert found.same == {"r": {"r", "a"}}
    assert found.open == {"s": frozenset()}
    assert found.pairs == (("same", "same"), ("different", "different"))
    assert list(found.read) == ["A", "B"]


def test_a_difference_is_open_until_a_third_reading_settles_it():
    readings = [*read("A", "r", ("a", "same"), ("b", "unsure")), *read("B", "r", ("b", "unsure"))]
    assert settle(readings, SHOWN).open["r"] == {"a"}
    found = settle([*readings, *read("C", "r", ("a", "same"), settles=True)], SHOWN)
    assert (found.same["r"], found.thirds, found.unsure) == ({"r", "a"}, 1, 1)
    assert settle([*readings, *read("C", "r", settles=True)], SHOWN).same["r"] == {"r"}


def test_a_question_read_anew_takes_the_place_of_the_earlier_reading():
    readings = [*read("A", "s", ("c", "same")), *read("B", "s"), *read("A", "s")]
    assert settle(readings, SHOWN).same["s"] == {"s"}
