"""One small fictional region, simulated and run once for the files that look at it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory, joinedup) -> Path:
    """A simulated inquiry with one finished run; do not change its files."""
    folder = tmp_path_factory.mktemp("region") / "inquiry"
    made = json.loads(joinedup("demo", folder, "--children", 600, "--json").stdout)
    assert made["run"]["run"].startswith("0001-")
    return folder


PEOPLE = "source_ref,role,forename,surname,aliases,dob,sex,postcode,address,phones,vehicles,accounts,nhs_no,upn,ethnicity,event_date\n"


def write(folder: Path) -> Path:
    """Writes an inquiry whose returns are only the bare people form: two agencies, one child and one suspect in both."""
    rows = {
        "force": [
            "N1,child,Anna,Brook,,2001-04-03,F,ZX1 1AA,1 Long Road,07700900001,,,,,A,2010-05-01",
            "N2,child,Ben,Carr,,1999-09-09,M,ZX2 2BB,9 Short Lane,,,,,,B,2010-06-01",
            "N3,suspect,Dan,Estham,Dee,1980-01-02,M,,,07700900777,ZZ99ZZZ,,,,C,2010-06-01",
        ],
        "charity": [
            "C1,child,Anna,Brook,,03/04/2001,F,ZX1 1AA,1 Long Rd,07700 900001,,,,,,2010-05-20",
            "C2,child,Cleo,Dunn,,2000,F,,,,,,,,,2010-07-01",
            "C3,suspect,Dan,Estham,,02/01/1980,M,,,07700 900777,ZZ99 ZZZ,,,,,2010-06-03",
        ],
    }
    toml = 'name = "Small"\nquestion = "How many?"\nperiod = { from = 2008-01-01, to = 2011-06-29 }\n'
    for agency, kind in (("force", "police"), ("charity", "charity")):
        toml += f'\n[[agency]]\nid = "{agency}"\nname = "{agency}"\nkind = "{kind}"\nasked = ["people"]\n'
        (folder / "returns" / agency).mkdir(parents=True)
        (folder / "returns" / agency / "people.csv").write_text(PEOPLE + "\n".join(rows[agency]) + "\n")
    (folder / "inquiry.toml").write_text(toml)
    return folder


@pytest.fixture
def people_inquiry(tmp_path: Path) -> Path:
    return write(tmp_path / "inquiry")


@pytest.fixture(scope="session")
def write_people_inquiry() -> Callable[[Path], Path]:
    return write
