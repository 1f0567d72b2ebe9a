"""The page in a browser: WCAG 2.2 AA by axe-core, numbers that open by keyboard without a script, and reflow at 320 px."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def shown(reported, browser):
    """The report of the test run, open at a width in pixels: shown(width) -> the browser's page."""
    pages = []

    def show(width):
        pages.append(browser.new_page(viewport={"width": width, "height": 900}))
        pages[-1].goto((reported / "index.html").as_uri())
        return pages[-1]

    yield show
    for page in pages:
        page.close()


def test_axe_finds_nothing_closed_or_with_a_number_open(shown):
    page = shown(1000)
    page.locator("data[data-number='count.children.known.all.all'] button").first.press("Enter")
    assert page.locator(":popover-open").count() == 1
    opened = Axe().run(page, context=".opened", options=RULES)
    page.keyboard.press("Escape")
    assert page.locator(":popover-open").count() == 0
    for found in (opened, Axe().run(page, options=RULES)):
        assert len(found.response["passes"]) > 5
        assert not found.response["violations"], found.generate_report()


def test_axe_would_find_what_is_wrong(shown):
    page = shown(1000)
    page.locator("table").first.evaluate("table => table.before(Object.assign(new Image(), {src: ''}))")
    only = {"runOnly": {"type": "rule", "values": ["image-alt", "button-name"]}}
    assert [rule["id"] for rule in Axe().run(page, options=only).response["violations"]] == ["image-alt"]


def test_every_number_opens_by_keyboard_to_its_own_trace_and_gives_the_focus_back(shown):
    page = shown(1000)
    targets = page.eval_on_selector_all(
        "button[popovertarget]:not([popovertargetaction])",
        "all => all.map(button => [button.getAttribute('popovertarget'), !!button.popoverTargetElement])",
    )
    numbers = page.locator("data").count()
    assert len(targets) == numbers > 150
    assert all(leads for _, leads in targets)
    button = page.locator("data[data-number='unseen.children']").first
    button.locator("button").focus()
    page.keyboard.press("Enter")
    told = page.locator(":popover-open").inner_text()
    assert "How it is made" in told
    assert "joinedup" in told
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('data').dataset.number") == "unseen.children"


@pytest.mark.parametrize("width", [320, 1000])
def test_nothing_but_wide_tables_scrolls_sideways(shown, width):
    page = shown(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_table_scrolls_sideways_on_a_small_screen_and_each_is_still_a_table(shown):
    page = shown(320)
    wide = """all => all.filter(each => each.querySelector('table') && each.scrollWidth > each.clientWidth)
        .map(each => each.ariaLabel)"""
    assert page.eval_on_selector_all(".scroll", wide) == []
    tree = page.locator("table").first.aria_snapshot()
    assert {"columnheader", "rowheader", "cell"} <= set(re.findall(r"- (\w+)", tree))
    assert not Axe().run(page, options=RULES).response["violations"]


def test_no_labels_of_a_chart_lie_over_one_another(shown):
    page = shown(1000)
    overlapping = page.evaluate(
        """() => {
            const over = [];
            for (const chart of document.querySelectorAll('svg.chart')) {
                const texts = [...chart.querySelectorAll('text')].filter(text => text.textContent.trim());
                const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
                boxes.forEach(([said, box], place) => {
                    for (const [other, that] of boxes.slice(place + 1)) {
                        const wide = Math.min(box.right, that.right) - Math.max(box.left, that.left);
                        const high = Math.min(box.bottom, that.bottom) - Math.max(box.top, that.top);
                        if (wide > 1 && high > 3) over.push([said, other]);
                    }
                });
            }
            return over;
        }"""
    )
    assert page.locator("svg.chart text").count() > 20
    assert overlapping == []


def test_every_link_of_the_page_leads_somewhere_and_names_are_unique(shown):
    page = shown(1000)
    dead = (
        """all => all.map(link => link.hash.slice(1)).filter(id => !document.getElementById(decodeURIComponent(id)))"""
    )
    assert page.eval_on_selector_all("a[href^='#']", dead) == []
    regions = page.eval_on_selector_all("nav", "all => all.map(each => each.ariaLabel)")
    assert len(regions) == len(set(regions))
