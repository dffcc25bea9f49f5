"""Many small segments become few large ones; the calls and every digest stay."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from configs import Settings
from ingest.home import Home
from ingest.lake.checksums import fault_of
from ingest.lake.compaction import compact
from ingest.lake.key_runs import find_runs
from ingest.lake.lake import Lake
from ingest.lake.quarantine import find_quarantined
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from ingest.ledger.ledger import SegmentRow
from ingest.progress import Silent
from ingest.upkeep import prepare
from tests.ingest.lake.test_checksums import flip
from tests.ingest.samples import call_lines, settings_with, take, write_csv

NEVER = 1000


@pytest.fixture
def engine(home: Home) -> Engine:
    return open_database(home, "ledger")


def with_compaction(many: int, rows: int = 1000) -> Settings:
    return settings_with(compact_segments=many, segment_rows=rows)


@pytest.fixture
def deliveries(tmp_path: Path) -> list[Path]:
    """Twenty files whose calls of two days are mixed."""
    lines = call_lines(400)
    random.Random(5).shuffle(lines)
    return [write_csv(tmp_path / f"{i}.csv", lines[i::20]) for i in range(20)]


def digests(home: Home) -> tuple[str, str, str]:
    engine = open_database(home, "ledger")
    return Lake(home).digest(), Lake(home).data_digest(None, None, None), ledger.digest(engine)


def days(engine: Engine) -> list[tuple[str, int]]:
    return [(segment.day, segment.rows) for segment in ledger.find_segments(engine)]


def assert_sorted_and_whole(home: Home, segment: SegmentRow) -> None:
    calls = pq.ParquetFile(home.lake / segment.path).read()
    rows = [(c["caller"], c["started"], c["callee"], c["call_key"]) for c in calls.to_pylist()]
    assert rows == sorted(rows)
    assert len(rows) == segment.rows
    started = [row[1] for row in rows]
    assert (segment.first_started, segment.last_started) == (min(started), max(started))
    assert fault_of(home.lake / segment.path, segment.size, segment.checksum) is None


def test_small_segments_of_a_day_become_one(home: Home, engine: Engine, deliveries: list[Path]) -> None:
    take(home, *deliveries, settings=with_compaction(NEVER))
    before = digests(home)
    assert len(days(engine)) == 40
    assert compact(home, engine, with_compaction(2).ingest, Silent()) == 38
    assert days(engine) == [("2026-05-01", 240), ("2026-05-02", 160)]
    assert digests(home) == before
    for segment in ledger.find_segments(engine):
        assert segment.batch is None
        assert_sorted_and_whole(home, segment)
    assert compact(home, engine, with_compaction(2).ingest, Silent()) == 0


def test_replaced_files_stay_until_the_next_writer(home: Home, engine: Engine, deliveries: list[Path]) -> None:
    take(home, *deliveries, settings=with_compaction(NEVER))
    paths = Lake(home).paths()
    compact(home, engine, with_compaction(2).ingest, Silent())
    assert all(path.is_file() for path in paths)
    prepare(home, engine, Silent())
    assert not any(path.is_file() for path in paths)
    assert find_orphans(home.lake, named_files(engine)) == []


def test_few_and_large_segments_are_left(home: Home, engine: Engine, deliveries: list[Path]) -> None:
    take(home, *deliveries[:3], settings=with_compaction(NEVER))
    before = ledger.find_segments(engine)
    assert compact(home, engine, with_compaction(4).ingest, Silent()) == 0
    assert compact(home, engine, with_compaction(2, rows=10).ingest, Silent()) == 0
    assert ledger.find_segments(engine) == before


def test_what_is_made_is_bounded(home: Home, engine: Engine, deliveries: list[Path]) -> None:
    take(home, *deliveries, settings=with_compaction(NEVER))
    before = digests(home)
    compact(home, engine, with_compaction(2, rows=60).ingest, Silent())
    rows = [rows for _, rows in days(engine)]
    assert max(rows) <= 60
    assert 400 / 60 <= len(rows) <= 16
    assert digests(home) == before


def test_ingest_compacts_at_its_end_and_knows_every_call_still(
    home: Home, engine: Engine, deliveries: list[Path], tmp_path: Path
) -> None:
    for path in deliveries:
        take(home, path, settings=with_compaction(8))
        assert len(days(engine)) < 16
        assert len(find_runs(engine, "generic", "2026-05-01")) < 8
    again = take(home, write_csv(tmp_path / "all.csv", call_lines(410)))
    assert (again.accepted, again.duplicates) == (10, 400)


def test_damage_is_not_compacted_away(home: Home, engine: Engine, deliveries: list[Path]) -> None:
    take(home, *deliveries, settings=with_compaction(NEVER))
    before = Lake(home).digest()
    segment = ledger.find_segments(engine)[7]
    flip(home.lake / segment.path, 500)
    compact(home, engine, with_compaction(2).ingest, Silent())
    assert [entry.segment for entry in find_quarantined(engine)] == [segment.id]
    take(home, *deliveries, settings=with_compaction(2))
    assert (find_quarantined(engine), Lake(home).digest()) == ([], before)
