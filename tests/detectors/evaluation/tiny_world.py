"""Worlds of a few calls, written as `ringfence simulate` writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

HEADER = "number,label,fraud_type,campaign,role,look_alike,from,to"
SPAN = "2026-04-30T18:30:00.000Z,2026-05-02T18:30:00.000Z"  # two local days
ZONE = "Asia/Kolkata"


def call(caller: str, callee: str, seconds: int = 60, at: str = "01T12:00:00", **more: str) -> dict[str, object]:
    """Give one record; `more` are further columns."""
    return {
        "caller_id": caller,
        "receiver_id": callee,
        "call_duration": seconds,
        "timestamp": f"2026-05-{at}.000+05:30",
        "origin_region": "Pune",
        "target_region": "Delhi",
        **more,
    }


def fraud(number: str, campaign: str, span: str = SPAN) -> str:
    """Give the truth of a fraudulent number; the type is the campaign's name without its number."""
    return f"{number},fraud,{campaign.rpartition('-')[0]},{campaign},caller,,{span}"


def innocent(number: str, look_alike: str = "", span: str = SPAN) -> str:
    """Give the truth of an innocent number."""
    return f"{number},innocent,,,subscriber,{look_alike},{span}"


def tiny_world(
    folder: Path, calls: Sequence[dict[str, object]], truth: Sequence[str], form: str = "csv.gz", days: int = 1
) -> Path:
    """Write a world, its calls dealt to `days` files."""
    folder.mkdir()
    for day in range(days):
        path = folder / f"calls-2026-05-0{day + 1}.{form}"
        _write(pa.Table.from_pylist(list(calls[day::days])), path)
    (folder / "truth_numbers.csv").write_text("\n".join([HEADER, *truth, ""]), encoding="utf-8")
    (folder / "world.json").write_text(json.dumps({"zone": ZONE, "settings": {"seed": 3}, "calls": len(calls)}))
    return folder


def _write(table: pa.Table, path: Path) -> None:
    if path.suffix == ".parquet":
        pq.write_table(table, path)
        return
    with pa.CompressedOutputStream(str(path), "gzip") as sink:
        pyarrow.csv.write_csv(table, sink, pyarrow.csv.WriteOptions(quoting_style="none"))
