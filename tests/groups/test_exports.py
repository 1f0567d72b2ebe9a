from __future__ import annotations

import pytest
from defusedxml import ElementTree

from joinedup.groups.cautions import CAUTIONS
from joinedup.groups.exports import FORMS, files_of

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.mark.parametrize("form", FORMS)
def test_every_exported_file_says_it_is_restricted(told, form):
    files = files_of([told[0]], form)
    assert files == files_of([told[0]], form)
    assert all(name.startswith("RESTRICTED-") and "estricted" in text.lower() for name, text in files.items())


def test_graphml_has_people_and_things_as_nodes_and_the_records_between_them(told):
    (text,) = files_of([told[0]], "graphml").values()
    graph = ElementTree.fromstring(text).find(f"{GRAPHML}graph")
    nodes = {node.get("id") for node in graph.findall(f"{GRAPHML}node")}
    assert nodes == {"p_a", "p_b", "p_c", "phone:1", "vehicle:X & <Y>"}
    ends = {(edge.get("source"), edge.get("target")) for edge in graph.findall(f"{GRAPHML}edge")}
    assert len(ends) == 5
    assert {end for pair in ends for end in pair} == nodes
    assert all(caution in graph.find(f"{GRAPHML}desc").text for caution in CAUTIONS)


def test_links_say_since_when_on_what_basis_and_how_surely(told):
    rows = files_of([told[0]], "i2")["RESTRICTED-links.csv"].splitlines()
    assert rows[0] == "link,from,to,records,date,basis,agencies,probability,handling"
    assert rows[1] == "p_a phone:1,p_a,phone:1,1,2010-05-01,,police,1.0,RESTRICTED"
