"""The wheel holds the rooms, whole, and nothing else; what is installed works from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.repository import ROOMS, ROOT, text_files

KINDS = {".py", ".yaml", ".cypher", ".html", ".css", ".js", ".svg"}
CHECK = """
import configs, cypher
from ingest.ledger.database import migrate
from ingest.home import Home
from ingest.mapping.operators import load_operator
from pathlib import Path
import api.cli

configs.load_settings()
assert configs.detector_names() and configs.operator_names() and cypher.names()
assert load_operator("generic").name == "generic"
assert set(migrate(Home(Path("home")).create())) == {"ledger", "work", "events"}
print(Path(configs.__file__).parents[1])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as the build back end makes it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("ringfence-*.whl"))


def run(folder: Path, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder of its own, without this tree on the path."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=folder, env={**inherited, **environment}, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_every_file_of_the_rooms_and_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    rooms = {path.relative_to(ROOT).as_posix() for path in text_files() if path.relative_to(ROOT).parts[0] in ROOMS}
    assert held == rooms, "a git-ignored file is left out of the wheel: rename it, or name it under artifacts"
    assert {Path(name).suffix for name in held} <= KINDS


def test_the_wheel_carries_licence_and_console_script(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    folder = next(name for name in archive.namelist() if name.endswith("/entry_points.txt")).rpartition("/")[0]
    assert "ringfence = api.cli:main" in archive.read(f"{folder}/entry_points.txt").decode()
    assert {f"{folder}/licenses/LICENSE", f"{folder}/licenses/NOTICE"} <= set(archive.namelist())


def test_the_wheel_works_without_the_tree(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    done = run(tmp_path, sys.executable, "-c", CHECK, PYTHONPATH=str(site))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(site)


def test_the_editable_install_works_from_any_folder(tmp_path: Path) -> None:
    done = run(tmp_path, sys.executable, "-c", CHECK)
    assert done.returncode == 0, f"{done.stderr}\nmake setup installs the project"
    assert done.stdout.strip() == str(ROOT)


def test_the_console_script_answers(tmp_path: Path) -> None:
    done = run(tmp_path, Path(sys.executable).with_name("ringfence"), "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage: ringfence" in done.stdout


def test_our_names_belong_to_us_alone() -> None:
    owners = packages_distributions()
    assert {room: owners.get(room, []) for room in ROOMS if set(owners.get(room, [])) - {"ringfence"}} == {}
