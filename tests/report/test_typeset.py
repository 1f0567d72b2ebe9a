"""The PDF: PDF/UA-1 with a text alternative for every figure, the same bytes each time, and the words of the page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import typst

from joinedup.report.blocks import Chapter, Figure, Finding, Section, Sentence, Table
from joinedup.report.charts import Bar, bar_chart
from joinedup.report.evidence import Frame
from joinedup.report.page import Report
from joinedup.report.typeset import pdf

TABLE = Table("Children <by> #area", ("Area", "Children"), (("*ZA*", "[#1]"), ("ZB", "$x$")))
DRAWN = bar_chart("chart-a", [Bar("", "ZA", 45.0, "45")], "Children")
FIGURE = Figure("chart-a", "Children by area", "Bar chart. ZA: 45.", DRAWN, TABLE)


def report(figure=FIGURE):
    sections = (Section("By area", (Sentence(("#panic() is text here.",)), figure)),)
    finding = Finding("scale-01", "scale", ("Some were found.",), "", "they were not.")
    chapter = Chapter("scale", "Size and scale", sections, (finding,))
    return Report(Frame("N", "Title", "Q?", "P", {}), "counts are rounded", [chapter], [finding], [], {})


def test_it_says_that_it_is_pdf_ua_and_tagged_and_holds_no_date():
    made = pdf(report())
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in made
    assert b"/StructTreeRoot" in made
    assert not re.search(rb"/CreationDate|/ModDate|xmp:CreateDate", made)


def test_the_same_report_gives_the_same_bytes():
    assert pdf(report()) == pdf(report())


def test_a_figure_without_a_text_alternative_is_refused():
    with pytest.raises(typst.TypstError, match="alt"):
        pdf(report(replace(FIGURE, alternative="")))


def test_fonts_come_with_typst_and_not_from_the_machine():
    fonts = set(re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([A-Za-z]+)", pdf(report())))
    assert fonts <= {b"LibertinusSerif", b"NewComputerModern", b"NewCM", b"DejaVuSansMono"}
