"""Whatever bytes come, in whatever format: a file is refused with a reason, or every row of it is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.home import Home
from ingest.reasons import FILE_REASONS, ROW_REASONS
from ingest.records.chunk import Chunk
from ingest.rejection import RejectedError
from tests.ingest.format_samples import (
    SMALL,
    WRITERS,
    chunks_of,
    column,
    content_of,
    install,
    operator_with,
    places,
    rows,
)
from tests.ingest.samples import settings_with, take

Change = Callable[[bytes], bytes]
KINDS = list(WRITERS)
OPERATOR = operator_with()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One home for all files: that many of them are like each other is a part of the test."""
    made = Home(tmp_path_factory.mktemp("fuzz") / "home").create()
    install(made)
    return made


def sample(kind: str) -> bytes:
    """A good file."""
    return WRITERS[kind][1](rows(40))


def flipped(place: int, bit: int) -> Change:
    def change(data: bytes) -> bytes:
        at = place % max(len(data), 1)
        return data[:at] + bytes(byte ^ (1 << bit) for byte in data[at : at + 1]) + data[at + 1 :]

    return change


def cut(start: int, size: int) -> Change:
    return lambda data: data[: start % (len(data) + 1)] + data[start % (len(data) + 1) + size :]


def inserted(place: int, more: bytes) -> Change:
    return lambda data: data[: place % (len(data) + 1)] + more + data[place % (len(data) + 1) :]


def doubled(start: int, size: int) -> Change:
    def change(data: bytes) -> bytes:
        at = start % (len(data) + 1)
        return data[: at + size] + data[at:]

    return change


PLACE = st.integers(0, 5000)
MARKS = st.sampled_from(
    [b'"', b"\n", b"\r", b"\0", b"\xff", b"<", b">", b"{", b"}", b"[", b"]", b"\\", b",", b"\xa0\x80"]
)
CHANGE = (
    st.builds(flipped, PLACE, st.integers(0, 7))
    | st.builds(cut, PLACE, st.integers(1, 300) | st.just(1 << 20))
    | st.builds(inserted, PLACE, MARKS | st.binary(max_size=20))
    | st.builds(doubled, PLACE, st.integers(1, 300))
)
CHANGES = st.lists(CHANGE, min_size=1, max_size=4)


def changed(data: bytes, changes: list[Change]) -> bytes:
    for change in changes:
        data = change(data)
    return data


def read_or_refused(data: bytes, kind: str) -> None:
    """Read a file; what is not refused has its rows in order, none twice, and as many texts as rows."""
    chunks, refusal = read(data, kind)
    if refusal is not None:
        assert refusal.reason in FILE_REASONS
        assert len(str(refusal)) > 20
    found = places(chunks)
    assert found == list(range(len(found)))
    assert all(len(texts) == len(chunk.rows) for chunk in chunks for texts in chunk.columns.values())
    assert {reason for chunk in chunks for reason in chunk.dead["reason"].to_pylist()} <= {*ROW_REASONS}
    assert all(len(chunk.raw(np.arange(len(chunk.rows)))) == len(chunk.rows) for chunk in chunks)


def read(data: bytes, kind: str) -> tuple[list[Chunk], RejectedError | None]:
    """Give the chunks that came before the refusal, and the refusal."""
    chunks: list[Chunk] = []
    try:
        for chunk in content_of(data, WRITERS[kind][0], OPERATOR, SMALL).chunks:
            chunks.append(chunk)
    except RejectedError as refusal:
        return chunks, refusal
    return chunks, None


@pytest.mark.parametrize("kind", KINDS)
def test_good_files_say_the_same_in_every_format(kind: str) -> None:
    chunks = chunks_of(sample(kind), WRITERS[kind][0])
    assert [column(chunks, name) for name in "abtd"] == [list(texts) for texts in zip(*rows(40), strict=True)]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150)
@given(data=st.binary(max_size=400))
def test_any_bytes(kind: str, data: bytes) -> None:
    read_or_refused(data, kind)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150)
@given(changes=CHANGES)
def test_any_damage(kind: str, changes: list[Change]) -> None:
    read_or_refused(changed(sample(kind), changes), kind)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_any_damage_through_the_whole_of_ingest(kind: str, changes: list[Change], home: Home, tmp_path: Path) -> None:
    path = tmp_path / f"calls.{kind}"
    path.write_bytes(changed(sample(kind), changes))
    small = settings_with(segment_rows=100, block_bytes=4096, max_row_bytes=1024)
    (report,) = take(home, path, operator="sample", settings=small).files
    assert report.accepted + report.dead_lettered + report.duplicates == report.rows
    assert sum(report.reasons.values()) == report.dead_lettered
    assert (report.reason in FILE_REASONS) == (report.status == "REJECTED")
