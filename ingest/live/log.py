"""Live logs: rows that have come and are not in segments yet, forced to the disk with every append.

`HOME/live/OPERATOR/N.log` is a row of frames. A frame is `MAGIC, length, CRC-32, payload`, where the CRC is that of
length and payload; the payload is `length of the head, length of the calls, head (JSON), calls, dead letters`, the last
two as Arrow IPC streams. A frame counts when `append` has returned. What stands after the last whole frame is an append
that never returned: it is cut off. A frame that is damaged although a whole one follows it is never passed over.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

import pyarrow as pa

from ingest.cdr import CALL_SCHEMA
from ingest.faults import point
from ingest.files import fsync, make_folder
from ingest.home import Home
from ingest.records.chunk import DEAD

SUFFIX = ".log"
_MAGIC = b"\x89RFLOG\r\n"
_FRAME = struct.Struct("<8sII")  # magic, bytes of the payload, CRC-32 of what follows the magic but itself
_PARTS = struct.Struct("<II")  # bytes of the head, bytes of the calls
_MOST_BYTES = (1 << 32) - 1  # of a payload


class DamagedLogError(RuntimeError):
    """A live log is damaged where it was whole once; the message says where and what to do."""


@dataclass(frozen=True)
class Head:
    """What a frame says of itself."""

    source: str  # what its positions count in
    start: int  # position before its rows
    end: int  # position after them
    rows: int  # accepted + dead
    accepted: int  # valid calls, duplicates among them
    dead: int
    name: str  # of the source, as people know it
    mapping: str  # digest of the mapping that read it
    format: str
    names: tuple[str, ...] = ()  # columns as found
    warnings: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape in which it is kept."""
        kept = asdict(self)
        return {"source": kept.pop("source"), "from": kept.pop("start"), "to": kept.pop("end"), **kept}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Self:
        """Read what `as_json` gave."""
        start, end, names = kept.pop("from"), kept.pop("to"), tuple(kept.pop("names"))
        return cls(start=start, end=end, names=names, **kept)


@dataclass(frozen=True)
class Frame:
    """What one append brings: rows of one source between two positions."""

    head: Head
    calls: pa.Table  # CALL_SCHEMA
    dead: pa.Table  # DEAD; rows are counted from the frame's first one


class _Span(NamedTuple):
    """Where the payload of a whole frame stands."""

    start: int
    end: int


class LiveLog:
    """A log that is being written; `close` it before it is sealed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        make_folder(path.parent)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        fsync(path.parent)
        self.size = 0
        self.marks: dict[str, int] = {}  # source → position after its last frame

    def append(self, frame: Frame) -> None:
        """Put a frame to the end, on the disk when this returns.

        After an OSError, of a full disk say, the log is as before and the frame may be given again.
        """
        payload = _payload(frame)
        head = _FRAME.pack(_MAGIC, len(payload), _checksum(payload))
        try:
            _write(self._file, head)
            point("live:append:begun")
            _write(self._file, payload)
            point("live:append:written")
            os.fsync(self._file)
        except OSError:
            self._cut()
            raise
        point("live:append:settled")
        self.size += len(head) + len(payload)
        self.marks[frame.head.source] = frame.head.end

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _cut(self) -> None:
        os.ftruncate(self._file, self.size)
        os.lseek(self._file, self.size, os.SEEK_SET)


def folder_of(home: Home, operator: str) -> Path:
    """Give the folder of one operator's live logs."""
    return home.live / operator


def partitions(home: Home) -> list[str]:
    """Give the operators that have had live logs, sorted."""
    return sorted(path.name for path in home.live.iterdir() if path.is_dir()) if home.live.is_dir() else []


def logs_of(home: Home, operator: str) -> list[Path]:
    """Give an operator's live logs in the order in which they were begun."""
    found = [path for path in folder_of(home, operator).glob(f"*{SUFFIX}") if path.stem.isdigit()]
    return sorted(found, key=_number)


