"""`publish` and `export-neo4j`: the run in front for a graph database, over the wire or as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import CommandError, HomeOption, JsonOption, existing_home, guarded
from api.cli.output import print_json, progress_bars, say
from configs import load_settings

if TYPE_CHECKING:
    from ingest.home import Home
    from ingest.ledger.ledger import RunRow

WAIT_S = 3.0  # for a server that only looks; one that publishes is named instead


@guarded
def publish_front(
    home: HomeOption,
    unless_shown: Annotated[bool, typer.Option("--unless-shown", help="Verify nothing if Neo4j shows it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the Neo4j that RINGFENCE_NEO4J_URI names to the run in front, and verify what it holds.

    Only what differs from the run that it shows is written. `run` and `serve` do the same by themselves; this is for a
    database that was away or has just been imported. Where an erasure left no run in front, all that Neo4j shows is
    removed.
    """
    from dataclasses import asdict

    from api import publishing
    from graph.store.writing import PublishError

    place = existing_home(home)
    if not publishing.is_withdrawn(place):
        _front(place)  # says so where there never was one
    try:
        with progress_bars() as progress:
            report = publishing.publish_front(place, load_settings(home), progress, WAIT_S, unless_shown=unless_shown)
    except PublishError as error:
        raise CommandError(str(error)) from None
    if as_json:
        print_json(asdict(report) if report else {"version": None})
        return
    if report is None:
        say("Nothing was to be published: Neo4j shows the run in front, or nothing where there is none.")
        return
    how = "written whole" if report.whole else "brought up to date"
    say(f"Neo4j shows run {report.version}, {how} in {report.seconds:.1f} s: {report.numbers:,} numbers and ")
    say(f"{report.calls:,} pairs written, {report.gone_numbers:,} and {report.gone_calls:,} removed.")


@guarded
def export_neo4j(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; new or empty.")],
    home: HomeOption,
    database: Annotated[str, typer.Option("--database", help="Database that the import makes.")] = "neo4j",
    as_json: JsonOption = False,
) -> None:
    """Write the run in front as CSV files for `neo4j-admin database import full`, and print the exact command.

    For a first load of many millions of pairs. The command needs the files where Neo4j's server is stopped; afterwards
    run the statements beside them, or `ringfence publish`, which verifies as well.
    """
    from api import publishing
    from graph.store.export import ExportError, export

    place = existing_home(home)
    front = _front(place)
    try:
        with progress_bars() as progress:
            report = export(publishing.opened(place, front), out, database, progress)
    except ExportError as error:
        raise CommandError(str(error)) from None
    if as_json:
        files = {"folder": str(report.folder), "rows": dict(report.rows), "statements": str(report.statements)}
        print_json({"run": front.run_id, **files, "command": report.command})
        return
    say(f"Run {front.run_id} is in {report.folder}. With the server stopped, on its machine:\n\n{report.command}\n")
    say("Then start the server and run `ringfence publish`, which makes constraints and indexes and verifies all; or")
    say(f"without this home: cypher-shell --file {report.statements}")


def _front(home: Home) -> RunRow:
    from api import pipeline

    front = pipeline.current(home)
    if front is None:
        raise CommandError("there is no run yet; start one with `ringfence run`")
    return front
