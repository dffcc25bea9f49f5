"""The calls of a span come from derived days where these are true, from segments elsewhere, and never silently less."""

from __future__ import annotations

import gc
import shutil
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from configs import RetentionSettings, load_settings
from ingest.erased import tombstones
from ingest.erasing.erasing import erase_pending
from ingest.home import Home
from ingest.lake import pair_parts, pair_shelf
from ingest.lake.lake import DAY_US, DamagedLakeError, Lake, day_start
from ingest.lake.pair_day import counted, refresh
from ingest.lake.pair_index import SUMS, index_path
from ingest.lake.pair_parts import PairParts, Parts, TooManyCallsError, steadily
from ingest.lake.pair_shelf import PairShelf
from ingest.ledger import ledger
from ingest.progress import Silent
from tests.ingest.lake.test_checksums import flip
from tests.ingest.samples import call_lines, settings_with, take, write_csv

NIGHT = load_settings().features.night_local_h
MAY = day_start("2026-05-01")
WEEK = (MAY, MAY + 7 * DAY_US)  # calls lie in its first five days, 240 a day
_OPERATOR = "generic"


@pytest.fixture
def week(home: Home, tmp_path: Path) -> Home:
    take(home, write_csv(tmp_path / "week.csv", call_lines(1200)))
    return home


@pytest.fixture
def pairs(week: Home) -> PairParts:
    return PairParts(Lake(week), NIGHT)


def derive(home: Home) -> None:
    with home.writing("test"):
        refresh(Lake(home), None, None, NIGHT, Silent())


def attempts(parts: Parts) -> int:
    """Count what the parts hold, also outside the span."""
    rows = [part.index.sums(np.arange(len(part.index.callees))) for part in parts.parts]
    return sum(int(sums[SUMS.index("attempts")].sum()) for sums in rows)


def indexes(home: Home) -> list[Path]:
    return sorted(home.lake.rglob("*.arrow"))


def test_closed_days_are_mapped_and_the_open_one_is_counted_from_its_segments(pairs: PairParts, week: Home) -> None:
    parts = pairs.within(WEEK)
    assert (len(parts.parts), attempts(parts)) == (5, 1200)
    assert (parts.uncounted, parts.hidden) == ((), ())
    assert [path.name.split(".", 1)[1] for path in indexes(week)] == ["calls.arrow"] * 4


def test_only_days_with_calls_in_the_span_are_given(pairs: PairParts) -> None:
    assert attempts(pairs.within((MAY + DAY_US, MAY + 2 * DAY_US))) == 240
    assert attempts(pairs.within((MAY + DAY_US - 1, MAY + DAY_US))) == 0
    assert pairs.within((MAY - DAY_US, MAY)).parts == ()


def test_days_that_are_not_derived_are_counted_all_the_same(pairs: PairParts, week: Home, tmp_path: Path) -> None:
    shutil.rmtree(week.lake / "pair_day")
    assert attempts(pairs.within(WEEK)) == 1200
    take(week, write_csv(tmp_path / "late.csv", call_lines(3, start=5000)))
    late = PairParts(Lake(week), (1, 2))  # no day was derived with this night
    assert attempts(late.within((0, day_start("2027-01-01")))) == 1203


def test_a_mapped_day_stays_readable_when_its_file_goes(pairs: PairParts, week: Home) -> None:
    pairs.within(WEEK)
    shutil.rmtree(week.lake / "pair_day")
    assert attempts(pairs.within(WEEK)) == 1200


def test_nothing_is_held_of_files_that_are_gone(pairs: PairParts, week: Home) -> None:
    held = [weakref.ref(part.index) for part in pairs.within(WEEK).parts]
    with week.writing("test"):
        tombstones.enter(week, Lake(week).engine, ["+919876500001"])
        erase_pending(week, Lake(week).engine, Silent())
    derive(week)
    pairs.within(WEEK)
    gc.collect()
    assert [index() for index in held] == [None] * 5