def next_log(home: Home, operator: str) -> Path:
    """Give the path of the log that follows those that are there."""
    last = max(map(_number, logs_of(home, operator)), default=0)
    return folder_of(home, operator) / f"{last + 1}{SUFFIX}"


def read_heads(path: Path) -> list[Head]:
    """Give the heads of a log's whole frames; raises DamagedLogError."""
    with _content(path) as data:
        return [_head(data, span) for span in _spans(data, path)]


def read_frames(path: Path) -> Iterator[Frame]:
    """Give a log's whole frames, one in memory at a time; raises DamagedLogError, before the first of them."""
    with _content(path) as data:
        for span in list(_spans(data, path)):
            yield _frame(data, span)


def cut_torn(path: Path) -> int:
    """Cut off what a killed append left at the end of a log and give its bytes; raises DamagedLogError."""
    with _content(path) as data:
        whole = max((span.end for span in _spans(data, path)), default=0)
        torn = len(data) - whole
    if torn:
        os.truncate(path, whole)
        fsync(path)
    return torn


def _payload(frame: Frame) -> bytes:
    head = json.dumps(frame.head.as_json(), ensure_ascii=False, sort_keys=True).encode()
    calls, dead = _stream(frame.calls, CALL_SCHEMA), _stream(frame.dead, DEAD)
    payload = b"".join([_PARTS.pack(len(head), len(calls)), head, calls, dead])
    if len(payload) > _MOST_BYTES:
        raise ValueError("a frame holds less than 4 GiB; append fewer rows at a time")
    return payload


def _stream(table: pa.Table, schema: pa.Schema) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _write(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def _checksum(payload: bytes | memoryview) -> int:
    return zlib.crc32(payload, zlib.crc32(struct.pack("<I", len(payload))))


@contextmanager
def _content(path: Path) -> Iterator[memoryview]:
    """Give a file's bytes, mapped; nothing of them may be kept beyond the block."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            yield memoryview(b"")
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as data:
            yield data


def _spans(data: memoryview, path: Path) -> Iterator[_Span]:
    place = 0
    while (span := _whole_at(data, place)) is not None:
        yield span
        place = span.end
    beyond = _next_whole(data, place)
    if beyond is not None:
        raise DamagedLogError(
            f"{path} is damaged at byte {place}, and whole again from byte {beyond}; restore it from a backup, or move "
            "it away and stream the source again: what no segment holds yet is then read anew"
        )


def _whole_at(data: memoryview, place: int) -> _Span | None:
    """Give the payload of the frame that begins at `place`, None where no whole one does."""
    start = place + _FRAME.size
    if start > len(data):
        return None
    magic, length, checksum = _FRAME.unpack_from(data, place)
    if magic != _MAGIC or start + length > len(data):
        return None
    return _Span(start, start + length) if _checksum(data[start : start + length]) == checksum else None


def _next_whole(data: memoryview, after: int) -> int | None:
    rest = bytes(data[after:])  # of a log that is whole these are the few bytes of one append at most
    place = rest.find(_MAGIC, 1)
    while place >= 0:
        if _whole_at(data, after + place) is not None:
            return after + place
        place = rest.find(_MAGIC, place + 1)
    return None


def _head(data: memoryview, span: _Span) -> Head:
    length, _ = _PARTS.unpack_from(data, span.start)
    begin = span.start + _PARTS.size
    return Head.of_json(json.loads(bytes(data[begin : begin + length])))


def _frame(data: memoryview, span: _Span) -> Frame:
    head_bytes, call_bytes = _PARTS.unpack_from(data, span.start)
    calls = span.start + _PARTS.size + head_bytes
    tables = (bytes(data[calls : calls + call_bytes]), bytes(data[calls + call_bytes : span.end]))
    return Frame(_head(data, span), *(pa.ipc.open_stream(table).read_all() for table in tables))


def _number(path: Path) -> int:
    return int(path.stem)
