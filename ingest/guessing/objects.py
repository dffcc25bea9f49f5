"""JSON: the objects of a sample, each flattened to names with dots."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ingest.guessing.guess import Guess, GuessError
from ingest.guessing.head import BOM, MOST_BYTES, Head
from ingest.guessing.table import MOST_ROWS, SampleTable, of_records
from ingest.mapping.dialects import fold
from ingest.records.json_objects import Objects
from ingest.rejection import RejectedError

_DEEPEST = 6
_MOST_PARTS = 3  # of an array within a record
_WORDS = {True: "true", False: "false", None: ""}


def read_objects(head: Head) -> SampleTable:
    """Give a sample of JSON as a table: objects one a line or one after the other, or the array of a document."""
    data = head.data.removeprefix(BOM).strip()
    in_array = data.startswith(b"[")
    found = list(_objects(data, head.whole))
    path = None if in_array or len(found) != 1 else _array_path(found[0])
    found = found if path is None else _at(found[0], path)
    if not found:
        raise GuessError(
            "the sample holds no whole object; if it is a document of more than "
            f"{MOST_BYTES // 1_000_000} MB, take a smaller one"
        )
    columns = of_records([dict(flattened(record)) for record in found[:MOST_ROWS]])
    section = {} if path is None else {"records": path}
    guess = Guess("records", path or "every object", True, f"{len(found):,} objects")
    content = head.data if head.whole else written(found, path, in_array)
    return SampleTable("json", section, columns, content, head.whole, True, (guess,))


def records_of(content: bytes, path: str | None) -> list[dict[str, Any]]:
    """Give the records of a sample's content again; `path` is that of their array in the document."""
    found = list(_objects(content.removeprefix(BOM).strip(), True))
    return found if path is None else _at(found[0], path)


def changed(record: Mapping[str, Any], change: Callable[[str, str], str], prefix: str = "") -> dict[str, Any]:
    """Give a record with other texts: `change` gets the folded dotted name and the text of each."""
    return {key: _changed(value, change, f"{prefix}{key}") for key, value in record.items()}


def _changed(value: Any, change: Callable[[str, str], str], name: str) -> Any:
    if isinstance(value, dict):
        return changed(value, change, f"{name}.")
    if isinstance(value, list):
        return [_changed(part, change, f"{name}.{place}") for place, part in enumerate(value)]
    return change(fold(name), value) if isinstance(value, str) else value


def flattened(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give the texts of an object and those in it, by folded dotted name."""
    for key, value in record.items():
        name = fold(f"{prefix}{key}")
        if isinstance(value, list):
            value = {str(place): part for place, part in enumerate(value[:_MOST_PARTS])}  # noqa: PLW2901  # as an object
        if isinstance(value, dict):
            if name.count(".") < _DEEPEST:
                yield from flattened(value, f"{name}.")
        else:
            yield name, value if isinstance(value, str) else _WORDS[value]


def written(records: list[dict[str, Any]], path: str | None, in_array: bool) -> bytes:
    """Give objects as a document, or one a line."""
    if path is None and not in_array:
        return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)
    document: object = records
    for key in reversed(path.split(".")) if path else ():
        document = {key: document}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _objects(data: bytes, whole: bool) -> Iterator[dict[str, Any]]:
    in_array = data.startswith(b"[")
    texts = Objects(io.BytesIO(data[in_array:]), b"", in_array, MOST_BYTES)
    try:
        for text in texts:
            record = json.loads(text, parse_float=str, parse_int=str)
            if isinstance(record, dict):
                yield record
    except RejectedError as error:
        if whole:
            raise GuessError(str(error)) from None
    except ValueError as error:
        raise GuessError(f"the sample is not JSON ({error})") from None


def _array_path(document: Mapping[str, Any]) -> str | None:
    """Give the dotted path of the first array of objects in a document that has few other texts."""
    level: list[tuple[str, Any]] = [(key, value) for key, value in document.items()]
    while level:
        for path, value in level:
            if isinstance(value, list) and len(value) > 1 and all(isinstance(part, dict) for part in value):
                return path
        level = [
            (f"{path}.{key}", inner) for path, value in level if isinstance(value, dict) for key, inner in value.items()
        ]
    return None


def _at(document: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
    value: Any = document
    for key in path.split("."):
        value = value[key]
    return list(value)
