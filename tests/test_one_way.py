"""Rooms and siblings import each other only as the contracts in pyproject.toml allow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import ROOMS, ROOT, pyproject

FORBIDDEN = [
    ("ingest/cdr.py", "import graph.windows", "One way"),
    ("detectors/modules/wangiri.py", "import detectors.modules.robocall", "Fraud modules"),
    ("graph/engine.py", "import pyspark", "Spark lives"),
    ("graph/store/embedded.py", "import neo4j", "The Neo4j driver"),
    ("api/reads/__init__.py", "import api.cli", "Faces stand"),
    ("detectors/scoring.py", "import detectors.evaluation", "The truth"),
    ("detectors/run.py", "import torch", "torch lives"),
]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts on the rooms under `tree`."""
    command: list[str | Path] = [
        Path(sys.executable).with_name("lint-imports"),
        "--no-cache",
        "--config",
        ROOT / "pyproject.toml",
    ]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rooms to spoil."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(pyproject()['tool']['importlinter']['contracts'])} kept, 0 broken" in done.stdout


@pytest.mark.parametrize(("file", "line", "contract"), FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(copy: Path, file: str, line: str, contract: str) -> None:
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1
    broken = [row for row in done.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), done.stdout


def test_every_room_is_under_contract_and_in_the_wheel() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    tool = pyproject()["tool"]
    assert rooms == set(ROOMS)
    assert rooms == set(tool["importlinter"]["root_packages"])
    assert rooms == set(tool["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert rooms | {"tests"} == set(tool["mypy"]["packages"])
    assert rooms == set(tool["coverage"]["run"]["source"])
