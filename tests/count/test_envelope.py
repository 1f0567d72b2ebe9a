from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from joinedup.count.envelope import Linkage, envelopes

MENTIONS = 12
links = st.lists(
    st.tuples(st.integers(0, MENTIONS - 1), st.integers(0, MENTIONS - 1), st.floats(0, 1)).filter(
        lambda e: e[0] < e[1]
    ),
    max_size=25,
)
statuses = st.lists(st.tuples(st.integers(0, MENTIONS - 1), st.integers(0, 3)), max_size=20)


def components(pairs):
    person = list(range(MENTIONS))
    for left, right in pairs:
        old, new = person[right], person[left]
        person = [new if each == old else each for each in person]
    return person


def strongest(person, carried):
    best = {}
    for mention, rank in carried:
        best[person[mention]] = min(rank, best.get(person[mention], 99))
    return [sum(1 for rank in best.values() if rank == wanted) for wanted in range(4)]


@given(links, statuses)
def test_the_envelope_is_what_counting_by_hand_gives_and_holds_the_count(drawn, carried):
    linked = [(left, right) for left, right, probability in drawn if probability >= 0.5]
    review = [(left, right) for left, right, probability in drawn if 0.1 <= probability < 0.5]
    sure = [(left, right) for left, right, probability in drawn if probability >= 0.9]
    person = components(linked)
    people = pa.table({"mention_id": [f"m{n}" for n in range(MENTIONS)], "person_id": [f"p{p}" for p in person]})
    zones = ["linked" if p >= 0.5 else "review" if p >= 0.1 else "not_linked" for _, _, p in drawn]
    table = pa.table(
        {
            "mention_l": pa.array([f"m{left}" for left, _, _ in drawn], pa.string()),
            "mention_r": pa.array([f"m{right}" for _, right, _ in drawn], pa.string()),
            "probability": pa.array([p for _, _, p in drawn], pa.float64()),
            "zone": pa.array(zones, pa.string()),
        }
    )
    concerns = pa.table(
        {
            "mention_id": pa.array([f"m{mention}" for mention, _ in carried], pa.string()),
            "rank": pa.array([rank for _, rank in carried], pa.int64()),
        }
    )
    found = envelopes(Linkage.of(people, table), concerns, 0.9, 4)
    assert [each.lower for each in found] == strongest(components(linked + review), carried)
    assert [each.count for each in found] == strongest(person, carried)
    assert [each.upper for each in found] == strongest(components(sure), carried)
    assert all(each.lower <= each.count <= each.upper for each in found)
