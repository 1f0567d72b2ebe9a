"""Linkage tokens: what an agency that may not send names sends in their place.

Each field of a mention is brought to its plain form, by the same rules as in the clear, and replaced by a keyed hash
(HMAC-SHA256) under a key that the agencies share. Equal fields give equal tokens; nothing else is kept of them. Names also go
as sets of forms: how they sound, what they may be short for, their parts. What lets near values be seen as near says more
to an attacker, and is sent only where it is asked for: the pieces of a date of birth, the starts of names tied to a date, and a
keyed Bloom filter of the letter pairs of each name. Its hashes are salted with the whole date of birth, so that a filter can be
held against those of children born on the same day and against no others. What an attacker can and cannot learn:
docs/explanation/tokens.md.

Sources: R. Schnell, T. Bachteler and J. Reiher, BMC Medical Informatics and Decision Making 9:41 (2009): Bloom filters;
F. Niedermeyer, S. Steinmetzer, M. Kroll and R. Schnell, Journal of Privacy and Confidentiality 6(2) (2014): why they are salted
with a stable field of the record; R. Cardinal and others, BMC Medical Informatics and Decision Making 23:85 (2023): Bayesian
matching of hashed fields, exact beside fuzzy.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from joinedup.domain.linkage_key import Key
from joinedup.link import names

BLOOM_BITS = 512
BLOOM_HASHES = 12
"""Hashes for each pair of letters. A name of eight letters sets about a fifth of the bits."""

EXACT = (
    "forename", "forename_key", "forename_forms", "forename_parts", "surname", "surname_key", "surname_forms",
    "surname_parts", "aliases", "born", "born_month", "born_year", "sex", "postcode", "outcode", "address", "phones", "things",
    "nhs_no", "upn",
)  # fmt: skip
"""What is encoded, in the order it is written. `things` are vehicles and accounts."""
FUZZY = ("forename_bloom", "surname_bloom", "born_turned", "born_month_day", "born_year_day", "starts")
"""What lets near values be seen as near. `born_turned` is the date with day and month changed over; `starts` are tokens of how
the names begin together with the date."""
LISTS = frozenset(
    {"forename_forms", "forename_parts", "surname_forms", "surname_parts", "aliases", "phones", "things", "starts"}
)
"""The fields of several tokens."""
FORM = "encoded_people"
"""The form of a file of tokens."""
KEY = "key"
"""The field that holds the key's fingerprint, by which a run sees whether two files were encoded under one key."""
PREFIX = "token_"

Texts = Mapping[str, str]


def encode(mention: Mapping[str, object], held: Iterable[tuple[str, str]], key: Key, *, fuzzy: bool) -> dict[str, str]:
    """The tokens of one mention: `token_` and each field; several separated by ';', nothing where the mention does not hold it.

    `mention` has the columns forename_fold, surname_fold, aliases, dob (a date), dob_precision, sex, postcode, outcode,
    address_fold, nhs_no and upn of the table mentions; `held` are its valid telephones, vehicles and accounts, as (kind, value).
    """
    text = {name: str(value) for name, value in mention.items() if value not in (None, "")}
    born = _precise(mention)
    forms = {
        name: change(text[f"{name}_fold"])
        for name, change in (("forename", names.forename), ("surname", names.surname))
        if f"{name}_fold" in text
    }
    found = _born(born, key)
    for name, own in forms.items():
        # Forenames and surnames share their labels: that two have changed places is then seen as in the clear.
        found[name] = key.token("name", text[f"{name}_fold"])
        found[f"{name}_key"] = key.token("form", own.key)
        found[f"{name}_forms"] = _several(key, "form", own.forms)
        found[f"{name}_parts"] = _several(key, "part", own.parts)
    found["aliases"] = _several(key, "name", _listed(text.get("aliases", "")))
    for field in ("sex", "postcode", "outcode", "nhs_no", "upn"):
        if field in text:
            found[field] = key.token(field, text[field])
    if "address_fold" in text:
        found["address"] = key.token("address", text["address_fold"])
    pairs = list(held)
    found["phones"] = _several(key, "phone", (value for kind, value in pairs if kind == "phone"))
    found["things"] = _several(key, "thing", (f"{kind}|{value}" for kind, value in pairs if kind != "phone"))
    if fuzzy:
        found |= _near(text, forms, born, key)
    found[KEY] = key.fingerprint
    return {f"{PREFIX}{field}": found.get(field, "") for field in (*EXACT, *(FUZZY if fuzzy else ()), KEY)}


