"""The report as a tagged PDF (PDF/UA-1), set by Typst with the fonts it brings: the same report gives the same bytes."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import typst

from joinedup.report.blocks import Block, Bullets, Chapter, Figure, Finding, Sentence, Table
from joinedup.report.page import Report
from joinedup.report.press import Part, as_text

FONT = "Libertinus Serif"


def pdf(report: Report) -> bytes:
    """The report as PDF/UA-1. Typst refuses to make it where a figure has no text alternative."""
    template = files("joinedup.report").joinpath("templates/report.typ").read_bytes()
    # Only the fonts inside Typst's wheel: those of the machine would make other bytes on another machine.
    compiler = typst.Compiler(template, ignore_system_fonts=True)
    made = compiler.compile(
        format="pdf", pdf_standards="ua-1", sys_inputs={"report": json.dumps(_document(report))}, timestamp=0
    )
    if not isinstance(made, bytes):
        raise TypeError("the report was not set as one file")
    return made


def _document(report: Report) -> dict[str, Any]:
    frame = report.frame
    return {
        "title": frame.title,
        "question": frame.question,
        "period": frame.period,
        "run": frame.run,
        "standing": [],
        "protection": report.protection,
        "headline": [as_text(finding.parts) for finding in report.headline],
        "chapters": [_chapter(chapter) for chapter in report.chapters],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    sections = [
        {"title": section.title, "blocks": [_block(block) for block in section.blocks]} for section in chapter.sections
    ]
    return {
        "title": chapter.title,
        "findings": [_finding(finding) for finding in chapter.findings],
        "sections": sections,
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {"id": finding.finding_id, "text": as_text(finding.parts), "wrong_if": finding.wrong_if}


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Sentence):
        return {"kind": block.kind, "standing": block.standing, "text": as_text(block.parts)}
    if isinstance(block, Bullets):
        return {"kind": block.kind, "items": [as_text(item) for item in block.items]}
    if isinstance(block, Figure):
        return {
            "kind": block.kind,
            "title": block.title,
            "alternative": block.alternative,
            "svg": _drawing(block.svg),
            "width": _width(block.svg),
            "table": _table(block.table),
            "after_table": block.after_table,
        }
    return _table(block)


def _table(table: Table) -> dict[str, Any]:
    rows = [[_shown(cell) for cell in row] for row in table.rows] or [
        ["Nothing to show.", *[""] * (len(table.columns) - 1)]
    ]
    return {
        "kind": table.kind,
        "caption": table.caption,
        "columns": list(table.columns),
        "numeric": list(table.numeric),
        "rows": rows,
        "note": table.note,
    }


def _shown(cell: Part) -> str:
    return cell if isinstance(cell, str) else cell.shown


def _drawing(svg: str) -> str:
    """The chart with the font of the pages, since those it names for screens are not at hand."""
    return re.sub(r'font-family="[^"]*"', f'font-family="{FONT}"', svg)


def _width(svg: str) -> float:
    """The chart's own width in pixels."""
    found = re.search(r'viewBox="\S+ \S+ ([\d.]+)', svg)
    return float(found.group(1)) if found else 500.0
