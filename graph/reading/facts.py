"""What the manifest says of the records of a window."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.reading.kinds import KIND, Kinds
from graph.reading.segments import Vocabulary
from ingest.values.numbers import WITHHELD


class Facts:
    """Counts over records."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._records = self._calls = self._to_self = 0
        self._inferred = False
        self._others: Counter[str] = Counter()
        self.recorded: Counter[str] = Counter()  # attempts with a value, by column

    def add(self, records: pa.Table, kinds: Kinds, calls: pa.Table) -> None:
        """Count coded records, whose attempts are `calls`."""
        self._records += len(records)
        self._calls += len(calls)
        self._to_self += pc.sum(pc.equal(calls["caller"], calls["callee"])).as_py() or 0
        without = records["answered"].is_null().to_numpy()
        self._inferred |= bool((without & kinds.voice).any())
        self._count_others(records, kinds)
        for name in calls.column_names:
            self.recorded[name] += len(calls) - calls[name].null_count

    def _count_others(self, records: pa.Table, kinds: Kinds) -> None:
        names = self._vocabulary.by_column["kind"].known
        for code, count in enumerate(np.bincount(records["kind"].to_numpy()).tolist()):
            if count and names[code].as_py() != KIND:
                self._others[names[code].as_py()] += count
        if kinds.withheld.any():
            self._others[WITHHELD] += int(np.count_nonzero(kinds.withheld))

    def as_json(self) -> dict[str, Any]:
        """Give window_records (all), window_calls (attempts), self_calls, answer_state_inferred and other_kinds."""
        return {
            "window_calls": self._calls,
            "self_calls": self._to_self,
            "answer_state_inferred": self._inferred,
            "other_kinds": dict(sorted(self._others.items())),
            "window_records": self._records,
        }
