"""XML: every element of one name is a record, wherever it stands; what lies in it are the fields.

A field's name is the path of its element within the record, `a/b`, or of an attribute, `@c` or `a/@c`; of names with a
prefix the part behind it counts. DTDs and entities of a file's own are refused unread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.sax import SAXParseException  # the exception alone; defusedxml reads
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from configs import IngestSettings
from ingest.mapping.operators import Operator
from ingest.records.chunk import Content
from ingest.records.records import Names, Record, content_of
from ingest.rejection import RejectedError

_PIECE = 1 << 16
_DEEPEST = 64  # elements within elements
_NAMES = 10_000  # different names, each of which the parser keeps
_FIELD_BYTES = 200  # that a field takes up beside its text


def read(stream: IO[bytes], operator: Operator, limits: IngestSettings) -> Content:
    """Read unpacked XML; raises RejectedError now for what its beginning says, later for what follows."""
    if operator.xml is None:
        raise RejectedError(
            "format_undescribed", f"mapping {operator.name} does not say which element is a record; add `xml: record`"
        )
    names = Names(operator)
    fields = _Fields(operator.xml.record, limits.max_row_bytes)
    return content_of((_record(found, names) for found in _found(stream, fields)), names, limits)


class _Found:
    """What stands in one record: texts by path, and the paths that are there more than once."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.repeated: set[str] = set()
        self.bytes = 0
        self.is_too_long = False


def _found(stream: IO[bytes], fields: _Fields) -> Iterator[_Found]:
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(fields)
    try:
        while piece := stream.read(_PIECE):
            parser.feed(piece)
            fields.check_progress(len(piece))
            yield from fields.take()
        parser.close()
        yield from fields.take()
    except DefusedXmlException:
        raise RejectedError(
            "xml_entities", "the file declares a DTD or entities, which are never read; export it without"
        ) from None
    except SAXParseException as error:
        raise _damaged(f"line {error.getLineNumber()}: {error.getMessage()}") from None
    except (LookupError, ValueError) as error:
        raise _damaged(f"its encoding cannot be read: {error}") from None
    if not fields.count:
        raise RejectedError(
            "header_missing", f"no element of the file is called {fields.record}; mend `xml: record` of the mapping"
        )


class _Fields(ContentHandler):
    """Gathers the fields of each record that the parser passes."""

    def __init__(self, record: str, most_bytes: int) -> None:
        super().__init__()
        self.record, self.count = record, 0
        self._most, self._depth, self._base, self._idle = most_bytes, 0, 0, 0
        self._local: dict[str, str] = {}  # name → what follows its prefix
        self._done: list[_Found] = []
        self._current: _Found | None = None
        self._path: list[str] = []  # of each open element within the record
        self._parts: list[list[str]] = []  # its text so far
        self._filled: list[bool] = []  # whether elements stand in it

    def take(self) -> Iterator[_Found]:
        """Give the records that have ended since."""
        done, self._done = self._done, []
        yield from done

    def check_progress(self, fed: int) -> None:
        """Refuse a tag or comment without end, which the parser would keep whole."""
        self._idle += fed
        if self._idle > self._most + _PIECE:
            raise _damaged(f"a tag or comment is longer than {self._most} bytes")

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # SAX calls it so
        """Begin an element."""
        self._idle = 0
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _damaged(f"more than {_DEEPEST} elements within elements")
        if self._current is not None and self._current.is_too_long:
            return
        local = self._without_prefix(name)
        if self._current is not None:
            self._open(f"{self._path[-1]}{local}/", local)
        elif local == self.record:
            self._current, self._base = _Found(), self._depth
            self._open("", local)
        for key in attrs.getNames():
            attribute = self._without_prefix(key)
            if self._current is not None and self._grow(_size(attrs.getValue(key))):
                self._put(f"{self._path[-1]}@{attribute}", attrs.getValue(key))

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802  # SAX calls it so
        """End an element."""
        self._idle = 0
        self._depth -= 1
        if self._current is None:
            return
        if self._depth < self._base:
            self._end_record(self._current)
        elif not self._current.is_too_long:
            path, text, filled = self._path.pop(), "".join(self._parts.pop()).strip(), self._filled.pop()
            if text or not filled:
                self._put(path[:-1], text)

    def characters(self, content: str) -> None:
        """Take some text of the innermost element."""
        self._idle = 0
        if self._current is not None and self._grow(_size(content)):
            self._parts[-1].append(content)

    def _end_record(self, found: _Found) -> None:
        self._done.append(found)
        self._current, self.count = None, self.count + 1
        self._path, self._parts, self._filled = [], [], []

    def _open(self, path: str, local: str) -> None:
        if self._filled:
            self._filled[-1] = True
        self._path.append(path)
        self._parts.append([])
        self._filled.append(False)
        self._grow(2 * len(local) + 5)  # <a></a>

    def _put(self, path: str, text: str) -> None:
        found = self._current
        if found is None or not self._grow(len(path)):
            return
        if path in found.texts:
            found.repeated.add(path)
        else:
            found.texts[path] = text

    def _grow(self, size: int) -> bool:
        """Count what a record takes up; False from where it is longer than a row may be."""
        assert self._current is not None
        self._current.bytes += size
        self._current.is_too_long |= self._current.bytes > self._most
        return not self._current.is_too_long

    def _without_prefix(self, name: str) -> str:
        if name not in self._local:
            if len(self._local) >= _NAMES:
                raise _damaged(f"more than {_NAMES} different names")
            self._local[name] = name.rpartition(":")[2]
        return self._local[name]


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8"))


def _record(found: _Found, names: Names) -> Record:
    size = found.bytes + _FIELD_BYTES * len(found.texts)
    if found.is_too_long:
        return Record((), found.texts, size, "row_too_long")
    texts: list[str | None] = [None] * len(names.wanted)
    for path, text in found.texts.items():
        place = names.place(path)
        if place is None:
            continue
        if texts[place] is not None or path in found.repeated:
            return Record((), found.texts, size, "row_xml")
        texts[place] = text
    return Record(texts, found.texts, size)


def _damaged(detail: str) -> RejectedError:
    return RejectedError("xml_damaged", f"not a whole XML document ({detail}); fetch it again from its source")
