"""Processes that a test may kill, forked from a server that has imported the product: they start at once."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess

from ingest.faults import VARIABLE

# What commands import when they are called, and pandas, which pyarrow imports when arrays are made.
IMPORTED = ("pandas", "api.cli.app", "api.erase", "api.pipeline", "api.wiring", "ingest.live.live", "ingest.run")
_LONGEST_S = 300


def start(work: Callable[..., None], *arguments: object, fault: str | None = None) -> ForkServerProcess:
    """Start `work(*arguments)` in a process that kills itself at the point `fault`.

    `work` is a function of a module; the server that forks runs no thread.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*IMPORTED, __name__])
    process = context.Process(target=_with_fault, args=(fault, work, arguments))
    process.start()
    return process


def ended(process: ForkServerProcess) -> int | None:
    """Wait for the end of a process and give how it ended: 0, or minus the signal that killed it."""
    process.join(_LONGEST_S)
    return process.exitcode


def _with_fault(fault: str | None, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    if fault:
        os.environ[VARIABLE] = fault
    work(*arguments)
