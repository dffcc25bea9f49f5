"""The key is the identity that CONTRACT names, and nothing else changes it."""

from __future__ import annotations

import hashlib
from typing import Any

import pyarrow as pa
import pytest
from datafusion import SessionContext

from ingest.call_key import USED, call_keys
from ingest.cdr import CALL_SCHEMA

ROW: dict[str, Any] = {
    "operator": "generic",
    "record_id": None,
    "caller": "+919876543210",
    "callee": "+918765432109",
    "started": 1_777_629_600_000_000,
    "talk_ms": 12_500,
    "kind": "voice",
    "origin_region": "Delhi",
    "target_region": None,
}


def key(**changes: Any) -> bytes:
    schema = pa.schema([CALL_SCHEMA.field(name) for name in USED])
    keys = call_keys(pa.Table.from_pylist([{**ROW, **changes}], schema=schema))
    return bytes(keys[0].as_py())


def test_the_key_is_half_of_a_sha256_of_separated_fields() -> None:
    fields = ["call", "generic", "+919876543210", "+918765432109", "1777629600000000", "12500", "voice", "Delhi", ""]
    assert key() == hashlib.sha256("\x1f".join(fields).encode()).digest()[:16]


def test_the_key_of_a_record_id() -> None:
    assert key(record_id="7") == hashlib.sha256(b"record\x1fgeneric\x1f7").digest()[:16]


@pytest.mark.parametrize("name", [name for name in USED if name != "record_id"])
def test_every_field_of_the_identity_counts(name: str) -> None:
    assert key(**{name: 5 if isinstance(ROW[name], int) else "other"}) != key()


def test_with_a_record_id_only_operator_and_record_id_count() -> None:
    assert key(record_id="7", talk_ms=1, caller="+911234567890") == key(record_id="7")
    assert key(record_id="7", operator="other") != key(record_id="7")


def test_fields_do_not_run_into_each_other() -> None:
    assert key(caller="12", callee="3") != key(caller="1", callee="23")
    assert key(origin_region="a", target_region=None) != key(origin_region=None, target_region="a")


def test_a_failure_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(SessionContext, "sql", no_memory)
        with pytest.raises(MemoryError):
            key()
    assert key() == key()


def no_memory(*_: object) -> None:
    raise MemoryError
