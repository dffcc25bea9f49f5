"""What is damaged is found and refused, and the calls come back when their files do."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.home import Home
from ingest.lake.checksums import fault_of
from ingest.lake.key_runs import find_runs
from ingest.lake.lake import DAY_US, DamagedLakeError, Lake, day_start
from ingest.lake.quarantine import accept_loss, find_missing, find_quarantined, losses, remains_of, set_aside
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from ingest.progress import Silent
from ingest.upkeep import prepare
from tests.ingest.lake.test_checksums import flip
from tests.ingest.samples import call_lines, calls_of, take, write_csv

MAY = day_start("2026-05-01")
WINDOW = (MAY, MAY + 10 * DAY_US)


@pytest.fixture
def deliveries(tmp_path: Path) -> list[Path]:
    """Two files of two days that overlap."""
    first = write_csv(tmp_path / "1.csv", call_lines(300))
    return [first, write_csv(tmp_path / "2.csv", call_lines(150, start=200))]


@pytest.fixture
def filled(home: Home, deliveries: list[Path]) -> Home:
    take(home, *deliveries)
    return home


def damage(home: Home, day: str, place: int | None = 100) -> ledger.SegmentRow:
    """Damage the first segment of a day; without a place its file goes."""
    segment = ledger.find_segments(open_database(home, "ledger"), None, day, day)[0]
    if place is None:
        (home.lake / segment.path).unlink()
    else:
        flip(home.lake / segment.path, place)
    return segment


def asked(home: Home) -> list[Path]:
    return Lake(home).paths(None, *WINDOW)


def test_a_flipped_bit_anywhere_is_found(filled: Home) -> None:
    segment = ledger.find_segments(open_database(filled, "ledger"))[0]
    path = filled.lake / segment.path
    chance = random.Random(4)
    for _ in range(60):
        place, bit = chance.randrange(segment.size), chance.randrange(8)
        flip(path, place, bit)
        assert fault_of(path, segment.size, segment.checksum), f"bit {bit} of byte {place}"
        flip(path, place, bit)
    assert fault_of(path, segment.size, segment.checksum) is None


@pytest.mark.parametrize("place", [0, 1000, None])
def test_a_question_about_damaged_calls_is_refused_until_they_are_back(
    filled: Home, deliveries: list[Path], place: int | None
) -> None:
    before = Lake(filled).digest()
    segment = damage(filled, "2026-05-02", place)
    engine = open_database(filled, "ledger")
    for _ in range(2):
        with pytest.raises(DamagedLakeError, match=f"segment {segment.id} of operator generic, day 2026-05-02"):
            asked(filled)
    assert [entry.segment for entry in find_quarantined(engine)] == [segment.id]
    assert losses(engine, "generic")
    assert not losses(engine, "other")
    assert len(Lake(filled).paths(None, MAY, MAY + DAY_US)) > 0
    with pytest.raises(DamagedLakeError):
        Lake(filled).paths(None, MAY, MAY + DAY_US + 1)
    with pytest.raises(DamagedLakeError):
        Lake(filled).digest()

    report = take(filled, *deliveries)
    assert report.accepted == segment.rows
    assert find_quarantined(engine) == []
    assert len(asked(filled)) == 3
    assert Lake(filled).digest() == before
    assert [(b.rows, b.accepted, b.duplicates) for b in ledger.find_batches(engine)] == [(300, 300, 0), (150, 50, 100)]
    assert not any(path.exists() for path in remains_of(filled, segment.id))
    assert all(file.repeated for file in take(filled, *deliveries).files)


def test_the_quarantine_lasts_until_the_last_call_is_back(filled: Home, deliveries: list[Path], tmp_path: Path) -> None:
    engine = open_database(filled, "ledger")
    damage(filled, "2026-05-02")  # calls 240 to 299 of the first file
    with pytest.raises(DamagedLakeError):
        asked(filled)
    assert take(filled, deliveries[1]).accepted == 60
    assert find_quarantined(engine) == []
    damage(filled, "2026-05-01")  # 240 calls
    with pytest.raises(DamagedLakeError):
        asked(filled)
    take(filled, write_csv(tmp_path / "most.csv", call_lines(239)), write_csv(tmp_path / "new.csv", call_lines(9, 500)))
    assert len(find_quarantined(engine)) == 1
    take(filled, write_csv(tmp_path / "last.csv", call_lines(1, start=239)))
    assert find_quarantined(engine) == []


def test_a_loss_is_accepted_by_hand(filled: Home) -> None:
    segment = damage(filled, "2026-05-01")
    with pytest.raises(DamagedLakeError):
        asked(filled)
    engine = open_database(filled, "ledger")
    assert all(path.exists() for path in remains_of(filled, segment.id))
    accept_loss(filled, engine, segment.id)
    assert len(asked(filled)) == 2
    assert len(calls_of(filled)) == 350 - segment.rows
    assert [path.exists() for path in remains_of(filled, segment.id)] == [False, True]
    with pytest.raises(KeyError):
        accept_loss(filled, engine, segment.id)


def test_calls_whose_loss_was_accepted_come_back_with_their_file(filled: Home, deliveries: list[Path]) -> None:
    before = Lake(filled).digest()
    engine = open_database(filled, "ledger")
    segment = damage(filled, "2026-05-01")
    with pytest.raises(DamagedLakeError):
        asked(filled)
    accept_loss(filled, engine, segment.id)
    assert take(filled, deliveries[1]).accepted == 40  # of 240
    assert [row.segment for row in find_missing(engine)] == [segment.id]
    assert (find_quarantined(engine), len(losses(engine, "generic"))) == ([], 1)
    assert take(filled, *deliveries).accepted == segment.rows - 40
    assert (find_missing(engine), Lake(filled).digest()) == ([], before)
    assert not any(path.exists() for path in remains_of(filled, segment.id))
    assert all(file.repeated for file in take(filled, *deliveries).files)


def test_a_file_is_read_again_once_after_a_loss(filled: Home, deliveries: list[Path]) -> None:
    engine = open_database(filled, "ledger")
    accept_loss(filled, engine, lost(filled))
    assert [take(filled, deliveries[1]).files[0].repeated for _ in range(2)] == [False, True]
    assert [file.repeated for file in take(filled, *deliveries).files].count(True) == 1
    accept_loss(filled, engine, lost(filled))
    assert [take(filled, deliveries[1]).files[0].repeated for _ in range(2)] == [False, True]


def lost(home: Home) -> str:
    """The first day's segment, which was found damaged."""
    segment = damage(home, "2026-05-01")
    with pytest.raises(DamagedLakeError):
        asked(home)
    return segment.id


