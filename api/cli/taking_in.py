"""`ingest`: calls come into the lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import DEGRADED, REJECTED, FormatOption, HomeOption, JsonOption, OperatorOption, guarded
from api.cli.output import complain, print_json, print_table, progress_bars, say
from configs import load_settings
from ingest.home import Home

if TYPE_CHECKING:
    from ingest.report import IngestReport

PathsArgument = Annotated[
    list[Path],
    typer.Argument(
        help="CDR files, folders or quoted patterns; - is standard input. csv, tsv, json, xml, parquet, ber, fwf; "
        "plain, .gz, .zst, or in a .zip."
    ),
]


@guarded
def ingest_files(
    paths: PathsArgument,
    home: HomeOption,
    operator: OperatorOption = "generic",
    file_format: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take CDR files into the lake.

    Every row is accepted, counted as a duplicate, or kept as a dead letter with its reason; a file that cannot be
    trusted as a whole is rejected and nothing of it is taken in. The same file again changes nothing.
    """
    from api import pipeline

    with progress_bars() as progress:
        report = pipeline.take_in(Home(home), load_settings(home), paths, operator, progress, file_format)
    if as_json:
        print_json(report.as_json())
    else:
        show_ingest(report)
        if report.accepted:
            say("Next: `ringfence run` finds the rings in them.")
    raise typer.Exit(ingest_code(report))


def ingest_code(report: IngestReport) -> int:
    """Give the exit code of a report: 3 nothing taken in, 4 some files rejected, else 0."""
    if report.nothing_taken_in:
        return REJECTED
    return DEGRADED if any(file.status == "REJECTED" for file in report.files) else 0


def show_ingest(report: IngestReport) -> None:
    """Print what became of every file."""
    from ingest.dead.share import DEAD_PER_MILLE, mostly_dead_text

    columns = ("file", "status", "rows", "accepted", "dead letters", "duplicates")
    rows = [(f.file, f.status, f.rows, f.accepted, f.dead_lettered, f.duplicates) for f in report.files]
    print_table("Files", columns, rows)
    for file in report.files:
        if file.message:
            complain(f"{file.file}: {file.message}")
        if file.reasons:
            say(f"{file.file}: dead letters: {_reasons(file.reasons)} (docs/reason-codes.md)")
        if DEAD_PER_MILLE in file.warnings:
            complain(f"{file.file}: {mostly_dead_text(file.rows, file.dead_lettered)}; `ringfence deadletters list`")


def _reasons(reasons: dict[str, int]) -> str:
    return ", ".join(f"{reason} ×{count}" for reason, count in sorted(reasons.items()))
