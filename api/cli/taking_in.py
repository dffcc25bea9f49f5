"""`ingest` and `simulate`: calls come into being and into the lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

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


@guarded
def simulate_world(
    out: Annotated[Path, typer.Option("--out", help="Folder to write the files and their truth into.")],
    callers: Annotated[int, typer.Option(min=200, help="Numbers that can call.")] = 20_000,
    days: Annotated[int, typer.Option(min=1, max=365, help="Days of calls.")] = 7,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    hardness: Annotated[Literal["easy", "normal", "hard"], typer.Option(help="How well rings hide.")] = "normal",
    rings: Annotated[
        int | None, typer.Option(min=0, help="Planted rings; default: 12 per 20,000 callers, 1 % of callers at most.")
    ] = None,
    file_format: Annotated[Literal["csv", "parquet"], typer.Option("--format", help="Format of the files.")] = "csv",
    as_json: JsonOption = False,
) -> None:
    """Write CDR files of an invented world with planted rings, and the truth about them."""
    from ingest.simulator import WorldSettings, simulate

    world = WorldSettings(callers=callers, days=days, seed=seed, hardness=hardness, rings=rings, format=file_format)
    with progress_bars() as progress:
        report = simulate(out, world, progress)
    if as_json:
        print_json(report.as_json())
        return
    say(
        f"{report.calls:,} calls of {callers:,} numbers over {days} days with {report.rings} planted rings are in {out}"
    )
    say(f"Next: `ringfence run {out}`, then `ringfence evaluate --truth {out}`.")
