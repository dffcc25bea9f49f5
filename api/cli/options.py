"""Options that every command takes, and how known failures become a sentence and an exit code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from api.cli.output import complain, print_json
from configs import ConfigError
from graph.windows import TimeError
from ingest.home import Home, HomeBusyError

FAILED, WRONG_USAGE, REJECTED, DEGRADED = 1, 2, 3, 4


class CommandError(RuntimeError):
    """A command cannot do what was asked; the message says why and what to do."""


def known_errors() -> tuple[type[Exception], ...]:
    """Give the failures that are told as a sentence; looked up when something fails, so that success need not wait."""
    from api.auth.access import AccessError
    from detectors.evaluation.truth import TruthError
    from graph.store.port import StoreUnavailableError
    from graph.windows import EmptyWindowError
    from ingest.database import DatabaseError
    from ingest.simulator.settings import WorldError

    ours = (AccessError, CommandError, ConfigError, DatabaseError, EmptyWindowError, HomeBusyError)
    return (*ours, StoreUnavailableError, TruthError, WorldError, OSError)


HomeOption = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="RINGFENCE_HOME",
        default_factory=lambda: Path.home() / ".ringfence",
        show_default="~/.ringfence",
        help="Folder under which everything is kept.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on standard output.")]
StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="embedded|neo4j",
        help="Graph store that is published to and read; Neo4j's address comes from RINGFENCE_NEO4J_URI.",
    ),
]

Command = TypeVar("Command", bound=Callable[..., None])


def guarded(command: Command) -> Command:
    """Turn known failures of `command` into a sentence (and JSON where asked) and an exit code."""

    @wraps(command)
    def answer(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except TimeError as error:
            _fail(kwargs, error, WRONG_USAGE)
        except known_errors() as error:
            _fail(kwargs, error, FAILED)

    return answer  # type: ignore[return-value]  # same signature, kept by wraps for typer


def existing_home(folder: Path) -> Home:
    """Give a home that has data; raises CommandError with the next step where it has none."""
    home = Home(folder)
    if not home.databases.is_dir():
        raise CommandError(f"nothing is kept in {folder} yet; start with `ringfence run PATH…` or `ringfence demo`")
    return home


def _fail(kwargs: dict[str, Any], error: Exception, code: int) -> None:
    if kwargs.get("as_json"):
        print_json({"error": {"kind": type(error).__name__, "message": str(error)}})
    complain(str(error))
    raise typer.Exit(code) from None
