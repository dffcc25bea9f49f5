"""BER is read as the module beside the mapping says, every element of it; what the module does not say is no guess."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

import asn1tools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mapping.operators import Operator
from ingest.records.ber_tlv import Elements, LengthError
from ingest.records.ber_types import UndescribedError, record_type
from ingest.rejection import RejectedError
from tests.ingest.format_samples import (
    MODULE,
    as_ber,
    chunks_of,
    column,
    content_of,
    dead,
    operator_with,
    places,
    row,
    rows,
    specification,
)
from tests.ingest.samples import id_of, settings_with

GOOD = as_ber([row(7)])
# Shaped after the records of 3GPP TS 32.298: a choice of record kinds, sets, octet strings, lists, extensions.
MOBILE = """Mobile DEFINITIONS IMPLICIT TAGS ::= BEGIN
Record ::= CHOICE { moCall [0] Call, mtCall [1] Call, gprs [20] Gprs }
Call ::= SET {
  served [0] OCTET STRING, other [1] Party, start [2] OCTET STRING, seconds [3] INTEGER,
  cause [4] ENUMERATED { normal(0), busy(4) } OPTIONAL, roaming [5] BOOLEAN OPTIONAL,
  legs [6] SEQUENCE OF Leg OPTIONAL, when [7] GeneralizedTime OPTIONAL, flags [8] BIT STRING OPTIONAL,
  note [9] EXPLICIT UTF8String OPTIONAL, nothing [10] NULL OPTIONAL, weight [11] REAL OPTIONAL, ...
}
Party ::= CHOICE { isdn [0] OCTET STRING, sip [1] IA5String }
Leg ::= SEQUENCE { cell OCTET STRING, inner [0] Leg OPTIONAL }
Gprs ::= SEQUENCE { a INTEGER }
END
"""
START = bytes.fromhex("260501123059") + b"+" + bytes.fromhex("0530")
CALL: dict[str, Any] = {
    "served": bytes.fromhex("911989674523f1"),
    "other": ("isdn", bytes.fromhex("a1198967452301")),
    "start": START,
    "seconds": 65,
}


@cache
def mobile() -> Any:
    return asn1tools.compile_string(MOBILE, "ber")


def record(kind: str = "moCall", **more: Any) -> bytes:
    encoded: bytes = mobile().encode("Record", (kind, {**CALL, **more}))
    return encoded


def mobile_operator(**changed: Any) -> Operator:
    fields = {
        "caller": {"from": "moCall.served.address"},
        "callee": {"from": ["moCall.other.isdn.address", "moCall.other.sip"]},
        "started": {"from": "moCall.start.time"},
        "talk_ms": {"from": "moCall.seconds"},
        "imei": {"from": "moCall.served.tbcd", "optional": True},
        "imsi": {"from": "moCall.served", "optional": True},
        **changed,
    }
    return operator_with(fields=fields, ber={"module": "m.asn", "type": "Record"}, files={"module": MOBILE})


def refused(data: bytes, **sections: Any) -> str:
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        chunks_of(data, "ber", operator_with(**sections))
    return caught.value.reason


def definite(tag: str, content: bytes) -> bytes:
    return bytes.fromhex(tag) + b"\x82" + len(content).to_bytes(2, "big") + content


def indefinite(tag: str, content: bytes) -> bytes:
    return bytes.fromhex(tag) + b"\x80" + content + b"\0\0"


def test_records_follow_each_other() -> None:
    chunks = chunks_of(as_ber(rows(500)), "ber")
    assert len(chunks) > 3
    assert [column(chunks, name) for name in "abtd"] == [list(texts) for texts in zip(*rows(500), strict=True)]
    assert places(chunks) == list(range(500))


def test_octets_are_read_as_the_name_says() -> None:
    content = content_of(record() * 2, "ber", mobile_operator())
    assert not content.unknown
    chunks = list(content.chunks)
    read = {name: column(chunks, f"mocall.{name}")[0] for name in ("served", "served.tbcd", "served.address")}
    assert read == {"served": "911989674523f1", "served.tbcd": "1991987654321", "served.address": "+91987654321"}
    assert column(chunks, "mocall.other.isdn.address") == ["919876543210"] * 2
    assert column(chunks, "mocall.start.time") == ["2026-05-01T12:30:59+05:30"] * 2


@pytest.mark.parametrize(
    ("octets", "address"),
    [
        ("9119", "+91"),
        ("a119", "91"),
        ("8119", "91"),
        ("91", "+"),
        ("", ""),
        ("91f9", "+9"),
        ("91ba", "+*#"),
        ("919f", "+f9"),
    ],
)
def test_addresses(octets: str, address: str) -> None:
    chunks = chunks_of(record(served=bytes.fromhex(octets)), "ber", mobile_operator())
    assert column(chunks, "mocall.served.address") == [address]


@pytest.mark.parametrize("octets", ["", "26050112305920", "26050112305900053000", "2605011230592a0530"])
def test_octets_that_are_no_time_stay_hex(octets: str) -> None:
    chunks = chunks_of(record(start=bytes.fromhex(octets)), "ber", mobile_operator())
    assert column(chunks, "mocall.start.time") == [octets]


def test_every_kind_of_value_becomes_a_text() -> None:
    leg: dict[str, Any] = {"cell": b"\1\2", "inner": {"cell": b"\3"}}
    more: dict[str, Any] = {
        "cause": "busy",
        "roaming": True,
        "legs": [leg, leg],
        "flags": (b"\xa0", 3),
        "note": "é",
        "nothing": None,
    }
    found = record_type(MOBILE, "Record").read(record(**more, weight=1.5))
    assert found == {
        "moCall.served": CALL["served"],
        "moCall.other.isdn": CALL["other"][1],
        "moCall.start": START,
        "moCall.seconds": 65,
        "moCall.cause": "busy",
        "moCall.roaming": True,
        "moCall.legs.0.cell": b"\1\2",
        "moCall.legs.0.inner.cell": b"\3",
        "moCall.legs.1.cell": b"\1\2",
        "moCall.legs.1.inner.cell": b"\3",
        "moCall.flags": b"\xa0",
        "moCall.note": "é",
        "moCall.nothing": None,
        "moCall.weight": "1.5",
    }


def test_the_dead_are_told_by_name() -> None:
    chunk = chunks_of(record(roaming=True), "ber", mobile_operator())[0]
    raw = json.loads(chunk.raw(chunk.rows)[0].as_py())
    assert raw["moCall.seconds"] == "65"
    assert raw["moCall.roaming"] == "true"
    assert raw["moCall.served.address"] == "+91987654321"


def test_other_kinds_of_records_are_rows_too() -> None:
    chunks = chunks_of(record() + record("mtCall"), "ber", mobile_operator())
    assert column(chunks, "mocall.seconds") == ["65", None]


def test_lengths_may_be_indefinite_at_every_level() -> None:
    inside = record()[2:]
    party = bytes.fromhex("8007a1198967452301")
    parts = inside.replace(b"\xa1\x09" + party, indefinite("a1", party))
    assert parts != inside
    chunks = chunks_of(record() + indefinite("a0", parts) + record(), "ber", mobile_operator())
    assert column(chunks, "mocall.seconds") == ["65"] * 3
    assert len(set(column(chunks, "mocall.other.isdn.address"))) == 1


def test_elements_beyond_the_extension_mark_are_passed_over() -> None:
    more = definite("a0", record()[2:] + bytes.fromhex("9f8701021234"))
    assert column(chunks_of(record() + more, "ber", mobile_operator()), "mocall.seconds") == ["65", "65"]


PARTS = GOOD[2:]


@pytest.mark.parametrize(
    "damaged",
    [
        definite("30", PARTS + PARTS),
        definite("30", PARTS + bytes.fromhex("8500")),
        definite("30", PARTS[:-1]),
        definite("30", PARTS + b"\x81"),
        definite("30", PARTS.replace(b"\x80\x0d", b"\x80\x0e")),
        definite("30", PARTS.replace(b"+91", b"\xff91")),
        definite("30", b"\x83\0"),
        definite("30", b"\x83\x82\x10\0" + b"\x7f" * 4096),
        definite("30", b"\xa3\x80" + PARTS + b"\0\0"),
        definite("30", bytes.fromhex("840161") * 1100),
    ],
    ids=id_of,
)
def test_an_element_that_is_not_as_described_is_dead_alone(damaged: bytes) -> None:
    big = settings_with().ingest
    chunks = chunks_of(GOOD + damaged + GOOD, "ber", limits=big)
    ((place, reason, raw),) = dead(chunks)
    assert (place, reason) == (1, "row_ber")
    assert bytes.fromhex(json.loads(raw)["ber"]) == damaged
    assert len(column(chunks, "a")) == 2


def test_an_element_too_long_is_dead_alone() -> None:
    for size in (2000, 3_000_000):
        long = b"\x30\x83" + size.to_bytes(3, "big") + b"x" * size
        chunks = chunks_of(GOOD + long + GOOD, "ber")
        assert [(place, reason) for place, reason, _ in dead(chunks)] == [(1, "row_too_long")]
        assert len(column(chunks, "a")) == 2


def test_a_nul_in_a_text_is_dead() -> None:
    chunks = chunks_of(GOOD + as_ber([("+9\0", *row(1)[1:])]), "ber")
    assert [reason for _, reason, _ in dead(chunks)] == ["row_nul"]


@pytest.mark.parametrize(
    "data",
    [
        GOOD + GOOD[:-1],
        GOOD + GOOD[:1],
        GOOD + b"\x30\x82\x01",
        GOOD + b"\x30\x84\x7f\xff\xff\xff" + GOOD,
        GOOD + b"\x30\xff" + b"\xff" * 200,
        GOOD + b"\x30\x80" + PARTS,
        GOOD + b"\x30\x80" + b"\x02\x01\x01" * 3000 + b"\0\0",
        GOOD + b"\x30\x80" * 5000,
        GOOD + b"\0\0" + GOOD,
        GOOD + b"\x31" + GOOD[1:],
        GOOD + b"\x3f\xff\xff\xff\xff\xff\x01\0",
        b"hello, world",
        b"a,b,t,d\n",
    ],
    ids=id_of,
)
def test_files_that_cannot_be_cut_are_refused(data: bytes) -> None:
    assert refused(data) == "ber_damaged"


@pytest.mark.parametrize(
    ("sections", "sentence"),
    [
        ({"ber": None}, "put it beside"),
        ({"files": {}}, "put it beside"),
        ({"files": {"module": "Sample DEFINITIONS ::= BEGIN what END"}}, "cannot be used"),
        ({"files": {"module": MODULE.replace("INTEGER", "Unknown")}}, "cannot be used"),
        ({"ber": {"module": "m.asn", "type": "Record"}}, "no type Record"),
    ],
)
def test_without_a_module_nothing_is_read(sections: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RejectedError, match=sentence) as caught:
        content_of(GOOD, "ber", operator_with(**sections))
    assert caught.value.reason == "ber_undescribed"


def test_an_empty_file() -> None:
    assert refused(b"") == "header_missing"


def test_records_of_kinds_that_hold_nothing_wanted() -> None:
    gprs: bytes = mobile().encode("Record", ("gprs", {"a": 1}))
    with pytest.raises(RejectedError, match="none of the first") as caught:
        chunks_of(gprs * 5, "ber", mobile_operator())
    assert caught.value.reason == "header_missing"


CALLS = st.fixed_dictionaries(
    {"a": st.text("+0123456789", max_size=20), "b": st.text("ab\0", max_size=200), "t": st.text("T-", max_size=3)}
    | {"d": st.integers(-(10**30), 10**30)},
    optional={"cell": st.text("xyz", max_size=3)},
)


@given(st.lists(CALLS, max_size=8))
def test_values_come_back_as_they_were_written(calls: list[dict[str, Any]]) -> None:
    written = [specification().encode("Call", call) for call in calls]
    assert list(Elements(io.BytesIO(b"".join(written)), 100_000)) == written
    assert [record_type(MODULE, "Call").read(data) for data in written] == calls


@given(st.binary(max_size=60) | st.binary(max_size=30).map(lambda data: GOOD + data))
def test_any_bytes_are_cut_or_refused(data: bytes) -> None:
    try:
        found = list(Elements(io.BytesIO(data), 1000))
    except LengthError:
        return
    assert b"".join(found) == data


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_never_makes_another_kind_of_value(place: int, change: int) -> None:
    data = bytearray(GOOD)
    data[place] ^= change
    try:
        found = record_type(MODULE, "Call").read(bytes(data))
    except UndescribedError:
        return
    assert found.keys() <= {"a", "b", "t", "d", "cell"}
    assert all(isinstance(value, int if name == "d" else str) for name, value in found.items())
