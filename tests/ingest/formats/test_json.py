"""JSON in all its forms becomes chunks of texts; numbers stay as written, and doubt is never resolved."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.json import read_json_lines
from ingest.records.chunk import RAW_BYTES
from ingest.records.json_objects import Objects
from ingest.records.records import FIRST, Names
from ingest.rejection import RejectedError
from tests.ingest.format_samples import (
    as_array,
    as_lines,
    chunks_of,
    column,
    content_of,
    dead,
    operator_with,
    places,
    rows,
)
from tests.ingest.samples import id_of, settings_with

GOOD = b'{"a": "1", "b": "2", "t": "3", "d": "4"}'
NESTED = operator_with(
    fields={
        "caller": {"from": "call.from.0"},
        "callee": {"from": "call.to"},
        "started": {"from": "start.time"},
        "talk_ms": {"from": "d"},
    }
)
LISTED = operator_with(json={"records": "data.calls"})


def refused(data: bytes, **sections: Any) -> str:
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        chunks_of(data, "json", operator_with(**sections))
    return caught.value.reason


def wanted(value: str) -> bytes:
    return b'{"a": %b, "b": "2", "t": "3", "d": "4"}' % value.encode()


@pytest.mark.parametrize(
    "data",
    [
        GOOD + b"\n" + GOOD + b"\n",
        b"\n\r\n" + GOOD + b"\r\n\n" + GOOD,
        b"\n" * 200_000 + GOOD + b"\n" + GOOD,
        b"\xef\xbb\xbf" + GOOD + b"\n" + GOOD,
        b"[" + GOOD + b"," + GOOD + b"]",
        b" [\n" + GOOD + b" ,\t" + GOOD + b"\n] \n",
        GOOD + GOOD,
        GOOD.replace(b",", b",\n") * 2,
        json.dumps(json.loads(GOOD), indent=2).encode() * 2,
    ],
)
def test_every_form_says_the_same(data: bytes) -> None:
    chunks = chunks_of(data, "json")
    assert [column(chunks, name) for name in "abtd"] == [["1"] * 2, ["2"] * 2, ["3"] * 2, ["4"] * 2]
    assert places(chunks) == [0, 1]


def test_one_object_alone() -> None:
    assert column(chunks_of(json.dumps(json.loads(GOOD), indent=1).encode(), "json"), "a") == ["1"]


def test_an_array_within_a_document() -> None:
    about = b'{"calls": [1], "x": ["calls", [{}]], "data": {"of": "calls", "calls": ['
    chunks = chunks_of(about + GOOD + b'], "n": {"calls": []}}, "more": []}', "json", LISTED)
    assert column(chunks, "a") == ["1"]
    assert not chunks_of(about + b"]}}", "json", LISTED)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"data": {"calls": [' + GOOD, "json_damaged"),
        (b'{"data": {"calls": [' + GOOD + b"]}", "json_damaged"),
        (b'{"data": {"calls": [' + GOOD + b"]}}}", "json_damaged"),
        (b'{"data": {"calls": [' + GOOD + b'], "calls": []}}', "json_damaged"),
        (b'{"data": {"calls": [' + GOOD + b"]}}" + b" " * 3000, "json_damaged"),
        (b'{"data": {"calls": {}}}', "header_missing"),
        (b'{"calls": [' + GOOD + b"]}", "header_missing"),
        (b'{"data": {"call" "calls": [', "json_damaged"),
        (b'{"' + b'\\"' * 500, "header_missing"),
    ],
    ids=id_of,
)
def test_documents_around_the_array(data: bytes, reason: str) -> None:
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        chunks_of(data, "json", LISTED)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"x"', "x"),
        ("9007199254740993", "9007199254740993"),
        ("12345678901234567890123456789012345678901234567890", "12345678901234567890123456789012345678901234567890"),
        ("1.50", "1.50"),
        ("0.0000001", "0.0000001"),
        ("9.18E+11", "9.18E+11"),
        ("1e400", "1e400"),
        ("-0", "-0"),
        ("true", "true"),
        ("false", "false"),
        ("null", None),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\u00e9\\\\u0000"', "é\\u0000"),
    ],
)
def test_values_are_texts_as_written(value: str, text: str | None) -> None:
    assert column(chunks_of(GOOD + b"\n" + wanted(value), "json"), "a") == ["1", text]


DOUBTFUL = [
    (b"{", "row_json"),
    (b"{}}", "row_json"),
    (b"[]", "row_json"),
    (b"17", "row_json"),
    (b"   ", "row_json"),
    (GOOD + GOOD, "row_json"),
    (GOOD[:-1], "row_json"),
    (GOOD + b"x", "row_json"),
    (b'{"a": "1", "a": "1"}', "row_json"),
    (b'{"A": "1", "a ": "2"}', "row_json"),
    (b'{"x": {"y": 1, "y": 2}}', "row_json"),
    (wanted("NaN"), "row_json"),
    (wanted("-Infinity"), "row_json"),
    (wanted("01"), "row_json"),
    (wanted('"\\ud800"'), "row_json"),
    (b'{"x": "\\udc00"}', "row_json"),
    (wanted('"a\tb"'), "row_json"),
    (wanted("[1]"), "row_json"),
    (wanted("{}"), "row_json"),
    (wanted("[" * 70 + "]" * 70), "row_json"),
    (b'{"x": ' * 150 + b"1", "row_json"),
    (wanted('"\\u0000"'), "row_nul"),
    (wanted('"\xff"').replace("\xff".encode(), b"\xff"), "row_not_utf8"),
    (wanted('"' + "x" * 2000 + '"'), "row_too_long"),
    (b'{"x": "' + b"y" * 20_000, "row_too_long"),
]


@pytest.mark.parametrize(("line", "reason"), DOUBTFUL, ids=id_of)
def test_a_doubtful_line_is_dead_alone(line: bytes, reason: str) -> None:
    chunks = chunks_of(GOOD + b"\n" + line + b"\n" + GOOD, "json")
    ((row, found, raw),) = dead(chunks)
    assert (row, found) == (1, reason)
    assert raw[:1024] == line[:1024]
    assert len(raw) <= RAW_BYTES
    assert column(chunks, "a") == ["1", "1"]


@pytest.mark.parametrize(
    "record",
    [
        b'{"a": "1", "a": "1"}',
        wanted("NaN"),
        wanted('"\\ud800"'),
        wanted('"' + "x" * 2000 + '"'),
        wanted('"\xff"').replace("\xff".encode(), b"\xff"),
        b'{"x": "' + b'\\"}]\\\\' * 2_000_000 + b'"}',
    ],
    ids=id_of,
)
def test_a_doubtful_object_of_a_document_is_dead_alone(record: bytes) -> None:
    chunks = chunks_of(b"[" + GOOD + b"," + record + b"," + GOOD + b"]", "json")
    assert [row for row, _, _ in dead(chunks)] == [1]
    assert column(chunks, "a") == ["1", "1"]


@pytest.mark.parametrize(
    "data",
    [
        b"[" + GOOD,
        b"[" + GOOD + b",",
        b"[" + GOOD + b",]",
        b"[," + GOOD + b"]",
        b"[" + GOOD + GOOD + b"]",
        b"[" + GOOD + b",1]",
        b"[" + GOOD + b",[]]",
        b"[" + GOOD + b"]]",
        b"[" + GOOD + b"] []",
        b"[" + GOOD + b',{"a"}]',
        b"[" + GOOD + b',{"a": 1]}]',
        b"[" + GOOD + b',{"x": "' + b"y" * 2_000_000,
        b"[" * 5000,
        b'[{"a": "1}, ' + GOOD + b"]",
        (GOOD.replace(b",", b",\n") + b",\n") * 2,
        GOOD.replace(b",", b",\n") + b"}",
        GOOD.replace(b",", b",\n")[:-1],
        b"hello",
        b'"a"',
        json.dumps([json.loads(GOOD)]).encode("utf-16"),
        GOOD.decode().encode("utf-16-be"),
    ],
    ids=id_of,
)
def test_damaged_documents_are_refused(data: bytes) -> None:
    assert refused(data) == "json_damaged"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "header_missing"),
        (b" \n ", "header_missing"),
        (b'{"colour": "red"}\n' * 5, "header_missing"),
        (b'{"a": "1", "b": "2"}\n' * 5, "column_missing"),
        (b"{x}\n" * 5, "header_missing"),
        (as_lines([*rows(FIRST), *rows(1)]).replace(b'"d"', b'"e"', FIRST), "column_missing"),
    ],
    ids=id_of,
)
def test_files_whose_first_records_lack_what_is_needed(data: bytes, reason: str) -> None:
    assert refused(data) == reason


def test_a_needed_name_may_turn_up_within_the_first_records() -> None:
    data = as_lines([*rows(FIRST)]).replace(b'"d"', b'"e"', FIRST - 1)
    chunks = chunks_of(data, "json", limits=settings_with().ingest)
    assert [text for text in column(chunks, "d") if text is not None] == [rows(FIRST)[-1][3]]


def test_mostly_empty_records_are_refused() -> None:
    data = as_lines(rows(FIRST)) + b"{}\n" * 250_000
    with pytest.raises(RejectedError, match="damaged or empty") as caught:
        chunks_of(data, "json", limits=settings_with().ingest)
    assert caught.value.reason == "records_barren"


def test_unknown_names_are_told_up_to_a_bound() -> None:
    others = ", ".join(f'"colour {i}": 1' for i in range(2000)).encode()
    data = GOOD[:-1] + b"," + others + b"}"
    content = content_of(data, "json", limits=settings_with().ingest)
    assert list(content.unknown)[:2] == ["colour 0", "colour 1"]
    assert len(content.unknown) == 1000


def test_an_unknown_name_that_turns_up_late_is_told() -> None:
    late = GOOD[:-1] + b', "colour": 1}\n'
    content = content_of(as_lines(rows(3 * FIRST)) + late, "json", limits=settings_with().ingest)
    assert not content.unknown
    assert sum(len(chunk.rows) for chunk in content.chunks) == 3 * FIRST + 1
    assert list(content.unknown) == ["colour"]


def test_paths_lead_into_objects_and_arrays() -> None:
    line = b'{"call": {"from": ["+1", 7], "to": "+2", "x": {}}, "Start.Time": 5, "d": 1}'
    content = content_of(line, "json", NESTED)
    assert list(content.unknown) == ["call.from.1", "call.x"]
    chunks = list(content.chunks)
    assert column(chunks, "call.from.0") == ["+1"]
    assert column(chunks, "start.time") == ["5"]


def test_a_path_that_is_there_twice() -> None:
    line = b'{"call": {"from": ["+1"], "to": "+2"}, "call.to": 1, "start": {"time": 5}, "d": 1}'
    assert [
        reason for _, reason, _ in dead(chunks_of(GOOD + b"\n" + line, "json", operator_with(own_names=True)))
    ] == []
    good = b'{"call": {"from": ["+1"], "to": "+2"}, "start": {"time": 5}, "d": 1}\n'
    assert [reason for _, reason, _ in dead(chunks_of(good + line, "json", NESTED))] == ["row_json"]


def test_two_names_for_one_thing() -> None:
    assert refused(GOOD[:-1] + b', "caller": 1}', own_names=True) == "column_doubled"
    many = as_lines(rows(3000)) + GOOD[:-1] + b', "caller": 1}'
    assert refused(many, own_names=True) == "column_doubled"


@pytest.mark.parametrize("chunk_rows", [7, 1000, 100_000])
def test_a_late_name_is_in_no_row_before_it(chunk_rows: int) -> None:
    data = as_lines(rows(FIRST + 500)) + GOOD[:-1] + b', "cell": "c"}\n' + GOOD
    chunks = chunks_of(data, "json", limits=settings_with(chunk_rows=chunk_rows).ingest)
    assert column(chunks, "cell")[:1] == ["c"]
    assert len(column(chunks, "cell")) == 2


def test_rows_keep_their_place_and_text_in_small_chunks() -> None:
    for data in (as_lines(rows(3000)), as_array(rows(3000))):
        chunks = chunks_of(data, "json")
        assert len(chunks) > 10
        assert column(chunks, "a") == [call[0] for call in rows(3000)]
        assert places(chunks) == list(range(3000))
    assert json.loads(chunks[1].raw(chunks[1].rows[:1] * 0)[0].as_py())["a"] == column(chunks[1:], "a")[0]


def test_lines_are_read_as_lines_whatever_they_look_like() -> None:
    names = Names(operator_with())
    first = list(read_json_lines(io.BytesIO(b"[\n" + GOOD + b"\n"), names, settings_with().ingest).chunks)
    assert [reason for _, reason, _ in dead(first)] == ["row_json"]
    again = list(read_json_lines(io.BytesIO(b'{"a": "5"}\n'), names, settings_with().ingest).chunks)
    assert column(again, "a") == ["5"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\{}[],é\u2028\n', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"\\]', max_size=2), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text('ab{"\\', max_size=3), VALUES, max_size=3), max_size=6)


class Dripping(io.BytesIO):
    """A stream that gives a few bytes at a time, as a slow pipe does."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 3) if size != -1 else -1)


