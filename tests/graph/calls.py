"""Small call tables for tests: written as sentences, kept as the lake keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from configs import Settings, load_settings
from configs.plan_tables import Plans
from graph.engine import Engine
from graph.tables import SnapshotTables, snapshot_tables
from graph.windows import Window, parse_instant
from ingest.cdr import CALL_SCHEMA
from ingest.progress import Silent

Row = dict[str, Any]
MAY = Window(parse_instant("2026-05-01T00:00:00Z"), parse_instant("2026-06-01T00:00:00Z"))
_ABSENT = dict.fromkeys(CALL_SCHEMA.names)


def call(caller: str, callee: str, at: str, talk: float = 0, **more: Any) -> Row:
    """A voice call on 2026-05-04 (a Monday), or at the full time `at`; `talk` and `ring` in seconds."""
    started = parse_instant(at if "T" in at else f"2026-05-04T{at}Z")
    ring = more.pop("ring", None)
    row = {
        **_ABSENT,
        "operator": "generic",
        "kind": "voice",
        "caller": caller,
        "callee": callee,
        "caller_kind": "e164" if caller.startswith("+") else "opaque",
        "started": started,
        "zone": "UTC",
        "answered": talk > 0,
        "ring_ms": None if ring is None else round(ring * 1000),
        "talk_ms": round(talk * 1000),
        **more,
    }
    return {**row, "call_key": _key(row)}


def withheld_calls(count: int, **more: Any) -> list[Row]:
    """Calls of callers that are not shown, each to another person."""
    clock = (f"{10 + at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}" for at in range(count))
    return [
        call("withheld", f"+91900001{at:04}", time, 30, caller_kind="withheld", **more) for at, time in enumerate(clock)
    ]


def call_table(rows: Sequence[Row]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=CALL_SCHEMA)


def write_calls(path: Path, rows: Sequence[Row]) -> Path:
    pq.write_table(call_table(rows), path)
    return path


def tables_of(
    rows: Sequence[Row],
    folder: Path,
    settings: Settings | None = None,
    window: Window = MAY,
    threads: int | None = None,
    plans: Plans | None = None,
) -> SnapshotTables:
    """All snapshot tables of `rows`, by the product's own way."""
    path = write_calls(folder / "calls.parquet", rows)
    with TemporaryDirectory(dir=folder) as spill, Engine(Path(spill), threads=threads) as engine:
        return snapshot_tables(engine, [path], window, settings or load_settings(), Silent(), plans=plans)


def features_of(tables: SnapshotTables) -> dict[str, dict[str, float | None]]:
    """Feature values by number and name."""
    rows = tables.features.to_pylist()
    return dict(zip(tables.numbers["number"].to_pylist(), rows, strict=True))


def _key(row: Mapping[str, Any]) -> bytes:
    text = "|".join(
        str(row[name]) for name in ("operator", "caller", "callee", "started", "talk_ms", "kind", "record_id")
    )
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
