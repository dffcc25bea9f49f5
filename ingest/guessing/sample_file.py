"""A sample cut to what a test needs: some hundred records, in the format of the file, without people in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.canonical import as_text
from ingest.guessing import elements, objects
from ingest.guessing.fiction import Fiction, roles_of
from ingest.guessing.head import BOM
from ingest.guessing.mapping import GuessedMapping
from ingest.guessing.separated import rows_of
from ingest.mapping.dialects import fold

MOST_ROWS = 200
_SUFFIXES = {"csv": ".csv", "tsv": ".tsv", "fixed": ".fwf", "xml": ".xml", "parquet": ".parquet"}
Change = Callable[[str, str], str]  # (source name, text) → the fictional text


def sample_name(guessed: GuessedMapping) -> str:
    """Give the name of the file, which says its format."""
    document = guessed.table.content.lstrip()[:1] == b"[" or "records" in guessed.table.section
    return "sample" + _SUFFIXES.get(guessed.table.format, ".json" if document else ".jsonl")


def fictional_sample(guessed: GuessedMapping) -> bytes:
    """Give the file's content."""
    fields, only = guessed.keys["fields"], guessed.keys.get("only", [])
    assert isinstance(fields, Mapping), "canonical columns by name"
    assert isinstance(only, list), "filters"
    roles = {**{condition["from"]: "only" for condition in only}, **roles_of(fields)}
    fiction = Fiction(str(guessed.keys["country"]), guessed.keys["numbers"] == "opaque")
    writers = {"xml": _xml, "json": _json, "parquet": _parquet, "fixed": _fixed}
    write = writers.get(guessed.table.format, _separated)
    return write(guessed, lambda name, text: fiction.value(roles.get(name), text))


def _separated(guessed: GuessedMapping, change: Change) -> bytes:
    table = guessed.table
    delimiter, quote = (
        str(table.section.get(key, by_default)) for key, by_default in (("delimiter", ","), ("quote", '"'))
    )
    rows = rows_of(table.content.removeprefix(BOM).decode("utf-8", "replace"), delimiter, quote)
    listed = table.section.get("header")
    names = [fold(name) for name in rows[0]] if table.named else list(listed) if isinstance(listed, list) else []
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator="\n")
    if table.named:
        writer.writerow(rows[0])
    for row in rows[table.named :][:MOST_ROWS]:
        fits = len(row) <= len(names)
        writer.writerow([change(names[place], text) if fits else "" for place, text in enumerate(row)])
    return out.getvalue().encode()


def _fixed(guessed: GuessedMapping, change: Change) -> bytes:
    table = guessed.table
    lines = table.content.removeprefix(BOM).replace(b"\r\n", b"\n").split(b"\n")
    columns = table.section["columns"]
    assert isinstance(columns, list), "names and places"
    kept = [line for line in lines if line][: MOST_ROWS + table.named]
    cut = [_fixed_line(line, columns, change) for line in kept[table.named :]]
    return b"".join(line + b"\n" for line in [*kept[: table.named], *cut])


def _fixed_line(line: bytes, columns: Sequence[Mapping[str, Any]], change: Change) -> bytes:
    text = line.decode("utf-8", "replace")
    parts = [(str(column["name"]), text[column["from"] : column["to"]]) for column in columns]
    return "".join(change(name, part).ljust(len(part)) for name, part in parts).encode()


def _json(guessed: GuessedMapping, change: Change) -> bytes:
    table = guessed.table
    path = table.section.get("records")
    found = objects.records_of(table.content, None if path is None else str(path))[:MOST_ROWS]
    changed = [objects.changed(record, change) for record in found]
    return objects.written(changed, None if path is None else str(path), table.content.lstrip()[:1] == b"[")


def _xml(guessed: GuessedMapping, change: Change) -> bytes:
    records = elements.records_of(guessed.table.content, str(guessed.table.section["record"]))[:MOST_ROWS]
    return elements.written([elements.changed(record, change) for record in records])


def _parquet(guessed: GuessedMapping, change: Change) -> bytes:
    rows = pq.read_table(io.BytesIO(guessed.table.content)).slice(0, MOST_ROWS)
    kept = [name for name in rows.column_names if fold(name) not in guessed.left]
    columns = {name: _changed_column(rows[name], fold(name), change) for name in kept}
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _changed_column(column: pa.ChunkedArray, name: str, change: Change) -> pa.Array:
    plain = column.combine_chunks()
    if not (pa.types.is_integer(plain.type) or pa.types.is_string(plain.type) or pa.types.is_dictionary(plain.type)):
        return plain
    texts = [change(name, text) if text else None for text in as_text(plain).to_pylist()]
    found = pa.array(texts, pa.string())
    return found.cast(plain.type) if pa.types.is_integer(plain.type) else found
