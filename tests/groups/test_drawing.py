from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from joinedup.groups.cautions import CAUTIONS
from joinedup.groups.drawing import RESTRICTED, html, picture


def test_the_picture_has_a_node_for_everybody_and_each_shared_thing_told_without_colour(told):
    drawn = picture(*told)
    shapes = {node.told: node.shape for node in drawn.nodes}
    assert shapes == {
        "1: p_a": "child", "2: p_b": "both", "3: p_c": "suspect", "A: phone 1, shared by 3 members": "thing",
        "B: vehicle X & <Y>, shared by 2 members": "thing",
    }  # fmt: skip
    assert len(drawn.lines) == 5
    assert drawn.of == 5


def test_the_page_is_marked_warns_names_its_picture_and_lists_every_tie(told):
    page, layout = told
    text = html(page, layout, "0001-x")
    assert text == html(page, layout, "0001-x")
    assert RESTRICTED in text
    assert all(caution in text for caution in CAUTIONS)
    assert re.search(r'<svg[^>]*role="img"[^>]*aria-labelledby="picture-title picture-told"', text)
    assert "vehicle X &amp; &lt;Y&gt;" in text
    assert "<Y>" not in text
    assert "<script" not in text
    assert "http" not in text
    assert text.count("<td>attachment</td>") == 2
    assert "attached, by one thing" in text


def test_a_thing_that_no_pair_of_the_page_rests_on_is_not_drawn(told):
    page, layout = told
    more = [*layout, {"kind": "place", "value": "mill lane", "x": 0.5, "y": 0.5}]
    assert picture(page, more) == picture(page, layout)
    assert html(page, more, "0001-x") == html(page, layout, "0001-x")


def test_what_is_lettered_in_the_picture_is_lettered_in_the_list_beside_it(told):
    page, layout = told
    labels = [node.label for node in picture(page, layout).nodes if node.shape == "thing"]
    text = html(page, layout, "r")
    assert sorted(labels) == ["phone A", "vehicle B"]
    assert '<td>A</td><th scope="row">phone 1</th>' in text
    assert "<li><strong>attachment</strong>: the first or the second is no part of the core" in text


def test_a_picture_of_part_says_so(told):
    page, layout = told
    assert "4 of 5 are drawn" in html(page, layout[:4], "r").replace("\n", " ")


@pytest.mark.parametrize("width", [320, 1000])
def test_axe_finds_nothing_on_the_page_and_it_fits_a_telephone(told, browser, tmp_path, width):
    written = tmp_path / "group.html"
    written.write_text(html(*told, "0001-x"))
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(written.as_uri())
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert len(found.response["passes"]) > 5
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
