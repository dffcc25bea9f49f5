"""Dead letters read again: rows as they were kept, each by itself, through the reader of the format they came in."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Engine

from configs import IngestSettings
from ingest.canonical import only_calls, with_made
from ingest.formats import reader
from ingest.ledger.dead_letters import read_blocks
from ingest.ledger.ledger import BatchRow
from ingest.mapping.operators import Operator
from ingest.records.chunk import DEAD, RAW_BYTES, Chunk, Content
from ingest.records.lines import BOM
from ingest.records.separated import read_rows
from ingest.values.arrow import Bools, Int64, whole

_WITH_HEADER = ("csv", "tsv")
_AS_BYTES = (*_WITH_HEADER, "fixed", "json")  # kept as the bytes that they were, others as what could be read of them
_OF_THE_RECORD = "row_"  # beginning of the reasons that say something of a record as a whole, not of what it means
Names = Sequence[str]
_Again = Callable[[pa.Array, Names, Operator, IngestSettings], Iterator[Chunk]]
_LINE_END = b"\r\n"  # a carriage return before it stays a part of its row
_EMPTY_OBJECT = b"{}"
_NOTHING = Chunk({}, np.empty(0, np.int64), lambda _: pa.array([], pa.binary()), DEAD.empty_table())
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?P<fraction>\.\d{1,9})?(?P<offset>[+-]\d\d:\d\d)?"
)  # as Python writes them


class Letters:
    """Dead letters of one batch of which some are read again; the counts stand when `content` is read to its end.

    `reasons` are those of the rows to read, none for all. The others keep their places among what is given.
    """

    def __init__(
        self, engine: Engine, batch: BatchRow, reasons: Collection[str], operator: Operator, limits: IngestSettings
    ) -> None:
        self._engine, self._batch, self._operator, self._limits = engine, batch, operator, limits
        self._reasons = pa.array(sorted(reasons or batch.reasons), pa.string())
        self.read: Counter[str] = Counter()
        self.not_calls: Counter[str] = Counter()
        self.partial = 0  # rows of which too little is kept to read them again

    def hindrance(self) -> str | None:
        """Say why nothing can be read again and what to do; None where nothing is in the way."""
        needs_header = self._batch.format in _WITH_HEADER and self._operator.csv.header is True
        if self._batch.format is None or (needs_header and not self._batch.header):
            return "taken in by an earlier version, which kept no header to read rows by; bring the file again"
        return None

    def content(self) -> Content:
        """Give the rows as an opened file: those that are read, and as dead letters those that are not."""
        return Content((), self._chunks())

    def _chunks(self) -> Iterator[Chunk]:
        for dead in read_blocks(self._engine, self._batch.id):
            chosen = self._choose(dead)
            rest = dead.filter(pa.array(~chosen))
            for chunk in self._calls_of(dead.filter(pa.array(chosen))) if chosen.any() else ():
                until = max(_last(chunk.rows), _last(chunk.dead["row"].to_numpy()))
                before = pc.less_equal(rest["row"], until)
                yield _with_dead(chunk, rest.filter(before))
                rest = rest.filter(pc.invert(before))
            yield _with_dead(_NOTHING, rest)

    def _choose(self, dead: pa.Table) -> Bools:
        """Give which rows of a block are read again."""
        wanted = pc.is_in(dead["reason"], self._reasons).to_numpy()
        length = pc.binary_length(dead["raw"]).to_numpy()
        partial = (length >= RAW_BYTES) | (length == 0)  # of erased numbers nothing is kept
        if self._batch.format not in _AS_BYTES:
            partial |= pc.starts_with(dead["reason"], _OF_THE_RECORD).to_numpy()
        self.partial += int(np.count_nonzero(wanted & partial))
        chosen: Bools = wanted & ~partial
        return chosen

    def _calls_of(self, dead: pa.Table) -> Iterator[Chunk]:
        """Read rows again and leave out those that the mapping's filter says are no calls."""
        self.read.update(dead["reason"].to_pylist())
        assert self._batch.format is not None, "a hindrance"
        for chunk in read_again(dead, self._batch.format, self._batch.header or (), self._operator, self._limits):
            made = with_made(chunk, self._operator)
            kept, _ = only_calls(made, self._operator)
            others = pc.is_in(dead["row"], pa.array(np.setdiff1d(made.rows, kept.rows)))
            self.not_calls.update(dead["reason"].filter(others).to_pylist())
            yield kept


