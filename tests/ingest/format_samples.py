"""The same calls in every format, and an operator that reads them all."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import asn1tools
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from configs import IngestSettings
from ingest.formats import reader
from ingest.home import Home
from ingest.mapping.operators import Operator
from ingest.records.chunk import Chunk, Content
from tests.ingest.samples import settings_with

NAMES = ("a", "b", "t", "d")
MODULE = """Sample DEFINITIONS IMPLICIT TAGS ::= BEGIN
Call ::= SEQUENCE {
  a [0] IA5String, b [1] IA5String, t [2] IA5String, d [3] INTEGER, cell [4] IA5String OPTIONAL
}
END
"""
MAPPING: dict[str, Any] = {
    "country": "IN",
    "zone": "UTC",
    "numbers": "e164",
    "fields": {
        "caller": {"from": "a"},
        "callee": {"from": "b"},
        "started": {"from": "t"},
        "talk_ms": {"from": "d"},
        "cell": {"from": "cell", "optional": True},
    },
    "fixed": {
        "columns": [
            {"name": "a", "from": 0, "to": 13},
            {"name": "b", "from": 13, "to": 26},
            {"name": "t", "from": 27, "to": 47},
            {"name": "d", "from": 47, "to": 52},
            {"name": "cell", "from": 52, "to": 60},
        ]
    },
    "xml": {"record": "cdr"},
    "ber": {"module": "sample.asn", "type": "Call"},
}
SMALL = settings_with(chunk_rows=100, block_bytes=4096, max_row_bytes=1024).ingest
Row = Sequence[str]


def operator_with(**sections: Any) -> Operator:
    """The operator, with other sections in its mapping."""
    return Operator.model_validate({"name": "sample", **MAPPING, "files": {"module": MODULE}, **sections})


def install(home: Home) -> None:
    """Put the operator into a home."""
    home.operators.mkdir(exist_ok=True)
    (home.operators / "sample.yaml").write_text(yaml.safe_dump(MAPPING))
    (home.operators / "sample.asn").write_text(MODULE)


def row(i: int) -> Row:
    """One call, another one for each `i`."""
    return (
        f"+91987654{i % 10_000:04d}",
        "+918765432109",
        f"2026-05-01T{i % 24:02d}:00:{i // 24 % 60:02d}Z",
        str(i % 300),
    )


def rows(count: int) -> list[Row]:
    """`count` different calls."""
    return [row(i) for i in range(count)]


def content_of(data: bytes, format_: str, operator: Operator | None = None, limits: IngestSettings = SMALL) -> Content:
    """Open a file."""
    return reader(format_)(io.BytesIO(data), operator or operator_with(), limits)


def chunks_of(
    data: bytes, format_: str, operator: Operator | None = None, limits: IngestSettings = SMALL
) -> list[Chunk]:
    """Read a file."""
    return list(content_of(data, format_, operator, limits).chunks)


def column(chunks: Iterable[Chunk], name: str) -> list[str | None]:
    """One column, over all chunks."""
    return [value for chunk in chunks if name in chunk.columns for value in chunk.columns[name].to_pylist()]


def dead(chunks: Iterable[Chunk]) -> list[tuple[int, str, bytes]]:
    """The rows that are dead already, over all chunks."""
    return [tuple(entry.values()) for chunk in chunks for entry in chunk.dead.to_pylist()]


def places(chunks: Iterable[Chunk]) -> list[int]:
    """The places of all rows, good and dead."""
    return sorted(place for chunk in chunks for place in [*chunk.rows.tolist(), *chunk.dead["row"].to_pylist()])


def as_separated(calls: Sequence[Row], mark: str) -> bytes:
    return "".join(f"{mark.join(line)}\n" for line in [NAMES, *calls]).encode()


def as_fixed(calls: Sequence[Row]) -> bytes:
    return "".join(f"{a:13}{b:13} {t:20}{d:>5}{'':8}\n" for a, b, t, d in calls).encode()


def as_lines(calls: Sequence[Row]) -> bytes:
    return b"".join(json.dumps(dict(zip(NAMES, call, strict=True))).encode() + b"\n" for call in calls)


def as_array(calls: Sequence[Row]) -> bytes:
    return json.dumps([dict(zip(NAMES, call, strict=True)) for call in calls], indent=1).encode()


def as_xml(calls: Sequence[Row]) -> bytes:
    fields = ("".join(f"<{n}>{escape(v)}</{n}>" for n, v in zip(NAMES, call, strict=True)) for call in calls)
    return f"<cdrs>{''.join(f'<cdr>{field}</cdr>' for field in fields)}</cdrs>".encode()


@cache
def specification() -> Any:
    """The compiled module."""
    return asn1tools.compile_string(MODULE, "ber")


def as_ber(calls: Sequence[Row]) -> bytes:
    return b"".join(specification().encode("Call", {"a": a, "b": b, "t": t, "d": int(d)}) for a, b, t, d in calls)


def as_parquet(calls: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(dict(zip(NAMES, zip(*calls, strict=True), strict=True))), out)
    return out.getvalue()


WRITERS: dict[str, tuple[str, Callable[[Sequence[Row]], bytes]]] = {  # suffix → format and how it is written
    "csv": ("csv", lambda calls: as_separated(calls, ",")),
    "tsv": ("tsv", lambda calls: as_separated(calls, "\t")),
    "fwf": ("fixed", as_fixed),
    "jsonl": ("json", as_lines),
    "json": ("json", as_array),
    "xml": ("xml", as_xml),
    "ber": ("ber", as_ber),
    "parquet": ("parquet", as_parquet),
}
