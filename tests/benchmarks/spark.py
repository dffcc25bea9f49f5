"""The tables of one window by DuckDB and by Spark, and what each costs: the JVM and Python included.

    python -m tests.benchmarks.spark [--home HOME | --callers N --days D] [--window 30d] [--spark-master URL]

The window ends just after the newest call. A home is only read. Each engine computes in a process of its own, started
anew; seconds are what the kernel counts for it and what it started.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from configs import Settings, load_settings
from graph.as_of import default_as_of
from graph.engines import EngineName, open_engine
from graph.tables import SnapshotTables, snapshot_tables
from graph.windows import Window
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.progress import Silent

RINGFENCE = str(Path(sys.executable).with_name("ringfence"))
ENGINES: tuple[EngineName, ...] = ("duckdb", "spark")


def main() -> None:
    """Measure both engines and print one JSON object, or compute with one of them."""
    options = _options()
    if options.only:
        settings = load_settings(options.home)
        print(json.dumps(computed(options.only, options.home, options.window, _on(settings, options.spark_master))))
        return
    load = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or world(Path(folder), options.callers, options.days)
        command = [sys.executable, "-m", __spec__.name, "--home", str(home), "--window", options.window]
        command += ["--spark-master", options.spark_master] if options.spark_master else []
        found = {engine: measured([*command, "--only", engine]) for engine in ENGINES}
    one, other = found["duckdb"], found["spark"]
    answer: dict[str, Any] = {
        "load_average": load,
        "load_average_after": os.getloadavg(),
        "cores": os.cpu_count(),
        "duckdb": one,
        "spark": other,
        "cpu_ratio": round(other["cpu_s"] / one["cpu_s"], 1),
        "equal": one["digests"] == other["digests"],
    }
    print(json.dumps(answer, indent=1))


def world(folder: Path, callers: int, days: int) -> Path:
    """Simulate calls, take them in, and give the home that has them."""
    size = ("--callers", str(callers), "--days", str(days), "--format", "parquet")
    for command in (
        ("simulate", "--out", str(folder / "world"), *size),
        ("ingest", str(folder / "world" / "calls*"), "--home", str(folder / "home")),
    ):
        subprocess.run([RINGFENCE, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "home"


def measured(command: list[str]) -> dict[str, Any]:
    """Run a command that prints JSON, and give it with the seconds of all its processes."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": round(cpu_s, 2), "wall_s": round(time.monotonic() - began, 2), **json.loads(done.stdout)}


def computed(engine: EngineName, root: Path, span: str, settings: Settings) -> dict[str, Any]:
    """Compute the window's tables and give how large they are and a digest of each."""
    lake = Lake(Home(root))
    window = Window.before(default_as_of(lake), span)
    paths = lake.paths(lake.operators(), window.start, window.end)
    with tempfile.TemporaryDirectory() as folder:
        spill = Path(folder)
        with open_engine(engine, spill, settings.spark, spill / "spark.log") as opened:
            tables = snapshot_tables(opened, paths, window, settings, Silent())
    digests = {name: _digest(table) for name, table in _named(tables).items()}
    return {"calls": tables.facts["window_calls"], "numbers": len(tables.numbers), "digests": digests}


def _named(tables: SnapshotTables) -> dict[str, pa.Table]:
    own = {name: table for name, table in vars(tables).items() if isinstance(table, pa.Table)}
    return {**own, **tables.entities.by_name()}


def _digest(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.blake2b(sink.getvalue(), digest_size=8).hexdigest()


def _on(settings: Settings, master: str | None) -> Settings:
    spark = settings.spark if master is None else settings.spark.model_copy(update={"master": master})
    return settings.model_copy(update={"spark": spark})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a home whose lake is read; default: a world is simulated")
    parser.add_argument("--callers", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--window", default="30d")
    parser.add_argument("--spark-master")
    parser.add_argument("--only", choices=ENGINES, help="compute with this engine in this process")
    return parser.parse_args()


if __name__ == "__main__":
    main()
