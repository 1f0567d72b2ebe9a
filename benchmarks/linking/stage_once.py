"""The stage link on one population's store, as a process of its own: `python -m benchmarks.linking.stage_once FOLDER [ENGINE]`."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.linking.datasets import STORE
from joinedup.link import stage
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun
from joinedup.store.duck import DuckStore


def main(folder: Path, engine: str = "duckdb") -> None:
    """Reads mentions and identifiers, links, writes links, people and link_quality."""
    store = DuckStore(folder / STORE)
    inquiry = Inquiry.model_validate(
        {"name": "N", "question": "Q", "period": {"from": "2008-01-01", "to": "2011-06-29"}, "engine": engine}
    )
    try:
        stage.run(StageRun(stage.NAME, stage.READS, stage.WRITES, store, inquiry, folder, folder, 1))
    finally:
        store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
