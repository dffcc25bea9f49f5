"""Calls become the operator's records: the generic header and the canonical columns that this world has."""

from __future__ import annotations

import gzip
import io
import itertools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from ingest.simulator.calls import Calls
from ingest.simulator.numbering import REGIONS
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import ZONE, FileFormat

HEADER = (
    "caller_id",
    "receiver_id",
    "call_duration",
    "timestamp",
    "origin_region",
    "target_region",
    "answered",
    "ring_ms",
    "zone",
)
OFFSET = "+05:30"  # of the world's zone, which has no summer time
CHUNK = 250_000  # records formatted at a time
SUFFIX: dict[FileFormat, str] = {"csv": "csv.gz", "parquet": "parquet"}
COMPRESSION = 1  # measured: level 6 takes twice the time for files a fifth smaller


def records(calls: Calls, day: Day, names: pa.StringArray, regions: IntArray) -> pa.Table:
    """Give one local day's calls as records; `names` and `regions` are by slot."""
    region_names = pa.array([region.name for region in REGIONS])
    columns = (
        names.take(pa.array(calls.caller)),
        names.take(pa.array(calls.callee)),
        pa.array(calls.talk_ms // 1_000),
        _timestamps(calls.started, day),
        region_names.take(pa.array(regions[calls.caller])),
        region_names.take(pa.array(regions[calls.callee])),
        pa.array(calls.answered),
        pa.array(calls.ring_ms),
        pa.repeat(ZONE, len(calls)),
    )
    return pa.table(columns, names=list(HEADER))


def write_day(out: Path, calls: Calls, day: Day, *, names: pa.StringArray, regions: IntArray, form: FileFormat) -> Path:
    """Write one day's file into `out` in chunks of bounded memory; equal calls give equal bytes."""
    path = out / f"calls-{day.date.isoformat()}.{SUFFIX[form]}"
    starts = range(0, max(len(calls), 1), CHUNK)
    chunks = (records(calls.where(np.arange(at, min(at + CHUNK, len(calls)))), day, names, regions) for at in starts)
    if form == "csv":
        _write_csv(path, chunks)
    else:
        _write_parquet(path, chunks)
    return path


def _timestamps(started: IntArray, day: Day) -> pa.Array:
    """All calls of a local day share the date, so only the time of day is formatted."""
    time = pa.array((started - day.start).astype(np.int32), pa.time32("ms")).cast(pa.string())
    return pc.binary_join_element_wise(f"{day.date.isoformat()}T", time, OFFSET, "")


def _write_csv(path: Path, chunks: Iterable[pa.Table]) -> None:
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as raw, gzip.GzipFile("", "wb", COMPRESSION, raw, mtime=0) as sink:
        sink.write(f"{','.join(HEADER)}\n".encode("ascii"))
        for chunk in chunks:
            text = io.BytesIO()
            pyarrow.csv.write_csv(chunk, text, options)
            sink.write(text.getbuffer())


def _write_parquet(path: Path, chunks: Iterable[pa.Table]) -> None:
    chunks = iter(chunks)
    first = next(chunks)
    with pq.ParquetWriter(path, first.schema, compression="zstd") as sink:
        for chunk in itertools.chain((first,), chunks):
            sink.write_table(chunk)
