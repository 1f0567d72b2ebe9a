from __future__ import annotations

import hashlib

from joinedup.store.inputs import fingerprint, hash_inputs


def test_every_file_is_hashed_in_order_and_hidden_ones_are_left_out(tmp_path) -> None:
    folder = tmp_path / "returns" / "b-agency" / "2011-05-02"
    folder.mkdir(parents=True)
    (folder / "one.csv").write_bytes(b"a")
    (tmp_path / "returns" / "a-agency").mkdir()
    (tmp_path / "returns" / "a-agency" / "two.csv").write_bytes(b"bb")
    (tmp_path / "returns" / "a-agency" / ".hidden").write_bytes(b"x")
    found = hash_inputs(tmp_path)
    assert [file.path for file in found] == ["a-agency/two.csv", "b-agency/2011-05-02/one.csv"]
    assert found[0].sha256 == hashlib.sha256(b"bb").hexdigest()
    assert found[0].bytes == 2


def test_no_returns_folder_is_no_input(tmp_path) -> None:
    assert hash_inputs(tmp_path) == []


def test_a_fingerprint_changes_with_any_part() -> None:
    assert fingerprint({"a": [1]}) != fingerprint({"a": [2]})
