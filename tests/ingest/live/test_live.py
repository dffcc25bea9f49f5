"""A stream seals in time, waits for its turn and for room, and says what it could not do."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event

import pytest

from ingest.home import Home, HomeBusyError
from ingest.ledger.database import migrate
from ingest.live import live
from ingest.live.live import StreamReport, stream
from ingest.live.log import logs_of
from ingest.sources import SourceError
from tests.ingest.limits import files_of_at_most
from tests.ingest.samples import HEADER, call_lines, text_of, write_csv
from tests.ingest.streams import Notes, batches_of, live_settings, stream_all, streaming, totals
from tests.repository import ROOT


class StopsAfter(Notes):
    """Progress that stops its stream after some rows."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.stop, self._left = Event(), rows

    def advance(self, n: int) -> None:
        """Count them."""
        self._left -= n
        if self._left <= 0:
            self.stop.set()


def streamed(home: Home, path: Path, progress: StopsAfter, **options: float) -> StreamReport:
    """Follow a file until `progress` stops it."""
    return stream(f"file:{path}", "generic", home, live_settings(**options), progress, progress.stop)


def test_counts_what_it_sealed(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", [*call_lines(300), "bad", *call_lines(9)])
    report = stream_all(home, path).as_json()
    assert report == {
        "source": f"file:{path}",
        "rows": 310,
        "accepted": 300,
        "dead_lettered": 1,
        "duplicates": 9,
        "sealed": 1,
        "position": path.stat().st_size,
        "reasons": {"row_columns": 1},
        "waiting": 0,
        "refusal": None,
    }
    again = stream_all(home, path)
    assert (again.rows, again.sealed, again.position) == (0, 0, path.stat().st_size)


def test_follows_until_it_is_stopped(home: Home, tmp_path: Path) -> None:
    path, progress = write_csv(tmp_path / "calls.csv", call_lines(300)), StopsAfter(300)
    report = streamed(home, path, progress)
    assert (report.rows, report.sealed) == (300, 1)
    assert progress.heard[-1] == f"sealed 300 rows of file:{path}: 300 new calls, 0 dead letters, 0 duplicates"


def test_ends_when_nothing_came_for_a_while(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(3))
    report = stream(f"file:{path}", "generic", home, live_settings(), Notes(), Event(), idle_exit_s=0.0)
    assert report.rows == 3


@pytest.mark.parametrize("limit", [{"seal_bytes": 4096}, {"seal_after_s": 1e-9}])
def test_seals_while_rows_come(limit: dict[str, float], home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(300))
    report = stream_all(home, path, live_settings(**limit))
    assert report.rows == 300
    assert report.sealed == len(batches_of(home)) == 4  # a piece a log


def test_a_log_that_is_full_is_followed_by_another_while_the_home_is_busy(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "END_WAIT_S", 0.0)
    monkeypatch.setattr(live, "RETRY_S", 0.0)
    path, progress = write_csv(tmp_path / "calls.csv", call_lines(300)), StopsAfter(300)
    migrate(home)
    with home.writing("run"):
        report = streamed(home, path, progress, seal_bytes=4096)
    assert report.waiting == len(logs_of(home, "generic")) == 4
    assert (report.rows, report.sealed, report.position) == (0, 0, path.stat().st_size)
    assert len(progress.heard) == 1
    assert "(run)" in progress.heard[0]
    left = stream_all(home, path)
    assert (left.rows, left.sealed, left.waiting) == (300, 4, 0)


def test_other_columns_begin_another_log(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(10))
    with streaming(home, path) as under_way:
        while piece := under_way.source.read(ends=False):
            under_way.take(piece)
        path.rename(tmp_path / "calls.csv.1")
        write_csv(path, [f"{line},IN,IN" for line in call_lines(5, 10)], f"{HEADER},origin_region,target_region")
        report = under_way.run(follow=False, idle_exit_s=None)
    assert (report.rows, report.sealed) == (15, 2)
    assert [len(batch.header or ()) for batch in batches_of(home)] == [4, 6]


def test_a_new_file_that_cannot_be_trusted_ends_the_stream_and_loses_nothing(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(10))
    with streaming(home, path) as under_way:
        while piece := under_way.source.read(ends=False):
            under_way.take(piece)
        path.rename(tmp_path / "calls.csv.1")
        path.write_text("something,else\n1,2\n")
        report = under_way.run(follow=True, idle_exit_s=None)
    assert report.refusal is not None
    assert "no header" in report.refusal
    assert (report.rows, report.accepted, report.sealed) == (10, 10, 1)


def test_rows_that_are_no_calls_are_no_rows(home: Home, tmp_path: Path) -> None:
    home.operators.mkdir()
    (home.operators / "filtered.yaml").write_text(
        "country: IN\nzone: UTC\nnumbers: e164\nonly: [{from: type, in: [call]}]\nfields:\n"
        "  caller: {from: a}\n  callee: {from: b}\n  started: {from: at}\n  talk_ms: {from: s, unit: s}\n"
    )
    at = "2026-05-01T00:00:00Z"
    rows = [f"call,+919876543210,+918765432109,1,{at}", f"data,,,,{at}", f"data,,,,{at}", f"call,,,1,{at}"]
    path = tmp_path / "calls.csv"
    path.write_text(text_of(rows, "type,a,b,s,at,x,y").replace(f"{at}\n", f"{at},,\n"))
    report = stream(f"file:{path}", "filtered", home, live_settings(), Notes(), Event(), follow=False)
    assert (report.rows, report.accepted, report.dead_lettered) == (2, 1, 1)
    [batch] = batches_of(home)
    assert batch.warnings == {"dead_per_mille": 500, "not_calls": 2, "unknown_columns": 2}


def test_records_that_are_paired_across_files_cannot_be_streamed(home: Home, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="ringfence ingest"):
        stream(f"file:{tmp_path}/acc.csv", "kamailio", home, live_settings(), Notes(), Event())


def test_two_operators_may_read_one_file(home: Home, tmp_path: Path) -> None:
    home.operators.mkdir()
    shutil.copy(ROOT / "configs" / "operators" / "generic.yaml", home.operators / "other.yaml")
    path = write_csv(tmp_path / "calls.csv", call_lines(3))
    for operator in ("generic", "other", "other"):
        stream(f"file:{path}", operator, home, live_settings(), Notes(), Event(), follow=False)
    assert [(batch.operator, batch.accepted) for batch in batches_of(home)] == [("generic", 3), ("other", 3)]


def test_a_second_stream_of_an_operator_is_refused(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(3))
    with streaming(home, path), pytest.raises(HomeBusyError, match=r"process \d+ \(test\)"):
        stream(f"file:{path}", "generic", home, live_settings(), Notes(), Event())


def test_without_room_a_piece_waits_and_is_taken_once(home: Home, tmp_path: Path) -> None:
    path, notes = write_csv(tmp_path / "calls.csv", call_lines(20)), Notes()
    with streaming(home, path, notes=notes) as under_way:
        piece = under_way.source.read(ends=False)
        assert piece is not None
        under_way.stop.set()  # else it would wait for room
        with files_of_at_most(100):
            assert not under_way.take(piece)
        [note] = notes.heard
        assert note.endswith("the stream waits and goes on by itself when there is room")
        under_way.source.close()
    assert stream_all(home, path).rows == 20
    assert totals(batches_of(home)) == (20, 20, 0, 0)


def test_without_room_sealing_waits(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, notes = write_csv(tmp_path / "calls.csv", call_lines(300)), Notes()
    with streaming(home, path, notes=notes) as under_way:
        while piece := under_way.source.read(ends=False):
            assert under_way.take(piece)
        with files_of_at_most(3000):
            assert not under_way.seal()
            assert not under_way.seal()
        assert len(notes.heard) == 1
        assert under_way.seal()
    assert totals(batches_of(home)) == (300, 300, 0, 0)
