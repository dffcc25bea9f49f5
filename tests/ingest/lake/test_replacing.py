"""Of several readings of one call the same one stays, whatever the order, the split and the number of deliveries."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cdr import CALL_SCHEMA
from ingest.faults import REPLACE_POINTS
from ingest.home import Home
from ingest.lake import replacing
from ingest.lake.key_runs import find_runs
from ingest.lake.lake import Lake
from ingest.lake.quarantine import find_quarantined
from ingest.lake.segments import find_orphans, named_files, write_segment
from ingest.lake.total_order import choose
from ingest.ledger.database import open_database
from ingest.ledger.ledger import SegmentRow, find_batches, find_segments
from tests.forked import ended
from tests.ingest.lake.test_checksums import flip
from tests.ingest.samples import HEADER, call_line, calls_of, settings_with, take, write_csv
from tests.ingest.take_files import start, take_files

WIDE = f"{HEADER},record_id,cell,imei,true_label"
CELLS = st.sampled_from(["", "a", "b", "é"])
ROWS = st.builds(
    lambda call, record, cell, imei, label: f"{call_line(call)},{record},{cell},{imei},{label}",
    st.sampled_from([0, 1, 2]),  # all of one hour: in another one a record's number may be used again
    st.sampled_from(["", "r1"]),
    CELLS,
    CELLS,
    st.sampled_from(["", "0", "1"]),
)
CALL: dict[str, Any] = {
    **dict.fromkeys(("operator", "kind", "caller", "callee", "caller_kind", "zone"), "x"),
    "started": 1,
    "talk_ms": 1,
    "call_key": bytes(16),
}
READINGS = st.fixed_dictionaries(
    {},
    optional={
        "cell": CELLS,
        "answered": st.booleans() | st.none(),
        "ring_ms": st.integers(0, 2) | st.none(),
        "label": st.integers(0, 1) | st.none(),
        "started": st.integers(1, 2),
    },
)


def everything(home: Home) -> list[dict[str, Any]]:
    """Calls with all their columns, labels too."""
    return sorted(calls_of(home).to_pylist(), key=lambda call: str(call["call_key"]))


def taken(folder: Path, deliveries: Sequence[Sequence[str]], **limits: int) -> list[dict[str, Any]]:
    home = Home(folder / f"home{len(list(folder.iterdir()))}").create()
    for place, lines in enumerate(deliveries):
        path = write_csv(folder / f"{place}.csv", lines, WIDE)
        report = take(home, path, settings=settings_with(**limits))
        (file,) = report.files
        assert file.accepted + file.duplicates == file.rows == len(lines)
    engine = open_database(home, "ledger")
    calls = everything(home) if find_segments(engine) else []
    days = ("2026-05-01", "2026-05-02")
    assert sum(run.rows for day in days for run in find_runs(engine, "generic", day)) == len(calls)
    assert sum(batch.accepted for batch in find_batches(engine)) == len(calls)
    return calls


@settings(max_examples=15)
@given(st.lists(ROWS, min_size=1, max_size=8), st.data())
def test_the_same_rows_in_any_order_and_split_give_the_same_calls(rows: list[str], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        wanted = taken(Path(name), [rows])
        shuffled = data.draw(st.permutations(rows))
        cut = data.draw(st.integers(0, len(rows)))
        assert taken(Path(name), [shuffled[:cut], shuffled[cut:], shuffled[cut // 2 :]]) == wanted


@settings(max_examples=200)
@given(st.lists(READINGS, min_size=3, max_size=3))
def test_choosing_is_blind_to_order_and_grouping(readings: list[dict[str, Any]]) -> None:
    a, b, c = (pa.Table.from_pylist([{**CALL, **reading}], CALL_SCHEMA) for reading in readings)
    left = choose(choose(a, b).calls, c).calls
    assert left.equals(choose(a, choose(c, b).calls).calls)
    assert left.equals(choose(c, choose(b, a).calls).calls)
    assert choose(left, b).changed.tolist() == [False]


def many(cell: str, label: str = "") -> list[str]:
    return [f"{call_line(i)},,{cell}{i % 3},,{label}" for i in range(300)]


def test_a_segment_is_written_anew_once_however_many_parts_replace_calls_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def counted(calls: pa.Table, batch: str | None, home: Home, points: str) -> SegmentRow:
        written.append(points)
        return write_segment(calls, batch, home, points)

    monkeypatch.setattr(replacing, "write_segment", counted)
    rows = many("b")
    mixed = [*many("a")[::7], *(line for place, line in enumerate(many("a")) if place % 7)]
    limits = {"segment_rows": 50, "block_bytes": 4096, "max_row_bytes": 1024}
    found = taken(tmp_path, [rows, mixed], **limits)
    assert {call["cell"][0] for call in found} == {"a"}
    assert len(written) == len(find_segments(open_database(Home(tmp_path / "home0"), "ledger")))


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0)])
def test_large_days_in_several_segments(tmp_path: Path, order: Sequence[int]) -> None:
    """Of 300 calls over two days, in segments of some 50."""
    readings = [many("b"), many("a"), many("c", "1")]
    found = taken(tmp_path, [readings[place] for place in order], segment_rows=50, block_bytes=4096, max_row_bytes=1024)
    assert {(call["cell"][0], call["label"]) for call in found} == {("a", 1)}
    assert len(found) == 300


def test_rows_of_one_file_in_many_parts(tmp_path: Path) -> None:
    lines = [f"{call_line(i)},r{i % 40},c{i},," for i in range(240)]
    whole = taken(tmp_path, [lines])
    assert len(whole) == 40
    for order in (lines, lines[::-1]):
        assert taken(tmp_path, [order], segment_rows=20, block_bytes=4096, max_row_bytes=1024) == whole


def test_labels_that_come_later_write_no_file_over_that_the_ledger_names(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "1.csv", many("a"), WIDE))
    engine = open_database(home, "ledger")
    before = {row.id: row.path for row in find_segments(engine)}
    take(home, write_csv(tmp_path / "2.csv", many("a", "1"), WIDE))
    after = {row.id: row.path for row in find_segments(engine)}
    assert before.keys().isdisjoint(after.keys())
    assert find_orphans(home.lake, named_files(engine)) == []
    assert {call["label"] for call in everything(home)} == {1}


def test_equal_calls_read_no_segment(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "1.csv", many("a", "1"), WIDE))
    for path in home.lake.rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:-8] + b"damaged!")
    (file,) = take(home, write_csv(tmp_path / "2.csv", many("a", "1")[::-1], WIDE)).files
    assert (file.duplicates, file.warnings) == (300, {})


def test_a_damaged_segment_is_set_aside_before_anything_is_decided(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "1.csv", many("a"), WIDE))
    engine = open_database(home, "ledger")
    segment = find_segments(engine)[0]
    flip(home.lake / segment.path, 50)
    again = take(home, write_csv(tmp_path / "2.csv", many("b"), WIDE))
    assert again.accepted == segment.rows
    assert find_quarantined(engine) == []
    assert len(everything(home)) == 300


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("readings")
    readings = (many("b"), many("a", "1")[::2])  # runs keep the keys of the others
    return [write_csv(folder / f"{place}.csv", lines, WIDE) for place, lines in enumerate(readings)]


@pytest.mark.parametrize(
    "fault", [*REPLACE_POINTS, *(f"{point}:2" for point in REPLACE_POINTS[:8]), "ledger:commit:before:2"]
)
def test_killed_while_calls_are_replaced(fault: str, tmp_path: Path, deliveries: list[Path]) -> None:
    homes = [Home(tmp_path / name) for name in ("undisturbed", "killed")]
    take_files(homes[0], deliveries)
    assert ended(start(homes[1], deliveries, fault)) == -signal.SIGKILL
    Lake(homes[1]).paths()  # every file is what the ledger says
    take_files(homes[1], deliveries)
    assert everything(homes[1]) == everything(homes[0])
    assert Lake(homes[1]).digest() == Lake(homes[0]).digest()
    take(homes[1])  # what compaction replaced goes when the next writer comes
    assert find_orphans(homes[1].lake, named_files(open_database(homes[1], "ledger"))) == []
