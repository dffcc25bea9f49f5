"""The identity of a record: 128 bits of SHA-256, the same for the same call however it came."""

from __future__ import annotations

import pyarrow as pa

from ingest.cdr import CALL_KEY_BYTES
from ingest.query import select
from ingest.values.arrow import whole

# The unit separator occurs in no field: texts are cleaned of control characters before they get here.
_SQL = """
SELECT unhex(substr(sha256(CASE
    WHEN record_id IS NOT NULL THEN concat_ws(chr(31), 'record', operator, record_id)
    ELSE concat_ws(chr(31), 'call', operator, caller, callee, started, talk_ms, kind,
                   coalesce(origin_region, ''), coalesce(target_region, ''))
END), 1, 32)) AS call_key
FROM calls
"""
USED = (
    "operator",
    "record_id",
    "caller",
    "callee",
    "started",
    "talk_ms",
    "kind",
    "origin_region",
    "target_region",
)


def call_keys(calls: pa.Table) -> pa.Array:
    """Give the `call_key` of every row of a table that has the columns USED, typed as in CALL_SCHEMA.

    From operator and record_id where the record has one, else from operator, caller, callee, started, talk_ms, kind
    and regions; never from the label.
    """
    return whole(select(_SQL, calls=calls.select(USED))["call_key"].cast(pa.binary(CALL_KEY_BYTES)))
