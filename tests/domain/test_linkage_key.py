from __future__ import annotations

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.domain.linkage_key import Key, load_key, make_key, read_key
from joinedup.errors import UsageError

KEY = Key(bytes(range(32)))


def test_a_token_is_hmac_sha256_cut_to_96_bits():
    """Computed with OpenSSL 3: `printf ana | openssl dgst -sha256 -mac HMAC -macopt hexkey:SUBKEY`, and SUBKEY in the same
    way of `joinedup-token-1:name` under the key."""
    assert KEY.token("name", "ana") == "06ee71188e3df8fd69a7e6f9"


@given(st.text(), st.text(), st.sampled_from(["name", "form", "day"]))
def test_equal_values_of_one_label_alone_give_equal_tokens(one, other, label):
    assert (KEY.token(label, one) == KEY.token(label, other)) == (one == other)
    assert KEY.token(label, one) != KEY.token("year", one)
    assert KEY.token(label, one) != Key(bytes(range(1, 33))).token(label, one)


def test_a_key_never_shows_itself():
    assert KEY.secret.hex() not in f"{KEY!r} {KEY} {KEY.fingerprint}"
    assert "1" not in repr(KEY)


@pytest.mark.parametrize("text", ["", "secret", "ab" * 31, "xy" * 32, "00" * 32, "0123" * 16, "abc" * 22 + "a"])
def test_what_is_no_key_is_refused_without_repeating_it(text):
    with pytest.raises(UsageError) as caught:
        read_key(text)
    assert not text or text not in caught.value.message + caught.value.remedy


def test_a_key_may_stand_on_several_lines():
    digits = KEY.secret.hex().upper()
    assert read_key(f"{digits[:32]}\n{digits[32:]}\n") == KEY


def test_a_new_key_is_its_owners_alone_and_is_read_again(tmp_path):
    path = tmp_path / "linkage.key"
    made = make_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path) == made != make_key(tmp_path / "other.key")
    with pytest.raises(UsageError, match="there already"):
        make_key(path)
    assert load_key(path) == made


def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "linkage.key"
    make_key(path)
    path.chmod(0o640)
    with pytest.raises(UsageError, match="other users"):
        load_key(path)


@pytest.mark.parametrize(("content", "says"), [(None, "is not there"), (b"\xff\xfe\x00", "cannot be read")])
def test_a_key_file_that_cannot_be_read_says_so(tmp_path, content, says):
    path = tmp_path / "linkage.key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)
    with pytest.raises(UsageError, match=says):
        load_key(path)
