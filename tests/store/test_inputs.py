from __future__ import annotations

import hashlib

from joinedup.domain.nouns import InputFile
from joinedup.settings import parse_inquiry
from joinedup.store.inputs import Basis, fingerprint, hash_inputs


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


def test_rules_of_the_inquirys_own_are_part_of_what_a_run_follows_from() -> None:
    inquiry = parse_inquiry('name="N"\nquestion="Q"\nperiod={from=2010-01-01,to=2010-12-31}')
    without = Basis(inquiry, [], [], "1")
    rules = Basis(inquiry, [], [], "1", [InputFile("local.yaml", "ab", 2)])
    assert rules.fingerprint() != without.fingerprint()
    assert rules.news_since(without.parts()) == ["rules"]
    earlier = {name: part for name, part in without.parts().items() if name != "rules"}
    assert (without.news_since(earlier), rules.news_since(earlier)) == ([], ["rules"])


def test_another_linkage_key_is_another_setting_of_linking_and_stands_in_the_basis_by_its_fingerprint_alone() -> None:
    inquiry = parse_inquiry('name="N"\nquestion="Q"\nperiod={from=2010-01-01,to=2010-12-31}')
    without, one, other = (Basis(inquiry, [], [], "1", token_key=shown) for shown in ("", "cc7f1b07", "86eabd95"))
    assert len({basis.fingerprint() for basis in (without, one, other)}) == 3
    assert one.news_since(one.parts()) == []
    assert one.news_since(other.parts()) == one.news_since(without.parts()) == ["settings.link"]
    earlier = {name: part for name, part in without.parts().items() if name != "token_key"}
    assert (without.news_since(earlier), one.news_since(earlier)) == ([], ["settings.link"])
