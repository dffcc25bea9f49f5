"""Every shipped mapping, on files made after its format's own documentation, through the real ingest.

`tests/operators/NAME/` holds the files, `expected.csv` the calls that the lake must then hold (every canonical column
but the key, which is counted here), `rejected.json` what the report must say of each file.
"""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from configs import operator_names
from ingest.cdr import CALL_SCHEMA
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.report import IngestReport
from tests.ingest.samples import calls_of, take

HERE = Path(__file__).parent
EXPECTED, REJECTED = "expected.csv", "rejected.json"
OPERATORS = sorted(operator_names())
COLUMNS = [name for name in CALL_SCHEMA.names if name not in ("operator", "call_key")]
REPORTED = ("status", "rows", "accepted", "dead_lettered", "duplicates", "reasons", "warnings")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def samples(operator: str) -> list[Path]:
    """The files of one operator in the order of their names."""
    return sorted(path for path in (HERE / operator).iterdir() if path.name not in (EXPECTED, REJECTED))


def take_samples(home: Home, operator: str) -> IngestReport:
    return take(home, *samples(operator), operator=operator)


def expected_calls(operator: str) -> list[dict[str, str]]:
    with (HERE / operator / EXPECTED).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(list(row) == COLUMNS for row in rows)
    return sorted(({"operator": operator, **row} for row in rows), key=_order)


def found_calls(calls: pa.Table) -> list[dict[str, str]]:
    rows = calls.drop("call_key").to_pylist()
    return sorted(({name: as_written(name, value) for name, value in row.items()} for row in rows), key=_order)


def as_written(name: str, value: Any) -> str:
    """A value as expected.csv has it."""
    if value is None:
        return ""
    if name == "started":
        at = EPOCH + timedelta(microseconds=value)
        return at.strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".") + "Z"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _order(row: dict[str, str]) -> list[str]:
    return [row["started"], *row.values()]


def key_of(call: dict[str, Any]) -> bytes:
    """The identity of a call, counted without the product's own code."""
    if call["record_id"] is not None:
        parts = ["record", call["operator"], call["record_id"]]
    else:
        regions = [call["origin_region"] or "", call["target_region"] or ""]
        who = [call["caller"] or "", call["callee"]]
        parts = ["call", call["operator"], *who, str(call["started"]), str(call["talk_ms"]), call["kind"], *regions]
    return hashlib.sha256("\x1f".join(parts).encode()).digest()[:16]


def test_every_shipped_mapping_has_its_samples() -> None:
    folders = sorted(path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("__"))
    assert folders == OPERATORS
    for operator in OPERATORS:
        assert samples(operator)
        assert (HERE / operator / EXPECTED).is_file()
        assert (HERE / operator / REJECTED).is_file()


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_lake_holds_what_the_files_say(operator: str, home: Home) -> None:
    take_samples(home, operator)
    calls = calls_of(home)
    assert found_calls(calls) == expected_calls(operator)
    assert [call["call_key"] for call in calls.to_pylist()] == [key_of(call) for call in calls.to_pylist()]


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_report_counts_every_row(operator: str, home: Home) -> None:
    report = take_samples(home, operator).as_json()
    found = {Path(file["file"]).name: {name: file[name] for name in REPORTED} for file in report["files"]}
    assert found == json.loads((HERE / operator / REJECTED).read_text(encoding="utf-8"))
    for file in report["files"]:
        assert file["accepted"] + file["dead_lettered"] + file["duplicates"] == file["rows"]


@pytest.mark.parametrize("operator", OPERATORS)
def test_neither_the_order_of_the_files_nor_a_second_delivery_matters(operator: str, tmp_path: Path) -> None:
    digests = []
    for name, files in (("once", samples(operator)), ("backwards", [*reversed(samples(operator)), *samples(operator)])):
        home = Home(tmp_path / name).create()
        take(home, *files, operator=operator)
        digests.append(Lake(home).digest())
    assert digests[0] == digests[1]