def _several(key: Key, label: str, values: Iterable[str]) -> str:
    return ";".join(sorted({key.token(label, value) for value in values}))


def _listed(aliases: str) -> list[str]:
    """Other names in plain small letters, as linking reads them."""
    return [alias for part in aliases.lower().split(";") if (alias := part.strip())]


def _precise(mention: Mapping[str, object]) -> str:
    """The date of birth as YYYYMMDD as far as it is known: eight, six or four digits; nothing where it says nothing.

    A placeholder other than 1 January is an agency's sign for "not known": not even its year stands.
    """
    born, precision = mention.get("dob"), mention.get("dob_precision")
    if born is None or not precision:
        return ""
    digits = f"{born:%Y%m%d}"
    if precision == "placeholder":
        return digits[:4] if digits.endswith("0101") else ""
    return digits[: {"day": 8, "month": 6}.get(str(precision), 4)]


def _born(digits: str, key: Key) -> dict[str, str]:
    found = {"born_year": key.token("year", digits[:4])} if digits else {}
    if len(digits) >= 6:
        found["born_month"] = key.token("month", digits[:6])
    if len(digits) == 8:
        found["born"] = key.token("day", digits)
    return found


def _near(text: Texts, forms: Mapping[str, names.Forms], born: str, key: Key) -> dict[str, str]:
    """The fields of FUZZY; those that need the whole date of birth are empty without it."""
    found: dict[str, str] = {}
    starts = []
    if len(born) == 8:
        year, month, day = born[:4], born[4:6], born[6:]
        found["born_month_day"] = key.token("month_day", month + day)
        found["born_year_day"] = key.token("year_day", year + day)
        if int(day) <= 12 and month != day:
            found["born_turned"] = key.token("day", year + day + month)
        for name, own in forms.items():
            found[f"{name}_bloom"] = bloom(text[f"{name}_fold"], key, born)
            starts.append(f"{name}|{born}|{own.key[:1]}")
    if born and len(forms) == 2:
        starts.append(f"both|{born[:4]}|{forms['forename'].key[:2]}|{forms['surname'].key[:2]}")
    found["starts"] = _several(key, "start", starts)
    return found


def bloom(fold: str, key: Key, salt: str) -> str:
    """The Bloom filter of a name's letter pairs, as hexadecimal digits: like names set like bits.

    Each pair of letters sets twelve of 512 bits, chosen by two keyed hashes of the pair and the salt.

    >>> key = Key(bytes(range(32)))
    >>> one, other, third = (bloom(name, key, "19970314") for name in ("katherine", "katharine", "oliver"))
    >>> round(likeness(one, other), 2) > 0.7 > 0.4 > round(likeness(one, third), 2)
    True
    """
    padded = f"_{fold.replace(' ', '_')}_"
    salted = hmac.digest(key.of("bloom"), salt.encode(), "sha256")
    bits = 0
    for pair in {padded[place : place + 2] for place in range(len(padded) - 1)}:
        digest = hashlib.blake2b(pair.encode(), key=salted, digest_size=16).digest()
        first, step = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") | 1
        for turn in range(BLOOM_HASHES):
            bits |= 1 << ((first + turn * step) % BLOOM_BITS)
    return f"{bits:0{BLOOM_BITS // 4}x}"


def likeness(one: str, other: str) -> float:
    """How alike two Bloom filters are, 0 to 1: twice the bits both have, over the bits of each (Dice's coefficient)."""
    left, right = int(one, 16), int(other, 16)
    whole = left.bit_count() + right.bit_count()
    return 2 * (left & right).bit_count() / whole if whole else 0.0
