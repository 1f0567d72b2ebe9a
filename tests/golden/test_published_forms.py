"""Published forms: the weights and bands of SERAF as Wales and South Gloucestershire print them, and the Commissioner's signs.

Scoring guidance: paperzz.com/doc/7076051 (Hampshire's copy of Barnardo's). Wales: docslib.org/doc/13716130, eleven
vulnerabilities. South Gloucestershire: edocs.southglos.gov.uk, ten, without physical abuse.
"""

from __future__ import annotations

import datetime

import pytest

from joinedup.find.added_up import total, weight, when
from joinedup.registry.rules import packs

SERAF = packs()["seraf_wales"].rules[0]
OCC = packs()["occ_2013"].rules[0]
SECTIONS = {section.id: section for section in SERAF.test.sections}


def items(test, section):
    return [item.id for item in test.items if item.section == section]


@pytest.mark.parametrize(
    ("points", "band"),
    [(0, "not at risk"), (5, "not at risk"), (6, "mild risk"), (10, "mild risk"), (11, "moderate risk"), (15, "moderate risk"),
     (16, "significant risk"), (60, "significant risk")],
)  # fmt: skip
def test_seraf_bands(points, band):
    assert SERAF.test.band(points) == band


def test_seraf_weights():
    assert [
        weight(SECTIONS["vulnerability"], recent=True, older=False),
        weight(SECTIONS["moderate"], recent=True, older=False),
    ] == [1, 1]
    significant = SECTIONS["significant"]
    assert weight(significant, recent=True, older=False) == 5
    assert weight(significant, recent=False, older=True) == 1
    assert weight(significant, recent=True, older=True) == 6
    assert weight(SECTIONS["moderate"], recent=False, older=True) == 0


def test_a_form_with_every_vulnerability_ticked_in_each_version():
    ticked = [(item, True, False) for item in items(SERAF.test, "vulnerability")]
    assert (total(SERAF.test, ticked), SERAF.test.band(total(SERAF.test, ticked))) == (11, "moderate risk")
    south = [tick for tick in ticked if tick[0] != "physical_abuse"]
    assert (total(SERAF.test, south), SERAF.test.band(total(SERAF.test, south))) == (10, "mild risk")


def test_every_known_line_ticked_and_none():
    everything = [(item.id, True, False) for item in SERAF.test.items]
    assert total(SERAF.test, everything) == 11 + 12
    assert total(SERAF.test, []) == 0


def test_the_significant_lines_were_not_found_and_none_is_invented():
    assert items(SERAF.test, "significant") == []
    assert not SECTIONS["significant"].complete
    assert "significant indicators" in SERAF.not_recorded


@pytest.mark.parametrize(
    ("ago", "recent", "older"),
    [(0, True, False), (183, True, False), (184, False, True), (365, False, True), (366, False, False)],
)
def test_six_and_twelve_months(ago, recent, older):
    last = datetime.date(2011, 6, 29)
    assert when(SECTIONS["significant"], last - datetime.timedelta(days=ago), last) == (recent, older)


def test_the_commissioners_fifteen_vulnerabilities_and_fourteen_signs_three_of_which_are_high_risk():
    assert (len(items(OCC.test, "vulnerability")), len(items(OCC.test, "sign"))) == (15, 14)
    signs = items(OCC.test, "sign")
    assert OCC.test.band(total(OCC.test, [(sign, True, False) for sign in signs[:3]])).startswith("high risk")
    assert OCC.test.band(total(OCC.test, [(sign, True, False) for sign in signs[:2]])).startswith("fewer")
    assert total(OCC.test, [(item, True, False) for item in items(OCC.test, "vulnerability")]) == 0


@pytest.mark.parametrize("name", ["seraf_wales", "occ_2013"])
def test_both_say_that_they_are_not_validated_and_for_whom_they_are_not(name):
    about = " ".join(packs()[name].about.split())
    assert "Not validated" in about
    assert "Not for children without prior concern" in about
