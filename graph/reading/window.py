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
from graph.reading.drafts import OPERATOR, SIDES, drafts, schemas
from graph.reading.facts import Facts
from graph.reading.kinds import kinds_of
from graph.reading.numbers import NUMBERS, Nodes, Population
from graph.reading.segments import Vocabulary, coded_records, columns_with
from graph.reading.texts import Codes
from graph.windows import Window

_ROW_GROUP = 1 << 17  # rows; few of them have a caller from any span of nodes, because segments are sorted by caller


@dataclass(frozen=True)
class WindowFiles:
    """The records of a window, as Parquet files without compression, which go with the folder that they lie in."""

    numbers: Path  # NUMBERS
    count: int  # of these
    tables: Mapping[str, Path]  # calls, messages, forwards
    schemas: Mapping[str, pa.Schema]  # of these
    texts: Mapping[str, pa.Array]  # of the columns of texts that are kept, each sorted by its bytes
    facts: Mapping[str, Any]
    recorded: Mapping[str, int]  # how many calls have a value, by column


def read_window(
    paths: Sequence[Path],
    window: Window,
    left_out: Sequence[str],
    settings: FeatureSettings,
    folder: Path,
    kept: Sequence[str],
) -> WindowFiles:
    """Write the records of `paths` that started within `window` into `folder`, but those with a number `left_out`.

    kept: which texts of calls are read, of KEPT. Memory grows with the different texts (about 40 bytes each, and 28 for
    each operator), not with the records. While calls are written, two files of them lie in `folder`, of about 75 and 40
    bytes a call.
    """
    vocabulary = Vocabulary()
    people, facts = Population(vocabulary), Facts(vocabulary)
    of_tables = schemas(kept)
    with ExitStack() as open_:
        files = {name: open_.enter_context(_draft(folder, name, schema)) for name, schema in of_tables.items()}
        for records in coded_records(paths, window, left_out, vocabulary, columns_with(kept)):
            kinds = kinds_of(records, vocabulary)
            people.add(records, kinds)
            found = drafts(records, kinds, vocabulary, settings, kept)
            facts.add(records, kinds, found["calls"])
            for name, rows in found.items():
                files[name].write_table(rows)
    numbers, nodes = people.numbers()
    orders = {name: vocabulary.by_column[name].ranks() for name in kept}
    tables = {name: _final(folder, name, schema, nodes, orders) for name, schema in of_tables.items()}
    _write(folder / "numbers.parquet", NUMBERS, [numbers])
    texts = {name: vocabulary.by_column[name].known.sort() for name in kept}
    pa.default_memory_pool().release_unused()  # what was read is on disk; arrays come next
    written = folder / "numbers.parquet"
    return WindowFiles(written, len(numbers), tables, of_tables, texts, facts.as_json(), facts.recorded)


def _draft(folder: Path, name: str, schema: pa.Schema) -> pa.ipc.RecordBatchFileWriter:
    return pa.ipc.new_file(folder / f"{name}.arrow", schema.append(OPERATOR))


def _final(folder: Path, name: str, schema: pa.Schema, nodes: Nodes, ranks: Mapping[str, Codes]) -> Path:
    """Write a draft again with nodes in the place of codes, and give its path; the draft is gone."""
    draft, path = folder / f"{name}.arrow", folder / f"{name}.parquet"
    with pa.OSFile(str(draft)) as opened:  # read, not mapped: what is mapped counts as memory until it is closed
        file = pa.ipc.open_file(opened)
        batches = (file.get_batch(at) for at in range(file.num_record_batches))
        _write(path, schema, (_on_nodes(batch, schema, SIDES[name], nodes, ranks) for batch in batches))
    draft.unlink()
    return path


def _on_nodes(
    rows: pa.RecordBatch, schema: pa.Schema, sides: Sequence[str], nodes: Nodes, ranks: Mapping[str, Codes]
) -> pa.Table:
    operator = rows["operator"].to_numpy()
    columns = {column: rows[column] for column in schema.names}
    for side in sides:
        columns[side] = pa.array(nodes.of(operator, rows[side].to_numpy()))
    for text in ranks.keys() & columns.keys():
        columns[text] = pa.array(ranks[text]).take(rows[text])
    return pa.table(columns, schema=schema)


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
