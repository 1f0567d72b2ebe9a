"""Stage estimate: writes the overlaps of the lists, and what they say of the children no list holds."""

from __future__ import annotations

from joinedup.errors import SettingsError
from joinedup.estimate.corrected import Review
from joinedup.estimate.estimates import tables
from joinedup.estimate.population import Options as Modelled
from joinedup.estimate.two_lists import Options
from joinedup.settings import Inquiry
from joinedup.stats.reviewed_records import reviewed
from joinedup.store.contract import StageRun, from_rows

NAME = "estimate"
READS = ("memberships", "people", "listed", "sample_frame", "sample_answers")
WRITES = ("overlaps", "corrected_overlaps", "estimates")


def run(stage: StageRun) -> None:
    """Reads memberships and the review sample; writes overlaps, raw and corrected, and estimates.

    Raises SettingsError for a grouping that cannot be meant.
    """
    settings = stage.inquiry.estimate
    _check_groups(stage.inquiry)
    memberships = stage.read("memberships").select(
        "person_id", "kind", "list", "list_kind", "status", "known_or_suspected"
    )
    sampled = (stage.read(name).to_pyarrow() for name in ("people", "sample_frame", "sample_answers"))
    review = Review.of(reviewed(*sampled), stage.read("listed").to_pyarrow())
    made = tables(
        memberships.to_pyarrow(),
        settings.lists,
        Options(settings.least_overlap, settings.level),
        Modelled(seed=stage.seed, level=settings.level),
        review,
    )
    for name, rows in zip(WRITES, made, strict=True):
        stage.write(name, from_rows(name, rows))


def _check_groups(inquiry: Inquiry) -> None:
    named = [agency for agencies in inquiry.estimate.lists.values() for agency in agencies]
    twice = sorted({agency for agency in named if named.count(agency) > 1})
    unknown = sorted({agency for agency in named if inquiry.agency_of(agency) is None})
    if twice or unknown:
        raise SettingsError(
            f"inquiry.toml: [estimate] lists names agencies twice {twice} or that the inquiry does not have {unknown}",
            remedy="Name each agency once, by the id it has in its [[agency]] entry.",
        )
