"""The lake's segments, row group by row group, with texts as codes: from here on nothing looks at a text again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph.reading.texts import Texts
from graph.windows import Window
from ingest.erased.erased import SIDES

WHOLE = ("started", "talk_ms", "ring_ms", "answered")
TRUNKS = ("trunk_in", "trunk_out")
EQUIPMENT = ("imei", "imsi", "cell", *TRUNKS)
NAMES = ("operator", "kind", "caller_kind", "zone")
KEPT = ("origin_region", "target_region", *EQUIPMENT)  # texts of which a call keeps the code
_TEXTS = (*SIDES, *NAMES, *KEPT)
_TOGETHER = 1 << 18  # records whose dictionaries are looked up together, or as many as there are numbers: each look-up
# goes over all that is known


def columns_with(kept: Sequence[str]) -> tuple[str, ...]:
    """Give the columns of the lake that calls are read from, with some of KEPT."""
    return (*SIDES, *NAMES, *kept, *WHOLE)


class Vocabulary:
    """The texts of the records read so far; numbers are one set, whichever side they stand on, and trunks are."""

    def __init__(self) -> None:
        self.numbers, trunks = Texts(), Texts()
        self.by_column = {
            **{name: Texts() for name in (*NAMES, *KEPT)},
            **dict.fromkeys(SIDES, self.numbers),
            **dict.fromkeys(TRUNKS, trunks),
        }

    def coded(self, groups: Sequence[pa.Table]) -> list[pa.Table]:
        """Give `groups` with codes (int32, null as the text) in the place of texts."""
        read = groups[0].column_names
        coded: list[dict[str, pa.Array]] = [{name: group[name] for name in WHOLE if name in read} for group in groups]
        for texts in {id(texts): texts for name, texts in self.by_column.items() if name in read}.values():
            names = [name for name, of_column in self.by_column.items() if of_column is texts and name in read]
            columns = [_one(group[name]) for name in names for group in groups]
            codes = texts.codes([column.dictionary for column in columns])
            for at, (column, code) in enumerate(zip(columns, codes, strict=True)):
                name, group = divmod(at, len(groups))
                coded[group][names[name]] = code.take(column.indices)
        return [pa.table(columns) for columns in coded]


def coded_records(
    paths: Sequence[Path],
    window: Window,
    left_out: Sequence[str],
    vocabulary: Vocabulary,
    columns: Sequence[str],
) -> Iterator[pa.Table]:
    """Give the records that started within `window`, whatever their kind, coded by `vocabulary`, in bounded groups.

    columns: of the lake, SIDES and `started` among them. Records with a number that is `left_out` on any side are not
    given.
    """
    waiting: list[pa.Table] = []
    for group in _groups(paths, window, left_out, columns):
        waiting.append(group)
        if sum(map(len, waiting)) >= max(_TOGETHER, len(vocabulary.numbers.known)):
            yield from vocabulary.coded(waiting)
            waiting = []
    if waiting:
        yield from vocabulary.coded(waiting)


def _groups(
    paths: Sequence[Path], window: Window, left_out: Sequence[str], columns: Sequence[str]
) -> Iterator[pa.Table]:
    for path in paths:
        with pq.ParquetFile(path, read_dictionary=[name for name in columns if name in _TEXTS]) as file:
            for at in _near(file, window):
                records = file.read_row_group(at, columns=columns)
                records = _within(records, window)
                yield _without(records, left_out) if left_out else records


def _near(file: pq.ParquetFile, window: Window) -> list[int]:
    """Give the row groups that may have records of the window, by the statistics that segments keep."""
    place = file.schema_arrow.get_field_index("started")
    spans = [file.metadata.row_group(at).column(place).statistics for at in range(file.num_row_groups)]
    return [
        at
        for at, span in enumerate(spans)
        if span is None or not span.has_min_max or (span.max >= window.start and span.min < window.end)
    ]


def _within(records: pa.Table, window: Window) -> pa.Table:
    started = records["started"].to_numpy()
    is_in = (started >= window.start) & (started < window.end)
    return records if is_in.all() else records.filter(pa.array(is_in))


def _without(records: pa.Table, left_out: Sequence[str]) -> pa.Table:
    values = pa.array(left_out, pa.string())
    for side in SIDES:
        column = _one(records[side])
        is_out = pc.is_in(column.dictionary, value_set=values).take(column.indices)
        records = records.filter(pc.invert(is_out.fill_null(False)))
    return records


def _one(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Give a column as one array with one dictionary."""
    return column.unify_dictionaries().combine_chunks()
