"""However rows are appended, sealed, killed and offered again, the lake ends as one plain ingest of the file."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ingest.doctor import check
from ingest.home import Home, HomeBusyError
from ingest.lake.key_merging import MANY
from ingest.lake.key_runs import find_runs
from ingest.ledger.database import migrate, open_database
from ingest.ledger.dead_letters import read_letters
from ingest.ledger.ledger import COMPLETED, WITH_REJECTS
from ingest.ledger.ledger import digest as ledger_digest
from ingest.ledger.tables import sealed_logs
from ingest.live.live import Streaming
from ingest.live.log import DamagedLogError, LiveLog, logs_of, next_log, read_frames
from ingest.live.marks import positions
from ingest.live.sealing import left_logs, seal_left, seal_operator
from ingest.records.chunk import DEAD
from tests.ingest.samples import HEADER, call_line, call_lines, calls_of, settings_with, take, text_of, write_csv
from tests.ingest.streams import (
    Notes,
    batches_of,
    frame,
    lake_digest,
    live_settings,
    stream_all,
    streaming,
    totals,
)

BAD = ["x,y,z,", "12,+918765432109,5,2026-05-01T00:00:00Z", '"damage']
POOL = [*(call_line(i) for i in range(0, 400, 7)), *BAD]


def sealed(home: Home, *, notes: Notes | None = None) -> None:
    with home.writing("test"), home.streaming("generic", "test"):
        seal_operator(home, "generic", live_settings(), notes or Notes())


def left(home: Home, notes: Notes | None = None) -> list[str]:
    heard = notes or Notes()
    with home.writing("test"):
        seal_left(home, live_settings(), heard)
    return heard.heard


def appended(home: Home, path: Path, times: int = 1) -> None:
    """Put what a file holds into a live log, and let it lie there."""
    for _ in range(times):
        with streaming(home, path) as stream:
            take_pieces(stream)
            stream.close_log()


def take_pieces(stream: Streaming, ends: bool = False) -> None:
    while piece := stream.source.read(ends):
        assert stream.take(piece)


# -- the property --

ACTIONS = st.one_of(
    st.tuples(st.just("append"), st.integers(1, 60)),
    st.tuples(st.just("write"), st.integers(1, 60)),
    st.tuples(st.just("seal"), st.just(0)),
    st.tuples(st.just("kill"), st.one_of(st.just(0), st.integers(1, 5000))),
    st.tuples(st.just("ingest"), st.just(0)),
)


class World:
    """A file that is written, a stream that follows it and is killed now and then."""

    def __init__(self, folder: Path, rows: list[str]) -> None:
        self.home, self.path = Home(folder / "home"), folder / "calls.csv"
        self.path.write_text(HEADER + "\n")
        self.rows = list(rows)
        self.other = write_csv(folder / "other.csv", rows[:5])
        self._held = ExitStack()
        self._start()

    def act(self, what: str, number: int) -> None:
        """Do one thing."""
        if what in ("append", "write"):
            self._write(number)
            if what == "append":
                take_pieces(self.stream)
        elif what == "seal":
            assert self.stream.seal()
        elif what == "kill":
            self._kill(number)
        else:
            take(self.home, self.other, settings=settings_with(segment_rows=100))

    def finish(self) -> None:
        """Write the rest and end well."""
        self._write(len(self.rows))
        self.stream.run(follow=False, idle_exit_s=None)
        self._held.close()

    def _write(self, count: int) -> None:
        with self.path.open("a") as file:
            file.writelines(f"{row}\n" for row in self.rows[:count])
        del self.rows[:count]

    def _kill(self, torn: int) -> None:
        """End without a word; of the last append, which never returned, some bytes may be missing or too many."""
        self.stream.close_log()
        self._held.close()
        logs = logs_of(self.home, "generic")
        if logs and torn:
            os.truncate(logs[-1], max(0, logs[-1].stat().st_size - torn))
        self._start()

    def _start(self) -> None:
        self.stream = self._held.enter_context(streaming(self.home, self.path))


@settings(max_examples=20)
@given(st.lists(st.sampled_from(POOL), min_size=20, max_size=120), st.lists(ACTIONS, min_size=3, max_size=12))
@example(POOL, [("append", 20), ("kill", 0), ("append", 20), ("kill", 1), ("seal", 0)])
@example(POOL[::-1] + POOL, [("append", 20), ("seal", 0), ("append", 30), ("kill", 4000), ("ingest", 0)])
def test_any_order_of_events_ends_as_one_plain_ingest(rows: list[str], actions: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = World(folder, rows)
        for what, number in actions:
            world.act(what, number)
        world.finish()
        plain = Home(folder / "plain")
        take(plain, write_csv(folder / "all.csv", rows))
        assert lake_digest(world.home) == lake_digest(plain)
        streamed = [batch for batch in batches_of(world.home) if batch.name.startswith("file:")]
        total, accepted, dead, duplicates = totals(streamed)
        [ingested] = batches_of(plain)
        assert total == accepted + dead + duplicates == ingested.rows
        assert dead == ingested.dead_lettered
        assert logs_of(world.home, "generic") == []
        assert positions(open_database(world.home, "ledger"), "generic file:").keys() <= {*known_sources(world)}


def known_sources(world: World) -> list[str]:
    return list(world.stream.marks.known(f"generic file:{world.path}@"))


# -- what a sealed log is --


def test_a_log_becomes_one_batch(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", [*BAD[:2], *call_lines(300), BAD[0], *call_lines(20)])
    appended(home, path)
    assert left_logs(home).rows == 323
    sealed(home)
    [batch] = batches_of(home)
    assert (batch.rows, batch.accepted, batch.dead_lettered, batch.duplicates) == (323, 300, 3, 20)
    assert (batch.name, batch.status, batch.format) == (f"file:{path}", WITH_REJECTS, "csv")
    assert batch.header == HEADER.split(",")
    assert logs_of(home, "generic") == []
    assert left_logs(home).logs == 0
    take(home, path)
    assert totals(batches_of(home)) == (646, 300, 6, 340)


def test_dead_letters_are_numbered_through_the_whole_log(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", [*call_lines(100), "first", *call_lines(200, 100), "second"])
    appended(home, path)
    assert len(list(read_frames(logs_of(home, "generic")[0]))) > 2
    sealed(home)
    [batch] = batches_of(home)
    letters = list(read_letters(open_database(home, "ledger"), batch.id))
    assert [(letter.row, letter.raw) for letter in letters] == [(100, b"first"), (301, b"second")]


def test_a_log_without_frames_leaves_no_batch(home: Home) -> None:
    LiveLog(next_log(home, "generic")).close()
    sealed(home)
    assert batches_of(home) == []
    assert logs_of(home, "generic") == []


def test_a_sealed_log_that_is_still_there_brings_nothing_twice(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", [*call_lines(30), *BAD])
    appended(home, path)
    [log] = logs_of(home, "generic")
    kept = shutil.copy(log, tmp_path / "kept")
    sealed(home)
    before = ledger_digest(open_database(home, "ledger"))
    shutil.copy(kept, log)
    sealed(home)
    assert ledger_digest(open_database(home, "ledger")) == before
    assert logs_of(home, "generic") == []
    with open_database(home, "ledger").connect() as connection:
        assert len(connection.execute(select(sealed_logs)).all()) == 1


def test_nothing_at_or_below_the_mark_is_taken_again(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(300))
    appended(home, path, times=3)
    assert left_logs(home).rows == 300
    with streaming(home, path) as stream:
        piece = stream.source.read(ends=False)
        assert piece is None
    stream_all(home, path)
    assert totals(batches_of(home)) == (300, 300, 0, 0)


def test_a_piece_that_is_offered_again_is_passed_over(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(10))
    with streaming(home, path) as stream:
        piece = stream.source.read(ends=False)
        assert piece is not None
        assert stream.take(piece)
        assert stream.take(replace(piece, chunks=iter(())))
        assert stream.take(replace(piece, start=0, end=piece.start, chunks=iter(())))
        stream.seal()
        assert stream.take(replace(piece, chunks=iter(())))
    [batch] = batches_of(home)
    assert (batch.rows, batch.status) == (10, COMPLETED)
    assert logs_of(home, "generic") == []


def test_positions_are_of_the_sources_that_are_asked_for(home: Home, tmp_path: Path) -> None:
    for name in ("a_b.csv", "axb.csv", "a%.csv"):
        stream_all(home, write_csv(tmp_path / name, call_lines(5)))
    engine = open_database(home, "ledger")
    for name in ("a_b.csv", "a%.csv"):
        [(source, position)] = positions(engine, f"generic file:{tmp_path / name}@").items()
        assert source.startswith(f"generic file:{tmp_path / name}@")
        assert position == (tmp_path / name).stat().st_size


# -- what streams left --


def test_the_next_ingest_seals_what_a_killed_stream_left(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(300))
    appended(home, path)
    with logs_of(home, "generic")[0].open("ab") as log:
        log.write(b"\x89RFLOG\r\nhalf of an append")
    take(home, write_csv(tmp_path / "other.csv", call_lines(310)))
    assert sorted(batch.accepted for batch in batches_of(home)) == [10, 300]
    assert logs_of(home, "generic") == []


def test_what_a_running_stream_holds_is_left_to_it(home: Home, tmp_path: Path) -> None:
    appended(home, write_csv(tmp_path / "calls.csv", call_lines(30)))
    with home.streaming("generic", "test"):
        assert left(home) == []
    assert batches_of(home) == []
    assert left(home) == ["30 rows of a stream that was killed were sealed"]
    assert left(home) == []


def test_a_damaged_log_is_told_and_stays(home: Home, tmp_path: Path) -> None:
    migrate(home)
    path = write_csv(tmp_path / "calls.csv", call_lines(300))
    appended(home, path)
    [log] = logs_of(home, "generic")
    content = bytearray(log.read_bytes())
    content[40] ^= 1
    log.write_bytes(content)
    [note] = left(home)
    assert f"{log} is damaged at byte 0" in note
    assert log.read_bytes() == content
    found = next(finding for finding in check(home) if finding.name == "live logs")
    assert not found.ok
    assert str(log) in found.text
    with pytest.raises(DamagedLogError), streaming(home, path):
        raise AssertionError("a stream began")
    log.rename(tmp_path / "away")
    stream_all(home, path)
    assert totals(batches_of(home)) == (300, 300, 0, 0)


def test_the_doctor_counts_what_waits(home: Home, tmp_path: Path) -> None:
    migrate(home)
    appended(home, write_csv(tmp_path / "calls.csv", call_lines(30)))
    found = next(finding for finding in check(home) if finding.name == "live logs")
    assert found.ok
    assert found.text.startswith("1 with 30 rows wait")


def test_several_logs_are_sealed_in_their_order(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(text_of(call_lines(10)))
    for start in (10, 20):
        appended(home, path)
        with path.open("a") as file:
            file.writelines(f"{line}\n" for line in call_lines(10, start))
    appended(home, path)
    assert len(logs_of(home, "generic")) == 3
    assert left_logs(home).rows == 30
    sealed(home)
    assert [batch.rows for batch in batches_of(home)] == [10, 10, 10]


def test_runs_of_keys_stay_few_however_many_logs_are_sealed(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(1))
    for start in range(1, MANY + 3):
        appended(home, path)
        with path.open("a") as file:
            file.write(f"{call_line(start)}\n")
    assert len(logs_of(home, "generic")) == MANY + 2
    sealed(home)
    runs = find_runs(open_database(home, "ledger"), "generic", "2026-05-01")
    assert sum(run.rows for run in runs) == MANY + 2
    assert len(runs) < MANY


def test_marks_never_go_back(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "a.csv", call_lines(3)))
    calls = calls_of(home)
    for number in (7, 3):
        log = LiveLog(next_log(home, "generic"))
        log.append(frame(number, calls, DEAD.empty_table()))
        log.close()
        sealed(home)
    assert positions(open_database(home, "ledger"), "test:") == {"test:a@1": 8}


def test_a_busy_home_is_waited_for(home: Home, tmp_path: Path) -> None:
    path, notes = write_csv(tmp_path / "calls.csv", call_lines(30)), Notes()
    with streaming(home, path, notes=notes) as stream:
        take_pieces(stream)
        with home.writing("run"):
            assert not stream.seal()
            assert not stream.seal()
            with pytest.raises(HomeBusyError), home.writing("another"):
                raise AssertionError("two write")
        [note] = notes.heard
        assert note.startswith("sealing waits")
        assert "(run)" in note
        assert stream.seal()
    assert totals(batches_of(home)) == (30, 30, 0, 0)
