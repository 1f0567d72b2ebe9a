"""Stage profile: writes what is known of the people of each population, and holds the inquiry's claims against it."""

from __future__ import annotations

from joinedup.profile.attributes import Recorded, label_table, person_attributes
from joinedup.profile.claims import Vocabulary, judge
from joinedup.profile.profiles import Leeway, profile_bounds, profiles
from joinedup.registry.bands import age_bands
from joinedup.registry.code_sets import code_sets
from joinedup.store.contract import StageRun, from_rows

NAME = "profile"
READS = ("people", "memberships", "threats", "descriptions", "events", "involvements", "counts")
WRITES = ("person_attributes", "profiles", "profile_bounds", "claims")


def run(stage: StageRun) -> None:
    """Reads who is known as what, and what is recorded of them; writes profiles, their bounds and the claims."""
    recorded = Recorded(
        *(stage.read(name) for name in ("people", "memberships", "threats", "descriptions", "events", "involvements"))
    )
    attributes = person_attributes(recorded, label_table(code_sets())).to_pyarrow()
    rows = profiles(attributes, _leeway(stage))
    claims = judge(stage.inquiry.claims, rows, vocabulary())
    kinds = _kinds(recorded)
    stage.write("person_attributes", attributes)
    stage.write("profiles", from_rows("profiles", rows))
    bounds = profile_bounds(rows, attributes, kinds, stage.seed)
    stage.write("profile_bounds", from_rows("profile_bounds", bounds))
    stage.write("claims", from_rows("claims", claims))


def vocabulary() -> Vocabulary:
    """What a claim may call the values of an attribute, by the registry."""
    bands = [band.label for each in age_bands().values() for band in each.bands]
    groups = {scheme: each.groups for scheme, each in code_sets().items() if each.groups}
    return Vocabulary({"age_band": bands, "sex": ("F", "M")}, groups)


def _leeway(stage: StageRun) -> dict[str, Leeway]:
    """What the links leave open of each population of suspects: they are mentions before they are people."""
    counts = stage.read("counts")
    whole = counts.filter(counts.population == "suspects", counts.dimension == "all").to_pyarrow().to_pylist()
    return {
        f"suspects:{row['status']}": Leeway(row["count"] - row["merged"], row["upper"] - row["count"]) for row in whole
    }


def _kinds(recorded: Recorded) -> dict[str, str]:
    """The kinds of agency that hold each person, in one text."""
    listed = recorded.memberships.select("person_id", "list_kind").distinct().order_by("person_id", "list_kind")
    kinds: dict[str, str] = {}
    for person, kind in zip(*listed.to_pyarrow().to_pydict().values(), strict=True):
        kinds[person] = f"{kinds[person]} {kind}" if person in kinds else str(kind)
    return kinds
