"""Section: missing and exploitation in the records, of published numbers alone, and what it cannot mean."""

from __future__ import annotations

from joinedup.domain.numbers import Recipe
from joinedup.report.blocks import Section, Sentence, Table
from joinedup.report.evidence import Evidence
from joinedup.report.press import Part, Press, Printed, bind
from joinedup.stats.association import Counted, association

_SIDES = {
    "known": "Known to be exploited", "suspected_or_at_risk": "Suspected or at risk", "not_recorded": "Nothing recorded",
}  # fmt: skip
_MISSING = {"missing": "Missing on record", "not_missing": "No episode on record", "cannot_be_told": "Cannot be told"}
_WARNING = (
    "A child on record as exploited is watched, and a child who is watched is reported missing sooner; a child reported "
    "missing is asked about exploitation. Recording of the one brings about recording of the other: the figures say how records "
    "go together, not that one leads to the other."
)


def section(evidence: Evidence, press: Press) -> Section | None:
    """The nine counts, and how much oftener those known are on record as missing; nothing where the run has no counts."""
    if not evidence.associations:
        return None
    made: dict[tuple[str, str], Printed] = {}
    for row in evidence.associations:
        side, missing = str(row["exploited"]), str(row["missing"])
        label = f"Children, {_SIDES[side].lower()}, {_MISSING[missing].lower()}"
        recipe = Recipe.from_json(str(row["recipe"]))
        made[side, missing] = press.people(str(row["number_id"]), label, int(row["count"]), recipe)
    rows: list[tuple[Part, ...]] = [
        (title, *(made[side, missing] for missing in _MISSING)) for side, title in _SIDES.items()
    ]
    table = Table("Missing and exploitation in the records", ("Exploitation", *_MISSING.values()), tuple(rows))
    return Section(
        "Missing and exploitation", (Sentence((_WARNING,), "warning"), table, Sentence(_ratio(made, press), "plain"))
    )


def _ratio(made: dict[tuple[str, str], Printed], press: Press) -> tuple[Part, ...]:
    """How often those known are on record as missing for a hundred of the others, from published counts; or that it is withheld."""
    if any(press.is_small(number) or number.released.value is None for number in made.values()):
        return ("A ratio is not given: it would rest on counts too small to publish.",)
    known, unsure, others = (
        Counted(*(int(made[side, missing].released.value or 0) for missing in _MISSING)) for side in _SIDES
    )
    found = association(known, others, unsure)
    if found.ratio is None or found.ratio_limits is None or found.ratio_bounds is None:
        return (f"A ratio is not given: {found.refused}.",)
    made_of = tuple(number.number_id for number in made.values())
    least, most = found.ratio_bounds
    values = {
        "ratio": found.ratio,
        "lower": found.ratio_limits.lower,
        "upper": found.ratio_limits.upper,
        "least": least,
    }
    shares = {name: press.ratio(f"Risk ratio, {name}", value, made_of) for name, value in values.items()}
    shares["most"] = press.ratio("Risk ratio, most", most, made_of)
    sentence = (
        "Of those of whom it can be told, for every 100 children missing on record that there would be if the share were that "
        "among children of whom nothing is recorded, there are {{%ratio}} among those known to be exploited (95% limits of chance "
        "{{%lower}} to {{%upper}}; between {{%least}} and {{%most}} whatever the unknowns are and whichever side the suspected and "
        "at risk belong to). From the counts as published."
    )
    return bind(sentence, shares, press)
