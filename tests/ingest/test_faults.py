"""Crash points kill by name and count, and only when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ingest.faults import POINTS, VARIABLE, point

PASS_THREE_TIMES = (
    "from ingest.faults import point\nfor _ in range(3): point('segment:fsynced'); print('passed', flush=True)"
)


def passes(fault: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({VARIABLE: fault} if fault else {})}
    return subprocess.run(
        [sys.executable, "-c", PASS_THREE_TIMES], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("fault", "passed"), [("segment:fsynced", 0), ("segment:fsynced:1", 0), ("segment:fsynced:3", 2)]
)
def test_the_named_passing_is_the_last(fault: str, passed: int) -> None:
    done = passes(fault)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.count("passed") == passed


@pytest.mark.parametrize("fault", [None, "segment:renamed", "segment:fsynced:4"])
def test_other_points_and_counts_go_by(fault: str | None) -> None:
    done = passes(fault)
    assert done.returncode == 0
    assert done.stdout.count("passed") == 3


def test_a_name_outside_the_registry_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "segment:fsynced")
    with pytest.raises(KeyError, match="misspelt"):
        point("misspelt")


def test_names_are_unique() -> None:
    assert len(set(POINTS)) == len(POINTS)
