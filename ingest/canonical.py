"""A mapping at work: the columns of a file become canonical columns, texts still, or typed where the file has types.

Every transformation looks at each distinct text once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.mapping.operators import READABLE, Operator
from ingest.mapping.source_fields import Filter, SourceField
from ingest.records.chunk import Chunk
from ingest.values import durations, timestamps
from ingest.values.arrow import Bools, Int64, whole
from ingest.values.zones import Zone, load_zone

Columns = Mapping[str, pa.Array]
_NO_TIME = ("", "0")


def canonical_columns(chunk: Chunk, operator: Operator) -> dict[str, pa.Array]:
    """Give the canonical columns that a chunk's columns hold, each as long as the chunk."""
    count = len(chunk.rows)
    mapped = {
        name: _column(field, chunk.columns, count, operator.zone)
        for name, field in operator.fields.items()
        if not field.optional or any(source in chunk.columns for source in field.sources)
    }
    own = READABLE if operator.own_names else ()
    return mapped | {name: chunk.columns[name] for name in own if name in chunk.columns and name not in mapped}


def with_made(chunk: Chunk, operator: Operator) -> Chunk:
    """Give a chunk with the columns that the mapping's own code makes."""
    if operator.hatch is None or not len(chunk.rows):
        return chunk
    given = {name: _text(chunk.columns, name, len(chunk.rows)) for name in operator.hatch.needs}
    return replace(chunk, columns={**chunk.columns, **operator.hatch.made(given)})


def only_calls(chunk: Chunk, operator: Operator) -> tuple[Chunk, int]:
    """Give the rows of a chunk that the mapping's filter lets through, and how many it does not."""
    if not operator.only or not len(chunk.rows):
        return chunk, 0
    kept = np.logical_and.reduce([holds(condition, chunk) for condition in operator.only])
    return chunk.where(kept), int(np.count_nonzero(~kept))


def holds(condition: Filter, chunk: Chunk) -> Bools:
    """Give for each row of a chunk whether it meets a condition."""
    encoded = _text(chunk.columns, condition.source, len(chunk.rows)).dictionary_encode()
    texts = pc.ascii_trim(encoded.dictionary, " ")
    if condition.matches is not None:
        found = pc.match_substring_regex(texts, condition.matches)
    else:
        found = pc.is_in(texts, pa.array(condition.among or condition.not_in or (), pa.string()))
    wanted = found.to_numpy(zero_copy_only=False)
    meets: Bools = (~wanted if condition.not_in is not None else wanted)[encoded.indices.to_numpy()]
    return meets


def as_text(column: pa.Array) -> pa.Array:
    """Give a column as texts without nulls."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return pc.fill_null(column.cast(pa.string()), "")


def encoded(column: pa.Array) -> pa.DictionaryArray:
    """Give a column as texts without nulls, each distinct one once; the dictionary that a file has is kept."""
    kept = pa.types.is_dictionary(column.type) and not (column.null_count or column.dictionary.null_count)
    if kept and len(column.dictionary) <= len(column):
        return pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(pa.string()))
    return as_text(column).dictionary_encode()


def _column(field: SourceField, columns: Columns, count: int, zone: str) -> pa.Array:
    if field.constant is not None:
        return pa.repeat(field.constant, count)
    if field.is_plain and field.sources[0] in columns:
        return columns[field.sources[0]]
    texts = _sourced(field, columns, count)
    if field.minus or field.until:
        return _length(field, texts, columns, zone)
    return _by_distinct(field, texts)


def _text(columns: Columns, name: str, count: int) -> pa.Array:
    return as_text(columns[name]) if name in columns else pa.repeat("", count)


def _sourced(field: SourceField, columns: Columns, count: int) -> pa.Array:
    """Give the texts of the sources, joined, or the first that is not empty."""
    texts = [_text(columns, name, count) for name in field.sources]
    if len(texts) == 1:
        return texts[0]
    if field.join is not None:
        return pc.binary_join_element_wise(*texts, field.join)
    return _first_filled(texts)


def _first_filled(texts: list[pa.Array]) -> pa.Array:
    if len(texts) == 1:
        return texts[0]
    filled = [pc.if_else(pc.equal(pc.ascii_trim(text, " "), ""), None, text) for text in texts]
    return pc.fill_null(pc.coalesce(*filled), "")


def _by_distinct(field: SourceField, texts: pa.Array) -> pa.Array:
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary
    if field.split is not None:
        distinct = _part(distinct, field.split, field.part)
    if field.regex is not None:
        distinct = _group(distinct, field.regex, field.otherwise or "")
    if field.lookup is not None:
        distinct = _looked_up(distinct, field.lookup, field.otherwise)
    return whole(distinct.take(encoded.indices))


def _part(texts: pa.Array, separator: str, place: int) -> pa.Array:
    parts = [text.split(separator) for text in texts.to_pylist()]
    return pa.array([part[place] if place < len(part) else "" for part in parts], pa.string())


def _group(texts: pa.Array, pattern: str, otherwise: str) -> pa.Array:
    """Give what stands in a pattern's first group; RE2 takes linear time whatever the text."""
    found = pc.match_substring_regex(texts, pattern)
    inside = pc.replace_substring_regex(texts, rf"(?s)^.*?(?:{pattern}).*$", r"\1")
    return pc.if_else(found, inside, otherwise)


