"""Attempts, messages and forwarded calls as they are read: sides and texts are codes, which are not yet nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from configs import FeatureSettings
from graph.reading.kinds import Kinds
from graph.reading.local_time import of_local_time
from graph.reading.segments import Vocabulary
from graph.windows import HOUR

_CALLS = pa.schema(
    [
        pa.field("caller", pa.int32(), False),
        pa.field("callee", pa.int32(), False),
        pa.field("started", pa.int64(), False),  # µs UTC
        pa.field("hour", pa.int32(), False),  # UTC, since 1970-01-01
        pa.field("day", pa.int32(), False),  # local, as what follows
        pa.field("night", pa.bool_(), False),
        pa.field("weekend", pa.bool_(), False),
        pa.field("offhours", pa.bool_(), False),
        pa.field("talk_ms", pa.int64(), False),
        pa.field("ring_ms", pa.int64()),
        pa.field("answered", pa.bool_(), False),
    ]
)
_MESSAGES = pa.schema([pa.field(name, pa.int32(), False) for name in ("caller", "callee", "hour")])
_FORWARDS = pa.schema([pa.field(name, pa.int32(), False) for name in ("forwarder", "target")])
SIDES = {"calls": ("caller", "callee"), "messages": ("caller", "callee"), "forwards": ("forwarder", "target")}
OPERATOR = pa.field("operator", pa.int32(), False)  # of a draft alone: codes become nodes by operator


def schemas(kept: Sequence[str]) -> Mapping[str, pa.Schema]:
    """Give the columns by table; calls have places in the sorted texts of each of `kept`, too."""
    texts = [pa.field(name, pa.int32()) for name in kept]
    return {"calls": pa.schema([*_CALLS, *texts]), "messages": _MESSAGES, "forwards": _FORWARDS}


def drafts(
    records: pa.Table, kinds: Kinds, vocabulary: Vocabulary, settings: FeatureSettings, kept: Sequence[str]
) -> Mapping[str, pa.Table]:
    """Give coded records by table: each has its columns in `schemas`, and OPERATOR."""
    found = {
        "calls": _calls(_where(records, kinds.voice), vocabulary, settings, kept),
        "messages": _messages(_where(records, kinds.message)),
        "forwards": _forwards(_where(records, kinds.forwarded)),
    }
    return {name: pa.table(found[name], schema=schema.append(OPERATOR)) for name, schema in schemas(kept).items()}


def _where(records: pa.Table, mask: np.ndarray) -> pa.Table:
    return records if mask.all() else records.filter(pa.array(mask))


def _calls(
    records: pa.Table, vocabulary: Vocabulary, settings: FeatureSettings, kept: Sequence[str]
) -> dict[str, pa.ChunkedArray]:
    started, talk_ms = records["started"].to_numpy(), records["talk_ms"]
    talked = pa.array(talk_ms.to_numpy() > 0)
    zone, zones = records["zone"].to_numpy(), vocabulary.by_column["zone"].known
    same = ("operator", "caller", "callee", "started", "talk_ms", "ring_ms", *kept)
    return {
        **{name: records[name] for name in same},
        "hour": _hours(records),
        **of_local_time(started, zone, zones, settings),
        "answered": records["answered"].combine_chunks().fill_null(talked),
    }


def _messages(records: pa.Table) -> dict[str, pa.ChunkedArray]:
    return {**{name: records[name] for name in ("operator", "caller", "callee")}, "hour": _hours(records)}


def _forwards(records: pa.Table) -> dict[str, pa.ChunkedArray]:
    return {"operator": records["operator"], "forwarder": records["callee"], "target": records["forwarded_to"]}


def _hours(records: pa.Table) -> pa.Array:
    return pa.array((records["started"].to_numpy() // HOUR).astype(np.int32))
