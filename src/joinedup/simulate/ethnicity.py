"""Ethnicity as three schemes write it. Each agency's own, with its own ways of not knowing; never merged."""

from __future__ import annotations

import numpy as np

from joinedup.simulate.arrays import Texts, choose, nothing
from joinedup.simulate.errors import Clerk, chance

_OFFICER = {
    "WBRI": "IC1", "WIRI": "IC1", "WOTH": "IC2", "MWBC": "IC3", "MWAS": "IC4", "AIND": "IC4", "APKN": "IC4", "ABAN": "IC4",
    "AOTH": "IC4", "BCRB": "IC3", "BAFR": "IC3", "BOTH": "IC3", "CHNE": "IC5", "OOTH": "IC6",
}  # fmt: skip
_STATED = {
    "WBRI": "W1", "WIRI": "W2", "WOTH": "W9", "MWBC": "M1", "MWAS": "M3", "AIND": "A1", "APKN": "A2", "ABAN": "A3",
    "AOTH": "A9", "BCRB": "B1", "BAFR": "B2", "BOTH": "B9", "CHNE": "O1", "OOTH": "O9",
}  # fmt: skip


def _written(clerk: Clerk, agency: np.ndarray, texts: Texts, ways_of_not_knowing: list[str | None]) -> Texts:
    unknown = clerk.rng.random(len(agency)) < chance(clerk.agencies, agency, "ethnicity_missing")
    return np.where(unknown, choose(clerk.rng, ways_of_not_knowing, [1] * len(ways_of_not_knowing), len(agency)), texts)


def _mapped(codes: Texts, table: dict[str, str]) -> Texts:
    mapped = nothing(len(codes))
    for code, other in table.items():
        mapped[codes == code] = other
    return mapped


def as_officer(clerk: Clerk, agency: np.ndarray, codes: Texts) -> Texts:
    """IC codes: what an officer took the person for."""
    return _written(clerk, agency, _mapped(codes, _OFFICER), ["IC9", None])


def as_stated(clerk: Clerk, agency: np.ndarray, codes: Texts) -> Texts:
    """16+1 codes: what the person said."""
    return _written(clerk, agency, _mapped(codes, _STATED), ["NS", None])


def as_education(clerk: Clerk, agency: np.ndarray, codes: Texts) -> Texts:
    """The Department for Education's codes, refusals and not yet obtained apart."""
    return _written(clerk, agency, codes, ["REFU", "NOBT"])