def test_a_missing_index_is_made_by_the_next_refresh(week: Home) -> None:
    made = indexes(week)
    before = made[0].read_bytes()
    made[0].unlink()
    derive(week)
    assert indexes(week) == made
    assert made[0].read_bytes() == before


def test_a_torn_index_is_named(week: Home) -> None:
    path = indexes(week)[0]
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DamagedLakeError, match=rf"{path.name} is damaged: .* remove it, and `ringfence ingest`"):
        PairParts(Lake(week), NIGHT).within(WEEK)


def test_a_damaged_day_is_refused_and_others_are_not(pairs: PairParts, week: Home) -> None:
    lake = Lake(week)
    segment = lake.segments(None, MAY, MAY + DAY_US)[0]
    flip(segment.path, 100)
    with week.writing("test"), pytest.raises(DamagedLakeError):
        lake.check([segment])
    with pytest.raises(DamagedLakeError, match=f"segment {segment.id}"):
        pairs.within(WEEK)
    assert attempts(pairs.within((MAY + DAY_US, WEEK[1]))) == 960


def test_a_segment_that_is_gone_is_named(pairs: PairParts, week: Home) -> None:
    newest = Lake(week).segments()[-1]
    newest.path.unlink()
    with pytest.raises(DamagedLakeError, match=rf"{newest.id}.* is missing; `ringfence doctor --deep`"):
        steadily(lambda: pairs.within(WEEK))


def test_what_a_writer_replaces_is_asked_again() -> None:
    asked = []

    def question() -> int:
        asked.append(1)
        if len(asked) == 1:
            raise FileNotFoundError("segment")
        return 7

    assert (steadily(question), len(asked)) == (7, 2)


def test_more_than_fits_in_memory_is_refused(pairs: PairParts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_parts, "MOST_CALLS", 239)
    assert attempts(pairs.within((MAY, MAY + 4 * DAY_US))) == 960
    with pytest.raises(TooManyCallsError, match="240 calls lie in days whose pairs are not summed"):
        pairs.within(WEEK)


def test_erased_numbers_are_told_until_nothing_of_them_is_left(pairs: PairParts, week: Home) -> None:
    with week.writing("test"):
        tombstones.enter(week, Lake(week).engine, ["+919876500001"])
    assert pairs.within(WEEK).hidden == ("+919876500001",)


@pytest.fixture
def aged(week: Home, tmp_path: Path) -> Home:
    """Calls are kept for two days, sums for three; a sixth day begins."""
    kept = RetentionSettings(calls="2d", pair_days="3d")
    settings = settings_with().model_copy(update={"retention": kept})
    take(week, write_csv(tmp_path / "later.csv", call_lines(1, start=1200)), settings=settings)
    return week


def test_days_whose_calls_are_dropped_are_counted_whole_by_their_sums(aged: Home) -> None:
    pairs, end = PairParts(Lake(aged), NIGHT), MAY + 7 * DAY_US
    third = MAY + 2 * DAY_US
    assert attempts(pairs.within((third, end))) == 4 * 240 - 239
    assert pairs.within((third, end)).uncounted == ()


def test_what_is_dropped_for_its_age_is_said(aged: Home) -> None:
    pairs, end, third = PairParts(Lake(aged), NIGHT), MAY + 7 * DAY_US, MAY + 2 * DAY_US
    assert pairs.within((MAY - DAY_US, end)).uncounted == ((_OPERATOR, (MAY - DAY_US, third)),)
    cut = pairs.within((third + 1, end))
    assert (cut.uncounted, attempts(cut)) == (((_OPERATOR, (third + 1, third + DAY_US)),), 3 * 240 - 239)
    assert pairs.within((MAY, third)).parts == ()
    assert pairs.within((MAY, third)).uncounted == ((_OPERATOR, (MAY, third)),)


