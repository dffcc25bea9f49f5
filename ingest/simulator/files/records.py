"""Calls become the operator's records: the generic header and the canonical columns that this world has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.simulator.files.keys import KINDS
from ingest.simulator.files.labelling import Labelling
from ingest.simulator.land.digits import text_of
from ingest.simulator.land.numbering import PLACES, ZONES
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import DAY, SECOND, Day
from ingest.simulator.traces import Traced
from ingest.simulator.world import World

OFFSET = "+05:30"  # of the world's zone, which has no summer time
HEADER = (
    "caller_id",
    "receiver_id",
    "call_duration",
    "timestamp",
    "origin_region",
    "target_region",
    "answered",
    "ring_ms",
    "zone",
    "kind",
    "imei",
    "imsi",
    "cell",
    "trunk_in",
    "forwarded_to",
)
LABEL = "true_label"
LABEL_AT = HEADER.index("answered")  # after the columns that every generic file has
_ZONE_NAMES = tuple(dict.fromkeys(ZONES))  # each once: Parquet's writer is free to pick any of two equal entries
_ZONE_OF_PLACE = np.array([_ZONE_NAMES.index(zone) for zone in ZONES], dtype=np.int8)


@dataclass(frozen=True)
class Texts:
    """The texts of everything that records name, by row."""

    numbers: pa.StringArray
    imeis: pa.StringArray
    imsis: pa.StringArray
    cells: pa.StringArray
    trunks: pa.StringArray
    labelling: Labelling | None

    @classmethod
    def of(cls, world: World, labelling: Labelling | None) -> Texts:
        """Give those of a world."""
        return cls(world.names, world.imeis, world.imsis, world.cell_names, world.trunk_names, labelling)

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns."""
        return HEADER if self.labelling is None else (*HEADER[:LABEL_AT], LABEL, *HEADER[LABEL_AT:])


def records(made: Traced, texts: Texts) -> pa.Table:
    """Give calls of one local day as records."""
    calls = made.calls
    columns = [
        texts.numbers.take(pa.array(calls.caller)),
        texts.numbers.take(pa.array(calls.callee)),
        pa.array(calls.talk_ms // SECOND),
        timestamps(calls.started, made.day),
        _coded(made.origin, PLACES),
        _coded(made.target, PLACES),
        pa.array(calls.answered),
        pa.array(calls.ring_ms),
        _coded(_ZONE_OF_PLACE[made.origin], _ZONE_NAMES),
        _coded(calls.kind, KINDS),
        _named(texts.imeis, calls.device),
        _named(texts.imsis, calls.sim),
        _named(texts.cells, calls.cell),
        _named(texts.trunks, calls.trunk),
        _named(texts.numbers, calls.forwarded_to),
    ]
    if texts.labelling is not None:
        columns.insert(LABEL_AT, texts.labelling.column(made))
    return pa.table(columns, names=list(texts.header))


def _named(names: pa.StringArray, rows: IntArray) -> pa.Array:
    """Give the name of each row, null where there is none."""
    if rows.strides == (0,) and len(rows) and rows[0] < 0:
        return pa.nulls(len(rows), pa.string())
    return names.take(pa.array(rows, mask=rows < 0))


def _coded(rows: npt.NDArray[np.signedinteger[Any]], names: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(rows.astype(np.int8, copy=False), pa.array(names))


def timestamps(started: IntArray, day: Day) -> pa.StringArray:
    """Give local times with milliseconds and offset; all calls of a local day share the date."""
    second, ms = np.divmod((started - day.start).astype(np.int32), SECOND)
    seconds, milliseconds = _seconds(), _milliseconds()
    date = np.frombuffer(f"{day.date.isoformat()}T".encode("ascii"), dtype=np.uint8)
    text = np.empty((len(started), len(date) + seconds.shape[1] + milliseconds.shape[1]), dtype=np.uint8)
    text[:, : len(date)] = date
    text[:, len(date) : -milliseconds.shape[1]] = seconds[second]
    text[:, -milliseconds.shape[1] :] = milliseconds[ms]
    return text_of(text)


@cache
def _seconds() -> npt.NDArray[np.uint8]:
    return _rows([f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY // SECOND)])


@cache
def _milliseconds() -> npt.NDArray[np.uint8]:
    return _rows([f".{ms:03d}{OFFSET}" for ms in range(SECOND)])


def _rows(texts: list[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(len(texts), -1)
