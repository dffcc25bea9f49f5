"""Ingest in a process of its own, which a test may kill."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pandas as pd  # noqa: F401  # pyarrow imports it when arrays are made; here it is imported once for all processes

from configs import load_settings
from ingest.faults import VARIABLE
from ingest.home import Home
from tests.ingest.samples import settings_with, take


def take_files(home: Home, files: Sequence[Path]) -> None:
    """Ingest files in small pieces that are compacted soon, and keep what the home's own settings say."""
    limits = settings_with(segment_rows=100, compact_segments=2, block_bytes=4096, max_row_bytes=1024)
    kept = load_settings(home.root).retention
    take(home, *files, settings=limits.model_copy(update={"retention": kept}))


def start(home: Home, files: Sequence[Path], fault: str | None = None) -> ForkServerProcess:
    """Start `take_files` in a process that kills itself at the point `fault`.

    It is forked from a server that has imported everything and runs no thread, so it starts at once.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_take_with_fault, args=(home, files, fault))
    process.start()
    return process


def ended(process: ForkServerProcess) -> int | None:
    """Wait for the end of a process and give how it ended: 0, or minus the signal that killed it."""
    process.join()
    return process.exitcode


def _take_with_fault(home: Home, files: Sequence[Path], fault: str | None) -> None:
    if fault:
        os.environ[VARIABLE] = fault
    take_files(home, files)
