"""Whether a review sample stands in place of a decision on every pair of records held for review.

Counts are published between their lowest and highest, which hold whatever the answers to open pairs are; the hidden number is
made from the lists as the sample corrects them. So a sample does what the decisions would, if enough was read, the readers
agree, the links it was drawn from were good enough for it to be sharp, and it still stands for the records there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.report.evidence import Rows

LEAST_RECORDS = 200
"""Of fewer records limits are too rough to publish with: judgement."""
LEAST_PRECISION, LEAST_RECALL = 0.9, 0.8
"""The lower limits of precision and recall: below them the correction is large and rests on few linked children. Judgement."""
LEAST_KAPPA = 0.8
"""The lower limit of the readers' agreement beyond chance: "almost perfect" begins at .81 (Landis and Koch, Biometrics 33, 1977)."""
MOST_OUTSIDE = 0.05
"""The largest share of records that came since the draw; estimates ask the same."""
_UNLIKE = "the two readers' answers do not differ among themselves, so their agreement cannot be told"


@dataclass(frozen=True, slots=True)
class SampleRead:
    """What link_quality says of the review sample, of all records; None for what it does not say."""

    records: float
    outside: float
    """The share of the records of children that came since the draw."""
    precision: float | None
    recall: float | None
    kappa: float | None
    """The lower limits of these three."""

    @classmethod
    def of(cls, quality: Rows) -> SampleRead | None:
        """From the rows of link_quality; None without a sample."""
        told = {str(row["measure"]): float(row["value"]) for row in quality if row["scope"] == "all"}
        if not told.get("records_reviewed"):
            return None
        since = told.get("records_outside_the_sample", 0.0)
        return cls(
            told["records_reviewed"],
            since / max(told.get("sample_records_in_all", 0.0), 1.0),
            told.get("sample_precision_lower"),
            told.get("sample_recall_lower"),
            told.get("sample_kappa_lower"),
        )

    def shortfalls(self) -> list[str]:
        """What is missing for it to stand for the links, in words; empty where nothing is."""
        found = []
        if self.records < LEAST_RECORDS:
            found.append(f"{self.records:,.0f} records were read by two people, and {LEAST_RECORDS} are asked for")
        for name, least, value in (
            ("precision", LEAST_PRECISION, self.precision),
            ("recall", LEAST_RECALL, self.recall),
        ):
            if value is None:
                found.append(f"it met no pair of records to measure {name} on")
            elif value < least:
                found.append(f"{name} could be as low as {value:.1%}, and at least {least:.0%} is asked for")
        if self.kappa is None:
            found.append(_UNLIKE)
        elif self.kappa < LEAST_KAPPA:
            found.append(
                f"the readers' kappa could be as low as {self.kappa:.2f}, and at least {LEAST_KAPPA} is asked for"
            )
        if self.outside > MOST_OUTSIDE:
            found.append(
                f"{self.outside:.0%} of the records came since it was drawn, and at most {MOST_OUTSIDE:.0%} may"
            )
        return found

    @property
    def said(self) -> str:
        """What it says for itself, where nothing falls short."""
        return (
            f"In their place stands a sample of {self.records:,.0f} records that two people read: precision at least {self.precision:.1%}, recall at "
            f"least {self.recall:.1%}, kappa at least {self.kappa:.2f}. Counts stand between their lowest and highest, and the hidden number is made as the sample corrects the lists."
        )
