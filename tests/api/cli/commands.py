"""The command line as a user gives it, in this process: the same code as the console script, without its start."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from typing import Any

from typer.testing import CliRunner

from api.cli.app import app, main
from tests import forked


@dataclass(frozen=True)
class Finished:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def command(*arguments: str) -> Finished:
    """Run a command to its end, whatever it says; what it does not handle is raised here."""
    result = CliRunner().invoke(app, list(arguments), prog_name="ringfence")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Finished(result.exit_code, result.stdout, result.stderr)


def answered(*arguments: str, code: int = 0) -> dict[str, Any]:
    """Run with --json, demand the exit code, and give the only object that was printed."""
    finished = command(*arguments, "--json")
    assert finished.returncode == code, finished.stdout + finished.stderr
    value = json.loads(finished.stdout)
    assert isinstance(value, dict)
    return value


def done(*arguments: str) -> dict[str, Any]:
    """Run with --json and demand success."""
    return answered(*arguments)


def started(*arguments: str, fault: str | None = None, typed: str = "") -> ForkServerProcess:
    """Start the console script's function in a process that kills itself at the point `fault`; its output is lost."""
    return forked.start(_main, arguments, typed, fault=fault)


def _main(arguments: tuple[str, ...], typed: str) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in (sys.stdout, sys.stderr):
        os.dup2(nowhere, output.fileno())
    sys.argv, sys.stdin = ["ringfence", *arguments], io.StringIO(typed)
    main()
