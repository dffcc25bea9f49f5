"""`simulate`: an invented world of calls, as files or fed live."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli import difficulty
from api.cli.options import JsonOption, guarded
from api.cli.output import print_json, progress_bars, say
from api.cli.stopping import stopped_by_signals

if TYPE_CHECKING:
    from ingest.simulator import Fed, WorldSettings

LIVE_FILE = "calls.csv"
RATE = 1_000  # calls a second


@guarded
def simulate_world(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write the calls and their truth into.")] = None,
    callers: Annotated[int, typer.Option(min=200, help="Numbers that can call.")] = 20_000,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days of calls.")] = 7,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD", help="First day; default: 2026-05-01, or a year before where that is too late."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    hardness: Annotated[Literal["easy", "normal", "hard"], typer.Option(help="How well rings hide.")] = "normal",
    rings: Annotated[
        int | None, typer.Option(min=0, help="Planted rings; default: as many as the share of fraud asks for.")
    ] = None,
    file_format: Annotated[Literal["csv", "parquet"], typer.Option("--format", help="Format of the files.")] = "csv",
    label_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the numbers whose verdict is in a column true_label.")
    ] = 0.0,
    label_delay: Annotated[
        int, typer.Option(min=0, help="Days after a number's first until its verdict is known.")
    ] = 7,
    live: Annotated[
        bool, typer.Option("--live", help="Feed the calls as CSV rows to calls.csv in DIR, or to standard output.")
    ] = False,
    rate: Annotated[int | None, typer.Option(min=1, help="Calls a second, with --live; default: 1000.")] = None,
    with_report: Annotated[
        bool, typer.Option("--report", help="Also measure how hard the world is; one that DIR holds is only measured.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write CDR files of an invented world with planted rings, and the truth about them.

    With --live the same calls come one after the other, at a rate; `ringfence stream --source file:DIR/calls.csv` takes
    them in as they come.
    """
    from ingest.simulator import WorldSettings, past_start

    _refuse_what_live_cannot(live, rate, file_format, with_report=with_report)
    if with_report and out and difficulty.stands(out):
        difficulty.report_standing(out, context, as_json)
        return
    world = WorldSettings(
        callers=callers,
        days=days,
        seed=seed,
        hardness=hardness,
        start=start or past_start(days),
        rings=rings,
        format=file_format,
        label_share=label_share,
        label_delay=label_delay,
    )
    if live:
        _feed(world, out, rate or RATE, as_json)
    elif out is None:
        raise typer.BadParameter("name a folder to write into, or say --live for standard output", param_hint="--out")
    else:
        _write(world, out, with_report=with_report, as_json=as_json)


def _refuse_what_live_cannot(live: bool, rate: int | None, file_format: str, *, with_report: bool) -> None:
    """Refuse options of files beside --live, and the other way round, rather than leave them without effect."""
    if rate is not None and not live:
        raise typer.BadParameter("files are written as fast as can be; say --live, too", param_hint="--rate")
    if live and with_report:
        raise typer.BadParameter("a world that is fed is not measured; leave --live or this out", param_hint="--report")
    if live and file_format != "csv":
        raise typer.BadParameter("a world is fed as rows of CSV; leave --live or this out", param_hint="--format")


def _write(world: WorldSettings, out: Path, *, with_report: bool, as_json: bool) -> None:
    from ingest.simulator import simulate

    with progress_bars() as progress:
        report = simulate(out, world, progress)
    measured = difficulty.report_world(out) if with_report else None
    if as_json:
        print_json(report.as_json() | ({"report": measured} if measured else {}))
        return
    if measured:
        difficulty.show_report(out, measured)
    made = (
        f"{report.calls:,} calls of {world.callers:,} numbers over {world.days} days with {report.rings} planted rings"
    )
    say(f"{made} are in {out}")
    say(f"Next: `ringfence run {out}`, then `ringfence evaluate --truth {out}`.")


def _feed(world: WorldSettings, out: Path | None, rate: int, as_json: bool) -> None:
    if out is None:
        if as_json:
            raise typer.BadParameter("standard output holds the calls; name a folder for them", param_hint="--out")
        _fed_to_standard_output(world, rate)
        return
    fed = _fed_to_file(world, out, rate)
    if as_json:
        print_json({"out": str(out), **fed.as_json()})
    else:
        say(f"{fed.calls:,} calls were fed to {out / LIVE_FILE}; the truth about them is beside it")


def _fed_to_standard_output(world: WorldSettings, rate: int) -> None:
    from ingest.progress import Silent
    from ingest.simulator import feed

    with stopped_by_signals() as stop:
        feed(world, sys.stdout.buffer, rate, None, stop, Silent())


def _fed_to_file(world: WorldSettings, out: Path, rate: int) -> Fed:
    from ingest.simulator import feed
    from ingest.simulator.run import make_empty

    make_empty(out)
    with stopped_by_signals() as stop, progress_bars() as progress, (out / LIVE_FILE).open("wb") as sink:
        return feed(world, sink, rate, out, stop, progress)
