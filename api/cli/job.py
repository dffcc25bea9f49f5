"""`run`, `rescore`, `jobs` and `features`: the main job and its batch form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli.options import (
    DEGRADED,
    REJECTED,
    CommandError,
    FormatOption,
    HomeOption,
    JsonOption,
    OperatorOption,
    StoreOption,
    existing_home,
    guarded,
)
from api.cli.output import complain, print_json, print_table, progress_bars, say
from api.cli.taking_in import show_ingest
from configs import Settings, load_settings, validated
from graph.windows import iso, parse_instant, parse_span
from ingest.home import Home

if TYPE_CHECKING:
    import pyarrow as pa

    from api.pipeline import RunReport, RunRequest
    from graph.engines import EngineName
    from graph.features.feature import Kind
    from graph.snapshot import Snapshot

WindowOption = Annotated[
    str | None, typer.Option("--window", help="Span that is analysed, counted back from as-of: 30d, 24h, 90m.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="End of the window (ISO 8601, UTC if no offset); default: just after the newest call. "
        "Before the newest cut it is a what-if that writes nothing.",
    ),
]
EntityOption = Annotated[
    Literal["number", "range", "device", "sim", "cell", "trunk"],
    typer.Option("--entity", help="What has a row: number, or what numbers share: range, device, sim, cell, trunk."),
]
EngineOption = Annotated[
    Literal["duckdb", "spark"],
    typer.Option("--engine", help="What computes features: duckdb, or spark where one machine is outgrown."),
]
SparkMasterOption = Annotated[
    str | None,
    typer.Option(
        "--spark-master",
        envvar="RINGFENCE_SPARK_MASTER",
        help="Where Spark runs: local[2], spark://HOST:7077, yarn, k8s://…; default: the setting spark.master.",
    ),
]


@guarded
def run_job(
    home: HomeOption,
    paths: Annotated[list[Path] | None, typer.Argument(help="CDR files, folders or patterns to take in first.")] = None,
    operator: OperatorOption = "generic",
    file_format: FormatOption = None,
    window: WindowOption = None,
    as_of: AsOfOption = None,
    store: StoreOption = None,
    engine: EngineOption = "duckdb",
    spark_master: SparkMasterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Do the whole main job: files, features, scores, rings, campaigns, and the result in front.

    The old result is served until the new one is whole. A killed run loses nothing: give the same command again.
    """
    from api import pipeline

    place = Home(home)
    request = request_of(window, as_of, store, paths or (), operator, file_format, engine)
    try:
        with progress_bars() as progress:
            report = pipeline.run(place, _settings(home, spark_master), request, progress)
    except pipeline.InputRejectedError as error:
        if as_json:
            print_json(error.report.as_json())
        else:
            show_ingest(error.report)
        complain(str(error))
        raise typer.Exit(REJECTED) from None
    if as_json:
        print_json(report.as_json())
    else:
        if report.ingested:
            show_ingest(report.ingested)
        show_run(report)
    raise typer.Exit(run_code(report))


