"""`stream`: rows of a source that grows, into the lake while they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import DEGRADED, REJECTED, CommandError, HomeOption, JsonOption, OperatorOption, guarded
from api.cli.output import complain, print_json, print_table, progress_bars, say
from api.cli.stopping import stopped_by_signals
from configs import load_settings
from ingest.home import Home

if TYPE_CHECKING:
    from ingest.live.live import StreamReport

SourceOption = Annotated[
    str, typer.Option("--source", help="file:PATH, a csv, tsv or jsonl file that grows and may be rotated.")
]
FollowOption = Annotated[
    bool,
    typer.Option(
        "--follow/--no-follow", help="Wait for more at the end, or end there: a last row without line end counts."
    ),
]
IdleOption = Annotated[
    float | None, typer.Option("--idle-exit", min=0, help="End when nothing came for so many seconds; default: never.")
]


@guarded
def stream_source(
    source: SourceOption,
    home: HomeOption,
    operator: OperatorOption = "generic",
    follow: FollowOption = True,
    idle_exit: IdleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take rows into the lake as they are written, until Ctrl-C or SIGTERM.

    Rows are safe at once and in the lake within a minute (setting live.seal_after_s). Started again it goes on where
    it was; `ringfence run` may work beside it.
    """
    from ingest.live.live import stream
    from ingest.live.log import DamagedLogError

    with stopped_by_signals() as stop, progress_bars() as progress:
        try:
            report = stream(source, operator, Home(home), load_settings(home), progress, stop, follow, idle_exit)
        except DamagedLogError as error:
            raise CommandError(str(error)) from None
    if as_json:
        print_json(report.as_json())
    else:
        _show(report)
    raise typer.Exit(_code(report))


def _show(report: StreamReport) -> None:
    columns = ("source", "rows", "accepted", "dead letters", "duplicates", "logs sealed", "position")
    counts = (report.rows, report.accepted, report.dead_lettered, report.duplicates, report.sealed, report.position)
    print_table("Stream", columns, [(report.source, *counts)])
    if report.reasons:
        found = ", ".join(f"{reason} ×{count}" for reason, count in sorted(report.reasons.items()))
        say(f"dead letters: {found} (docs/reason-codes.md)")
    if report.refusal:
        complain(f"{report.source}: {report.refusal}")
    if report.waiting:
        complain(
            f"{report.waiting} live logs wait to be sealed; the next `ringfence ingest`, `run` or `stream` does it"
        )


def _code(report: StreamReport) -> int:
    """Give the exit code: 3 refused with nothing taken in, 4 refused later or not all sealed, else 0."""
    if report.refusal and not report.rows and not report.waiting:
        return REJECTED
    return DEGRADED if report.refusal or report.waiting else 0
