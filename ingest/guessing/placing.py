"""Where a mapping and its tests lie: in a home, or in a checkout of Ringfence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from configs import operator_names
from ingest.files import make_folder
from ingest.guessing.guess import GuessError
from ingest.home import Home
from ingest.mapping.operators import NAME_PATTERN


@dataclass(frozen=True)
class Place:
    """The mapping's file, and the folder of its tests."""

    mapping: Path
    cases: Path

    def make(self) -> None:
        """Make the folders."""
        make_folder(self.mapping.parent)
        make_folder(self.cases)


def check_name(name: str) -> str:
    """Give a mapping's name back; raises GuessError for what is none."""
    if not re.fullmatch(NAME_PATTERN, name):
        raise GuessError(
            f"{name!r} is no name of a mapping; write up to 63 of a-z, 0-9, - and _, beginning with a letter"
        )
    return name


def place_in_home(home: Home, name: str) -> Place:
    """Give the place of one of a home's own mappings."""
    return Place(home.operators / f"{name}.yaml", home.operators / name)


def place_in_checkout(folder: Path, name: str) -> Place:
    """Give the place of a shipped mapping; raises GuessError where the folder is no checkout."""
    mappings, tests = folder / "configs" / "operators", folder / "tests" / "operators"
    if not mappings.is_dir() or not tests.is_dir():
        raise GuessError(
            f"--into {folder}: no checkout of Ringfence, there is no configs/operators and tests/operators"
        )
    return Place(mappings / f"{name}.yaml", tests / name)


def check_free(place: Place, name: str) -> None:
    """Raise GuessError where the mapping, its tests, or a shipped mapping of that name are there already."""
    there = next((path for path in (place.mapping, place.cases) if path.exists()), None)
    if there is not None:
        raise GuessError(f"{there} is there already; --force replaces it")
    if name in operator_names():
        raise GuessError(f"a mapping {name!r} is shipped; choose another name, or --force to use yours in its place")
