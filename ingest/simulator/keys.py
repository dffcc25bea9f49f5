"""Keys of a world's calls, equal to those that ingest gives the records of its files."""

from __future__ import annotations

import pyarrow as pa

from ingest import call_key
from ingest.cdr import CALL_SCHEMA
from ingest.simulator.calls import Calls
from ingest.simulator.numbering import REGIONS
from ingest.simulator.randomness import IntArray

OPERATOR = "generic"  # the mapping that reads the files; its name is part of every key


def call_keys(calls: Calls, names: pa.StringArray, regions: IntArray) -> pa.Array:
    """Give the call_key, 16 bytes, of each call; `names` and `regions` are by slot."""
    region_names = pa.array([region.name for region in REGIONS])
    columns = {
        "operator": pa.repeat(OPERATOR, len(calls)),
        "record_id": pa.nulls(len(calls), pa.string()),
        "caller": names.take(pa.array(calls.caller)),
        "callee": names.take(pa.array(calls.callee)),
        "started": pa.array(calls.started * 1_000),
        "talk_ms": pa.array(calls.talk_ms),
        "kind": pa.repeat("voice", len(calls)),
        "origin_region": region_names.take(pa.array(regions[calls.caller])),
        "target_region": region_names.take(pa.array(regions[calls.callee])),
    }
    schema = pa.schema([CALL_SCHEMA.field(name) for name in call_key.USED])
    return call_key.call_keys(pa.table([columns[name] for name in call_key.USED], schema=schema))
