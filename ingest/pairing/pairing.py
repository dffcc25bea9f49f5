"""Records of which two make a call (`pairs` of a mapping): begins and ends tied by their dialog, across files too.

A dialog is a call's id and the tags of its two ends, in either order: the end may come from the callee. Of one dialog
the earliest begin counts, up to the first end from there on: what begins again in between (a re-INVITE) or ends again
makes no other call. A begin that failed is a call of its own, not answered, unless its dialog was answered.

A file is matched when all of it is read, in tables that may go to the disk: the order of its rows says nothing and
memory is bounded.
What stays without its other half waits in the ledger for later files, entered in the batch's own transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine

from configs import IngestSettings
from ingest.admission import Admission
from ingest.call_key import call_keys
from ingest.canonical import as_text, holds
from ingest.cdr import CALL_SCHEMA
from ingest.ledger import halves, ledger
from ingest.ledger.halves import BEGIN, END
from ingest.mapping.operators import Operator
from ingest.mapping.source_fields import Pairs, SourceField
from ingest.pairing.tables import PairingTables
from ingest.query import select
from ingest.records.chunk import DEAD, Chunk
from ingest.validate import Validated, Validator
from ingest.values.arrow import Bools, whole

NOT_CALLS = "not_calls"  # neither begin nor end
REPEATED = "repeated_halves"  # of a call or a half that is known
WAITING = "waiting_halves"  # of this file
UNPAIRED = {BEGIN: "unpaired_begin", END: "unpaired_end"}  # whose time is over, as far as this batch shows
_HOUR_US = 3_600_000_000
_DIALOG = """
SELECT substr(sha256(concat_ws(chr(31), call, least(one, other), greatest(one, other))), 1, 32) AS dialog FROM given
"""


class Pairing:
    """Pairs the records of one file; `folder` is the batch's own and exists when the first rows come."""

    def __init__(
        self,
        operator: Operator,
        pairs: Pairs,
        engine: Engine,
        limits: IngestSettings,
        admission: Admission,
        folder: Path,
    ) -> None:
        self.operator, self.pairs, self.engine, self.folder = operator, pairs, engine, folder
        self.warnings: Counter[str] = Counter()
        self._begins = Validator(operator, limits, admission)
        self._ends = Validator(_times_only(operator), limits, replace(admission, erased=None))
        self._within = pairs.within_h * _HOUR_US

    def close(self) -> None:
        """Let go of the tables."""
        if "_tables" in self.__dict__:  # a refused file may never have needed them
            self._tables.close()

    def validate(self, chunk: Chunk) -> Validated:
        """Take in the rows of a chunk; only its dead letters are given, calls come when all is read."""
        begins, ends = holds(self.pairs.begin, chunk), holds(self.pairs.end, chunk)
        self.warnings[NOT_CALLS] += int(np.count_nonzero(~(begins | ends)))
        dead = [self._take_begins(chunk.where(begins)), self._take_ends(_alone(chunk.where(ends & ~begins)))]
        rows = self._begins.without_erased(pa.concat_tables(dead))
        return Validated(CALL_SCHEMA.empty_table(), rows.take(pc.sort_indices(rows["row"])))

    def calls(self) -> Iterator[pa.Table]:
        """Give the calls that the file completes, as CALL_SCHEMA, once every chunk is taken in; sorted by time."""
        first, last, taken = self._tables.span()
        span = first - self._within, last + self._within
        if halves.newest(self.engine, self.operator.name) is not None:
            self._tables.add_known(halves.of_dialogs(self.engine, self.operator.name, self._tables.dialogs(), *span))
        self._tables.match(self._within)
        self._count(last, taken)
        for batch in self._tables.calls():
            yield _as_calls(pa.Table.from_batches([batch]))

    def enter(self, connection: Connection, batch: str) -> None:
        """Enter in a batch's transaction what waits now and take out what waits no longer, after `calls` is read."""
        halves.remove(connection, self.operator.name, self._tables.done())
        halves.enter(connection, self.operator.name, batch, self._tables.waiting())

    @cached_property
    def _tables(self) -> PairingTables:
        return PairingTables(self.folder / "pairing")

    def _take_begins(self, chunk: Chunk) -> pa.Table:
        found = self._begins.validate(chunk)
        self.warnings.update(found.warnings)
        kept = chunk.where(_not_dead(chunk, found.dead))
        if len(kept.rows):
            failed = holds(self.pairs.failed, kept) if self.pairs.failed else np.zeros(len(kept.rows), bool)
            self._tables.add_begins(found.calls.drop("call_key"), self._dialogs(kept), pa.array(failed))
        return found.dead

    def _take_ends(self, chunk: Chunk) -> pa.Table:
        found = self._ends.validate(chunk)
        kept = chunk.where(_not_dead(chunk, found.dead))
        if len(kept.rows):
            self._tables.add_ends(found.calls["started"], self._dialogs(kept))
        return found.dead

    def _dialogs(self, chunk: Chunk) -> pa.Array:
        """Give a digest of each row's dialog; sorted, the tags are the same from either end."""
        columns = (as_text(chunk.columns[name]) for name in self.pairs.dialog)
        given = pa.table(dict(zip(("call", "one", "other"), columns, strict=True)))
        return whole(select(_DIALOG, given=given)["dialog"])

    def _count(self, last: int, taken: int) -> None:
        """Count what waits, what is repeated, and what is given up since nothing so much later should be missing."""
        self.warnings[WAITING] = self._tables.waits()
        self.warnings[REPEATED] = taken - self._tables.new()
        name = self.operator.name
        before = max(ledger.newest_call(self.engine, [name]) or 0, halves.newest(self.engine, name) or 0)
        since, until = before - self._within, max(before, last) - self._within
        for side, warning in UNPAIRED.items():
            waits, found = self._tables.old(side, since, until)
            known = halves.count(self.engine, name, side, since, until)
            self.warnings[warning] = waits + known - found


def _times_only(operator: Operator) -> Operator:
    """Give the mapping of ends: of their columns only the time is read, so that nothing else can be at fault."""
    plain: Mapping[str, SourceField] = {
        "caller": SourceField(constant="100"),
        "callee": SourceField(constant="100"),
        "started": operator.fields["started"],
        "talk_ms": SourceField(constant="0"),
    }
    return operator.model_copy(update={"fields": plain, "own_names": False, "withheld": (), "prefixes": {}})


def _alone(chunk: Chunk) -> Chunk:
    """Give a part of a chunk without the dead letters of the whole."""
    return replace(chunk, dead=DEAD.empty_table())


def _not_dead(chunk: Chunk, dead: pa.Table) -> Bools:
    kept: Bools = ~np.isin(chunk.rows, dead["row"].to_numpy())
    return kept


def _as_calls(found: pa.Table) -> pa.Table:
    """Give calls, their talk up to the end where one closes them."""
    talk = pc.divide(pc.subtract(found["closes"], found["started"]), 1000)
    place = found.schema.get_field_index("talk_ms")
    calls = found.set_column(place, "talk_ms", pc.coalesce(talk, found["talk_ms"])).drop("closes")
    return calls.append_column("call_key", call_keys(calls)).cast(CALL_SCHEMA)
