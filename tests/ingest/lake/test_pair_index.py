"""Calls are found from either end, each once, in memory and in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lake.pair_index import SUMS, PairIndex, files_of, index_of, index_path, open_index, write_index

NAMES = ["+1", "+12", "100", "a", "b", "zz"]
Row = tuple[str, str, int]
ROWS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 9)), max_size=30)


def calls(rows: list[Row]) -> pa.Table:
    """Single calls, one a row, with the third as the instant."""
    columns: list[list[str | int]] = [list(column) for column in zip(*sorted(rows), strict=True)] or [[], [], []]
    count = len(rows)
    return pa.table(
        {
            "caller": pa.array(columns[0], pa.string()),
            "callee": pa.array(columns[1], pa.string()),
            "answered": pa.array([1] * count, pa.int8()),
            "talk_ms": pa.array([7] * count, pa.int32()),
            "night": pa.array([0] * count, pa.int8()),
            "first_started": pa.array(columns[2], pa.int64()),
        }
    )


def around(index: PairIndex, numbers: list[str]) -> list[Row]:
    """What the index gives around numbers, as rows."""
    caller, callee, rows = index.around(index.find(np.array(sorted(set(numbers)), dtype=np.bytes_)))
    started = index.sums(rows)[SUMS.index("first_started")]
    names = index.numbers.astype(str).tolist()
    return sorted((names[a], names[b], at) for a, b, at in zip(caller, callee, started.tolist(), strict=True))


@given(ROWS, st.lists(st.sampled_from([*NAMES, "unknown"]), min_size=1))
def test_rows_around_numbers_are_each_given_once(rows: list[Row], numbers: list[str]) -> None:
    wanted = sorted(row for row in rows if {row[0], row[1]} & set(numbers))
    assert around(index_of(calls(rows)), numbers) == wanted


@pytest.mark.parametrize("rows", [[], [("a", "b", 1)], [("a", "b", 1), ("a", "b", 2), ("b", "a", 3), ("zz", "zz", 4)]])
def test_a_file_gives_what_was_written(rows: list[Row], tmp_path: Path) -> None:
    write_index(calls(rows), tmp_path / "index")
    made, opened = index_of(calls(rows)), open_index(tmp_path / "index")
    assert around(opened, NAMES) == around(made, NAMES) == sorted(rows)
    assert list(opened.columns) == ["answered", "talk_ms", "night", "first_started"]


def test_single_calls_are_sums_of_one() -> None:
    index = index_of(calls([("a", "b", 5)]))
    assert index.sums(np.array([0])).T.tolist() == [[1, 1, 7, 0, 5, 5]]


def test_sums_of_pairs_are_kept_as_they_are(tmp_path: Path) -> None:
    ends = {"caller": ["a"], "callee": ["b"]}
    rows = pa.table({**ends, **{name: pa.array([10 + at], pa.int64()) for at, name in enumerate(SUMS)}})
    write_index(rows, tmp_path / "index")
    index = open_index(tmp_path / "index")
    assert index.sums(np.array([0])).T.tolist() == [[10, 11, 12, 13, 14, 15]]
    assert index.columns["attempts"].dtype == np.int32


def test_the_same_calls_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_index(calls([("a", "b", 1), ("b", "a", 2)]), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_indexes_lie_beside_their_pairs() -> None:
    path = "pair_day/operator=a.b/day=2026-05-01/key.parquet"
    folder = "pair_day/operator=a.b/day=2026-05-01"
    assert index_path(path, of_calls=True) == f"{folder}/key.calls.arrow"
    assert files_of(path) == (path, f"{folder}/key.calls.arrow", f"{folder}/key.pairs.arrow")


def test_an_index_that_leads_outside_its_rows_is_not_read(tmp_path: Path) -> None:
    write_index(calls([("a", "b", 1), ("a", "b", 2), ("b", "a", 3)]), tmp_path / "index")
    whole = (tmp_path / "index").read_bytes()
    offsets = np.array([0, 2, 3], dtype=np.int32).tobytes()  # of the calls of a and of b
    assert whole.count(offsets) == 1
    for damaged in ([1, 2, 3], [0, 2, 7], [0, 2, 2], [0, 9, 3], [0, -1, 3], [0, 2, -3]):
        (tmp_path / "flipped").write_bytes(whole.replace(offsets, np.array(damaged, dtype=np.int32).tobytes()))
        with pytest.raises(pa.ArrowInvalid):
            open_index(tmp_path / "flipped")


def test_what_is_no_index_is_not_read(tmp_path: Path) -> None:
    write_index(calls([("a", "b", 1)]), tmp_path / "index")
    (tmp_path / "torn").write_bytes((tmp_path / "index").read_bytes()[:100])
    with pytest.raises(pa.ArrowInvalid):
        open_index(tmp_path / "torn")