def test_indexes_of_single_calls_go_with_the_calls(aged: Home) -> None:
    kinds = {row.day: (aged.lake / index_path(row.path, of_calls=True)).exists() for row in rows(aged)}
    sums = {row.day: (aged.lake / index_path(row.path, of_calls=False)).exists() for row in rows(aged)}
    assert kinds == {"2026-05-03": False, "2026-05-04": True, "2026-05-05": True}
    assert sums == {"2026-05-03": True, "2026-05-04": False, "2026-05-05": False}
    assert len(indexes(aged)) == 3


def test_a_day_whose_calls_are_taken_in_again_counts_once(aged: Home, tmp_path: Path) -> None:
    pairs, end, third = PairParts(Lake(aged), NIGHT), MAY + 7 * DAY_US, MAY + 2 * DAY_US
    asked = pairs.within((third, end))
    held = [weakref.ref(part.index) for part in asked.parts if part.first == third]
    assert len(held) == 1
    del asked
    take(aged, tmp_path / "week.csv")  # all calls are kept again
    (row,) = [row for row in rows(aged) if row.day == "2026-05-03"]
    kinds = [(aged.lake / index_path(row.path, of_calls=of_calls)).exists() for of_calls in (True, False)]
    assert kinds == [True, True]
    assert attempts(pairs.within((third, end))) == 3 * 240 + 1
    assert pairs.within((MAY - DAY_US, end)).uncounted == ((_OPERATOR, (MAY - DAY_US, MAY)),)
    assert pairs.within((third + 1, end)).uncounted == ()
    gc.collect()
    assert [index() for index in held] == [None]


@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_a_dropped_day_whose_pairs_cannot_be_read_is_uncounted_and_named(aged: Home, damage: str) -> None:
    (row,) = [row for row in rows(aged) if row.day == "2026-05-03"]
    path = aged.lake / row.path
    (aged.lake / index_path(row.path, of_calls=False)).unlink()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-20])
    notes: list[str] = []

    class Noting(Silent):
        def note(self, text: str) -> None:
            notes.append(text)

    with aged.writing("test"):
        refresh(Lake(aged), None, None, NIGHT, Noting())
    (note,) = notes
    assert note.startswith(f"{row.path} cannot be read")
    third = MAY + 2 * DAY_US
    assert PairParts(Lake(aged), NIGHT).within((third, WEEK[1])).uncounted == ((_OPERATOR, (third, third + DAY_US)),)


def test_an_index_that_leads_outside_its_rows_is_named(week: Home) -> None:
    path = indexes(week)[0]
    batch = pa.ipc.open_file(path).get_batch(0)
    offsets = batch["out"].offsets.to_numpy()
    flipped = np.append(offsets[:-1], offsets[-1] + 1).astype(np.int32)
    letters = path.read_bytes()
    assert letters.count(offsets.tobytes()) == 1
    path.write_bytes(letters.replace(offsets.tobytes(), flipped.tobytes()))
    with pytest.raises(DamagedLakeError, match=rf"{path.name} is damaged: .* remove it, and `ringfence ingest`"):
        PairParts(Lake(week), NIGHT).within(WEEK)


def test_who_waits_for_one_segment_does_not_hold_up_others(week: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one index is being made, another is made and both are given; the same is made once."""
    shelf, (one, other) = PairShelf(week.lake, NIGHT), Lake(week).segments()[:2]
    began, go_on, made = threading.Event(), threading.Event(), []

    def slowly(calls: pa.Table, night_h: tuple[int, int]) -> pa.Table:
        made.append(len(calls))
        if not began.is_set():
            began.set()
            assert go_on.wait(30)
        return counted(calls, night_h)

    monkeypatch.setattr(pair_shelf, "counted", slowly)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(shelf.of_segment, one, ())
        assert began.wait(30)
        same = threads.submit(shelf.of_segment, one, ())
        shelf.of_segment(other, ())
        assert not first.done()
        go_on.set()
        assert first.result() is same.result()
    assert len(made) == 2


def rows(home: Home) -> list[ledger.PairDayRow]:
    return list(ledger.find_pair_days(Lake(home).engine).values())
