"""One inquiry collected into memory: the tables as the stage writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from joinedup.collect import stage
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun, arrow_schema

Collect = Callable[..., dict[str, pa.Table]]


class _Memory:
    """Keeps what a stage writes, and holds it to the declared shapes."""

    def __init__(self) -> None:
        self.written: dict[str, pa.Table] = {}

    def write(self, name: str, table: pa.Table) -> int:
        assert table.schema.names == arrow_schema(name).names
        self.written[name] = table.cast(arrow_schema(name))
        return int(table.num_rows)


@pytest.fixture
def collect(tmp_path: Path) -> Collect:
    """collect({"agency/file.csv": text or bytes}, **inquiry settings) -> the tables, by name."""

    def run(files: dict[str, str | bytes], **settings: Any) -> dict[str, pa.Table]:
        folder = tmp_path / f"inquiry-{len(list(tmp_path.iterdir()))}"
        for name, content in files.items():
            path = folder / "returns" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        stated = {"name": "N", "question": "Q", "period": {"from": "2000-01-01", "to": "2030-12-31"}, **settings}
        memory = _Memory()
        made = StageRun(
            "collect",
            stage.READS,
            stage.WRITES,
            memory,
            Inquiry.model_validate(stated),
            folder,
            folder,
            1,  # type: ignore[arg-type]
        )
        stage.run(made)
        assert set(memory.written) == set(stage.WRITES)
        return memory.written

    return run
