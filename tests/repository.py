"""The repository as a tree of files, for tests of its shape."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ROOMS = ("api", "configs", "cypher", "detectors", "gnn", "graph", "ingest")
MADE = {"__pycache__", "build", "dist", "htmlcov"}
PICTURES = {".png"}
DOTTED = {".ci", ".dockerignore", ".gitignore"}


def text_files() -> list[Path]:
    """Give every text that belongs to the project, without what tools make beside it, sorted."""
    return sorted(path for path in _walk(ROOT) if path.suffix not in PICTURES)


def python_files() -> list[Path]:
    """Give every Python file of the project, sorted."""
    return [path for path in text_files() if path.suffix == ".py"]


@cache
def pyproject() -> dict[str, Any]:
    """Give pyproject.toml as parsed."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.name in MADE or entry.name.endswith(".egg-info"):
            continue
        if entry.name.startswith(".") and entry.name not in DOTTED:
            continue
        if entry.is_dir():
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)
