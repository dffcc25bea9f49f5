"""ZIP archives: proven safe and whole before anything of them is taken, then read a member at a time.

`zipfile` only parses the directory; members are unpacked here, since it stops at a lying size without a word and, in
some versions of Python, lets members overlap.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.deliveries.packing import PIECE, DamagedError
from ingest.rejection import RejectedError

MOST_MEMBERS = 10_000
_MOST_DIRECTORY = 512 * MOST_MEMBERS  # bytes; a larger directory is not even parsed
_LOCAL = struct.Struct("<4s5H3L2H")  # signature, version, flags, method, time, date, crc, sizes, lengths
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800
_DESCRIPTOR = 24  # bytes after a member that say its sizes where they were not known before it
_IN_ZIP64 = 0xFFFFFFFF
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for any amount of memory
_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|[\x00-\x1f\x7f]")
_PIECE = 1 << 16


@dataclass(frozen=True)
class Member:
    """A file in an archive and where it lies there."""

    name: str
    begin: int  # of its packed bytes in the archive
    packed_size: int
    size: int
    crc: int
    deflated: bool


def members(path: Path, max_ratio: int) -> list[Member]:
    """Give the files of an archive, sorted by name, every one of them read once and found whole.

    Raises RejectedError for the archive as a whole, naming the member; OSError where it cannot be read.
    """
    with _Directory(path.open("rb", buffering=0)) as file:
        found = _listed(file)
        _check_size(found, max_ratio)
        for member in found:
            _check_whole(file, member)
    return sorted(found, key=lambda member: member.name)


def open_member(archive: io.BufferedIOBase, member: Member) -> io.BufferedReader:
    """Give a member's content; reading raises DamagedError where it is not as the archive says."""
    return io.BufferedReader(_Content(archive, member), PIECE)


class _Directory(io.BufferedReader):
    """An archive of whose directory nobody reads too much: `zipfile` takes a lying size at its word."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_DIRECTORY:
            raise _too_many()
        return super().read(size)


class _Content(io.RawIOBase):
    """The content of one member, unpacked, with its size and checksum held against the directory."""

    def __init__(self, archive: io.BufferedIOBase, member: Member) -> None:
        self._archive, self._member = archive, member
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.deflated else None
        self._packed, self._size, self._crc = 0, 0, 0
        archive.seek(member.begin)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._next(len(buffer))
        self._size += len(data)
        self._crc = zlib.crc32(data, self._crc)
        if self._size > self._member.size or (not data and self._differs()):
            raise DamagedError(f"{self._member.name} is not as long as it says, or its checksum is wrong")
        memoryview(buffer)[: len(data)] = data
        return len(data)

    def _differs(self) -> bool:
        whole = self._size == self._member.size and self._packed == self._member.packed_size
        unfinished = self._inflate is not None and (not self._inflate.eof or bool(self._inflate.unused_data))
        return not whole or unfinished or self._crc != self._member.crc

    def _next(self, most: int) -> bytes:
        if self._inflate is None:
            return self._take(most)
        while not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self._take(_PIECE)
            data = self._unpack(packed, most)
            if data or not packed:
                return data
        return b""

    def _unpack(self, packed: bytes, most: int) -> bytes:
        assert self._inflate is not None
        try:
            return self._inflate.decompress(packed, most)
        except zlib.error:
            raise DamagedError(f"{self._member.name} cannot be unpacked") from None

    def _take(self, most: int) -> bytes:
        data = self._archive.read(min(most, self._member.packed_size - self._packed))
        self._packed += len(data)
        return data


def _listed(file: _Directory) -> list[Member]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries, end = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError) as error:
        raise _damaged(str(error)) from None
    if len(entries) > MOST_MEMBERS:
        raise _too_many()
    _check_names(entries)
    found = [_located(file, entry, end) for entry in entries]
    _check_apart(entries, found, end)
    return [member for entry, member in zip(entries, found, strict=True) if not entry.is_dir()]


def _check_names(entries: Sequence[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        mode = stat.S_IFMT(entry.external_attr >> 16)
        if any(_UNSAFE_NAME.search(name) for name in (entry.filename, entry.orig_filename)):
            raise _unsafe(entry, "its name leads out of the folder or holds control characters")
        if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _unsafe(entry, "it is a link or a device")
        if entry.is_dir() and entry.file_size:
            raise _unsafe(entry, "it is a folder that holds bytes")
        if entry.filename in seen:
            raise _unsafe(entry, "the name is there twice")
        seen.add(entry.filename)
        _check_content(entry)


def _check_content(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise RejectedError("archive_encrypted", f"{_shown(entry)} is encrypted; send the archive without a password")
    if entry.compress_type not in _METHODS:
        raise RejectedError("foreign_type", f"{_shown(entry)} is not packed by deflate; pack the archive anew by it")


def _located(file: io.BufferedIOBase, entry: zipfile.ZipInfo, end: int) -> Member:
    """Find a member's bytes before `end` by its own header, which must say what the directory says."""
    file.seek(min(max(entry.header_offset, 0), end))
    header = file.read(_LOCAL.size)
    if entry.header_offset < 0 or len(header) < _LOCAL.size or header[:4] != b"PK\3\4":
        raise _damaged(f"{_shown(entry)} is not where the directory says")
    _, _, flags, method, _, _, _, packed_size, _, name_length, extra_length = _LOCAL.unpack(header)
    encoding = "utf-8" if flags & _UTF8 else "cp437"
    name = file.read(name_length).decode(encoding, "replace")
    sizes_here = not flags & _SIZES_FOLLOW and packed_size != _IN_ZIP64
    if (name, method) != (entry.orig_filename, entry.compress_type) or flags & _ENCRYPTED:
        raise _damaged(f"{_shown(entry)} has another name or packing in its own header")
    if sizes_here and packed_size != entry.compress_size:
        raise _damaged(f"{_shown(entry)} has another size in its own header")
    begin = entry.header_offset + _LOCAL.size + name_length + extra_length
    deflated = method == zipfile.ZIP_DEFLATED
    return Member(entry.filename, begin, entry.compress_size, entry.file_size, entry.CRC, deflated)


