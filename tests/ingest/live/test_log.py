"""A live log holds what was appended, whatever a kill or a full disk left of it, or it says that it does not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.cdr import CALL_SCHEMA
from ingest.home import Home, HomeBusyError
from ingest.live.log import (
    DamagedLogError,
    Frame,
    Head,
    LiveLog,
    cut_torn,
    logs_of,
    next_log,
    partitions,
    read_frames,
    read_heads,
)
from ingest.records.chunk import DEAD
from tests.ingest.limits import files_of_at_most
from tests.ingest.samples import call_lines, calls_of, take, write_csv
from tests.ingest.streams import frame

DEAD_ROWS = pa.table([[0, 3], ["row_columns", "caller_zero"], [b"x", b"\x89RFLOG\r\n"]], schema=DEAD)


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    folder = tmp_path_factory.mktemp("calls")
    home = Home(folder / "home")
    take(home, write_csv(folder / "a.csv", call_lines(9)))
    return calls_of(home)


@pytest.fixture
def frames(calls: pa.Table) -> list[Frame]:
    """Three frames, of which the second has no calls."""
    none = CALL_SCHEMA.empty_table()
    return [
        frame(0, calls.slice(0, 2), DEAD_ROWS),
        frame(1, none, DEAD_ROWS),
        frame(2, calls.slice(2, 1), DEAD.empty_table()),
    ]


def written(path: Path, frames: list[Frame]) -> list[int]:
    """Write a log and give its size after each append, 0 first."""
    log = LiveLog(path)
    sizes = [0]
    for one in frames:
        log.append(one)
        sizes.append(path.stat().st_size)
        assert log.size == sizes[-1]
    log.close()
    return sizes


def same(found: list[Frame], expected: list[Frame]) -> bool:
    return len(found) == len(expected) and all(
        a.head == b.head and a.calls.equals(b.calls) and a.dead.equals(b.dead)
        for a, b in zip(found, expected, strict=True)
    )


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A file that no disk holds, so that thousands of fsyncs take no time."""
    descriptor = os.memfd_create("log")
    yield Path(f"/proc/self/fd/{descriptor}")
    os.close(descriptor)


def test_gives_back_what_was_appended(tmp_path: Path, frames: list[Frame]) -> None:
    path = tmp_path / "1.log"
    written(path, frames)
    assert same(list(read_frames(path)), frames)
    assert read_heads(path) == [one.head for one in frames]
    assert cut_torn(path) == 0


def test_heads_survive_as_json() -> None:
    head = Head("file:/a@1-2-3.0", 5, 9, 3, 2, 1, "file:/a", "f" * 64, "csv", ("Año", "b"), {"not_calls": 4})
    kept = head.as_json()
    assert (kept["from"], kept["to"], kept["source"]) == (5, 9, "file:/a@1-2-3.0")
    assert Head.of_json({**kept, "names": list(kept["names"])}) == head


def test_a_torn_tail_is_cut_at_every_byte_position(tmp_path: Path, in_memory: Path, frames: list[Frame]) -> None:
    whole = tmp_path / "whole.log"
    sizes = written(whole, frames)
    content = whole.read_bytes()
    for end in range(len(content) + 1):
        in_memory.write_bytes(content[:end])
        left = sum(size <= end for size in sizes) - 1
        assert len(read_heads(in_memory)) == left
        assert cut_torn(in_memory) == end - sizes[left]
        assert in_memory.stat().st_size == sizes[left]
        assert len(read_heads(in_memory)) == left
    assert same(list(read_frames(in_memory)), frames)


def test_a_damaged_byte_is_found_at_every_position(tmp_path: Path, in_memory: Path, frames: list[Frame]) -> None:
    sizes = written(tmp_path / "whole.log", frames)
    content, damaged = (tmp_path / "whole.log").read_bytes(), in_memory
    for place in range(len(content)):
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :])
        if place >= sizes[-2]:  # the last frame: an append that never returned looks the same
            assert len(read_heads(damaged)) == len(frames) - 1
            continue
        with pytest.raises(DamagedLogError, match="damaged at byte"):
            read_heads(damaged)
        with pytest.raises(DamagedLogError, match="stream the source again"):
            next(read_frames(damaged))
        with pytest.raises(DamagedLogError):
            cut_torn(damaged)
        assert damaged.stat().st_size == len(content)


def test_zeros_that_a_power_cut_left_are_cut(tmp_path: Path, frames: list[Frame]) -> None:
    path = tmp_path / "1.log"
    sizes = written(path, frames)
    with path.open("ab") as file:
        file.write(bytes(5000))
    assert cut_torn(path) == 5000
    assert path.stat().st_size == sizes[-1]


def test_an_append_without_room_leaves_the_log_as_it_was(tmp_path: Path, frames: list[Frame]) -> None:
    path = tmp_path / "1.log"
    log = LiveLog(path)
    log.append(frames[0])
    size = log.size
    for room in (0, 8, 16, 100):
        with files_of_at_most(size + room), pytest.raises(OSError, match="File too large"):
            log.append(frames[1])
        assert path.stat().st_size == log.size == size
    log.append(frames[1])
    log.close()
    assert same(list(read_frames(path)), frames[:2])


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 9), max_size=6), raws=st.lists(st.binary(max_size=40), max_size=4))
def test_any_frames(tmp_path: Path, calls: pa.Table, cuts: list[int], raws: list[bytes]) -> None:
    rows, reasons = list(range(len(raws))), ["row_nul"] * len(raws)
    dead = pa.table(
        [pa.array(rows, pa.int64()), pa.array(reasons, pa.string()), pa.array(raws, pa.binary())], schema=DEAD
    )
    given = [frame(number, calls.slice(cut), dead) for number, cut in enumerate(cuts)]
    path = tmp_path / "1.log"
    path.unlink(missing_ok=True)
    written(path, given)
    assert same(list(read_frames(path)), given)


def test_logs_are_numbered_in_their_order(home: Home) -> None:
    assert partitions(home) == []
    for number in range(1, 12):
        path = next_log(home, "b")
        assert path.name == f"{number}.log"
        LiveLog(path).close()
    LiveLog(next_log(home, "a")).close()
    (home.live / "b" / "notes.log").touch()
    assert partitions(home) == ["a", "b"]
    assert [path.stem for path in logs_of(home, "b")] == [str(number) for number in range(1, 12)]
    assert logs_of(home, "c") == []


def test_a_log_is_never_begun_twice(tmp_path: Path) -> None:
    LiveLog(tmp_path / "1.log").close()
    with pytest.raises(FileExistsError):
        LiveLog(tmp_path / "1.log")


def test_one_stream_a_partition(home: Home) -> None:
    with home.streaming("a", "stream file:x"), home.streaming("b", "stream file:y"), home.writing("run"):
        busy = pytest.raises(HomeBusyError, match=r"live logs of a .* by process \d+ \(stream file:x\)")
        with busy, home.streaming("a", "z"):
            raise AssertionError("two hold it")
    with home.streaming("a", "z"):
        pass
