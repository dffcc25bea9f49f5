"""BER's tags and lengths: where each element begins and ends, and a stream cut into the elements that follow in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

_PIECE = 1 << 20
_TAG_BYTES, _LENGTH_BYTES = 5, 8
_HEADER_BYTES = _TAG_BYTES + 1 + _LENGTH_BYTES
_DEEPEST = 64  # elements of indefinite length within each other
_MOST = 10_000  # elements in one of indefinite length
_END = b"\0\0"  # of contents


class LengthError(ValueError):
    """A tag or a length cannot be what it says, so that nothing that follows can be found."""


class Element(NamedTuple):
    """The head of an element: its tag as written, and where its content lies; `end` None: where an end mark says so."""

    tag: bytes
    start: int
    end: int | None


def element_at(data: bytes, at: int) -> Element:
    """Read a tag and a length; raises LengthError where they are cut off or too long to be meant."""
    place = at + 1
    if data[at : at + 1] == b"" or data[at] & 0x1F == 0x1F:
        place = _after_long_tag(data, at)
    if place >= len(data):
        raise LengthError("a length is cut off")
    first, tag = data[place], data[at:place]
    place += 1
    if first < 0x80:
        return Element(tag, place, place + first)
    if first == 0x80:
        return Element(tag, place, None)
    count = first & 0x7F
    if count > _LENGTH_BYTES or place + count > len(data):
        raise LengthError("a length is cut off or absurd")
    return Element(tag, place + count, place + count + int.from_bytes(data[place : place + count], "big"))


def _after_long_tag(data: bytes, at: int) -> int:
    for place in range(at + 1, min(at + _TAG_BYTES, len(data))):
        if not data[place] & 0x80:
            return place + 1
    raise LengthError("a tag is cut off or absurd")


def content_end(data: bytes, element: Element) -> tuple[int, int] | None:
    """Give (where the content ends, where the next element begins), None where the data end before."""
    if element.end is not None:
        return (element.end, element.end) if element.end <= len(data) else None
    place, open_, count = element.start, 1, 0
    while open_:
        count += 1
        if data[place : place + 2] == _END:
            place, open_ = place + 2, open_ - 1
            continue
        if len(data) - place < _HEADER_BYTES and not _is_whole(data, place):
            return None
        inner = element_at(data, place)
        open_ += inner.end is None
        if open_ > _DEEPEST or count > _MOST:
            raise LengthError("too many elements in one of indefinite length")
        place = inner.start if inner.end is None else inner.end
    return place - 2, place


def _is_whole(data: bytes, at: int) -> bool:
    try:
        element_at(data, at)
    except LengthError:
        return False
    return True


class Elements:
    """The elements that follow each other in a stream, as they are; iterating raises LengthError where there are none.

    Of one longer than `most_bytes` only the beginning is given, longer than that; without a length it is an error.
    """

    def __init__(self, stream: IO[bytes], most_bytes: int) -> None:
        self._stream, self._most = stream, most_bytes
        self._data, self._at = b"", 0

    def __iter__(self) -> Iterator[bytes]:
        while self._has(_HEADER_BYTES) or self._at < len(self._data):
            head = element_at(self._data, self._at)
            if head.end is not None and head.end - self._at > self._most:
                yield self._overlong(head.end - self._at)
                continue
            after = self._end(head)
            yield self._data[self._at : after]
            self._at = after

    def _has(self, count: int) -> bool:
        """Read on until there are so many bytes; False where the stream has fewer."""
        if len(self._data) - self._at < count:
            self._data = self._data[self._at :] + self._stream.read(max(count, _PIECE))
            self._at = 0
        return len(self._data) - self._at >= count

    def _end(self, head: Element) -> int:
        """Give where the element that begins here is over."""
        found = content_end(self._data, head)
        if found is None:
            self._has(self._most + _HEADER_BYTES)
            found = content_end(self._data, element_at(self._data, self._at))
        if found is None or found[1] - self._at > self._most:
            raise LengthError("an element is cut off, or has no end within the bytes that a row may have")
        return found[1]

    def _overlong(self, size: int) -> bytes:
        if not self._has(self._most + 1):
            raise LengthError("an element is cut off")
        begin = self._data[self._at : self._at + self._most + 1]
        left = size - (len(self._data) - self._at)
        self._at = min(self._at + size, len(self._data))
        while left > 0:
            read = self._stream.read(min(left, _PIECE))
            if not read:
                raise LengthError("an element is cut off")
            left -= len(read)
        return begin
