"""Ingest in a process of its own, which a test may kill."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from configs import load_settings
from ingest.home import Home
from tests import forked
from tests.ingest.samples import settings_with, take


def take_files(home: Home, files: Sequence[Path]) -> None:
    """Ingest files in small pieces that are compacted soon, and keep what the home's own settings say."""
    limits = settings_with(segment_rows=100, compact_segments=2, block_bytes=4096, max_row_bytes=1024)
    kept = load_settings(home.root).retention
    take(home, *files, settings=limits.model_copy(update={"retention": kept}))


def start(home: Home, files: Sequence[Path], fault: str | None = None) -> ForkServerProcess:
    """Start `take_files` in a process that kills itself at the point `fault`."""
    return forked.start(take_files, home, files, fault=fault)
