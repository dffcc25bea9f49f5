"""Pair indexes that a reader holds: those of derived days mapped, others made in memory, the longest unused let go."""

from __future__ import annotations

import errno
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.erased.erased import without_numbers
from ingest.lake.lake import DamagedLakeError, Segment
from ingest.lake.pair_day import READ, counted
from ingest.lake.pair_index import PairIndex, index_of, index_path, open_index
from ingest.ledger.ledger import PairDayRow

MOST_CALLS = 8_000_000  # whose pairs are held in memory: about 40 bytes each
_MOST_MAPPED = 256  # files


@dataclass(frozen=True)
class _Made:
    """An index in memory, and what it was made of."""

    index: PairIndex
    calls: int
    path: Path


class PairShelf:
    """Opens and makes pair indexes of one lake, and keeps them; safe to share between threads."""

    def __init__(self, root: Path, night_h: tuple[int, int]) -> None:
        self._root, self._night_h = root, night_h
        self._mapped: OrderedDict[str, PairIndex] = OrderedDict()
        self._made: OrderedDict[tuple[str, ...], _Made] = OrderedDict()
        self._lock = threading.Lock()  # of both shelves; never held while calls are read
        self._making: WeakValueDictionary[tuple[str, ...], threading.Lock] = WeakValueDictionary()

    def of_day(self, row: PairDayRow, of_calls: bool) -> PairIndex | None:
        """Give the index of a derived day, of its single calls or of their sums; None where it is not made yet.

        Raises DamagedLakeError.
        """
        name = index_path(row.path, of_calls)
        path = self._root / name
        with self._lock:
            if name not in self._mapped and not path.is_file():
                return None
            if name not in self._mapped:
                self._let_go()
                with _reading(path, "it is made of the day's calls: remove it, and `ringfence ingest` makes it anew"):
                    self._mapped[name] = open_index(path)
                self._mapped.pop(index_path(row.path, not of_calls), None)  # a day is either kept or dropped
            self._mapped.move_to_end(name)
            while len(self._mapped) > _MOST_MAPPED:
                self._mapped.popitem(last=False)
            return self._mapped[name]

    def of_segment(self, segment: Segment, erased: Sequence[str]) -> PairIndex:
        """Make the index of a segment by itself, without erased numbers.

        Raises FileNotFoundError where it was replaced just now, and DamagedLakeError.
        """
        name = (segment.id, *erased)
        with self._lock:
            making = self._making.setdefault(name, threading.Lock())
        with making:  # whoever wants the same index waits for it, and nobody else
            found = self._found(name) or _Made(self._of_calls(segment, erased), segment.rows, segment.path)
            self._keep(name, found)
        return found.index

    def _found(self, name: tuple[str, ...]) -> _Made | None:
        with self._lock:
            if name not in self._made:
                self._let_go()
            return self._made.get(name)

    def _keep(self, name: tuple[str, ...], made: _Made) -> None:
        with self._lock:
            self._made[name] = made
            self._made.move_to_end(name)
            while len(self._made) > 1 and sum(made.calls for made in self._made.values()) > MOST_CALLS:
                self._made.popitem(last=False)

    def _let_go(self) -> None:
        """Let go of what stands in no file any more: it may be of numbers that are erased since."""
        for name in [name for name in self._mapped if not (self._root / name).is_file()]:
            del self._mapped[name]
        for segment in [name for name, made in self._made.items() if not made.path.is_file()]:
            del self._made[segment]

    def _of_calls(self, segment: Segment, erased: Sequence[str]) -> PairIndex:
        with _reading(segment.path, "`ringfence doctor --deep` sets it aside"):
            calls = pq.ParquetFile(segment.path).read(columns=READ)
        return index_of(counted(without_numbers(calls, erased), self._night_h))


@contextmanager
def _reading(path: Path, remedy: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, "not there", str(path)) from None  # Arrow does not say which
    except (OSError, pa.ArrowInvalid) as damage:
        raise DamagedLakeError(f"{path.parent.name}/{path.name} is damaged: {damage}; {remedy}") from None
