"""By which keys pairs of records are proposed: only pairs with one in common are compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposals:
    """The names of the key columns that propose pairs: plain keys, and lists of keys of which one in common is enough."""

    plain: tuple[str, ...]
    lists: tuple[str, ...]


PROPOSALS = {
    "children": Proposals(
        plain=(
            "key_nhs", "key_upn", "key_full_name", "key_dob_forename", "key_dob_surname", "key_dob_outcode",
            "key_surname_month", "key_forename_month", "key_surname_day", "key_forename_day", "key_starts_year",
            "key_forename_outcode", "key_surname_outcode", "key_postcode", "key_address", "key_street", "key_house",
        ),
        lists=("home",),
    ),
    "children_tokens": Proposals(
        plain=(
            "key_nhs", "key_upn", "key_full_name", "key_dob_forename", "key_dob_surname", "key_dob_outcode",
            "key_surname_month", "key_forename_month", "key_surname_day", "key_forename_day", "key_forename_outcode",
            "key_surname_outcode", "key_postcode",
        ),
        lists=("home", "starts"),
    ),
    "suspects_tokens": Proposals(
        plain=("key_nhs", "key_full_name", "key_dob_forename", "key_dob_surname", "key_surname_outcode"),
        lists=("shared",),
    ),
    "suspects": Proposals(
        plain=("key_nhs", "key_full_name", "key_dob_forename", "key_dob_surname", "key_surname_outcode"),
        lists=("shared", "full_names"),
    ),
}  # fmt: skip
"""How pairs are proposed for each model. No key is a forename or another name alone."""
