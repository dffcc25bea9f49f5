"""What an export leaves on the disk is for its owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

from graph.store.export import export
from ingest.progress import Silent
from tests.contract.graphs import random_graph


def test_nobody_else_may_read_the_numbers_that_are_exported(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir(mode=0o755)
    export(random_graph(5).shown(tmp_path, "run-1"), folder, "neo4j", Silent())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = sorted(folder.iterdir())
    assert len(files) == 9
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