@given(OBJECTS, st.integers(0, 3), st.integers(0, 20))
def test_an_array_is_split_as_python_reads_it(objects: list[dict[str, Any]], indent: int, ahead: int) -> None:
    text = json.dumps(objects, indent=indent or None, ensure_ascii=indent == 1).encode()
    found = Objects(Dripping(text[1 + ahead :]), text[1 : 1 + ahead], in_array=True, most_bytes=100_000)
    assert [json.loads(one) for one in found] == objects
    assert found.rest == b"]"


@given(OBJECTS, st.sampled_from([b"", b"\n", b" \r\n\t"]))
def test_objects_that_follow_each_other_are_split(objects: list[dict[str, Any]], between: bytes) -> None:
    text = between.join(json.dumps(one, indent=1).encode() for one in objects)
    found = Objects(Dripping(text), b"", in_array=False, most_bytes=100_000)
    assert [json.loads(one) for one in found] == objects


@given(OBJECTS, st.integers(1, 40))
def test_objects_that_are_too_long_are_passed_over_whole(objects: list[dict[str, Any]], most: int) -> None:
    text = json.dumps(objects).encode()
    found = list(Objects(Dripping(text[1:]), b"", in_array=True, most_bytes=most))
    assert len(found) == len(objects)
    for one, whole in zip(found, (json.dumps(known).encode() for known in objects), strict=True):
        assert one == whole if len(whole) <= most else whole.startswith(one) and len(one) > most