def _check_apart(entries: Sequence[zipfile.ZipInfo], found: Sequence[Member], end: int) -> None:
    """Refuse bytes that belong to two members, as bombs have them, or to none: a damaged directory loses members."""
    spans = sorted((e.header_offset, m.begin + m.packed_size) for e, m in zip(entries, found, strict=True))
    starts, ends = [begin for begin, _ in spans] + [end], [0] + [after for _, after in spans]
    gaps = [start - before for start, before in zip(starts, ends, strict=True)]
    if min(gaps) < 0:
        raise RejectedError("archive_unsafe", "members of the archive overlap; pack it anew")
    if max(gaps) > _DESCRIPTOR or gaps[0]:
        raise _damaged("it holds bytes that belong to no member")


def _check_size(found: Sequence[Member], max_ratio: int) -> None:
    for member in found:
        if member.size > member.packed_size * max_ratio:
            raise RejectedError(
                "bomb_by_ratio",
                f"{member.name} unpacks to more than the allowed multiple of its size; "
                "send it unpacked, or raise ingest.max_ratio if it is genuine",
            )


def _check_whole(file: io.BufferedIOBase, member: Member) -> None:
    content = open_member(file, member)
    try:
        while content.read(PIECE):
            pass
    except DamagedError as error:
        raise _damaged(str(error)) from None


def _shown(entry: zipfile.ZipInfo) -> str:
    return ascii(entry.orig_filename)[:200]


def _unsafe(entry: zipfile.ZipInfo, why: str) -> RejectedError:
    return RejectedError("archive_unsafe", f"{_shown(entry)} of the archive is refused: {why}; pack it anew")


def _too_many() -> RejectedError:
    return RejectedError("archive_unsafe", f"the archive has more than {MOST_MEMBERS} members; split it")


def _damaged(why: str) -> RejectedError:
    return RejectedError("archive_damaged", f"the archive is damaged ({why}); fetch it again from its source")
