"""XML: the element that is a record, and what stands in it by path."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from xml.etree.ElementTree import Element, ParseError, tostring  # defusedxml reads; these hold and write

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ingest.guessing.guess import Guess, GuessError
from ingest.guessing.head import Head
from ingest.guessing.table import MOST_ROWS, SampleTable, of_records
from ingest.mapping.dialects import fold

_LEAST_FIELDS = 4
_ROOT = "records"


def read_elements(head: Head) -> SampleTable:
    """Give a sample of XML as a table."""
    ended = list(_ended(head.data, head.whole))
    record, count = _record_of(ended)
    found = [element for element in ended if local(element.tag) == record]
    columns = of_records([dict(flattened(element)) for element in found[:MOST_ROWS]])
    guess = Guess("record", record, True, f"{count:,} elements of this name have {_LEAST_FIELDS} fields or more")
    content = head.data if head.whole else written(found)
    return SampleTable("xml", {"record": record}, columns, content, head.whole, True, (guess,))


def local(tag: str) -> str:
    """Give an element's name without what stands before it."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def flattened(element: Element, path: str = "") -> Iterator[tuple[str, str]]:
    """Give the texts of an element, its attributes and what lies in it, by folded path."""
    for key, value in element.attrib.items():
        yield fold(f"{path}@{local(key)}"), value
    for child in element:
        below = f"{path}{local(child.tag)}"
        if not len(child):
            yield fold(below), (child.text or "").strip()
        yield from flattened(child, f"{below}/")


def written(records: Sequence[Element]) -> bytes:
    """Give records as a document."""
    root = Element(_ROOT)
    root.extend(records)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def records_of(content: bytes, record: str) -> list[Element]:
    """Give the records of a sample's content again."""
    return [element for element in _ended(content, True) if local(element.tag) == record]


def changed(element: Element, change: Callable[[str, str], str], path: str = "") -> Element:
    """Give a record with other texts and plain names: `change` gets the folded path and the text of each."""
    found = Element(local(element.tag))
    for key, value in element.attrib.items():
        found.set(local(key), change(fold(f"{path}@{local(key)}"), value))
    for child in element:
        below = f"{path}{local(child.tag)}"
        found.append(changed(child, change, f"{below}/"))
        if not len(child):
            found[-1].text = change(fold(below), (child.text or "").strip())
    return found


def _ended(content: bytes, whole: bool) -> Iterator[Element]:
    try:
        for _, element in iterparse(io.BytesIO(content), forbid_dtd=True):
            yield element
    except DefusedXmlException:
        raise GuessError("the sample declares a DTD or entities, which are never read; export it without") from None
    except (ParseError, LookupError, ValueError) as error:
        if whole:
            raise GuessError(f"the sample is not a whole XML document ({error})") from None


def _record_of(elements: Sequence[Element]) -> tuple[str, int]:
    """Give the name of the elements that have most fields, all taken together, and how many there are."""
    fields = Counter[str]()
    counts = Counter[str]()
    for element in elements:
        direct = len(element.attrib) + sum(not len(child) for child in element)
        if direct >= _LEAST_FIELDS:
            fields[local(element.tag)] += direct
            counts[local(element.tag)] += 1
    if not fields:
        raise GuessError(f"no element of the sample has {_LEAST_FIELDS} fields, as a record would")
    best = max(sorted(fields), key=lambda name: fields[name])
    return best, counts[best]