def _looked_up(texts: pa.Array, table: Mapping[str, str], otherwise: str | None) -> pa.Array:
    trimmed = pc.ascii_trim(texts, " ")
    place = pc.index_in(trimmed, pa.array(list(table), pa.string()))
    found = pa.array(list(table.values()), pa.string()).take(place)
    return pc.coalesce(found, trimmed if otherwise is None else pa.scalar(otherwise, pa.string()))


def _length(field: SourceField, texts: pa.Array, columns: Columns, zone: str) -> pa.Array:
    """Give a length of time made of two sources as whole milliseconds; what cannot be read stays as it is written."""
    other = _first_filled([_text(columns, name, len(texts)) for name in field.minus or field.until])
    if field.minus:
        return _difference(texts, other, field.unit)
    return _between(texts, other, field, load_zone(field.zone or zone))


def _difference(texts: pa.Array, other: pa.Array, unit: durations.Unit) -> pa.Array:
    more, less = durations.parse(texts, unit), durations.parse(other, unit)
    readable = ~(more.malformed | less.malformed | more.out_of_range | less.out_of_range)
    return _written(np.maximum(more.ms - less.ms, 0), readable, texts, other)


def _between(texts: pa.Array, other: pa.Array, field: SourceField, zone: Zone) -> pa.Array:
    (begin, begins), (end, ends) = (_instants(text, field.format, zone) for text in (texts, other))
    none = _is_no_time(texts) | _is_no_time(other)
    written = _written((end - begin) // 1000, begins & ends & ~none, texts, other)
    return pc.if_else(pa.array(none), field.otherwise or "", written)


def _instants(texts: pa.Array, formats: Sequence[str], zone: Zone) -> tuple[Int64, Bools]:
    """Give times in UTC µs, so that a call over a change of the clocks keeps its length, and which of them are any."""
    times = timestamps.parse(texts, formats)
    as_utc, in_gap = zone.to_utc(times.us)
    return np.where(times.aware, times.us, as_utc), times.valid & (times.aware | ~in_gap)


def _is_no_time(texts: pa.Array) -> Bools:
    none: Bools = pc.is_in(pc.ascii_trim(texts, " "), pa.array(_NO_TIME)).to_numpy(zero_copy_only=False)
    return none


def _written(
    ms: np.ndarray[tuple[int], np.dtype[np.int64]], readable: Bools, texts: pa.Array, other: pa.Array
) -> pa.Array:
    """Give milliseconds as texts, and where they cannot be known the source that is at fault, so that it is refused."""
    empty = pc.and_(pc.equal(texts, ""), pc.equal(other, ""))
    unread = pc.if_else(empty, "", pc.binary_join_element_wise(texts, other, " - "))
    return pc.if_else(pa.array(readable), pa.array(ms).cast(pa.string()), unread)
