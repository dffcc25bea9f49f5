"""JSON: one object a line, objects one after the other, or the array of objects in a document.

Which of them a file is, its beginning says: a document where it begins with an array or the mapping names one; lines
where its first line is a whole object or its second line begins one; else objects that go over several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import IO

from configs import IngestSettings
from ingest.mapping.dialects import fold
from ingest.mapping.operators import Operator
from ingest.records.chunk import RAW_BYTES, Content
from ingest.records.json_objects import BLANKS, NoJsonError, Objects, Parser, UntrustedError, damaged
from ingest.records.lines import BOM, Pieces, read_lines
from ingest.records.records import Names, Record, content_of
from ingest.rejection import RejectedError

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{}]', re.DOTALL)
_AHEAD = 1 << 16  # beyond a row
_WORDS = {True: "true", False: "false", None: None}
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"{\0", b"[\0", b"\0{", b"\0[")


def read(stream: IO[bytes], operator: Operator, limits: IngestSettings) -> Content:
    """Read unpacked JSON; raises RejectedError now for what its beginning says, later for what follows."""
    names = Names(operator)
    begin = _begin(stream, limits.max_row_bytes + _AHEAD)
    if begin.startswith(_WIDE):
        raise RejectedError("json_damaged", "the file is UTF-16 or UTF-32; save it as JSON in UTF-8")
    reader = _Reader(names, limits.max_row_bytes)
    return content_of(_records(stream, begin, operator.json_.records, reader, limits), names, limits)


def _begin(stream: IO[bytes], size: int) -> bytes:
    """Read the first bytes of a file, without what is blank before them."""
    read = stream.read(size)
    begin = read.removeprefix(BOM).lstrip(BLANKS)
    while not begin and read:
        read = stream.read(size)
        begin = read.lstrip(BLANKS)
    if not begin:
        raise RejectedError("header_missing", "the file is empty; export it anew")
    return begin


def read_json_lines(stream: IO[bytes], names: Names, limits: IngestSettings) -> Content:
    """Read one object a line, whatever the first lines look like; `names` knows those of lines that were read before.

    Raises RejectedError for what the first lines say.
    """
    reader = _Reader(names, limits.max_row_bytes)
    return content_of(_lines(stream, b"", reader, limits), names, limits)


def _records(
    stream: IO[bytes], begin: bytes, path: str | None, reader: _Reader, limits: IngestSettings
) -> Iterator[Record]:
    if path is not None:
        return _document(stream, begin, _find_array(begin[: limits.max_row_bytes], path), reader, limits)
    if begin.startswith(b"["):
        return _document(stream, begin, 0, reader, limits)
    if _has_lines(begin, reader, limits.max_row_bytes):
        return _lines(stream, begin, reader, limits)
    return map(reader.sound, Objects(stream, begin, in_array=False, most_bytes=limits.max_row_bytes))


def _has_lines(begin: bytes, reader: _Reader, most_bytes: int) -> bool:
    first, _, rest = begin.partition(b"\n")
    return rest.lstrip(b"\r\n").startswith(b"{") or (len(first) <= most_bytes and reader.is_object(first))


def _lines(stream: IO[bytes], begin: bytes, reader: _Reader, limits: IngestSettings) -> Iterator[Record]:
    block = max(limits.block_bytes, 4 * limits.max_row_bytes)
    for lines in read_lines(Pieces(stream, begin, block), limits.max_row_bytes):
        for start, end in zip(lines.starts.tolist(), lines.ends.tolist(), strict=True):
            yield reader.read(lines.data[start:end])


def _document(
    stream: IO[bytes], begin: bytes, opening: int, reader: _Reader, limits: IngestSettings
) -> Iterator[Record]:
    """Give the objects of an array, then prove that what stands around it is JSON."""
    objects = Objects(stream, begin[opening + 1 :], in_array=True, most_bytes=limits.max_row_bytes)
    yield from map(reader.sound, objects)
    around = begin[: opening + 1] + objects.rest + stream.read(limits.max_row_bytes)
    if len(around) > 2 * limits.max_row_bytes or stream.read(1):
        raise damaged(f"more than {limits.max_row_bytes} bytes follow the records")
    try:
        Parser().parse(around)
    except ValueError as error:
        raise damaged(f"around the records: {error}") from None


def _find_array(begin: bytes, path: str) -> int:
    """Give the place of the bracket that opens the array at a dotted path."""
    wanted = fold(path).split(".")
    keys: list[str | None] = []  # of each open bracket; None: no key belongs to it
    kinds: list[bytes] = []
    name = b""
    for token in _TOKEN.finditer(begin):
        mark = token.group()
        if mark[:1] == b'"':
            name = mark
        elif mark in (b"{", b"["):
            keys.append(_key(name) if kinds[-1:] == [b"{"] and len(kinds) <= len(wanted) else None)
            kinds.append(mark)
            if mark == b"[" and keys[1:] == wanted:
                return token.start()
        elif kinds:
            keys.pop()
            kinds.pop()
    raise RejectedError(
        "header_missing", f"the document has no array {path} near its beginning; mend `json: records` of the mapping"
    )


def _key(token: bytes) -> str | None:
    try:
        return fold(str(Parser().parse(token)))
    except ValueError:
        return None


class _Reader:
    """Reads the texts of objects into records."""

    def __init__(self, names: Names, most_bytes: int) -> None:
        self._names, self._most = names, most_bytes
        self._parser = Parser()
        parts = [name.split(".") for name in names.wanted]
        self._leading = {".".join(part[:end]) for part in parts for end in range(1, len(part))}

    def is_object(self, text: bytes) -> bool:
        """Say whether a text is a whole object, whatever stands in it."""
        try:
            return isinstance(self._parser.parse(text), dict)
        except UntrustedError:
            return True
        except ValueError:
            return False

    def sound(self, text: bytes) -> Record:
        """Give an object of a document; raises RejectedError where it is no JSON, since then none can be told apart."""
        try:
            return self._record(text)
        except NoJsonError as error:
            raise damaged(str(error)) from None

    def read(self, text: bytes) -> Record:
        """Give the object of a line."""
        try:
            return self._record(text)
        except NoJsonError:
            return _dead(text, "row_json")

    def _record(self, text: bytes) -> Record:
        if len(text) > self._most:
            return _dead(text, "row_too_long")
        try:
            found = self._parser.parse(text)
        except UnicodeDecodeError:
            return _dead(text, "row_not_utf8")
        except UntrustedError:
            return _dead(text, "row_json")
        texts: list[str | None] = [None] * len(self._names.wanted)
        if not isinstance(found, dict) or not self._fill(texts, "", found):
            return _dead(text, "row_json")
        if b"\\u0000" in text and any("\0" in value for value in texts if value):
            return _dead(text, "row_nul")
        return Record(texts, text, len(text))

    def _fill(self, texts: list[str | None], prefix: str, given: Mapping[str, object]) -> bool:
        """Put in the wanted texts of an object and those in it; False where one is there twice or is no text."""
        for key, value in given.items():
            name = prefix + key
            if isinstance(value, dict | list) and fold(name) in self._leading:
                within = value if isinstance(value, dict) else {str(i): part for i, part in enumerate(value)}
                if not self._fill(texts, f"{name}.", within):
                    return False
                continue
            place = self._names.place(name)
            if place is None:
                continue
            if texts[place] is not None or isinstance(value, dict | list):
                return False
            texts[place] = value if isinstance(value, str) else _WORDS[value]  # type: ignore[index]  # a value that is no text is one of its keys
        return True


def _dead(text: bytes, fault: str) -> Record:
    return Record((), text[:RAW_BYTES], min(len(text), RAW_BYTES), fault)
