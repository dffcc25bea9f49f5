"""Fixed columns: lines cut at places; what a cut could falsify is dead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rejection import RejectedError
from tests.ingest.format_samples import (
    SMALL,
    as_fixed,
    chunks_of,
    column,
    content_of,
    dead,
    operator_with,
    places,
    rows,
)
from tests.ingest.samples import settings_with

LINE = "+919876543210+918765432109 2026-05-01T00:00:00Z   65cell 7"
COLUMNS = {"a": (0, 13), "b": (13, 26), "t": (27, 47), "d": (47, 52), "cell": (52, 60)}
SKIPPING = operator_with(fixed={"columns": [{"name": n, "from": 0, "to": 4} for n in "abtd"], "skip": 2})


def test_columns_are_cut_and_trimmed() -> None:
    chunks = chunks_of(f"{LINE}  \r\n\n{LINE}  ".encode(), "fixed")
    assert column(chunks, "a") == ["+919876543210"] * 2
    assert column(chunks, "d") == ["65", "65"]
    assert column(chunks, "cell") == ["cell 7", "cell 7"]
    assert places(chunks) == [0, 1]


def test_a_byte_order_mark_moves_no_column() -> None:
    assert column(chunks_of(f"\ufeff{LINE}  \n".encode(), "fixed"), "a") == ["+919876543210"]


def test_the_names_are_those_of_the_mapping() -> None:
    columns = [{"name": name, "from": 0, "to": 4} for name in ("a", "b", "t", "d", "colour")]
    content = content_of(b"abcd\n", "fixed", operator_with(fixed={"columns": columns}))
    assert content.names == ("a", "b", "t", "d", "colour")
    assert content.unknown == ("colour",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE + "  x", "row_columns"),
        (LINE, "row_columns"),
        (LINE[:40], "row_columns"),
        (LINE[:50], "row_columns"),
        (LINE + "\r ", "row_carriage_return"),
        (LINE[:-1] + "\0  ", "row_nul"),
        ("x" * 1500, "row_too_long"),
        ("x" * 20_000, "row_too_long"),
        (LINE[:12] + "é" + LINE[14:] + "  ", "row_columns"),
    ],
)
def test_lines_that_are_dead(line: str, reason: str) -> None:
    chunks = chunks_of(f"{LINE}  \n{line}\n{LINE}  \n".encode(), "fixed")
    ((row, found, raw),) = dead(chunks)
    assert (row, found) == (1, reason)
    assert raw[:1024] == line.encode()[:1024]
    assert len(column(chunks, "a")) == 2


def test_bytes_that_are_no_utf8_are_dead_alone() -> None:
    chunks = chunks_of(f"{LINE}  \n".encode() + b"\xff" * 60 + f"\n{LINE}  \n".encode(), "fixed")
    assert [(row, reason) for row, reason, _ in dead(chunks)] == [(1, "row_not_utf8")]


@pytest.mark.parametrize(("length", "cell"), [(52, ""), (47, ""), (26, ""), (27, "")])
def test_a_line_may_end_where_a_column_ends(length: int, cell: str) -> None:
    chunks = chunks_of(f"{LINE[:length]}\n".encode(), "fixed")
    assert not dead(chunks)
    assert column(chunks, "cell") == [cell]


def test_a_column_of_characters_of_several_bytes() -> None:
    assert column(chunks_of(f"{LINE[:52]}cellé  \n".encode(), "fixed"), "cell") == ["cellé"]


def test_lines_at_the_beginning_are_skipped() -> None:
    assert column(chunks_of(b"one\ntwo\n\nabcd\n", "fixed", SKIPPING), "a") == ["abcd"]


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "header_missing"), (b"\r\n", "header_missing"), (b"x", "header_missing")]
)
def test_files_without_what_they_need(data: bytes, reason: str) -> None:
    with pytest.raises(RejectedError, match=r".{10}") as caught:
        content_of(data, "fixed", SKIPPING)
    assert caught.value.reason == reason


def test_a_mapping_without_places() -> None:
    with pytest.raises(RejectedError, match="fixed") as caught:
        content_of(b"x\n", "fixed", operator_with(fixed=None))
    assert caught.value.reason == "format_undescribed"


def test_a_mapping_whose_columns_are_not_what_it_needs() -> None:
    with pytest.raises(RejectedError, match="column b") as caught:
        content_of(b"x\n", "fixed", operator_with(fixed={"columns": [{"name": n, "from": 0, "to": 4} for n in "atd"]}))
    assert caught.value.reason == "column_missing"


def test_many_short_lines_come_in_pieces() -> None:
    chunks = chunks_of(b"x\n" * 600_000, "fixed", limits=settings_with().ingest)
    assert max(chunk.total for chunk in chunks) <= 150_000
    assert places(chunks) == list(range(600_000))


def test_rows_keep_their_place_through_blocks() -> None:
    chunks = chunks_of(as_fixed(rows(500)), "fixed")
    assert len(chunks) > 3
    assert column(chunks, "a") == [call[0] for call in rows(500)]
    chunk = chunks[0]
    assert chunk.raw(chunk.rows[2:4])[0].as_py() == as_fixed(rows(3)).splitlines()[2]


def expected(line: bytes) -> dict[str, str] | None:
    """What a line says, cut by Python; None for a dead one."""
    try:
        line.decode("utf-8")
        cut = {name: line[start:end].decode("utf-8").strip(" ") for name, (start, end) in COLUMNS.items()}
    except UnicodeDecodeError:
        return None
    within = any(start < len(line) < end for start, end in COLUMNS.values())
    return None if within or len(line) > 60 or b"\r" in line or b"\0" in line else cut


TEXT = st.text(st.sampled_from("a é\u20ac\r\0+7"), max_size=70).map(str.encode) | st.binary(max_size=70)
LINES = st.lists(TEXT | st.sampled_from([f"{LINE}  ".encode(), LINE[:52].encode(), LINE.encode()]), max_size=30)


@given(LINES, st.sampled_from([b"\n", b"\r\n"]))
def test_the_same_as_python_cuts(lines: list[bytes], end: bytes) -> None:
    data = b"x" * 60 + b"\n" + end.join(lines)
    chunks = chunks_of(data, "fixed", limits=SMALL)
    kept = [line.removesuffix(b"\r") for line in data.split(b"\n")[1:]]
    cut = [expected(line) for line in kept if line]
    assert places(chunks) == list(range(len(cut) + 1))
    for name in COLUMNS:
        assert column(chunks, name)[1:] == [one[name] for one in cut if one is not None]
