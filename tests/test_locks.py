"""What is installed is locked by hash, without addresses, and covers what pyproject.toml asks for."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository import ROOMS, ROOT, pyproject, python_files

INSTALL, BASE = "requirements-install.lock", "requirements.lock"
GNN, DEV = "requirements-gnn.lock", "requirements-dev.lock"
EXTRAS: dict[str, tuple[str, ...]] = {BASE: (), GNN: ("gnn",), DEV: ("dev",)}
LOADED_BY_OTHERS = {"pandas", "tzdata", "websockets"}  # by ibis, zoneinfo and uvicorn
OWNERS = packages_distributions()
PIN = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+) \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+(?:    #.*\n)+"
)


def lock_text(lock: str) -> str:
    """Give a lock as it stands."""
    return (ROOT / lock).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    """Give name → version of a lock."""
    return {found["name"]: found["version"] for found in PIN.finditer(lock_text(lock))}


def asked(*extras: str) -> list[Requirement]:
    """Give what pyproject.toml asks for: the product, what installs it, and these extras."""
    project = pyproject()["project"]
    wanted = [*project["dependencies"], *pyproject()["dependency-groups"]["build"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return [Requirement(text) for text in wanted]


@pytest.mark.parametrize("lock", [INSTALL, *EXTRAS])
def test_a_lock_holds_hashed_pins_and_nothing_else(lock: str) -> None:
    assert pins(lock)
    assert PIN.sub("", lock_text(lock)) == ""


@pytest.mark.parametrize("lock", [INSTALL, *EXTRAS])
def test_no_lock_holds_an_address(lock: str) -> None:
    assert not re.search(r"://|@|--(extra-)?index|--find-links|--trusted", lock_text(lock))


@pytest.mark.parametrize("lock", EXTRAS)
def test_a_lock_covers_what_is_asked_for(lock: str) -> None:
    locked = pins(lock)
    for requirement in asked(*EXTRAS[lock]):
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in {lock}: make lock"
        assert version in requirement.specifier, f"{requirement} is {version} in {lock}: make lock"


def test_what_installs_is_locked_by_itself() -> None:
    wanted = {canonicalize_name(Requirement(text).name) for text in pyproject()["dependency-groups"]["install"]}
    assert pins(INSTALL).keys() == wanted


@pytest.mark.parametrize("lock", [GNN, DEV])
def test_the_other_locks_agree_with_the_first(lock: str) -> None:
    assert pins(BASE).items() <= pins(lock).items()


def test_torch_is_an_extra() -> None:
    assert "torch" in pins(GNN)
    assert "torch" not in pins(BASE).keys() | pins(DEV).keys()


def test_every_imported_library_is_asked_for() -> None:
    product = {canonicalize_name(requirement.name) for requirement in asked("gnn", "spark")}
    tests = product | {canonicalize_name(requirement.name) for requirement in asked("dev")}
    for path in python_files():
        room = path.relative_to(ROOT).parts[0]
        assert imported(path.read_text(encoding="utf-8")) <= (tests if room == "tests" else product), path


def test_nothing_is_asked_for_in_vain() -> None:
    rooms = [path for path in python_files() if path.relative_to(ROOT).parts[0] in ROOMS]
    used = set().union(*(imported(path.read_text(encoding="utf-8")) for path in rooms))
    declared = {canonicalize_name(Requirement(text).name) for text in pyproject()["project"]["dependencies"]}
    assert declared - used == LOADED_BY_OTHERS


def imported(source: str) -> set[str]:
    """Give the distributions whose packages a source imports."""
    own = {*ROOMS, "tests", *sys.stdlib_module_names}
    return {distribution(name) for name in top_levels(source) - own}


def top_levels(source: str) -> set[str]:
    """Give the top-level names that a source imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def distribution(package: str) -> str:
    """Give the distribution that a package comes from; an extra that is not installed has its package's name."""
    return canonicalize_name(OWNERS.get(package, [package])[0])
