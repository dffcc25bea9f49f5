"""Stages measured in processes of their own, several times each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

MEDIANS = ("seconds", "cpu_seconds", "peak_rss_mb")
DECIMALS = 4
ROOT = Path(__file__).parents[2]  # where this package lies, and in a source tree its tests


class BenchError(RuntimeError):
    """A stage or the baseline failed or gave other values; the message says which."""


def stage(name: str, home: Path, files: Path) -> dict[str, Any]:
    """Give what a stage in a process of its own tells, its figures among it; raises BenchError."""
    return spoken("api.bench.child", name, str(home), str(files))


def of_runs(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give what the last run tells, with the median of each figure."""
    return {**runs[-1], **medians(runs)}


def medians(runs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Give the median of each figure."""
    return {name: round(median(run[name] for run in runs), DECIMALS) for name in MEDIANS}


def spoken(module: str, *arguments: str, without: Collection[str] = ()) -> dict[str, Any]:
    """Run a module in a process of its own and give the JSON object that it prints; raises BenchError.

    `without`: variables of the environment that it is not to see.
    """
    environment = {name: value for name, value in os.environ.items() if name not in without}
    found = subprocess.run(  # noqa: S603 - this interpreter, and modules that are named here
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        last = found.stderr.strip().splitlines()[-1:] or [f"it ended with {found.returncode}, without a word"]
        raise BenchError(f"{module} {arguments[0]} failed: {last[0]}")
    told: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return told
