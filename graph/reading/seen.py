"""Which numbers of an operator are in the window, when, and of what kind the records say that they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max


class Seen:
    """First and last instants (µs) by code of number, and the kinds stated for callers; grows with the codes.

    Kinds are bits of 63: the lake knows five.
    """

    def __init__(self) -> None:
        self._first = np.empty(0, dtype=np.int64)
        self._last = np.empty(0, dtype=np.int64)
        self._kinds = np.empty(0, dtype=np.int64)
        self._all_kinds = 0  # a bit for each code

    def grow(self, count: int) -> None:
        """Make room for `count` codes."""
        more = count - len(self._first)
        if more <= 0:
            return
        self._first = np.append(self._first, np.full(more, _NEVER))
        self._last = np.append(self._last, np.full(more, -_NEVER))
        self._kinds = np.append(self._kinds, np.zeros(more, dtype=np.int64))

    def add(self, numbers: Codes, started: Integers) -> None:
        """Count records that began at `started` [records] with `numbers` [records] on one of their sides."""
        np.minimum.at(self._first, numbers, started)
        np.maximum.at(self._last, numbers, started)

    def state(self, numbers: Codes, kinds: Codes) -> None:
        """Note what records state of their callers: codes of kinds [records]."""
        np.bitwise_or.at(self._kinds, numbers, np.int64(1) << kinds.astype(np.int64))

    def note_kinds(self, kinds: Codes) -> None:
        """Note the kinds of callers [records], whoever they are."""
        self._all_kinds |= int(np.bitwise_or.reduce(np.int64(1) << kinds.astype(np.int64), initial=0))

    def has_kind(self, kind: int) -> bool:
        """Tell whether a record stated `kind`, a code or -1."""
        return kind >= 0 and bool(self._all_kinds >> kind & 1)

    def codes(self) -> Codes:
        """Give the codes of those that were seen, ascending."""
        return np.flatnonzero(self._first != _NEVER).astype(np.int32)

    def span(self, codes: Codes) -> tuple[Integers, Integers]:
        """Give first and last instants of `codes`."""
        return self._first[codes], self._last[codes]

    def kinds(self, codes: Codes) -> Integers:
        """Give the kinds that were stated of `codes`, a bit for each."""
        return self._kinds[codes]
