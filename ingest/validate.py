"""Rows become calls or dead letters: the canonical columns from what a file says, and why a row gives none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from configs import IngestSettings
from ingest.admission import Admission
from ingest.call_key import call_keys
from ingest.canonical import as_text, canonical_columns, encoded
from ingest.cdr import CALL_SCHEMA, KINDS
from ingest.erased.erased import ERASED, Erased, emptied
from ingest.mapping.operators import Operator
from ingest.reasons import CODE_OF, CODES
from ingest.records.chunk import DEAD, Chunk
from ingest.values import durations, texts, timestamps
from ingest.values.arrow import Bools, Codes
from ingest.values.numbers import WITHHELD, Normaliser
from ingest.values.zones import Zone, load_zone, zone_names

LABELS_LOST = "labels_not_0_or_1"
_TEXTS = ("record_id", "imei", "imsi", "cell", "trunk_in", "trunk_out", "cause")
_REGIONS = ("origin_region", "target_region")
_ANSWERED = {"true": True, "1": True, "false": False, "0": False}
_FAR = 1 << 62
_LABELS = {"0": 0, "1": 1}


@dataclass(frozen=True)
class Validated:
    """A chunk's rows, told apart."""

    calls: pa.Table  # CALL_SCHEMA
    dead: pa.Table  # DEAD, in the order of the file
    warnings: Counter[str] = field(default_factory=Counter)

    def reasons(self) -> dict[str, int]:
        """Give how many dead letters have which reason."""
        return {entry["values"]: entry["counts"] for entry in self.dead["reason"].value_counts().to_pylist()}


