"""Keys that a file holds more than once are found, however few are looked at together."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lake.key_runs import hours_of
from ingest.lake.record_keys import _ENTRY, OncePerFile, record_keys, repeated
from tests.ingest.key_samples import FIRST_HOUR, PAIRS, Pair, calls_with


def numbered(pairs: list[Pair]) -> pa.Table:
    """Calls that have a record number."""
    calls = calls_with(pairs)
    numbers = pa.array(["n"] * len(calls), pa.string())
    return calls.set_column(calls.schema.get_field_index("record_id"), calls.schema.field("record_id"), numbers)


def earliest(pairs: list[Pair]) -> dict[bytes, int]:
    """The first hour of each key that comes more than once."""
    hours: dict[bytes, list[int]] = {}
    for hour, key in pairs:
        hours.setdefault(key, []).append(hour + FIRST_HOUR)
    return {key: min(found) for key, found in hours.items() if len(found) > 1}


@given(st.lists(PAIRS, max_size=40), st.integers(1, 10))
def test_repeated_keys_are_those_that_are_counted_twice(pairs: list[Pair], at_once: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        path.write_bytes(record_keys(numbered(pairs)))
        found = repeated(path, at_once)
        keys = [high.tobytes()[::-1] + low.tobytes()[::-1] for high, low in zip(found.high, found.low, strict=True)]
        assert dict(zip(keys, found.hour.tolist(), strict=True)) == earliest(pairs)
        assert keys == sorted(earliest(pairs))
        assert not list(Path(folder).glob("*.bucket*"))


@given(st.lists(PAIRS, max_size=40))
def test_calls_of_the_earliest_hour_are_let_through(pairs: list[Pair]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        path.write_bytes(record_keys(numbered(pairs)))
        kept = OncePerFile(path).keep(calls_with(pairs))
        first = earliest(pairs)
        wanted = [
            (hour + FIRST_HOUR, key) for hour, key in pairs if first.get(key, hour + FIRST_HOUR) == hour + FIRST_HOUR
        ]
        assert list(zip(hours_of(kept).tolist(), kept["call_key"].to_pylist(), strict=True)) == wanted


def test_calls_without_a_number_are_not_looked_at() -> None:
    assert record_keys(calls_with([(1, bytes(16)), (2, bytes(16))])) == b""


@pytest.mark.parametrize("share", ["none", "all", "one"])
def test_the_file_is_read_once_and_little_is_held(tmp_path: Path, share: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, at_once = 200_000, 10_000
    drawn = np.random.default_rng(1).bytes(16 * rows)
    entries = np.zeros(rows, dtype=_ENTRY)
    entries["high"], entries["low"] = np.frombuffer(drawn, "<u8").reshape(2, -1)
    entries["times"] = 1
    if share == "all":
        entries[rows // 2 :] = entries[: rows // 2]
    elif share == "one":
        entries[:] = entries[0]
    (tmp_path / "keys").write_bytes(entries.tobytes())
    read: list[tuple[bool, int]] = []
    fromfile = np.fromfile

    def counted(source: object, dtype: object, count: int = -1) -> object:
        block = fromfile(source, dtype=dtype, count=count)  # type: ignore[call-overload]  # as it was called
        read.append((isinstance(source, Path), len(block)))
        return block

    monkeypatch.setattr(np, "fromfile", counted)
    found = repeated(tmp_path / "keys", at_once)
    assert len(found.high) == {"none": 0, "all": rows // 2, "one": 1}[share]
    assert sum(count for is_bucket, count in read if not is_bucket) == rows
    assert max(count for _, count in read) <= 1.2 * at_once
