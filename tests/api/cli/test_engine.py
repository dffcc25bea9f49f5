"""`--engine spark`: the same snapshot, byte for byte, from the same lake, and nothing left of Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.home import Home
from tests.api.cli.commands import answered, done
from tests.graph.features import worlds
from tests.graph.lakes import lake_of
from tests.graph.sparks import PROPERTIES

ROWS = [*worlds.dialler(), *worlds.contacts(), *worlds.handoffs(), *worlds.circle()]
NAMES = {"numbers.arrow", "features.arrow", "edges.arrow", "link_keys.arrow", "manifest.json"}


def _home(folder: Path) -> Path:
    lake_of(Home(folder).create(), ROWS)
    (folder / "settings.yaml").write_text(yaml.safe_dump({"spark": {"properties": PROPERTIES}}), encoding="utf-8")
    return folder


def _run(home: Path, engine: str) -> tuple[dict[str, Any], Path]:
    """Give what a run says, and the folder of the snapshot that it made."""
    said = done("run", "--home", str(home), "--engine", engine)
    (folder,) = (home / "snapshots").iterdir()
    return said, folder


def _drivers() -> list[str]:
    """Give the Java processes that this one has started and that still run."""
    tasks = Path("/proc/self/task").glob("*/children")
    children = [child for task in tasks for child in task.read_text(encoding="ascii").split()]
    return [child for child in children if "java" in Path(f"/proc/{child}/comm").read_text(encoding="ascii")]


@pytest.mark.long  # a minute; tests/graph/test_spark.py compares every table each time
def test_both_engines_give_the_same_snapshot(tmp_path: Path) -> None:
    ours, expected = _run(_home(tmp_path / "duckdb"), "duckdb")
    before = _drivers()  # a server of other tests may run beside
    theirs, found = _run(_home(tmp_path / "spark"), "spark")
    assert found.name == expected.name
    assert {path.name for path in found.iterdir()} == {path.name for path in expected.iterdir()} >= NAMES
    assert [path.name for path in expected.iterdir() if path.read_bytes() != (found / path.name).read_bytes()] == []
    told = ("calls", "numbers", "edges", "scored", "alerts", "campaigns")
    assert [theirs[name] for name in told] == [ours[name] for name in told]
    assert _drivers() == before
    assert not list((tmp_path / "spark" / "staging").glob("spill-*"))


def test_a_master_that_is_none_is_refused(tmp_path: Path) -> None:
    home = _home(tmp_path / "home")
    error = answered("run", "--home", str(home), "--engine", "spark", "--spark-master", "ftp://somewhere", code=1)[
        "error"
    ]
    assert error["kind"] == "ConfigError"
    assert error["message"].startswith("--spark-master: master:")
