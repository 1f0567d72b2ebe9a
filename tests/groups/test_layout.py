from __future__ import annotations

import numpy as np
import pytest

from joinedup.groups import layout, stage
from joinedup.groups.layout import positions


def apart(where, one, other):
    return float(np.hypot(*(where[one] - where[other])))


def test_a_line_of_nodes_is_drawn_as_a_line_in_its_order():
    where = positions([(5, [(0, 1), (1, 2), (2, 3), (3, 4)])])
    assert apart(where, 0, 4) == pytest.approx(1.0, abs=0.02)
    assert [apart(where, 0, node) for node in range(1, 5)] == pytest.approx([0.25, 0.5, 0.75, 1.0], abs=0.03)


def test_everything_stands_on_the_page_whatever_the_graphs_and_beside_what():
    star, pieces, lone = (6, [(0, n) for n in range(1, 6)]), (4, [(0, 1), (2, 3)]), (1, [])
    together = positions([star, pieces, lone, star])
    assert together.min() >= 0
    assert together.max() <= 1
    assert np.isfinite(together).all()
    assert together[:6].tolist() == together[-6:].tolist() == positions([star]).tolist()
    near, far = apart(together, 6, 7), apart(together, 6, 8)
    assert near < far


def test_no_group_gives_no_places():
    assert positions([]).shape == (0, 2)


def test_the_run_stores_a_place_for_every_member_and_shared_thing_up_to_the_most_drawn(region, group, monkeypatch):
    for person in ("a", "b", "c"):
        region.record(person, phone="1", vehicle="X", account=f"own-{person}")
    stored = group(region).read("group_layout").to_pyarrow().to_pylist()
    assert [(row["kind"], row["value"]) for row in stored] == [
        ("person", "p_a"), ("person", "p_b"), ("person", "p_c"), ("phone", "1"), ("vehicle", "X"),
    ]  # fmt: skip
    assert all(0 <= row[axis] <= 1 for row in stored for axis in "xy")
    monkeypatch.setattr(layout, "DRAWN_AT_MOST", 4)
    assert len(group(region).read("group_layout").to_pyarrow()) == 4
    assert "group_layout" in stage.WRITES
