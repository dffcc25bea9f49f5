"""Research data sets as columns; nothing of them is kept anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CALL_FEATURES = 26  # of a subscriber's features the first are about calls
UNKNOWN = -1  # kind of a node that has no visible label


class MissingDataError(Exception):
    """A file or column of a data set is not there."""


@dataclass(frozen=True)
class Subscribers:
    """Users with features, [n] in the order of their ids, and pairs that share a contact."""

    users: IntArray
    features: dict[str, FloatArray]  # NaN = not known
    train: BoolArray
    validation: BoolArray
    known: BoolArray  # whose label is given
    fraud: BoolArray  # false where it is not known
    a: IntArray  # [edges] rows of users
    b: IntArray


@dataclass(frozen=True)
class CallGraph:
    """A bare directed graph, its nodes numbered from 0, and what is known of some of them."""

    caller: IntArray  # [edges]
    callee: IntArray
    kind: IntArray  # [nodes] 0 normal, 1 fraud, 2 courier, 3 other service, UNKNOWN

    @property
    def known(self) -> BoolArray:
        """Whose kind is given, [nodes]."""
        return np.asarray(self.kind != UNKNOWN)

    @property
    def fraud(self) -> BoolArray:
        """Who is known to be fraudulent, [nodes]."""
        return np.asarray(self.kind == 1)


def read_subscribers(data: Path, features: str) -> Subscribers:
    """Read `sichuan`, with `all` features or those about `call`s only; raises MissingDataError."""
    folder = _folder(data, "sichuan", ("users.parquet", "shared_contact_edges.parquet"))
    table = _columns(pq.read_table(folder / "users.parquet"), ("user", "part", "label")).sort_by("user")
    pairs = _columns(pq.read_table(folder / "shared_contact_edges.parquet"), ("a", "b"))
    users = _integers(table["user"])
    names = [name for name in table.column_names if name not in ("user", "part", "label")]
    chosen = names[:CALL_FEATURES] if features == "call" else names
    return Subscribers(
        users,
        {name: _floats(table[name]) for name in chosen},
        _booleans(pc.equal(table["part"], "train")),
        _booleans(pc.equal(table["part"], "validation")),
        _booleans(pc.is_valid(table["label"])),
        _booleans(pc.equal(table["label"], 1)),
        _rows(users, _integers(pairs["a"])),
        _rows(users, _integers(pairs["b"])),
    )


def read_call_graph(data: Path) -> CallGraph:
    """Read `bupt`; raises MissingDataError. Nodes are all ids from 0 to the largest that is seen."""
    folder = _folder(data, "bupt", ("edges.parquet", "labels_visible.csv"))
    edges = _columns(pq.read_table(folder / "edges.parquet"), ("caller", "callee"))
    labels = _columns(pyarrow.csv.read_csv(folder / "labels_visible.csv"), ("node", "kind"))
    caller, callee, node = (_integers(ids) for ids in (edges["caller"], edges["callee"], labels["node"]))
    kind = np.full(1 + max(int(ids.max(initial=-1)) for ids in (caller, callee, node)), UNKNOWN, dtype=np.int64)
    kind[node] = _integers(labels["kind"])
    return CallGraph(caller, callee, kind)


def _folder(data: Path, name: str, files: tuple[str, ...]) -> Path:
    """Give the data set's folder: `data` itself, or the one of that name in it."""
    tried = (data, data / name)
    for folder in tried:
        if all((folder / file).is_file() for file in files):
            return folder
    raise MissingDataError(
        f"{' and '.join(files)} are neither in {tried[0]} nor in {tried[1]}; name their folder by --data"
    )


def _columns(table: pa.Table, needed: tuple[str, ...]) -> pa.Table:
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise MissingDataError(f"column {', '.join(missing)} is missing beside {', '.join(table.column_names)}")
    return table


def _rows(users: IntArray, ids: IntArray) -> IntArray:
    at = np.minimum(np.searchsorted(users, ids), len(users) - 1)
    if not np.array_equal(users[at], ids):
        raise MissingDataError("shared_contact_edges.parquet names users that users.parquet does not have")
    return at.astype(np.int64)


def _integers(values: pa.ChunkedArray) -> IntArray:
    return np.asarray(values.to_numpy(), dtype=np.int64)


def _floats(values: pa.ChunkedArray) -> FloatArray:
    return np.array(values.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _booleans(values: pa.ChunkedArray) -> BoolArray:
    return np.asarray(pc.fill_null(values, False).to_numpy(), dtype=np.bool_)