def read_again(
    dead: pa.Table, format_: str, names: Names, operator: Operator, limits: IngestSettings
) -> Iterator[Chunk]:
    """Read rows of DEAD as the reader of their format does, at the places that they have in their file.

    `names` is the header that the file had. Raises RejectedError where the rows lack what the mapping needs.
    """
    raw, places = whole(dead["raw"]), dead["row"].to_numpy()
    for chunk in _AGAIN[format_](raw, names, operator, limits):
        yield _placed(chunk, raw, places)


def _placed(chunk: Chunk, raw: pa.Array, places: Int64) -> Chunk:
    """Give a chunk whose rows count from 0 with the rows' own places and texts."""
    rows, bad = chunk.rows, chunk.dead["row"].to_numpy()
    dead = pa.table([places[bad], whole(chunk.dead["reason"]), raw.take(pa.array(bad))], schema=DEAD)
    return Chunk(chunk.columns, places[rows], lambda within: raw.take(pa.array(rows[within])), dead)


def _with_dead(chunk: Chunk, dead: pa.Table) -> Chunk:
    together = pa.concat_tables([chunk.dead, dead])
    return replace(chunk, dead=together.take(pc.sort_indices(together["row"])))


def _last(rows: Int64) -> int:
    return int(rows[-1]) if len(rows) else -1


def _csv(raw: pa.Array, names: Names, operator: Operator, limits: IngestSettings) -> Iterator[Chunk]:
    written = operator.csv
    yield read_rows(raw, names if written.header is True else written.header, operator, written, limits)


def _tsv(raw: pa.Array, names: Names, operator: Operator, limits: IngestSettings) -> Iterator[Chunk]:
    return _csv(raw, names, operator.model_copy(update={"csv": operator.csv.tabbed}), limits)


def _fixed(raw: pa.Array, _: Names, operator: Operator, limits: IngestSettings) -> Iterator[Chunk]:
    lines = BOM + _LINE_END.join(raw.to_pylist()) + _LINE_END
    nothing_skipped = operator.fixed and operator.fixed.model_copy(update={"skip": 0})
    cut = operator.model_copy(update={"fixed": nothing_skipped})
    return reader("fixed")(io.BytesIO(lines), cut, limits).chunks


def _objects(raw: pa.Array, _: Names, operator: Operator, limits: IngestSettings) -> Iterator[Chunk]:
    """Read objects as lines; line ends within them are blanks. The first line makes the file one of lines."""
    lines = _LINE_END.join([_EMPTY_OBJECT, *(row.replace(b"\n", b" ") for row in raw.to_pylist())])
    alone = operator.model_copy(update={"json_": operator.json_.model_copy(update={"records": None})})
    for chunk in reader("json")(io.BytesIO(lines), alone, limits).chunks:
        kept = chunk.where(chunk.rows > 0)
        rows, bad = kept.rows - 1, kept.dead["row"].to_numpy() - 1
        yield Chunk(kept.columns, rows, kept.raw, kept.dead.set_column(0, DEAD.field("row"), pa.array(bad)))


def _parquet(raw: pa.Array, _: Names, operator: Operator, limits: IngestSettings) -> Iterator[Chunk]:
    rows = [json.loads(row) for row in raw.to_pylist()]
    names = list(dict.fromkeys(name for row in rows for name in row))
    times = operator.fields["started"].sources
    columns = {name: _column([row.get(name) for row in rows], name in times) for name in names}
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    file.seek(0)
    return reader("parquet")(file, operator, limits).chunks


def _column(values: Sequence[object], is_time: bool) -> pa.Array:
    """Give JSON values as a column of the type that they were written from."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return _integers(values)
    if kinds in ({bool}, {float}):
        return pa.array(values)
    texts = pa.array([None if value is None else str(value) for value in values], pa.string())
    return _as_times(texts) if is_time else texts


def _integers(values: Sequence[object]) -> pa.Array:
    try:
        return pa.array(values, pa.int64())
    except OverflowError:  # written from a column without signs
        return pa.array(values, pa.uint64())


def _as_times(texts: pa.Array) -> pa.Array:
    """Give timestamps where every text is one as Python writes it, else the texts."""
    found = [_TIME.fullmatch(text) for text in texts.drop_null().to_pylist()]
    matches = [match for match in found if match]
    if not matches or len(matches) < len(found):
        return texts
    unit = "ns" if any(len(match["fraction"] or "") > 7 for match in matches) else "us"
    try:
        return texts.cast(pa.timestamp(unit, "UTC" if matches[0]["offset"] else None))
    except pa.ArrowInvalid:  # no such day: it was a text
        return texts


_AGAIN: dict[str, _Again] = {
    "csv": _csv,
    "tsv": _tsv,
    "fixed": _fixed,
    "json": _objects,
    "xml": _objects,
    "ber": _objects,
    "parquet": _parquet,
}
