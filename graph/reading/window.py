"""A window of the lake as files of whole numbers: read once as drafts on codes, then written on nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from configs import FeatureSettings
from graph.reading.drafts import OPERATOR, SCHEMAS, SIDES, drafts
from graph.reading.facts import Facts
from graph.reading.kinds import kinds_of
from graph.reading.numbers import NUMBERS, Nodes, Population
from graph.reading.segments import KEPT, Vocabulary, coded_records
from graph.reading.texts import Codes
from graph.windows import Window

_ROW_GROUP = 1 << 17  # rows; few of them have a caller from any span of nodes, because segments are sorted by caller


@dataclass(frozen=True)
class WindowFiles:
    """The records of a window, as Parquet files without compression, which go with the folder that they lie in."""

    numbers: Path  # NUMBERS
    count: int  # of these
    tables: Mapping[str, Path]  # SCHEMAS by name: calls, messages, forwards
    texts: Mapping[str, pa.Array]  # of KEPT, each sorted by its bytes
    facts: Mapping[str, Any]
    recorded: Mapping[str, int]  # how many calls have a value, by column


def read_window(
    paths: Sequence[Path], window: Window, left_out: Sequence[str], settings: FeatureSettings, folder: Path
) -> WindowFiles:
    """Write the records of `paths` that started within `window` into `folder`, but those with a number `left_out`.

    Memory grows with the different texts (about 40 bytes each, and 28 for each operator), not with the records. While
    calls are written, two files of them lie in `folder`, of about 75 and 40 bytes a call.
    """
    vocabulary = Vocabulary()
    people, facts = Population(vocabulary), Facts(vocabulary)
    with ExitStack() as open_:
        files = {name: open_.enter_context(_draft(folder, name)) for name in SCHEMAS}
        for records in coded_records(paths, window, left_out, vocabulary):
            kinds = kinds_of(records, vocabulary)
            people.add(records, kinds)
            found = drafts(records, kinds, vocabulary, settings)
            facts.add(records, kinds, found["calls"])
            for name, rows in found.items():
                files[name].write_table(rows)
    numbers, nodes = people.numbers()
    orders = {name: vocabulary.by_column[name].ranks() for name in KEPT}
    tables = {name: _final(folder, name, nodes, orders) for name in SCHEMAS}
    _write(folder / "numbers.parquet", NUMBERS, [numbers])
    texts = {name: vocabulary.by_column[name].known.sort() for name in KEPT}
    pa.default_memory_pool().release_unused()  # what was read is on disk; arrays come next
    return WindowFiles(folder / "numbers.parquet", len(numbers), tables, texts, facts.as_json(), facts.recorded)


def _draft(folder: Path, name: str) -> pa.ipc.RecordBatchFileWriter:
    return pa.ipc.new_file(folder / f"{name}.arrow", SCHEMAS[name].append(OPERATOR))


def _final(folder: Path, name: str, nodes: Nodes, ranks: Mapping[str, Codes]) -> Path:
    """Write a draft again with nodes in the place of codes, and give its path; the draft is gone."""
    draft, path = folder / f"{name}.arrow", folder / f"{name}.parquet"
    with pa.OSFile(str(draft)) as opened:  # read, not mapped: what is mapped counts as memory until it is closed
        file = pa.ipc.open_file(opened)
        batches = (file.get_batch(at) for at in range(file.num_record_batches))
        _write(path, SCHEMAS[name], (_on_nodes(batch, name, nodes, ranks) for batch in batches))
    draft.unlink()
    return path


def _on_nodes(rows: pa.RecordBatch, name: str, nodes: Nodes, ranks: Mapping[str, Codes]) -> pa.Table:
    operator = rows["operator"].to_numpy()
    columns = {column: rows[column] for column in SCHEMAS[name].names}
    for side in SIDES[name]:
        columns[side] = pa.array(nodes.of(operator, rows[side].to_numpy()))
    for text in KEPT if name == "calls" else ():
        columns[text] = pa.array(ranks[text]).take(rows[text])
    return pa.table(columns, schema=SCHEMAS[name])


def _write(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    with pq.ParquetWriter(
        path, schema, compression="none", use_dictionary=False, write_statistics=["caller"]
    ) as writer:
        for table in _grouped(tables):
            writer.write_table(table, row_group_size=_ROW_GROUP)


def _grouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Give small tables together."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(map(len, waiting)) >= _ROW_GROUP // 2:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)