@pytest.mark.parametrize("harm", ["flip", "cut", "columns", "gone"])
def test_damaged_keys_of_missing_calls_are_told(filled: Home, deliveries: list[Path], harm: str) -> None:
    engine = open_database(filled, "ledger")
    segment = damage(filled, "2026-05-01")
    with pytest.raises(DamagedLakeError):
        asked(filled)
    _, lost = remains_of(filled, segment.id)
    if harm == "flip":
        flip(lost, 100)
    elif harm == "cut":
        lost.write_bytes(lost.read_bytes()[:-9])
    elif harm == "columns":
        pq.write_table(pa.table({"hour": [1]}), lost)
    else:
        lost.unlink()
    for _ in range(2):
        take(filled, *deliveries)
        [entry] = find_quarantined(engine)
        assert entry.why.count("not seen when its calls are back") == 1
    accept_loss(filled, engine, segment.id)
    assert len(asked(filled)) == 3


def test_all_damaged_segments_of_a_day_are_set_aside_together(filled: Home, deliveries: list[Path]) -> None:
    before = Lake(filled).digest()
    engine = open_database(filled, "ledger")
    day = ledger.find_segments(engine, None, "2026-05-02", "2026-05-02")
    assert len(day) == 2
    for segment in day:
        flip(filled.lake / segment.path, 50)
    with pytest.raises(DamagedLakeError, match="1 more"):
        Lake(filled).paths(None, day[0].first_started, day[0].first_started + 1)
    assert find_runs(engine, "generic", "2026-05-02") == []
    take(filled, *deliveries)
    assert (find_quarantined(engine), Lake(filled).digest()) == ([], before)


