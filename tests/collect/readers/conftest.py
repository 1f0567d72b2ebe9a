from __future__ import annotations

from pathlib import Path

import pytest

from joinedup.collect.readers.reading import head, read
from joinedup.collect.sheets import ReadResult
from joinedup.registry.forms import Form, forms


@pytest.fixture
def read_bytes(tmp_path):
    """Reads some bytes as a file whose name says nothing."""

    def reading(content: bytes, known: dict[str, Form] | None = None, rows: int | None = None) -> ReadResult:
        path: Path = tmp_path / "as-received"
        path.write_bytes(content)
        chosen = forms() if known is None else known
        return read(path, chosen) if rows is None else head(path, chosen, rows=rows)

    return reading


@pytest.fixture
def read_text(read_bytes):
    def reading(content: str, known: dict[str, Form] | None = None, rows: int | None = None) -> ReadResult:
        return read_bytes(content.encode(), known, rows)

    return reading