def reference(line: bytes) -> str | None:
    """The caller that a line has by Python's own reader; None for a dead line."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError
        return dict(pairs)

    def no_number(_: str) -> None:
        raise ValueError

    try:
        found = json.loads(line, object_pairs_hook=once, parse_int=str, parse_float=str, parse_constant=no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or isinstance(found.get("a"), dict | list) or "\0" in str(found.get("a")):
        return None
    value = found.get("a")
    return "" if value is None else value if isinstance(value, str) else str(value).lower()


LINE = st.dictionaries(st.sampled_from(["a", "x"]), VALUES, max_size=2).map(lambda one: json.dumps(one).encode())
PIECES = st.sampled_from([b'{"a":', b'"', b"1", b"}", b"\\", b"\\ud800", b"\\u0000", b",", b'"a":2', b"\xff", b"NaN"])
SOUP = st.lists(PIECES, max_size=8).map(b"".join) | LINE | st.binary(max_size=20)


@given(st.lists(SOUP.map(lambda line: line.replace(b"\n", b" ").replace(b"\r", b" ")), max_size=10))
def test_lines_say_what_python_says(lines: list[bytes]) -> None:
    chunks = chunks_of(b"\n".join([GOOD, *lines]), "json")
    expected = [reference(line) for line in lines if line]
    assert places(chunks) == list(range(len(expected) + 1))
    assert [text or "" for text in column(chunks, "a")[1:]] == [text for text in expected if text is not None]