class Validator:
    """Validates the chunks of one operator's files.

    What is erased becomes a dead letter of which nothing is kept.
    """

    def __init__(self, operator: Operator, limits: IngestSettings, admission: Admission) -> None:
        self.operator, self.erased, self.kept_from = operator, admission.erased, admission.kept_from
        self._normalisers = {country: _normaliser(operator, country) for country in operator.countries}
        self.zone = load_zone(operator.zone)
        self.earliest = int(datetime(limits.first_year, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
        self.latest = admission.now + limits.future_minutes * 60_000_000

    def normaliser(self, name: str) -> Normaliser:
        """Give what reads the numbers of a column."""
        return self._normalisers[self.operator.country_of(name)]

    def validate(self, chunk: Chunk) -> Validated:
        """Give the calls of a chunk and its dead letters: together as many as it has rows."""
        if not len(chunk.rows):
            return Validated(CALL_SCHEMA.empty_table(), self.without_erased(chunk.dead))
        rows = _Rows(self, canonical_columns(chunk, self.operator), len(chunk.rows))
        rows.read()
        if self.erased:
            rows.mark_erased(self.erased)
        bad = np.flatnonzero(rows.faults)
        reasons = pa.array(CODES).take(pa.array(rows.faults[bad]))
        dead = pa.table([chunk.rows[bad], reasons, chunk.raw(bad)], schema=DEAD)
        dead = _in_order(pa.concat_tables([chunk.dead, dead]))
        return Validated(rows.calls(), self.without_erased(dead), rows.warnings)

    def without_erased(self, dead: pa.Table) -> pa.Table:
        """Give dead letters without the raw of what is erased, and of what shows an erased number."""
        if not self.erased or not len(dead):
            return dead
        erased = np.flatnonzero(pc.equal(dead["reason"], ERASED).to_numpy())
        return self.erased.without_raw(emptied(dead, erased), list(self._normalisers.values()))


def _normaliser(operator: Operator, country: str) -> Normaliser:
    return Normaliser(country, operator.numbers == "opaque", operator.withheld, operator.prefixes)


class _Rows:
    """One chunk under way: canonical columns as far as they are read, and the first fault of each row."""

    def __init__(self, given: Validator, raw: Mapping[str, pa.Array], count: int) -> None:
        self.given, self.raw, self.count = given, raw, count
        self.columns: dict[str, pa.Array] = {}
        self.faults: Codes = np.zeros(count, dtype=np.int16)
        self.warnings: Counter[str] = Counter()

    def read(self) -> None:
        """Read every column, in the order in which faults are looked for."""
        operator = self.given.operator
        self.columns["operator"] = pa.repeat(operator.name, self.count)
        for side in ("caller", "callee"):
            self._number(side)
        self._started(operator.fields["started"].format)
        self._talk(operator.fields["talk_ms"].mapped_unit)
        self._distinct("kind", pa.string(), _kind, "kind_unknown", empty="voice")
        self._distinct("zone", pa.string(), _zone, "zone_unknown", empty=operator.zone)
        self._distinct("answered", pa.bool_(), lambda text: _ANSWERED.get(text.lower()), "answered_malformed")
        self._ring()
        if "forwarded_to" in self.raw:
            self._number("forwarded_to")
        for name in _REGIONS:
            self._text(name, texts.regions)
        for name in _TEXTS:
            self._text(name, texts.optional_texts)
        self._label()

    def mark_erased(self, erased: Erased) -> None:
        """Mark the rows of erased numbers, whatever else is wrong with them; a time that cannot be read is none."""
        self.faults[erased.calls(self.columns)] = CODE_OF[ERASED]

    def calls(self) -> pa.Table:
        """Give the rows without fault as calls."""
        columns = [self.columns.get(f.name, pa.nulls(self.count, f.type)) for f in CALL_SCHEMA if f.name != "call_key"]
        table = pa.table(columns, names=CALL_SCHEMA.names[:-1])
        if self.faults.any():
            table = table.filter(pa.array(self.faults == 0))
        return table.append_column("call_key", call_keys(table)).cast(CALL_SCHEMA)

    def _number(self, name: str) -> None:
        column = self.given.normaliser(name).column(encoded(self.raw[name]))
        for fault in pc.unique(column.fault.drop_null()).to_pylist():
            reason = f"{name}_{fault}"
            if reason in CODE_OF:  # forwarded_to may be empty
                self._mark(pc.equal(column.fault, fault).fill_null(False).to_numpy(zero_copy_only=False), reason)
        if name == "caller":
            self.columns |= {"caller": column.text, "caller_kind": column.kind}
            return
        is_withheld = pc.equal(column.kind, WITHHELD).fill_null(False)
        self.columns[name] = pc.if_else(is_withheld, None, column.text)
        if name == "callee":
            self._mark(is_withheld.to_numpy(zero_copy_only=False), "callee_withheld")

    def _started(self, formats: Sequence[str]) -> None:
        raw = self.raw["started"]
        typed = pa.types.is_timestamp(raw.type)
        times = _typed_times(raw) if typed else timestamps.parse(self._as_text("started"), formats)
        self._mark(~times.valid, "started_malformed")
        as_utc, in_gap = self._zone_of_started().to_utc(times.us)
        self._mark(in_gap & ~times.aware, "started_in_gap")
        started = np.where(times.aware, times.us, as_utc)
        self._mark(started < self.given.earliest, "started_too_early")
        if self.given.kept_from is not None:
            self._mark(started < self.given.kept_from, "started_before_retention")
        self._mark(started > self.given.latest, "started_in_future")
        self.columns["started"] = pa.array(np.where(times.valid, started, 0))

    def _talk(self, unit: durations.Unit) -> None:
        raw = self.raw["talk_ms"]
        if pa.types.is_floating(raw.type) and unit == "s":
            found = durations.of_floats(raw)
        else:
            found = durations.parse(self._as_text("talk_ms"), unit)
        self._mark(found.malformed, "duration_malformed")
        self._mark(found.out_of_range, "duration_out_of_range")
        self.columns["talk_ms"] = pa.array(found.ms)

    def _ring(self) -> None:
        if "ring_ms" not in self.raw:
            return
        written = self._as_text("ring_ms")
        given = pc.not_equal(pc.ascii_trim(written, " "), "").to_numpy(zero_copy_only=False)
        field = self.given.operator.fields.get("ring_ms")
        found = durations.parse(written, field.mapped_unit if field else "ms")
        self._mark(given & found.malformed, "ring_malformed")
        self._mark(given & found.out_of_range, "ring_out_of_range")
        self.columns["ring_ms"] = pa.array(found.ms, mask=~given)

    def _distinct(
        self, name: str, type_: pa.DataType, read: Callable[[str], object], fault: str, empty: object = None
    ) -> None:
        """Read a column of few distinct texts; `read` gives None for what it does not know."""
        if name not in self.raw:
            self.columns[name] = pa.repeat(pa.scalar(empty, type_), self.count)
            return
        column = encoded(self.raw[name])
        distinct = [text.strip(" ") for text in column.dictionary.to_pylist()]
        values = [read(text) if text else empty for text in distinct]
        wrong = np.array(
            [bool(text) and value is None for text, value in zip(distinct, values, strict=True)], dtype=bool
        )
        self._mark(wrong[column.indices.to_numpy()], fault)
        self.columns[name] = pa.array(values, type_).take(column.indices)

    def _text(self, name: str, clean: Callable[[pa.DictionaryArray], pa.Array]) -> None:
        if name in self.raw:
            self.columns[name] = clean(encoded(self.raw[name]))

    def _label(self) -> None:
        if "label" not in self.raw:
            return
        column = encoded(self.raw["label"])
        distinct = [text.strip(" ") for text in column.dictionary.to_pylist()]
        labels = pa.array([_LABELS.get(text) for text in distinct], pa.int8()).take(column.indices)
        lost = np.array([text not in ("", "0", "1") for text in distinct], dtype=bool)[column.indices.to_numpy()]
        self.columns["label"] = labels
        self.warnings[LABELS_LOST] += int(np.count_nonzero(lost & (self.faults == 0)))

    def _zone_of_started(self) -> Zone:
        own = self.given.operator.fields["started"].zone
        return load_zone(own) if own else self.given.zone

    def _as_text(self, name: str) -> pa.Array:
        return as_text(self.raw[name])

    def _mark(self, wrong: Bools, reason: str) -> None:
        self.faults[wrong & (self.faults == 0)] = CODE_OF[reason]


def _kind(text: str) -> str | None:
    return text.lower() if text.lower() in KINDS else None


def _zone(text: str) -> str | None:
    return text if text in zone_names() else None


def _typed_times(column: pa.Array) -> timestamps.Times:
    """Read a column of Parquet's timestamps; what does not fit into microseconds is far outside of what is accepted."""
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[column.type.unit]
    ticks = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
    up, down = max(10**6 // per_second, 1), max(per_second // 10**6, 1)
    us = np.clip(ticks, -_FAR // up, _FAR // up) * up // down
    valid = pc.is_valid(column).to_numpy(zero_copy_only=False)
    return timestamps.Times(us, np.full(len(column), column.type.tz is not None), valid)


def _in_order(dead: pa.Table) -> pa.Table:
    return dead.take(pc.sort_indices(dead["row"]))
