"""Mappings to mend, files to replay, and replay; `python -m tests.ingest.replaying HOME` is there to be killed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from sqlalchemy import Engine

from configs import load_settings
from ingest.dead.listing import Wanted
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from ingest.ledger.dead_letters import DeadLetter, read_letters
from ingest.ledger.ledger import BatchRow
from ingest.progress import Silent
from ingest.replay import Replayed, replay
from tests.ingest.samples import settings_with, take

NAMES = ("a", "b", "t", "d")
WRONG: dict[str, Any] = {
    "country": "IN",
    "zone": "UTC",
    "numbers": "e164",
    "fields": {
        "caller": {"from": "a"},
        "callee": {"from": "b"},
        "started": {"from": "t", "format": "%d/%m/%Y %H:%M"},
        "talk_ms": {"from": "d", "unit": "s"},
        "label": {"from": "l", "optional": True},
    },
}
MENDED = {**WRONG, "fields": {**WRONG["fields"], "started": {"from": "t", "format": "iso8601"}}}
Row = tuple[str, str, str, str]
GOOD: list[Row] = [
    (f"+9198765{i:05d}", f"+9187654{i:05d}", f"2026-05-{1 + i % 3:02d} 0{i % 10}:00:00", str(i)) for i in range(40)
]
BAD: list[Row] = [("x", "+918765432109", "2026-05-01 00:00:00", "5"), ("+919876543210", "0", "01/05/2026 10:00", "5")]
LATER: list[Row] = [("+919999999999", "+918765432109", "03/05/2026 23:00", "7")]  # readable by the wrong mapping


def write_mapping(home: Home, mapping: dict[str, Any], name: str = "mine") -> None:
    """Write a mapping of the user's own."""
    home.operators.mkdir(parents=True, exist_ok=True)
    (home.operators / f"{name}.yaml").write_text(yaml.safe_dump(mapping, sort_keys=False))


def replayed(home: Home, wanted: Wanted | None = None, *, dry_run: bool = False, **limits: int) -> list[Replayed]:
    """Replay dead letters of a home."""
    settings = settings_with(**limits) if limits else load_settings(home.root)
    with home.writing("test"):
        return replay(home, settings, wanted or Wanted(), Silent(), dry_run)


def replayed_in_pieces(home: Home) -> None:
    """Replay all dead letters of a home into small segments."""
    replayed(home, segment_rows=100)


def as_separated(rows: Sequence[Row], delimiter: str = ",") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([NAMES, *rows])
    return written.getvalue().encode()


def as_objects(rows: Sequence[Row]) -> list[dict[str, str]]:
    return [dict(zip(NAMES, row, strict=True)) for row in rows]


def as_xml(rows: Sequence[Row]) -> bytes:
    records = ("".join(f"<{name}>{text}</{name}>" for name, text in row.items()) for row in as_objects(rows))
    return f"<all>{''.join(f'<r>{record}</r>' for record in records)}</all>".encode()


def as_parquet(rows: Sequence[Row], types: dict[str, pa.DataType] | None = None, zone: str | None = None) -> bytes:
    columns = {name: pa.array(list(column)) for name, column in zip(NAMES, zip(*rows, strict=True), strict=True)}
    typed = {name: column.cast((types or {}).get(name, column.type)) for name, column in columns.items()}
    if zone:
        typed["t"] = pc.assume_timezone(typed["t"], zone)
    sink = io.BytesIO()
    pq.write_table(pa.table(typed), sink)
    return sink.getvalue()


FIXED = {"columns": [{"name": name, "from": 24 * i, "to": 24 * (i + 1)} for i, name in enumerate(NAMES)], "skip": 1}
FORMATS: dict[str, tuple[Callable[[Sequence[Row]], bytes], dict[str, Any]]] = {
    "csv": (as_separated, {}),
    "tsv": (lambda rows: as_separated(rows, "\t"), {}),
    "txt": (
        lambda rows: "\r\n".join(["head", *("".join(f"{x:<24}" for x in row) for row in rows)]).encode(),
        {"fixed": FIXED},
    ),
    "jsonl": (lambda rows: "\n".join(json.dumps(row) for row in as_objects(rows)).encode(), {}),
    "json": (
        lambda rows: json.dumps({"calls": as_objects(rows)}, indent=1).encode(),
        {"json": {"records": "calls"}},
    ),
    "xml": (
        as_xml,
        {"xml": {"record": "r"}},
    ),
    "parquet": (as_parquet, {}),
}


def engine_of(home: Home) -> Engine:
    return open_database(home, "ledger")


def only_batch(home: Home) -> BatchRow:
    (batch,) = ledger.find_batches(engine_of(home))
    return batch


def letters_of(home: Home, batch: BatchRow | None = None) -> list[DeadLetter]:
    return list(read_letters(engine_of(home), (batch or only_batch(home)).id))


def assert_accounted(home: Home) -> None:
    calls = 0
    for batch in ledger.find_batches(engine_of(home)):
        assert batch.accepted + batch.dead_lettered + batch.duplicates == batch.rows
        assert sum(batch.reasons.values()) == batch.dead_lettered == len(letters_of(home, batch))
        assert batch.status == ("COMPLETED_WITH_REJECTS" if batch.dead_lettered else "COMPLETED")
        calls += batch.accepted
    assert calls == sum(segment.rows for segment in Lake(home).segments())


def taken(folder: Path, mapping: dict[str, Any], *files: Path) -> Home:
    home = Home(folder).create()
    write_mapping(home, mapping)
    take(home, *files, operator="mine")
    return home


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
