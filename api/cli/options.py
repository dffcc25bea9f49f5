"""Options that every command takes, and how known failures become a sentence and an exit code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer

from api.cli.output import complain, print_json
from configs import ConfigError, operator_names
from ingest.home import Home, HomeBusyError
from ingest.mapping.dialects import Format

FAILED, WRONG_USAGE, REJECTED, DEGRADED = 1, 2, 3, 4


class CommandError(RuntimeError):
    """A command cannot do what was asked; the message says why and what to do."""


def usage_errors() -> tuple[type[Exception], ...]:
    """Give the failures that only another command line mends."""
    from api.pipeline import WhatIfWithFilesError
    from graph.windows import TimeError
    from ingest.guessing.guess import GuessError
    from ingest.simulator.settings import SettingsError
    from ingest.sources import SourceError

    return GuessError, SettingsError, SourceError, TimeError, WhatIfWithFilesError


def faults() -> tuple[type[Exception], ...]:
    """Give the faults of the libraries that keep and read data: a full disk, a damaged file."""
    import duckdb
    import pyarrow as pa
    from sqlalchemy.exc import SQLAlchemyError

    return SQLAlchemyError, pa.ArrowException, duckdb.Error


def known_errors() -> tuple[type[Exception], ...]:
    """Give the failures that are told as a sentence; looked up when something fails, so that success need not wait."""
    from api.auth.access import AccessError
    from detectors.evaluation.truth import TruthError
    from gnn.extra import GnnError
    from graph.query_engine import EngineError
    from graph.store.port import StoreUnavailableError
    from graph.windows import EmptyWindowError
    from ingest.disk_full import DiskFullError
    from ingest.erased.tombstones import ErasureError
    from ingest.lake.quarantine import DamagedLakeError
    from ingest.ledger.database import DatabaseError
    from ingest.simulator.settings import WorldError

    ours = (AccessError, CommandError, ConfigError, DamagedLakeError, DatabaseError, DiskFullError, EmptyWindowError)
    return (
        *ours,
        EngineError,
        ErasureError,
        GnnError,
        HomeBusyError,
        StoreUnavailableError,
        TruthError,
        WorldError,
        OSError,
    )


HomeOption = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="RINGFENCE_HOME",
        default_factory=lambda: Path.home() / ".ringfence",
        show_default="~/.ringfence",
        is_eager=True,  # before --operator, which may name a mapping of this home
        help="Folder under which everything is kept.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on standard output.")]
FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help="What standard input is, and files whose name does not say it."),
]
StoreOption = Annotated[
    Literal["embedded", "neo4j"] | None,
    typer.Option(
        "--store",
        help="Graph store to publish to and read; default: neo4j where RINGFENCE_NEO4J_URI is set, else embedded.",
    ),
]


def _known_operator(context: typer.Context, name: str | None) -> str | None:
    known = operator_names(Home(context.params["home"]).operators)
    if name is not None and name not in known:
        raise typer.BadParameter(
            f"there is no mapping {name!r}; there are: {', '.join(known)}. `ringfence add-operator` makes one"
        )
    return name


OperatorOption = Annotated[
    str, typer.Option("--operator", callback=_known_operator, help="Mapping of the files; `add-operator` makes one.")
]
OperatorFilter = Annotated[
    str | None, typer.Option("--operator", callback=_known_operator, help="Look only at this operator's calls.")
]

Command = TypeVar("Command", bound=Callable[..., None])


def guarded(command: Command) -> Command:
    """Turn known failures of `command` into a sentence (and JSON where asked) and an exit code."""

    @wraps(command)
    def answer(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except usage_errors() as error:
            _fail(kwargs, error, WRONG_USAGE)
        except known_errors() as error:
            _fail(kwargs, _full_disk(error) or error, FAILED)
        except faults() as error:
            # what these say may quote rows, so only their kind is told
            message = f"{type(error).__name__}: a database or file could not be used; `ringfence doctor` looks closer"
            _fail(kwargs, _full_disk(error) or CommandError(message), FAILED)

    return answer  # type: ignore[return-value]  # same signature, kept by wraps for typer


def existing_home(folder: Path) -> Home:
    """Give a home that has data; raises CommandError with the next step where it has none."""
    home = Home(folder)
    if not home.databases.is_dir():
        raise CommandError(f"nothing is kept in {folder} yet; start with `ringfence run PATH…` or `ringfence demo`")
    return home


def _full_disk(error: Exception) -> CommandError | None:
    """Give what to say where an error means that there is no room, at whatever place it was met."""
    from ingest.disk_full import is_full

    full = "there is no room on the disk: make room and run the same command again; what was written before is kept"
    return CommandError(full) if is_full(error) else None


def _fail(kwargs: dict[str, Any], error: Exception, code: int) -> None:
    if kwargs.get("as_json"):
        print_json({"error": {"kind": type(error).__name__, "message": str(error)}})
    complain(str(error))
    raise typer.Exit(code) from None