@guarded
def rescore_graph(
    home: HomeOption,
    window: WindowOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score the graph anew over what the lake holds, as a job with progress."""
    from api import jobs

    place = existing_home(home)
    with progress_bars() as progress:
        job, report = jobs.rescore(place, load_settings(home), request_of(window, None, store), progress)
    if as_json:
        print_json({"job": job.as_json(), **report.as_json()})
    else:
        say(f"Job {job.id} is {job.state}.")
        show_run(report)
    raise typer.Exit(run_code(report))


@guarded
def show_jobs(home: HomeOption, as_json: JsonOption = False) -> None:
    """List jobs, newest first."""
    from api import jobs

    found = jobs.list_jobs(existing_home(home))
    if as_json:
        print_json({"jobs": [job.as_json() for job in found]})
        return
    rows = [(j.id, j.kind, j.state, j.stage, f"{j.progress:.0%}", iso(j.updated_at), j.error) for j in found]
    print_table("Jobs", ("id", "kind", "state", "stage", "of the stage", "updated (UTC)", "error"), rows)


@guarded
def show_job(
    job_id: Annotated[str, typer.Argument(metavar="JOB", help="Id as `ringfence jobs list` shows it.")],
    home: HomeOption,
    as_json: JsonOption = False,
) -> None:
    """Show one job."""
    from api import jobs

    job = jobs.find_job(existing_home(home), job_id)
    if job is None:
        raise CommandError(f"there is no job {job_id}; `ringfence jobs list` shows them")
    if as_json:
        print_json(job.as_json())
        return
    print_table(f"Job {job.id}", ("what", "value"), job.as_json().items())


@guarded
def write_features(
    out: Annotated[Path, typer.Option("--out", help="File to write: .csv or .parquet.")],
    home: HomeOption,
    entity: EntityOption = "number",
    window: WindowOption = None,
    as_of: AsOfOption = None,
    engine: EngineOption = "duckdb",
    spark_master: SparkMasterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the feature table of the window, one row a number or other entity (columns: docs/features.md)."""
    from api import pipeline

    if out.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter(f"{out} must end in .csv or .parquet", param_hint="--out")
    place = existing_home(home)
    with progress_bars() as progress:
        request = request_of(window, as_of, engine=engine)
        snapshot = pipeline.snapshot_of(place, _settings(home, spark_master), request, progress)
    table = _feature_table(snapshot, entity)
    write_table(table, out)
    if as_json:
        print_json({"file": str(out), f"{entity}s": len(table), "columns": table.column_names})
        return
    said = 2 if entity == "number" else 4
    say(f"{len(table):,} {entity}s with {table.num_columns - said} features are in {out}")


def show_run(report: RunReport) -> None:
    """Print what a run found and what to do next."""
    shown: dict[str, Any] = report.as_json()
    window = f"{shown['window']['from']} .. {shown['window']['to']}"
    counts = ("calls", "numbers", "edges", "scored", "alerts", "campaigns")
    print_table(f"Window {window}", counts, [[f"{shown[name]:,}" for name in counts]])
    stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in report.seconds.items())
    say(f"Done in {sum(report.seconds.values()):.1f} s ({stages}; peak memory {shown['peak_rss_mb']:.0f} MB).")
    if report.what_if:
        say("A what-if: this time lies before the newest cut, so nothing was written.")
        return
    say("Next: `ringfence campaigns list`, `ringfence lookup NUMBER`, or `ringfence serve` for the dashboard.")


def _settings(home: Path, spark_master: str | None) -> Settings:
    settings = load_settings(home)
    if spark_master is None:
        return settings
    spark = validated(type(settings.spark), {**settings.spark.model_dump(), "master": spark_master}, "--spark-master")
    return settings.model_copy(update={"spark": spark})


def request_of(
    window: str | None,
    as_of: str | None,
    store: str | None = None,
    paths: list[Path] | tuple[Path, ...] = (),
    operator: str = "generic",
    file_format: str | None = None,
    engine: EngineName = "duckdb",
) -> RunRequest:
    """Give what a command asks of the main job; raises TimeError for a bad span or instant."""
    from api.pipeline import RunRequest
    from api.wiring import store_from_environment

    if window is not None:
        parse_span(window)  # refuses a bad span before any work is done
    instant = parse_instant(as_of) if as_of else None
    chosen = store or store_from_environment()
    return RunRequest(
        paths=paths,
        operator=operator,
        file_format=file_format,
        span=window,
        as_of=instant,
        store=chosen,
        engine=engine,
    )


def run_code(report: RunReport) -> int:
    """Give the exit code of a run, and say by what it is degraded where it is."""
    if report.degraded is None:
        return 0
    complain(f"degraded: {report.degraded}")
    return DEGRADED


def _feature_table(snapshot: Snapshot, entity: Kind) -> pa.Table:
    from graph.entities.rows import entity_rows

    if entity != "number":
        return entity_rows(snapshot, entity)
    table = snapshot.features
    for at, name in enumerate(("operator", "number")):
        table = table.add_column(at, name, snapshot.numbers[name])
    return table


def write_table(table: pa.Table, out: Path) -> None:
    """Write a table as the file's name says, .csv or .parquet."""
    import pyarrow.csv
    import pyarrow.parquet

    if out.suffix == ".parquet":
        pyarrow.parquet.write_table(table, out)
    else:
        pyarrow.csv.write_csv(table, out)
