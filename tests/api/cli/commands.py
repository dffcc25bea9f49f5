"""The command line as a user gives it, in this process: the same code as the console script, without its start."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from api.cli.app import app


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
