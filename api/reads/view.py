"""One committed run, opened: its tables, its store, and what is derived from them once and read many times."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from api.ids import Ids, NumberIndex, id_bytes
from api.reads.answers import CampaignRecord, NumberRecord
from api.reads.hiding import HidingStore
from api.reads.steady import SteadyStore
from detectors.results import Results
from graph.snapshot import Snapshot
from graph.store.port import GraphStore, Key, NumberNode
from graph.windows import Window
from ingest.ledger.ledger import RunRow
from ingest.values.ported import Ported

Span = tuple[int, int]


class View:
    """What all answers of one request are taken from; immutable, shared between threads.

    `embedded` answers from this run's own tables; `store` is what was asked for, with `embedded` behind it.
    """

    def __init__(
        self,
        *,
        run: RunRow,
        snapshot: Snapshot,
        results: Results,
        embedded: GraphStore,
        store: SteadyStore,
        ids: Ids,
        ported: Ported,
        mappings: Path,
    ) -> None:
        self.run = run
        self.snapshot = snapshot
        self.results = results
        self.embedded = embedded
        self.store = store
        self.ids = ids
        self.ported = ported
        self.mappings = mappings  # the home's own, beside those that are shipped
        self.hidden: frozenset[int] = frozenset()  # rows of numbers that are not shown

    @property
    def window(self) -> Window:
        """The analysed span."""
        return self.snapshot.window

    @cached_property
    def operators(self) -> list[str]:
        """Operators that have numbers in the window, sorted."""
        return sorted(pc.unique(self.snapshot.numbers["operator"]).to_pylist())

    @cached_property
    def index(self) -> NumberIndex:
        """The ids of all numbers."""
        numbers = self.snapshot.numbers
        return NumberIndex(self.ids, numbers["operator"].to_pylist(), numbers["number"].to_pylist())

    @cached_property
    def member_spans(self) -> dict[str, Span]:
        """Where each campaign's rows lie in the members table."""
        return _spans(self.results.members)

    @cached_property
    def link_spans(self) -> dict[str, Span]:
        """Where each campaign's rows lie in the links table."""
        return _spans(self.results.links)

    @cached_property
    def campaigns(self) -> dict[str, CampaignRecord]:
        """The campaigns by id, the riskiest first."""
        rows = [CampaignRecord(**row) for row in self.results.campaigns.to_pylist()]
        return {row.id: row for row in sorted(rows, key=lambda row: (-row.risk, row.id))}

    @cached_property
    def evidence_nodes(self) -> npt.NDArray[np.int32]:
        """The node of each row of evidence, ascending."""
        nodes: npt.NDArray[np.int32] = self.results.evidence["node"].to_numpy()
        return nodes

    def hiding(self, numbers: Collection[str]) -> View:
        """Give the same run without some numbers: erased ones that its tables still hold."""
        keys = [Key(operator, number) for operator in self.operators for number in numbers]
        view = copy(self)  # what is derived once is shared
        view.hidden = frozenset(row for key in keys if (row := self.node_of(key)) is not None)
        view.store = HidingStore(self.store, keys)
        return view

    def shown(self, table: pa.Table, *nodes: str) -> pa.Table:
        """Give the rows of a table whose nodes are all shown."""
        if not self.hidden:
            return table
        hidden = pa.array(sorted(self.hidden), pa.int32())
        for column in nodes:
            table = table.filter(pc.invert(pc.is_in(table[column], value_set=hidden)))
        return table

    def node_of(self, key: Key) -> int | None:
        """Give the row of a number, or None where the window has no call of it."""
        if not (key.operator + key.number).isascii():
            return None  # the snapshot's keys are ASCII
        return self.snapshot.node_of(key.operator, key.number)

    def records(self, rows: Sequence[int]) -> list[NumberRecord]:
        """Give the numbers at `rows`, in their order, from the run's own tables."""
        picked = self.snapshot.numbers.select(["operator", "number"]).take(pa.array(rows, pa.int64()))
        keys = [Key(*pair) for pair in zip(*(column.to_pylist() for column in picked.columns), strict=True)]
        nodes = [node for node in self.embedded.lookup(keys) if node is not None]
        scores = self.results.scores.select(["risk_basis", "base"]).take(pa.array(rows, pa.int64()))
        found = zip(nodes, rows, *(column.to_pylist() for column in scores.columns), strict=True)
        return [NumberRecord(self.id_of(node.key), node, row, basis, base) for node, row, basis, base in found]

    def record(self, node: NumberNode) -> NumberRecord:
        """Give a store's number with what the run's tables add."""
        row = self.node_of(node.key)
        assert row is not None, "a store shows the numbers of its run's snapshot"
        scores = self.results.scores
        return NumberRecord(
            self.id_of(node.key), node, row, scores["risk_basis"][row].as_py(), scores["base"][row].as_py()
        )

    def row_of_id(self, number_id: str) -> int | None:
        """Give the row of the number behind an opaque id, or None; other texts do not make the index be built."""
        row = self.index.node_of(number_id) if id_bytes(number_id) else None
        return None if row in self.hidden else row

    def id_of(self, key: Key) -> str:
        """Give a number's opaque id."""
        return self.ids.of_number(key.operator, key.number)

    def roles_in(self, campaign: str) -> dict[int, str]:
        """Give the roles of a campaign's members by their rows."""
        start, end = self.member_spans.get(campaign, (0, 0))
        members = self.results.members.slice(start, end - start)
        return dict(zip(members["node"].to_pylist(), members["role"].to_pylist(), strict=True))


def _spans(table: pa.Table) -> dict[str, Span]:
    """Give the first row and the row after the last of each campaign; the table is sorted by campaign."""
    runs: Any = pc.run_end_encode(table["campaign"].combine_chunks()) if len(table) else None
    if runs is None:
        return {}
    ends = runs.run_ends.to_pylist()
    return dict(zip(runs.values.to_pylist(), zip([0, *ends], ends, strict=False), strict=True))