def test_damaged_keys_beside_damaged_calls_are_told(filled: Home, deliveries: list[Path]) -> None:
    engine = open_database(filled, "ledger")
    for run in find_runs(engine, "generic", "2026-05-02"):
        (filled.lake / run.path).unlink()
    segment = damage(filled, "2026-05-02")
    with pytest.raises(DamagedLakeError, match="not seen when its calls are back"):
        asked(filled)
    assert take(filled, *deliveries).accepted == segment.rows
    assert len(find_quarantined(engine)) == 1
    accept_loss(filled, engine, segment.id)
    assert len(asked(filled)) == 3


def test_calls_that_are_damaged_once_more_are_set_aside_again(filled: Home, deliveries: list[Path]) -> None:
    engine = open_database(filled, "ledger")
    for run in find_runs(engine, "generic", "2026-05-02"):
        (filled.lake / run.path).unlink()
    segment = damage(filled, "2026-05-02")
    with pytest.raises(DamagedLakeError):
        asked(filled)
    take(filled, *deliveries)
    [back] = [row for row in ledger.find_segments(engine) if row.id == segment.id]
    assert [entry.segment for entry in set_aside(filled, engine, {back: "damaged again"})] == [segment.id]
    assert [entry.why for entry in find_quarantined(engine)] == ["damaged again"]


def test_the_next_writer_sees_a_missing_file_and_takes_its_calls_again(filled: Home, deliveries: list[Path]) -> None:
    segment = damage(filled, "2026-05-01", None)
    assert take(filled, *deliveries).accepted == segment.rows
    assert find_quarantined(open_database(filled, "ledger")) == []


def test_nothing_is_left_in_the_lake_of_what_was_set_aside(filled: Home) -> None:
    engine = open_database(filled, "ledger")
    segment = damage(filled, "2026-05-02")
    set_aside(filled, engine, {segment: "it is damaged"})
    prepare(filled, engine, Silent())
    assert find_orphans(filled.lake, named_files(engine)) == []
    assert segment not in ledger.find_segments(engine)
    kept = sum(run.rows for run in find_runs(engine, "generic", "2026-05-02"))
    assert kept == sum(row.rows for row in ledger.find_segments(engine, None, "2026-05-02", "2026-05-02"))


def test_derived_days_leave_damaged_ones_out(filled: Home, deliveries: list[Path], tmp_path: Path) -> None:
    segment = damage(filled, "2026-05-02")  # not closed yet
    later = write_csv(tmp_path / "later.csv", call_lines(1, start=800))
    assert take(filled, later).accepted == 1
    engine = open_database(filled, "ledger")
    assert list(ledger.find_pair_days(engine)) == [("generic", "2026-05-01")]
    assert [entry.segment for entry in find_quarantined(engine)] == [segment.id]
    take(filled, *deliveries)
    assert list(ledger.find_pair_days(engine)) == [("generic", "2026-05-01"), ("generic", "2026-05-02")]


def test_calls_that_come_in_between_do_not_hide_the_loss(filled: Home, deliveries: list[Path], tmp_path: Path) -> None:
    damage(filled, "2026-05-02")
    with pytest.raises(DamagedLakeError):
        asked(filled)
    take(filled, write_csv(tmp_path / "late.csv", call_lines(30, start=400)))
    engine = open_database(filled, "ledger")
    assert len(find_quarantined(engine)) == 1
    take(filled, *deliveries)
    assert find_quarantined(engine) == []
