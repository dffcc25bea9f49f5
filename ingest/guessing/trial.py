"""A guessed mapping at work: what `ingest` makes of the sample, in a home that is thrown away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from configs import Settings
from ingest.cdr import CALL_SCHEMA
from ingest.guessing.head import Head
from ingest.guessing.table import SampleTable
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.progress import Silent
from ingest.report import FileReport
from ingest.run import ingest

_ORDER = [(name, "ascending") for name in ("started", "caller", "callee", "talk_ms", "call_key")]


@dataclass(frozen=True)
class Trial:
    """What became of the files, one report each, and the calls that the lake then holds, in the order of their time."""

    reports: tuple[FileReport, ...]
    calls: pa.Table

    @property
    def report(self) -> FileReport:
        """The report of the only file."""
        return self.reports[0]


def try_guess(name: str, text: str, head: Head, table: SampleTable, settings: Settings) -> Trial:
    """Take a sample in by the mapping that was guessed from it: the file itself, or of a large one what was read."""
    if table.whole:
        return try_mapping(name, text, [head.path], settings)
    with TemporaryDirectory(prefix="ringfence-sample-") as folder:
        file = Path(folder) / (head.path.stem if head.packed else head.path.name)
        file.write_bytes(table.content)
        return try_mapping(name, text, [file], settings)


def try_mapping(name: str, text: str, files: Iterable[Path], settings: Settings) -> Trial:
    """Take files in by a mapping's text; raises ConfigError for its faults."""
    with TemporaryDirectory(prefix="ringfence-trial-") as folder:
        home = Home(Path(folder) / "home").create()
        home.operators.mkdir(parents=True, exist_ok=True)
        (home.operators / f"{name}.yaml").write_text(text, encoding="utf-8")
        with home.writing("trial of a mapping"):
            reports = ingest(list(files), name, home, settings, Silent()).files
        tables = [pq.ParquetFile(path).read() for path in Lake(home).paths()]
    calls = pa.concat_tables(tables) if tables else CALL_SCHEMA.empty_table()
    return Trial(tuple(reports), calls.sort_by(_ORDER))
