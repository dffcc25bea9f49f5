"""The canonical call: every column of the lake, its type, meaning and unit, in one table."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa


class Column(NamedTuple):
    """One column of the canonical call."""

    name: str
    type: pa.DataType
    nullable: bool
    meaning: str


TEXT = pa.string()
CALL_KEY_BYTES = 16

COLUMNS: tuple[Column, ...] = (
    Column("operator", TEXT, False, "network whose record this is (name of its mapping)"),
    Column("record_id", TEXT, True, "the operator's own id of the record"),
    Column("kind", TEXT, False, "voice, sms or forward"),
    Column("caller", TEXT, False, "A-number: E.164 with +, a short code, or an opaque id"),
    Column("callee", TEXT, False, "B-number, as caller"),
    Column("caller_kind", TEXT, False, "e164, short, service, withheld or opaque"),
    Column("started", pa.int64(), False, "start of the attempt, microseconds since 1970-01-01T00:00Z"),
    Column("zone", TEXT, False, "IANA time zone in which the caller's night is counted"),
    Column("answered", pa.bool_(), True, "the record's disposition; null where the record has none"),
    Column("ring_ms", pa.int64(), True, "ringing before answer or end, milliseconds"),
    Column("talk_ms", pa.int64(), False, "conversation, milliseconds"),
    Column("origin_region", TEXT, True, "region called from; `unknown` where the record's field is empty"),
    Column("target_region", TEXT, True, "region called to; `unknown` where the record's field is empty"),
    Column("imei", TEXT, True, "device"),
    Column("imsi", TEXT, True, "SIM"),
    Column("cell", TEXT, True, "cell or tower of the caller"),
    Column("trunk_in", TEXT, True, "trunk the call came in by"),
    Column("trunk_out", TEXT, True, "trunk the call left by"),
    Column("forwarded_to", TEXT, True, "number the call was forwarded to"),
    Column("cause", TEXT, True, "release cause as the record gives it"),
    Column("label", pa.int8(), True, "what investigators decided, 0 innocent, 1 fraud; never an input of a score"),
    Column("call_key", pa.binary(CALL_KEY_BYTES), False, "identity of the record: an equal key is a duplicate"),
)

CALL_SCHEMA = pa.schema([pa.field(c.name, c.type, c.nullable) for c in COLUMNS])
KINDS = ("voice", "sms", "forward")
