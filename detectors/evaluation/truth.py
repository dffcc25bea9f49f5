"""Ground truth as files, and laid on the nodes of a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Never

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from graph.snapshot import Snapshot
from graph.windows import Window

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

COLUMNS = ("number", "label", "fraud_type", "campaign", "role", "look_alike", "from", "to")
LABELS = ("fraud", "abused", "victim", "innocent")  # of a number with several rows in the window the first counts
MOMENT = pa.timestamp("us", "UTC")
NONE = -1


class TruthError(ValueError):
    """Ground truth cannot be read or has nothing to do with the run; the message says what to do."""


@dataclass(frozen=True)
class Names:
    """One name for each node or none, [n] rows of `names`; NONE where there is no name."""

    names: tuple[str, ...]
    of: IntArray

    def rows(self) -> list[tuple[str, BoolArray]]:
        """Give each name with the mask of the nodes that bear it, by name."""
        return [(name, self.of == code) for code, name in enumerate(self.names)]


@dataclass(frozen=True)
class Silent:
    """The fraudulent numbers of the window without a call in it, as rows of the names of NodeTruth."""

    fraud_type: IntArray
    ring: IntArray


@dataclass(frozen=True)
class NodeTruth:
    """What is true of the nodes of a snapshot."""

    known: BoolArray  # [n] the truth speaks of this node
    fraud: BoolArray  # [n]
    label: IntArray  # [n] place in LABELS; NONE where the truth does not speak of the node
    fraud_type: Names  # of the fraudulent
    ring: Names  # of the fraudulent
    look_alike: Names  # of the innocent
    silent: Silent
    left_out: int  # numbers of the truth that made and took no call in the window
    rings_left_out: int  # rings none of whose members was one within the window


def read_numbers(folder: Path) -> pa.Table:
    """Read truth_numbers.csv of a folder; an empty field is null, from and to are moments. Raises TruthError."""
    path = folder / "truth_numbers.csv"
    if not path.is_file():
        raise TruthError(f"{path} does not exist; give a folder that `ringfence simulate --out` wrote")
    options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    try:
        table = pyarrow.csv.read_csv(path, convert_options=options)
    except pa.ArrowInvalid as error:
        _refuse(path, error)
    missing = [name for name in COLUMNS if table.column_names.count(name) != 1]
    if missing:
        raise TruthError(
            f"{path} lacks the columns {', '.join(missing)} or has them twice; its header must hold {','.join(COLUMNS)}"
        )
    foreign = set(table["label"].unique().to_pylist()) - set(LABELS)
    if foreign:
        raise TruthError(f"{path} has labels {sorted(map(str, foreign))}; give {', '.join(LABELS)}")
    return _with_moments(table.select(list(COLUMNS)), path)


def _with_moments(table: pa.Table, path: Path) -> pa.Table:
    for name in ("from", "to"):
        try:
            moments = table[name].cast(MOMENT)
        except pa.ArrowInvalid as error:
            _refuse(path, error)
        table = table.set_column(table.column_names.index(name), name, moments)
    return table


def _refuse(path: Path, error: pa.ArrowInvalid) -> Never:
    raise TruthError(
        f"{path} cannot be read: {error}; it must be UTF-8 CSV with the header {','.join(COLUMNS)} and "
        "times as 2026-05-01T00:00:00Z. Mend it, or give a folder that `ringfence simulate --out` wrote"
    ) from error


def lay_on(snapshot: Snapshot, numbers: pa.Table) -> NodeTruth:
    """Give each node the truth that holds of its number in the window. Raises TruthError when none has any."""
    valid = _in_window(numbers, snapshot.window)
    row = pc.index_in(snapshot.numbers["number"], value_set=valid["number"].combine_chunks())
    known = ~row.is_null().to_numpy()
    if not known.any():
        raise TruthError("no number of the truth is in the window; is this the truth of the calls that were run?")
    on_nodes = valid.take(row)
    fraud = pc.fill_null(pc.equal(on_nodes["label"], "fraud"), False).to_numpy()
    of_fraud = _of_fraud(valid)
    silent = of_fraud.filter(pc.invert(pc.is_in(of_fraud["number"], value_set=snapshot.numbers["number"])))
    types, rings = _sorted_names(of_fraud["fraud_type"]), _sorted_names(of_fraud["campaign"])
    return NodeTruth(
        known=known,
        fraud=fraud,
        label=_codes(on_nodes["label"], LABELS),
        fraud_type=Names(types, _codes(_where(fraud, on_nodes["fraud_type"]), types)),
        ring=Names(rings, _codes(_where(fraud, on_nodes["campaign"]), rings)),
        look_alike=_names(_where(known & ~fraud, on_nodes["look_alike"])),
        silent=Silent(_codes(silent["fraud_type"], types), _codes(silent["campaign"], rings)),
        left_out=_distinct(numbers["number"]) - len(np.unique(row.drop_null().to_numpy())),
        rings_left_out=_distinct(_of_fraud(numbers)["campaign"]) - len(rings),
    )


def _in_window(numbers: pa.Table, window: Window) -> pa.Table:
    """Give one row a number: of those that overlap the window the gravest, of equally grave ones the newest."""
    start, end = pa.scalar(window.start, pa.int64()).cast(MOMENT), pa.scalar(window.end, pa.int64()).cast(MOMENT)
    begun = pc.less(numbers["from"], end)
    lasting = pc.fill_null(pc.greater(numbers["to"], start), True)
    rows = numbers.filter(pc.and_kleene(pc.fill_null(begun, True), lasting))
    gravity = pc.index_in(rows["label"], value_set=pa.array(LABELS))
    order = [("number", "ascending"), ("gravity", "ascending"), ("from", "descending")]
    ordered = rows.append_column("gravity", gravity).sort_by(order)
    number = ordered["number"].combine_chunks()
    first = np.ones(len(number), dtype=np.bool_)
    first[1:] = pc.not_equal(number[1:], number[:-1]).to_numpy(zero_copy_only=False)
    return ordered.filter(pa.array(first))


def _names(column: pa.ChunkedArray) -> Names:
    names = _sorted_names(column)
    return Names(names, _codes(column, names))


def _sorted_names(column: pa.ChunkedArray) -> tuple[str, ...]:
    return tuple(sorted(column.unique().drop_null().to_pylist()))


def _codes(column: pa.ChunkedArray, names: tuple[str, ...]) -> IntArray:
    rows = pc.index_in(column, value_set=pa.array(names, pa.string()))
    return np.asarray(pc.fill_null(rows, NONE).to_numpy(), dtype=np.int64)


def _where(rows: BoolArray, column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pa.array(rows), column, pa.scalar(None, pa.string()))


def _of_fraud(numbers: pa.Table) -> pa.Table:
    return numbers.filter(pc.equal(numbers["label"], "fraud"))


def _distinct(column: pa.ChunkedArray) -> int:
    return int(pc.count_distinct(column, mode="only_valid").as_py())
