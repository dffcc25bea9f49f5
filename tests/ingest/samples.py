"""Small files and homes for the tests of ingest."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from configs import IngestSettings, Settings, load_settings
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.progress import Silent
from ingest.run import IngestReport, ingest

HEADER = "caller_id,receiver_id,call_duration,timestamp"
FULL_HEADER = f"{HEADER},origin_region,target_region,true_label"


def id_of(value: object) -> str | None:
    """A short test id for a parameter of many bytes."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else None


def call_line(i: int, caller: int = 0) -> str:
    """One well-formed row of the generic header, different for each `i`; ten rows fall into one hour."""
    day, hour, minute = 1 + i // 240, i // 10 % 24, i % 10
    return f"+9198765{caller:05d},+9187654{i:05d},{i % 300},2026-05-{day:02d}T{hour:02d}:{minute:02d}:00Z"


def call_lines(count: int, start: int = 0) -> list[str]:
    """`count` different rows."""
    return [call_line(i, i % 7) for i in range(start, start + count)]


def text_of(lines: Iterable[str], header: str = HEADER) -> str:
    """A whole CSV file."""
    return "\n".join([header, *lines]) + "\n"


def write_csv(path: Path, lines: Iterable[str], header: str = HEADER) -> Path:
    """Write a CSV file, packed when its name says so."""
    data = text_of(lines, header).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def settings_with(**limits: int) -> Settings:
    """The shipped settings with other limits for ingest."""
    shipped = load_settings()
    changed = IngestSettings(**{**shipped.ingest.model_dump(), **limits})
    return shipped.model_copy(update={"ingest": changed})


def take(home: Home, *paths: Path, operator: str = "generic", settings: Settings | None = None) -> IngestReport:
    """Ingest files into a home."""
    with home.writing("test"):
        return ingest(paths, operator, home, settings or load_settings(), Silent())


def calls_of(home: Home) -> pa.Table:
    """Every call of the lake, in the order of the segments."""
    return pa.concat_tables([pq.ParquetFile(path).read() for path in Lake(home).paths()])
