"""A small region with truth: households with siblings and twins, seen by four agencies with errors. Rates are made up."""

from __future__ import annotations

import datetime
import random
from itertools import accumulate

import pytest

SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ai", "ou")]
AGENCIES = {
    "northmoor-police": "police",
    "northmoor-care": "social_care",
    "eastby-charity": "charity",
    "westing-school": "school",
}


class Region:
    """Rows of mentions and identifiers, and the true person of each mention."""

    def __init__(self, records: int, seed: int, typing_errors: float = 0.04) -> None:
        self.draw = random.Random(seed)
        self.typing_errors = typing_errors
        self.mentions: list[dict] = []
        self.identifiers: list[dict] = []
        self.person: dict[str, str] = {}
        self.household: dict[str, str] = {}
        # Few names are common and many are rare, as names are.
        self._weights: dict[int, list[float]] = {}
        self.forenames = [self._word(2) for _ in range(300)]
        self.surnames = [self._word(3) for _ in range(1500)]
        while len(self.mentions) < records:
            self._household()
        del self.mentions[records:]

    def _word(self, syllables: int) -> str:
        return "".join(self.draw.choice(SYLLABLES) for _ in range(syllables)) + self.draw.choice(
            ["", "n", "r", "s", "l"]
        )

    def _common(self, names: list[str]) -> str:
        flattening = len(names) / 50
        weights = self._weights.setdefault(
            len(names), list(accumulate(1 / (rank + flattening) for rank in range(len(names))))
        )
        return self.draw.choices(names, cum_weights=weights)[0]

    def _household(self) -> None:
        draw, number = self.draw, len(self.household)
        home = {
            "postcode": f"ZX{draw.randrange(1, 40)} {draw.randrange(10)}{draw.choice('ABDEF')}{draw.choice('GHJLN')}",
            "address": f"{draw.randrange(1, 90)} {draw.choice(self.surnames)} road",
            "phone": f"+4477009{draw.randrange(10**5):05}",
        }
        surname, born = self._common(self.surnames), datetime.date(1990, 1, 1)
        taken: set[str] = set()
        for place in range(draw.choices([1, 2, 3, 4], [46, 30, 16, 8])[0]):
            twin = place > 0 and draw.random() < 0.018
            if not twin:
                born = datetime.date(1993, 1, 1) + datetime.timedelta(days=draw.randrange(3650))
            forename = next(name for name in iter(lambda: self._common(self.forenames), None) if name not in taken)
            taken.add(forename)
            person = f"c{number}-{place}"
            own = surname if draw.random() < 0.8 else self._common(self.surnames)
            self.household[person] = f"h{number}"
            child = {
                "forename": forename,
                "surname": own,
                "dob": born,
                "sex": draw.choice("FM"),
                "nhs": f"{draw.randrange(10**10):010}",
            }
            for _ in range(draw.choices([1, 2, 3, 5], [40, 30, 20, 10])[0]):
                self._mention(person, child, home)

    def _mention(self, person: str, child: dict, home: dict) -> None:
        draw, agency = self.draw, self.draw.choice(list(AGENCIES))
        poor = agency == "eastby-charity"
        mention_id = f"m{draw.randrange(16**12):012x}"
        forename, surname = self._written(child["forename"]), self._written(child["surname"])
        if draw.random() < 0.01:
            forename, surname = surname, forename
        if draw.random() < 0.03:
            surname = self._common(self.surnames)
        dob, precision = self._born(child["dob"], missing=0.5 if poor else 0.03)
        moved = draw.random() < 0.12
        placed = draw.random() < (0.6 if poor else 0.92)
        postcode = f"ZX{draw.randrange(1, 40)} {draw.randrange(10)}XX" if moved else home["postcode"]
        self.mentions.append(
            {
                "mention_id": mention_id, "agency": agency, "agency_kind": AGENCIES[agency], "form": "people",
                "source_ref": f"R{len(self.mentions)}", "role": "child", "forename_fold": forename, "surname_fold": surname,
                "dob": dob, "dob_precision": precision, "sex": child["sex"] if draw.random() > 0.04 else None,
                "postcode": postcode if placed else None, "outcode": postcode.split()[0] if placed else None,
                "address_fold": home["address"] if placed and not moved and draw.random() < 0.8 else None,
                "nhs_no": child["nhs"] if draw.random() < (0.0 if poor else 0.15) else None,
            }
        )  # fmt: skip
        self.person[mention_id] = person
        if draw.random() < 0.3 and not moved:
            self.identifiers.append({"mention_id": mention_id, "kind": "phone", "value": home["phone"], "valid": True})

    def _written(self, name: str) -> str:
        if self.draw.random() > self.typing_errors:
            return name
        place = self.draw.randrange(len(name))
        return name[:place] + self.draw.choice("abdeiklmnorst") + name[place + self.draw.choice([0, 1]) :]

    def _born(self, born: datetime.date, missing: float) -> tuple[datetime.date | None, str | None]:
        chance = self.draw.random()
        if chance < missing:
            return None, None
        if chance > 0.99:
            return datetime.date(born.year, 1, 1), "placeholder"
        if chance > 0.98 and born.day <= 12:
            return datetime.date(born.year, born.day, born.month), "day"
        if chance > 0.96:
            return born + datetime.timedelta(days=self.draw.choice([1, -1, 10, 365])), "day"
        return born, "day"


@pytest.fixture(scope="session")
def make_region():
    """make_region(records, seed): a Region."""
    return Region
