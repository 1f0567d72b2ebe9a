from __future__ import annotations

import pytest
from pydantic import ValidationError

from joinedup.registry.bands import BandSet, age_bands


def test_every_age_up_to_120_has_one_band():
    for bands in age_bands().values():
        assert bands.source
        for age in range(121):
            fitting = [band.label for band in bands.bands if band.first <= age <= band.last]
            assert fitting == [bands.band_of(age)]
        assert bands.band_of(121) is None
        assert bands.band_of(-1) is None


@pytest.mark.parametrize("starts", [(0, 6), (0, 4)])
def test_a_gap_or_an_overlap_is_refused(starts):
    bands = [{"label": str(start), "from": start, "to": start + 4} for start in starts]
    with pytest.raises(ValidationError, match="should start at 5"):
        BandSet.model_validate({"id": "x", "title": "x", "source": "x", "bands": bands})
