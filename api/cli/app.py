"""The commands and their order in `--help`."""

from __future__ import annotations

import typer

from api.cli import (
    add_operator,
    bench,
    dead,
    embedding,
    erase,
    graph_database,
    job,
    look,
    operations,
    quality,
    serving,
    simulating,
    stream,
    taking_in,
)
from api.process import settle

app = typer.Typer(
    name="ringfence",
    help=(
        "Finds telephone fraud rings in call detail records and follows them as campaigns.\n\n"
        "Start with `ringfence demo`, or with your own files: `ringfence run calls.csv.gz`, "
        "then `ringfence campaigns list` and `ringfence serve`."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
campaigns = typer.Typer(help="Rings that were found and are followed over time.", no_args_is_help=True)
alerts = typer.Typer(help="Numbers to look at first.", no_args_is_help=True)
deadletters = typer.Typer(help="Rows that were not taken in, and how they become calls.", no_args_is_help=True)
jobs = typer.Typer(help="Batch jobs and how far they are.", no_args_is_help=True)

app.command("demo")(serving.demo)
app.command("simulate")(simulating.simulate_world)
app.command("add-operator")(add_operator.add_operator)
app.command("ingest")(taking_in.ingest_files)
app.command("stream")(stream.stream_source)
app.command("run")(job.run_job)
app.command("features")(job.write_features)
app.command("embed")(embedding.embed_numbers)
app.command("rescore")(job.rescore_graph)
app.command("lookup")(look.lookup)
app.command("evaluate")(quality.evaluate_run)
app.command("publish")(graph_database.publish_front)
app.command("export-neo4j")(graph_database.export_neo4j)
app.command("serve")(serving.serve_home)
app.command("doctor")(operations.doctor)
app.command("compact")(operations.compact)
app.command("bench")(bench.measure_stages)
app.command("erase")(erase.erase_numbers)
app.command("migrate")(operations.migrate_databases)
campaigns.command("list")(look.list_campaigns)
campaigns.command("show")(look.show_campaign)
alerts.command("list")(look.list_alerts)
deadletters.command("list")(dead.list_dead)
deadletters.command("show")(dead.show_dead)
deadletters.command("export")(dead.export_dead)
deadletters.command("replay")(dead.replay_dead)
jobs.command("list")(job.show_jobs)
jobs.command("show")(job.show_job)
app.add_typer(campaigns, name="campaigns")
app.add_typer(alerts, name="alerts")
app.add_typer(deadletters, name="deadletters")
app.add_typer(jobs, name="jobs")


def main() -> None:
    """Entry point of the console script."""
    settle()
    app()
