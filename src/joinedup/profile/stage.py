"""Stage profile: writes what is known of the people of each population, and holds the inquiry's claims against it."""

from __future__ import annotations

from joinedup.profile.attributes import label_table, person_attributes
from joinedup.profile.claims import judge
from joinedup.profile.profiles import profiles
from joinedup.registry.bands import age_bands
from joinedup.registry.code_sets import code_sets
from joinedup.store.contract import StageRun, from_rows

NAME = "profile"
READS = ("people", "memberships", "descriptions")
WRITES = ("person_attributes", "profiles", "claims")


def run(stage: StageRun) -> None:
    """Reads memberships and descriptions; writes person_attributes, profiles and claims."""
    attributes = person_attributes(
        stage.read("people"), stage.read("memberships"), stage.read("descriptions"), label_table(code_sets())
    ).to_pyarrow()
    rows = profiles(attributes)
    bands = [band.label for each in age_bands().values() for band in each.bands]
    claims = judge(stage.inquiry.claims, rows, {"age_band": bands, "sex": ("F", "M")})
    stage.write("person_attributes", attributes)
    stage.write("profiles", from_rows("profiles", rows))
    stage.write("claims", from_rows("claims", claims))
