"""The window's records with the nodes of its snapshot, read from the lake as often as it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.links.table import Integers, Mask, Nodes
from graph.reading.kinds import Kinds, kinds_of
from graph.reading.segments import Vocabulary, coded_records
from graph.snapshot import Snapshot
from ingest.erased.erased import SIDES

_ALWAYS = (*SIDES, "operator", "kind", "caller_kind", "started")
_BETWEEN = "\x01"


class NodeRecords:
    """Records in the lake's segments `paths`, but those with a number that is `left_out`."""

    def __init__(self, paths: Sequence[Path], left_out: Sequence[str], snapshot: Snapshot) -> None:
        self._paths, self._left_out, self._snapshot = paths, left_out, snapshot
        self._vocabulary = Vocabulary()
        numbers, operators = self._vocabulary.numbers, self._vocabulary.by_column["operator"]
        (code,) = numbers.codes([snapshot.numbers["number"].combine_chunks()])
        (operator,) = operators.codes([snapshot.numbers["operator"].combine_chunks()])
        self._nodes = np.full((len(operators.known), len(numbers.known)), -1, dtype=np.int32)
        self._nodes[operator.to_numpy(), code.to_numpy()] = np.arange(len(code), dtype=np.int32)

    def read(self, *columns: str) -> Iterator[tuple[pa.Table, Kinds]]:
        """Give the records in groups, texts as codes: those `columns` besides what tells sides and kinds."""
        wanted = tuple(dict.fromkeys((*_ALWAYS, *columns)))
        window = self._snapshot.window
        for records in coded_records(self._paths, window, self._left_out, self._vocabulary, wanted):
            yield records, kinds_of(records, self._vocabulary)

    def nodes(self, records: pa.Table, side: str) -> Nodes:
        """Give the nodes on a side of records, -1 of numbers that the snapshot lacks; no side may be null."""
        operator, code = records["operator"].to_numpy(), records[side].to_numpy()
        known = (operator < self._nodes.shape[0]) & (code < self._nodes.shape[1])
        nodes = np.full(len(known), -1, dtype=np.int32)
        nodes[known] = self._nodes[operator[known], code[known]]
        return nodes

    def mask(self, nodes: Nodes) -> Mask:
        """Give a table of who is among `nodes`, by node; the last row, which -1 means, is not."""
        table = np.zeros(len(self._snapshot.numbers) + 1, dtype=np.bool_)
        table[nodes] = True
        return table

    def named(self, nodes: Nodes, column: str, codes: Integers) -> pa.Array:
        """Give the texts of codes in a column, each behind the operator of its node, whose own it is."""
        operators = self._snapshot.numbers["operator"].take(pa.array(nodes)).combine_chunks()
        texts = self._vocabulary.by_column[column].known.take(pa.array(codes))
        return pc.binary_join_element_wise(operators, texts, _BETWEEN)
