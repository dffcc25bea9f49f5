"""Rows become calls or dead letters by the row rules, and each has exactly one reason."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from configs import load_settings
from ingest.admission import Admission
from ingest.cdr import CALL_SCHEMA
from ingest.mapping.operators import Operator, load_operator
from ingest.reasons import ROW_REASONS
from ingest.records.chunk import DEAD, Chunk
from ingest.validate import LABELS_LOST, Validated, Validator

NOW = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp()) * 1_000_000
GOOD = {"caller": "+919876543210", "callee": "+918765432109", "talk_ms": "12.5", "started": "2026-05-01T10:00:00Z"}
MINUTE = 60_000_000


def validate(*rows: dict[str, Any], operator: Operator | None = None, kept_from: int | None = None) -> Validated:
    mapping = operator or load_operator("generic")
    names = {name for row in rows for name in row}
    columns = {source_of(name, mapping): pa.array([row.get(name, "") for row in rows]) for name in names}

    def raw(positions: np.ndarray[Any, Any]) -> pa.Array:
        return pa.array([f"row {position}".encode() for position in positions], pa.binary())

    chunk = Chunk(columns, np.arange(len(rows), dtype=np.int64), raw, DEAD.empty_table())
    return Validator(mapping, load_settings().ingest, Admission(NOW, kept_from)).validate(chunk)


def source_of(name: str, operator: Operator) -> str:
    return operator.fields[name].sources[0] if name in operator.fields else name


def call(**changes: Any) -> dict[str, Any]:
    (row,) = validate({**GOOD, **changes}).calls.to_pylist()
    return dict(row)


def reason(changes: dict[str, str], operator: Operator | None = None) -> str:
    found = validate({**GOOD, **changes}, operator=operator)
    assert not len(found.calls)
    (row,) = found.dead.to_pylist()
    assert row["raw"] == b"row 0"
    return str(row["reason"])


def test_a_good_row_is_a_call() -> None:
    found = validate(GOOD)
    assert found.calls.schema == CALL_SCHEMA
    row = found.calls.to_pylist()[0]
    assert row.pop("call_key")
    assert row.pop("started") == int(datetime(2026, 5, 1, 10, tzinfo=UTC).timestamp()) * 1_000_000
    given = {
        "operator": "generic",
        "kind": "voice",
        "caller": "+919876543210",
        "callee": "+918765432109",
        "caller_kind": "e164",
        "zone": "UTC",
        "talk_ms": 12_500,
    }
    assert row == {**dict.fromkeys(row), **given}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"caller": ""}, "caller_empty"),
        ({"caller": "9.18E+11"}, "caller_characters"),
        ({"caller": "0"}, "caller_zero"),
        ({"caller": "12"}, "caller_length"),
        ({"callee": " "}, "callee_empty"),
        ({"callee": "'9198"}, "callee_characters"),
        ({"callee": "00"}, "callee_zero"),
        ({"callee": "9" * 16}, "callee_length"),
        ({"started": "yesterday"}, "started_malformed"),
        ({"started": "1999-12-31T23:59:59Z"}, "started_too_early"),
        ({"started": "2026-06-01T00:05:01Z"}, "started_in_future"),
        ({"talk_ms": "1e3"}, "duration_malformed"),
        ({"talk_ms": ""}, "duration_malformed"),
        ({"talk_ms": "-1"}, "duration_out_of_range"),
        ({"talk_ms": "86401"}, "duration_out_of_range"),
        ({"kind": "fax"}, "kind_unknown"),
        ({"zone": "Mars/Olympus"}, "zone_unknown"),
        ({"answered": "maybe"}, "answered_malformed"),
        ({"ring_ms": "1.5"}, "ring_malformed"),
        ({"ring_ms": "86400001"}, "ring_out_of_range"),
        ({"forwarded_to": "x"}, "forwarded_to_characters"),
        ({"forwarded_to": "0"}, "forwarded_to_zero"),
        ({"forwarded_to": "1"}, "forwarded_to_length"),
    ],
)
def test_each_fault_has_its_code(changes: dict[str, str], wanted: str) -> None:
    assert reason(changes) == wanted
    assert wanted in ROW_REASONS


def test_a_time_in_the_gap_of_summer_time() -> None:
    berlin = load_operator("generic").model_copy(update={"zone": "Europe/Berlin"})
    assert reason({"started": "2026-03-29T02:30:00"}, berlin) == "started_in_gap"
    row = validate({**GOOD, "started": "2025-10-26T02:30:00"}, operator=berlin).calls.to_pylist()[0]
    assert row["started"] == int(datetime(2025, 10, 26, 0, 30, tzinfo=UTC).timestamp()) * 1_000_000
    aware = validate({**GOOD, "started": "2026-03-29T02:30:00Z"}, operator=berlin)
    assert len(aware.calls) == 1


def test_the_first_fault_counts() -> None:
    assert reason({"caller": "", "callee": "", "started": "x", "talk_ms": "x"}) == "caller_empty"


def test_the_ends_of_the_accepted_times() -> None:
    assert call(started="2000-01-01T00:00:00Z")["started"] == 946_684_800_000_000
    assert call(started="2026-06-01T00:05:00Z")["started"] == NOW + 5 * MINUTE


def test_optional_columns() -> None:
    row = call(
        record_id=" r1 ",
        kind="SMS",
        zone="Asia/Kolkata",
        answered="TRUE",
        ring_ms="1200",
        origin_region="",
        target_region="D\u202eelhi",
        imei="",
        cell="c1",
        forwarded_to="09876543210",
        cause="16",
        label="1",
    )
    wanted = {
        "record_id": "r1",
        "kind": "sms",
        "zone": "Asia/Kolkata",
        "answered": True,
        "ring_ms": 1200,
        "origin_region": "unknown",
        "target_region": "Delhi",
        "imei": None,
        "cell": "c1",
        "forwarded_to": "+919876543210",
        "cause": "16",
        "label": 1,
    }
    assert {name: row[name] for name in wanted} == wanted


def test_empty_optional_columns_are_null_or_the_default() -> None:
    row = call(record_id="", kind="", zone="", answered="", ring_ms="", forwarded_to="", label="")
    wanted = {
        "record_id": None,
        "kind": "voice",
        "zone": "UTC",
        "answered": None,
        "ring_ms": None,
        "forwarded_to": None,
        "label": None,
    }
    assert {name: row[name] for name in wanted} == wanted


@pytest.mark.parametrize(("text", "wanted"), [("true", True), ("1", True), ("False", False), ("0", False)])
def test_answered(text: str, wanted: bool) -> None:
    assert call(answered=text)["answered"] is wanted


def test_other_labels_become_null_and_are_counted() -> None:
    found = validate(*({**GOOD, "label": label} for label in ("0", "1", "", "2", "fraud", "1.0")))
    assert found.calls["label"].to_pylist() == [0, 1, None, None, None, None]
    assert found.warnings == Counter({LABELS_LOST: 3})


def test_a_call_to_oneself_is_kept() -> None:
    assert call(callee=GOOD["caller"])["callee"] == GOOD["caller"]


def test_opaque_ids() -> None:
    row = validate(
        {"caller": "0", "callee": "x y", "talk_ms": "1", "started": "20060601 0008", "cell": "7"},
        operator=load_operator("vast2008"),
    ).calls.to_pylist()[0]
    assert (row["caller"], row["callee"], row["caller_kind"], row["cell"]) == ("0", "x y", "opaque", "7")


def test_typed_columns_of_parquet() -> None:
    times = pa.array([0, 1_777_629_600_000, None, 1 << 60], pa.timestamp("ms", "UTC"))
    columns = {
        "caller": pa.array([919876543210] * 4),
        "callee": pa.array(["+918765432109"] * 4).dictionary_encode(),
        "talk_ms": pa.array([1.0, 12.345, 1.0, 1.0]),
        "started": times,
        "answered": pa.array([True, False, None, None]),
        "label": pa.array([1.0, 0.0, None, 2.0]),
    }
    generic = load_operator("generic")
    given = {source_of(name, generic): column for name, column in columns.items()}
    chunk = Chunk(given, np.arange(4), lambda p: pa.array([b""] * len(p), pa.binary()), DEAD.empty_table())
    found = Validator(generic, load_settings().ingest, Admission(NOW)).validate(chunk)
    assert found.dead["reason"].to_pylist() == ["started_too_early", "started_malformed", "started_in_future"]
    row = found.calls.to_pylist()[0]
    assert (row["caller"], row["talk_ms"], row["answered"], row["label"]) == ("+919876543210", 12_345, False, 0)
    assert row["started"] == 1_777_629_600_000_000


def test_a_column_of_numbers_may_have_a_country_of_its_own() -> None:
    generic = load_operator("generic")
    abroad = generic.fields["callee"].model_copy(update={"country": "LK"})
    mapping = generic.model_copy(update={"fields": {**generic.fields, "callee": abroad}})
    found = validate({**GOOD, "caller": "09876543210", "callee": "0771234567"}, operator=mapping).calls.to_pylist()
    assert (found[0]["caller"], found[0]["callee"]) == ("+919876543210", "+94771234567")


def test_a_withheld_caller_is_a_kind_and_a_withheld_callee_a_dead_letter() -> None:
    generic = load_operator("generic").model_copy(update={"withheld": ("anonymous",)})
    found = validate(
        {**GOOD, "caller": "Anonymous", "forwarded_to": "anonymous"},
        {**GOOD, "callee": "anonymous"},
        {**GOOD, "caller": ""},
        operator=generic,
    )
    (row,) = found.calls.to_pylist()
    assert (row["caller"], row["caller_kind"], row["forwarded_to"]) == ("withheld", "withheld", None)
    assert found.reasons() == {"callee_withheld": 1, "caller_empty": 1}


def test_prefixes_of_the_mapping_are_replaced() -> None:
    generic = load_operator("generic").model_copy(update={"prefixes": {"7004#": ""}})
    found = validate({**GOOD, "callee": "7004#8765432109"}, operator=generic)
    assert found.calls["callee"].to_pylist() == [GOOD["callee"]]


def test_what_is_no_longer_kept_is_not_taken_in() -> None:
    kept_from = int(datetime(2026, 5, 1, 10, tzinfo=UTC).timestamp()) * 1_000_000
    found = validate(GOOD, {**GOOD, "started": "2026-05-01T09:59:59Z"}, kept_from=kept_from)
    assert len(found.calls) == 1
    assert found.reasons() == {"started_before_retention": 1}
