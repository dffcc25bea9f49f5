"""The snapshot: one window of the call graph as immutable, memory-mapped tables.

Node = row number. Nodes are sorted by (operator, number), edges by (caller node, callee node), so that every reader
sees the same order and digests repeat. The id is made from what went in, so building twice gives the same folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.windows import Window

IntArray = npt.NDArray[np.int64]
NodeArray = npt.NDArray[np.int32]

_SEPARATOR = "\x01"

NUMBERS = pa.schema(
    [
        pa.field("operator", pa.string(), False),
        pa.field("number", pa.string(), False),
        pa.field("kind", pa.string(), False),  # e164, short, service, withheld, opaque
        pa.field("country", pa.string()),  # ISO 3166 alpha-2
        pa.field("line_type", pa.string()),  # libphonenumber's name in lower case: mobile, fixed_line, toll_free …
        pa.field("carrier", pa.string()),  # by numbering plan, not by porting
        pa.field("first_seen", pa.int64(), False),  # µs, within the window
        pa.field("last_seen", pa.int64(), False),
    ]
)
EDGES = pa.schema(
    [
        pa.field("caller", pa.int32(), False),  # node
        pa.field("callee", pa.int32(), False),  # node
        pa.field("calls", pa.int64(), False),
        pa.field("answered", pa.int64(), False),
        pa.field("talk_ms", pa.int64(), False),
        pa.field("night_calls", pa.int64(), False),
        pa.field("first_seen", pa.int64(), False),  # µs
        pa.field("last_seen", pa.int64(), False),
    ]
)
LINK_KEYS = pa.schema(
    [
        pa.field("node", pa.int32(), False),
        pa.field("reason", pa.string(), False),  # rare_victim, range, device …
        pa.field("key", pa.int64(), False),  # equal keys of one reason are a cheap hint, not yet a link
    ]
)

ENTITIES = pa.schema(
    [
        pa.field("operator", pa.string(), False),
        pa.field("kind", pa.string(), False),  # range, device, sim, cell, trunk
        pa.field("key", pa.string(), False),  # the block's first digits with +, IMEI, IMSI, names of cells and trunks
        pa.field("numbers", pa.int64(), False),  # at least 2
        pa.field("calls", pa.int64(), False),  # sum over its numbers: a call between two of them counts for both
        pa.field("first_seen", pa.int64(), False),  # µs
        pa.field("last_seen", pa.int64(), False),
    ]
)
MEMBERSHIPS = pa.schema(
    [
        pa.field("entity", pa.int32(), False),  # row in the entity table
        pa.field("node", pa.int32(), False),
        pa.field("calls", pa.int64(), False),  # made, and for ranges and trunks received, as a part of the entity
    ]
)


@dataclass(frozen=True)
class Adjacency:
    """Compressed rows of one direction: the edges of node i are order[indptr[i]:indptr[i+1]]."""

    indptr: IntArray  # [n + 1]
    neighbours: NodeArray  # [m], the other end
    edges: IntArray  # [m], row in the edge table


class Snapshot:
    """One opened snapshot folder; all tables are memory-mapped on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Mapping[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    @property
    def id(self) -> str:
        """Content-addressed id."""
        return str(self.manifest["id"])

    @property
    def window(self) -> Window:
        """The analysed span."""
        return Window(int(self.manifest["window"]["start"]), int(self.manifest["window"]["end"]))

    @cached_property
    def numbers(self) -> pa.Table:
        """NUMBERS, row = node."""
        return _read(self.folder / "numbers.arrow")

    @cached_property
    def features(self) -> pa.Table:
        """One float64 column a feature of the catalogue, row = node; null = not computable for this node."""
        return _read(self.folder / "features.arrow")

    @cached_property
    def edges(self) -> pa.Table:
        """EDGES, sorted by (caller, callee)."""
        return _read(self.folder / "edges.arrow")

    @cached_property
    def link_keys(self) -> pa.Table:
        """LINK_KEYS, sorted by (reason, key, node)."""
        return _read(self.folder / "link_keys.arrow")

    @cached_property
    def entities(self) -> pa.Table:
        """ENTITIES, sorted by (operator, kind, key); empty where the snapshot was made without."""
        return self._optional("entities", ENTITIES)

    @cached_property
    def entity_features(self) -> pa.Table:
        """One float64 column a feature that entities have, row = entity; null = not computable, or not of its kind."""
        return self._optional("entity_features", pa.schema([]))

    @cached_property
    def memberships(self) -> pa.Table:
        """MEMBERSHIPS, sorted by (entity, node)."""
        return self._optional("memberships", MEMBERSHIPS)

    def _optional(self, name: str, schema: pa.Schema) -> pa.Table:
        path = self.folder / f"{name}.arrow"
        return _read(path) if path.is_file() else schema.empty_table()

    @cached_property
    def out(self) -> Adjacency:
        """Who a node calls; neighbours ascending."""
        indptr = self._array("out_indptr")
        return Adjacency(indptr, self.edges["callee"].to_numpy(), np.arange(len(self.edges), dtype=np.int64))

    @cached_property
    def into(self) -> Adjacency:
        """Who calls a node; neighbours ascending."""
        return Adjacency(self._array("in_indptr"), self._array("in_neighbours"), self._array("in_edges"))

    def node_of(self, operator: str, number: str) -> int | None:
        """Give the node of a key, or None when the window has no call of it."""
        if not (operator.isascii() and number.isascii()):
            return None
        key = node_key(operator, number)
        keys = self._keys
        if len(key) > keys.dtype.itemsize:
            return None
        at = int(np.searchsorted(keys, np.bytes_(key)))
        return at if at < len(keys) and keys[at] == key else None

    @cached_property
    def _keys(self) -> npt.NDArray[np.bytes_]:
        """The key of each node, ascending."""
        keys: npt.NDArray[np.bytes_] = self._array("keys")
        return keys

    def _array(self, name: str) -> Any:
        return np.load(self.folder / f"{name}.npy", mmap_mode="r")


def node_key(operator: str, number: str) -> bytes:
    """Give the sortable key of a node; the separator sorts below every allowed character."""
    return f"{operator}{_SEPARATOR}{number}".encode("ascii")


def number_of_key(key: str) -> str:
    """Give the number of a node key that is text."""
    return key.rpartition(_SEPARATOR)[2]


def operator_and_number(key: bytes) -> tuple[str, str]:
    """Give what a node key was made of."""
    operator, _, number = key.decode("ascii").rpartition(_SEPARATOR)
    return operator, number


def write_snapshot(
    folder: Path,
    manifest: Mapping[str, Any],
    numbers: pa.Table,
    features: pa.Table,
    edges: pa.Table,
    link_keys: pa.Table,
    optional: Mapping[str, pa.Table] | None = None,
) -> None:
    """Write all tables into an existing, empty `folder`; the manifest comes last, so a folder with one is whole.

    `manifest` holds at least id and window {start, end} (µs); counts are added here. `optional` tables go by their
    property's name.
    """
    count = len(numbers)
    tables = {"numbers": numbers, "features": features, "edges": edges, "link_keys": link_keys, **(optional or {})}
    for name, table in tables.items():
        _write(folder / f"{name}.arrow", table)
    np.save(folder / "keys.npy", _node_keys(numbers))
    callers, callees = edges["caller"].to_numpy(), edges["callee"].to_numpy()
    np.save(folder / "out_indptr.npy", _indptr(callers, count))
    order = np.argsort(callees.astype(np.int64) << 32 | callers)  # no two edges have both ends in common
    np.save(folder / "in_indptr.npy", _indptr(callees, count))
    np.save(folder / "in_neighbours.npy", callers[order])
    np.save(folder / "in_edges.npy", order.astype(np.int64))
    counts = {"numbers": count, "edges": len(edges), "calls": int(np.sum(edges["calls"].to_numpy()))}
    text = json.dumps({**manifest, "counts": counts}, indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _node_keys(numbers: pa.Table) -> npt.NDArray[np.bytes_]:
    joined = pc.binary_join_element_wise(numbers["operator"], numbers["number"], _SEPARATOR)
    keys = joined.to_numpy(zero_copy_only=False)
    return keys.astype(np.bytes_) if len(keys) else np.empty(0, dtype="S1")


def _indptr(nodes: npt.NDArray[Any], count: int) -> IntArray:
    return np.concatenate(([0], np.cumsum(np.bincount(nodes, minlength=count)))).astype(np.int64)


def _write(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def _read(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
