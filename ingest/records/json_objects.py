"""JSON text becomes objects: where each begins and ends in a stream, and what it says, with every number as written.

A document is split by its brackets alone, so that memory does not grow with it; each object is then read strictly.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from json import JSONDecodeError, JSONDecoder
from typing import IO

import numpy as np
import numpy.typing as npt

from ingest.rejection import RejectedError
from ingest.values.arrow import Bools, Int64

DEEPEST = 64  # brackets within brackets
BLANKS = b" \t\r\n"
_PIECE = 1 << 20
_QUOTE, _BACKSLASH, _OPENING = ord('"'), ord("\\"), ord("{")
_STEPS = np.zeros(256, dtype=np.int8)
_STEPS[[ord("{"), ord("[")]] = 1
_STEPS[[ord("}"), ord("]")]] = -1


class NoJsonError(ValueError):
    """A text is not JSON."""


class UntrustedError(ValueError):
    """A text is JSON, but what it says is not beyond doubt: a name twice, NaN, half a character, too deep."""


@dataclass(frozen=True)
class _State:
    """What came before a block: open brackets, and whether a string or an escape is open."""

    depth: int = 0
    inside: bool = False
    escaped: bool = False


@dataclass(frozen=True)
class _Brackets:
    """The brackets of a block outside strings: where, whether each opens, and how deep it is after each."""

    places: Int64
    opens: Bools
    depths: Int64
    after: _State

    @property
    def closing(self) -> int | None:
        """The place of the first bracket that closes what was opened before the block."""
        below = np.flatnonzero(self.depths < 0)
        return int(self.places[below[0]]) if len(below) else None

    def objects(self) -> Iterator[tuple[int, int | None]]:
        """Give [start, end) of everything that opens at no depth; the last one may have no end."""
        until = int(np.argmax(self.depths < 0)) if self.closing is not None else len(self.places)
        places, opens, depths = self.places[:until], self.opens[:until], self.depths[:until]
        starts, ends = places[opens & (depths == 1)].tolist(), (places[~opens & (depths == 0)] + 1).tolist()
        yield from zip_longest(starts, ends)


class Parser:
    """Reads JSON texts strictly, numbers as the texts that they are."""

    def __init__(self) -> None:
        self._doubtful = False
        self._decoder = JSONDecoder(
            object_pairs_hook=self._object, parse_float=str, parse_int=str, parse_constant=self._constant
        )

    def parse(self, text: bytes) -> object:
        """Give what a text says; raises NoJsonError, UntrustedError, or UnicodeDecodeError."""
        self._doubtful = False
        if _depth(text) > DEEPEST:
            raise UntrustedError(f"more than {DEEPEST} brackets within brackets")
        try:
            found = self._decoder.decode(text.decode("utf-8"))
        except JSONDecodeError as error:
            raise NoJsonError(str(error)) from None
        if self._doubtful or (b"\\u" in text and _has_half_characters(found)):
            raise UntrustedError("a name is there twice, or a text or number is none")
        return found

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self._doubtful = True
        return found

    def _constant(self, name: str) -> str:
        self._doubtful = True
        return name


def _has_half_characters(found: object) -> bool:
    try:
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _depth(text: bytes) -> int:
    """Give how deep brackets stand within brackets; few brackets are not looked at."""
    most = text.count(b"{") + text.count(b"[")
    return most if most <= DEEPEST else int(_brackets(text, _State()).depths.max(initial=0))


class Objects:
    """The objects of an array, or one after the other; `rest` is then what follows, from the closing bracket on.

    `begin` is what was read before and starts behind the array's bracket. Raises RejectedError where anything else
    stands between them, or where the file ends too early. Of an object longer than `most_bytes` it may be only the
    beginning that is given, longer than that.
    """

    def __init__(self, stream: IO[bytes], begin: bytes, in_array: bool, most_bytes: int) -> None:
        self.rest = b""
        self._stream, self._data, self._in_array, self._most = stream, begin, in_array, most_bytes
        self._expected = b""  # what must stand before the next object

    def __iter__(self) -> Iterator[bytes]:
        while True:
            found = _brackets(self._data, _State())
            done, begun = 0, False
            for start, end in found.objects():
                self._check_between(self._data[done:start], self._expected)
                begun, done = end is None, start if end is None else end
                if end is not None:
                    yield self._whole(start, end)
            if found.closing is not None:
                return self._close(done, found.closing)
            self._data = self._data[done:] if begun else self._between(self._data[done:])
            self._expected = b"" if begun else self._expected
            if begun and len(self._data) > self._most:
                yield self._whole(0, self._most + 1)
                self._skip(_brackets(self._data, _State()).after)
            elif not self._read_on():
                return self._finish()

    def _whole(self, start: int, end: int) -> bytes:
        if self._data[start] != _OPENING:
            raise damaged("the list holds something other than objects")
        self._expected = b"," if self._in_array else b""
        return self._data[start:end]

    def _between(self, text: bytes) -> bytes:
        """Give what stands between two objects so far, without blanks."""
        text = text.strip(BLANKS)
        if text:
            self._check_between(text, self._expected)
        return text

    def _check_between(self, text: bytes, expected: bytes) -> None:
        if text.strip(BLANKS) != expected:
            raise damaged(f"between two objects stands {text[:40]!r}")

    def _close(self, done: int, closing: int) -> None:
        if not self._in_array:
            raise damaged("a bracket closes that was never opened")
        self._check_between(self._data[done:closing], b"")
        self.rest = self._data[closing:]

    def _read_on(self) -> bool:
        read = self._stream.read(_PIECE)
        self._data += read
        return bool(read)

    def _skip(self, state: _State) -> None:
        """Read on to the end of an object that is too long."""
        while read := self._stream.read(_PIECE):
            found = _brackets(read, state)
            ended = np.flatnonzero(found.depths == 0)
            if len(ended):
                self._data = read[int(found.places[ended[0]]) + 1 :]
                return
            state = found.after
        raise damaged("it is cut off")

    def _finish(self) -> None:
        if self._in_array or self._data:
            raise damaged("it is cut off")


def damaged(detail: str) -> RejectedError:
    """Give the refusal of a document."""
    return RejectedError("json_damaged", f"not a whole JSON document ({detail}); fetch it again from its source")


def _brackets(block: bytes, before: _State) -> _Brackets:
    """Find the brackets of a block that stand outside strings."""
    data = np.frombuffer(block, dtype=np.uint8)
    quotes, escaped = _quotes(data, before.escaped)
    steps = _STEPS[data]
    places = np.flatnonzero(steps)
    inside = (np.searchsorted(quotes, places) + before.inside) % 2 == 1
    places = places[~inside]
    steps = steps[places]
    depths = before.depth + np.cumsum(steps, dtype=np.int64)
    depth = int(depths[-1]) if len(depths) else before.depth
    return _Brackets(places, steps > 0, depths, _State(depth, (len(quotes) + before.inside) % 2 == 1, escaped))


def _quotes(data: npt.NDArray[np.uint8], escaped: bool) -> tuple[Int64, bool]:
    """Give the quotation marks that no backslash escapes, and whether the block ends with an open escape."""
    quotes = np.flatnonzero(data == _QUOTE)
    slashes = np.flatnonzero(data == _BACKSLASH)
    if escaped:
        quotes, slashes = quotes[quotes > 0], slashes[slashes > 0]
    if not len(slashes):
        return quotes, escaped and not len(data)
    begins = np.flatnonzero(np.diff(slashes, prepend=-2) != 1)
    lengths = np.diff(np.append(begins, len(slashes)))
    behind = slashes[begins] + lengths  # the first byte after each run
    odd = behind[lengths % 2 == 1]
    return np.setdiff1d(quotes, odd, assume_unique=True), bool(len(odd) and odd[-1] == len(data))
