"""Keys of a world's calls, equal to those that ingest gives the records of its files."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest import call_key
from ingest.cdr import CALL_SCHEMA
from ingest.simulator.calls import Calls
from ingest.simulator.land.numbering import PLACES

PlaceRows = npt.NDArray[np.int8]
OPERATOR = "generic"  # the mapping that reads the files; its name is part of every key
KINDS = ("voice", "sms", "forward")  # by row


def call_keys(calls: Calls, names: pa.StringArray, origin: PlaceRows, target: PlaceRows) -> pa.Array:
    """Give the call_key, 16 bytes, of each call; `names` is by slot, regions are rows of PLACES."""
    places = pa.array(PLACES)
    columns = {
        "operator": pa.repeat(OPERATOR, len(calls)),
        "record_id": pa.nulls(len(calls), pa.string()),
        "caller": names.take(pa.array(calls.caller)),
        "callee": names.take(pa.array(calls.callee)),
        "started": pa.array(calls.started * 1_000),
        "talk_ms": pa.array(calls.talk_ms),
        "kind": pa.array(KINDS).take(pa.array(calls.kind)),
        "origin_region": places.take(pa.array(origin)),
        "target_region": places.take(pa.array(target)),
    }
    schema = pa.schema([CALL_SCHEMA.field(name) for name in call_key.USED])
    return call_key.call_keys(pa.table([columns[name] for name in call_key.USED], schema=schema))
