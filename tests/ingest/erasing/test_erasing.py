"""Nothing of an erased number is left in lake and ledger, and everything else is as if it had never been there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from configs import load_settings
from ingest.dead.listing import Wanted
from ingest.erased import tombstones
from ingest.erased.number_search import holds, numbers_of
from ingest.erasing.erasing import erase_pending
from ingest.erasing.pairs import erase_pairs
from ingest.home import Home
from ingest.lake.compaction import compact
from ingest.lake.key_removal import without_keys
from ingest.lake.key_runs import find_runs, write_run
from ingest.lake.lake import Lake
from ingest.lake.pair_day import refresh
from ingest.lake.quarantine import find_quarantined, remains_of
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger import halves, ledger
from ingest.ledger.database import open_database
from ingest.ledger.dead_letters import read_letters
from ingest.ledger.ledger import find_batches, find_segments
from ingest.ledger.tables import batches
from ingest.progress import Silent
from ingest.replay import replay
from ingest.upkeep import prepare
from tests.ingest.erasures import callee, caller, erase, files_with
from tests.ingest.key_samples import DAY, OPERATOR, PAIRS, Pair, keys_of
from tests.ingest.lake.test_checksums import flip
from tests.ingest.live.test_sealing import appended, sealed, take_pieces
from tests.ingest.samples import HEADER, call_line, call_lines, calls_of, settings_with, take, text_of, write_csv
from tests.ingest.streams import Notes, live_settings, streaming

ONE, TWO = caller(1), caller(2)
NIGHT = (22, 6)


@pytest.fixture
def engine(home: Home) -> Engine:
    return open_database(home, "ledger")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Files of three days that overlap, with rows that are no calls."""
    bad = [f"{ONE},12", "x,y,z,"]
    return [
        write_csv(tmp_path / "1.csv", [*call_lines(300), *bad]),
        write_csv(tmp_path / "2.csv", [*call_lines(300, start=200), "09876500001;x"]),
    ]


@pytest.fixture
def filled(home: Home, files: list[Path]) -> Home:
    take(home, *files, settings=settings_with(segment_rows=100))
    return home


def without(numbers: list[str], lines: list[str]) -> list[str]:
    return [line for line in lines if not any(number in line for number in numbers)]


def derived(home: Home) -> dict[str, list[dict[str, object]]]:
    rows = ledger.find_pair_days(open_database(home, "ledger")).values()
    return {row.day: pq.ParquetFile(home.lake / row.path).read().to_pylist() for row in rows}


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def written_over(path: Path) -> None:
    """Put other bytes where the first column lies."""
    content = path.read_bytes()
    path.write_bytes(content[:4] + bytes(100) + content[104:])


def renamed(path: Path) -> None:
    """Turn a bit in a column's name wherever it stands."""
    path.write_bytes(path.read_bytes().replace(b"caller", b"cbller"))


def numbered(path: Path) -> None:
    pairs = pq.ParquetFile(path).read()
    pq.write_table(pairs.set_column(pairs.column_names.index("caller"), "caller", pa.array(range(len(pairs)))), path)


def assert_whole(home: Home) -> None:
    """Keys and calls belong together, digests are those of the files, nothing lies around."""
    engine = open_database(home, "ledger")
    for segment in find_segments(engine):
        runs = find_runs(engine, segment.operator, segment.day)
        of_day = find_segments(engine, [segment.operator], segment.day, segment.day)
        assert sum(run.rows for run in runs) == sum(row.rows for row in of_day)
    assert find_orphans(home.lake, named_files(engine)) == []
    assert Lake(home).digest() == Lake(home).data_digest(None, None, None)
    assert not list(home.staging.iterdir())


def test_the_lake_is_as_if_the_number_had_never_been_there(filled: Home, tmp_path: Path) -> None:
    lines = call_lines(500)
    touched = erase(filled, ONE, callee(2))
    assert touched.calls == {ONE: sum(ONE in line for line in lines), callee(2): 1}
    other = Home(tmp_path / "other")
    take(other, write_csv(tmp_path / "left.csv", without([ONE, callee(2)], lines)))
    assert Lake(filled).digest() == Lake(other).digest()
    assert files_with(filled, ONE) == files_with(filled, callee(2)) == []
    with filled.writing("test"):
        refresh(Lake(filled), None, None, NIGHT, Silent())
    assert derived(filled) == derived(other)
    assert_whole(filled)


def test_a_call_of_two_erased_numbers_counts_for_both_once(home: Home, tmp_path: Path) -> None:
    lines = [f"{ONE},{TWO},5,2026-05-01T00:00:00Z", f"{ONE},{ONE},5,2026-05-01T00:00:00Z"]
    take(home, write_csv(tmp_path / "a.csv", lines))
    assert erase(home, ONE, TWO).calls == {ONE: 2, TWO: 1}
    assert find_segments(open_database(home, "ledger")) == []
    assert_whole(home)


def test_forwarded_calls_go(home: Home, tmp_path: Path) -> None:
    lines = [f"{call_line(0)},{ONE}", f"{call_line(1)},", f"{call_line(2)},{TWO}"]
    take(home, write_csv(tmp_path / "a.csv", lines, f"{HEADER},forwarded_to"))
    assert erase(home, ONE).calls == {ONE: 1}
    assert calls_of(home)["forwarded_to"].to_pylist() == [None, TWO]


def test_a_number_that_never_was_touches_nothing(filled: Home) -> None:
    before = {path: path.stat().st_mtime_ns for path in filled.lake.rglob("*")}
    touched = erase(filled, "+94771234567")
    assert (touched.calls, touched.segments) == ({}, 0)
    assert {path: path.stat().st_mtime_ns for path in filled.lake.rglob("*")} == before
    assert erase(filled, "+94771234567").calls == {}


def test_only_segments_that_hold_the_number_are_written(filled: Home, engine: Engine) -> None:
    before = {row.id for row in find_segments(engine)}
    touched = erase(filled, callee(0))
    after = {row.id for row in find_segments(engine)}
    assert touched.segments == len(before - after) == 1


def test_many_numbers_take_one_pass(filled: Home) -> None:
    class Stages(Silent):
        def __init__(self) -> None:
            self.steps: dict[str, int] = {}
            self._now = ""

        def stage(self, name: str, total: int | None, unit: str) -> None:
            self._now = name

        def advance(self, n: int) -> None:
            self.steps[self._now] = self.steps.get(self._now, 0) + n

    engine, heard = open_database(filled, "ledger"), Stages()
    count = len(find_segments(engine))
    numbers = [callee(i) for i in range(0, 500, 5)]
    with filled.writing("test"):
        tombstones.enter(filled, engine, numbers)
        assert erase_pending(filled, engine, heard).calls == dict.fromkeys(numbers, 1)
    assert heard.steps == {"looking for calls": count, "erasing": count}


def test_who_has_a_file_open_reads_it_to_its_end(filled: Home) -> None:
    before = calls_of(filled)
    opened = [pq.ParquetFile(path) for path in Lake(filled).paths()]
    erase(filled, ONE)
    assert pa.concat_tables([file.read() for file in opened]).equals(before)


def test_readers_leave_pending_numbers_out(filled: Home, engine: Engine) -> None:
    assert Lake(filled).erased_pending() == {}
    tombstones.enter(filled, engine, [ONE])
    assert list(Lake(filled).erased_pending().values()) == [ONE]
    shutil.rmtree(filled.lake / "pair_day")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM pair_days")
    refresh(Lake(filled), None, None, NIGHT, Silent())
    pairs = [pair for rows in derived(filled).values() for pair in rows]
    assert pairs
    assert all(ONE not in (pair["caller"], pair["callee"]) for pair in pairs)


def test_the_next_writer_finishes(filled: Home, engine: Engine) -> None:
    tombstones.enter(filled, engine, [ONE])
    take(filled)
    assert not pc.any(pc.equal(calls_of(filled)["caller"], ONE)).as_py()
    assert_whole(filled)


def test_replaced_files_that_lie_around_go_too(filled: Home, engine: Engine) -> None:
    with filled.writing("test"):
        compact(filled, engine, settings_with(segment_rows=1000, compact_segments=2).ingest, Silent())
    assert find_orphans(filled.lake, named_files(engine))
    erase(filled, ONE)
    assert files_with(filled, ONE) == []
    assert_whole(filled)


def test_compaction_afterwards_changes_nothing(filled: Home, engine: Engine) -> None:
    erase(filled, ONE)
    before = Lake(filled).digest()
    with filled.writing("test"):
        compact(filled, engine, settings_with(segment_rows=1000, compact_segments=2).ingest, Silent())
        prepare(filled, engine, Silent())
    assert Lake(filled).digest() == before
    assert_whole(filled)


def test_dead_letters_keep_place_and_reason_but_not_the_row(filled: Home, engine: Engine) -> None:
    before = [(b.id, b.reasons, [(x.row, x.reason) for x in read_letters(engine, b.id)]) for b in find_batches(engine)]
    touched = erase(filled, ONE)
    assert touched.dead_letters == {ONE: 2}
    after = [(b.id, b.reasons, [(x.row, x.reason) for x in read_letters(engine, b.id)]) for b in find_batches(engine)]
    assert after == before
    assert sorted(x.raw for b in find_batches(engine) for x in read_letters(engine, b.id)) == [b"", b"", b"x,y,z,"]


def test_emptied_dead_letters_stay_when_the_others_are_read_again(filled: Home, engine: Engine) -> None:
    erase(filled, ONE)
    with filled.writing("test"):
        replayed = replay(filled, load_settings(), Wanted(), Silent())
    assert sum(done.partial for done in replayed) == 2
    assert [done.dead_lettered for done in replayed] == [b.dead_lettered for b in find_batches(engine)]
    for batch in find_batches(engine):
        assert batch.accepted + batch.dead_lettered + batch.duplicates == batch.rows


def test_replay_brings_nothing_back(home: Home, engine: Engine, tmp_path: Path) -> None:
    late = f"{callee(1)},{ONE},5,2099-01-01T00:00:00Z"
    take(home, write_csv(tmp_path / "a.csv", [late, call_line(0)]))
    with engine.begin() as connection:
        connection.execute(update(batches).values(name="plain"))
    tombstones.enter(home, engine, [ONE], at=1 << 60)
    tombstones.finish(engine)  # as if the raw had been overlooked
    with home.writing("test"):
        (done,) = replay(home, load_settings(), Wanted(), Silent())
    assert (done.accepted, done.dead_lettered) == (0, 1)
    assert files_with(home, ONE) == []


def test_names_messages_and_headers_of_files(home: Home, engine: Engine, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "calls-09876500001.csv", call_lines(3)))
    take(home, write_csv(tmp_path / "b.csv", ["1,2"], "09876500001,x"))
    with engine.begin() as connection:
        connection.execute(update(batches).where(batches.c.name == "b.csv").values(header=["919876500001", "x"]))
    erase(home, ONE)
    with engine.connect() as connection:
        rows = connection.execute(select(batches.c.name, batches.c.header).order_by(batches.c.name)).all()
    assert [row.name for row in rows] == ["(erased)", "b.csv"]
    assert rows[1].header == ["(erased)", "x"]
    assert files_with(home, ONE) == []


def test_halves_that_wait_are_forgotten(home: Home, engine: Engine, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "a.csv", call_lines(1)))
    (batch,) = find_batches(engine)
    records = [f'{{"caller": "{n}", "callee": "+1", "forwarded_to": null}}'.encode() for n in (ONE, TWO)]
    waiting = pa.record_batch([["0", "1"], [halves.BEGIN] * 2, [0, 1], records], schema=halves.HALVES)
    with engine.begin() as connection:
        halves.enter(connection, "generic", batch.id, [waiting])
    assert erase(home, ONE).halves == 1
    assert set(halves.numbers_waiting(engine)) == {TWO, "+1"}


@pytest.mark.parametrize("place", [None, 4, 100])
def test_what_is_damaged_is_set_aside_and_its_file_goes(filled: Home, engine: Engine, place: int | None) -> None:
    segment = find_segments(engine)[0]
    if place is None:
        (filled.lake / segment.path).unlink()
    else:
        flip(filled.lake / segment.path, place)
    erase(filled, ONE)
    (row,) = find_quarantined(engine)
    assert row.segment == segment.id
    assert not remains_of(filled, row.segment)[0].exists()
    assert files_with(filled, ONE) == []


def test_damaged_keys_are_made_anew(filled: Home, engine: Engine) -> None:
    segment = find_segments(engine)[0]
    run = find_runs(engine, segment.operator, segment.day)[0]
    flip(filled.lake / run.path, 0)
    erase(filled, ONE)
    assert_whole(filled)


def test_sums_that_outlive_their_calls_lose_the_number(filled: Home, engine: Engine) -> None:
    (filled.root / "settings.yaml").write_text("retention: {calls: 1d, pair_days: 400d}\n")
    take(filled, settings=load_settings(filled.root))
    days = {segment.day for segment in find_segments(engine)}
    before = {day: rows for day, rows in derived(filled).items() if day not in days}
    assert any(row["caller"] == ONE for rows in before.values() for row in rows)
    erase(filled, ONE)
    left = {day: [row for row in rows if ONE not in (row["caller"], row["callee"])] for day, rows in before.items()}
    assert {day: rows for day, rows in derived(filled).items() if day not in days} == left
    assert files_with(filled, ONE) == []
    assert_whole(filled)


@pytest.mark.parametrize("damage", [Path.unlink, cut_short, written_over, renamed, numbered])
def test_sums_that_cannot_be_read_are_let_go(filled: Home, engine: Engine, damage: Callable[[Path], None]) -> None:
    (filled.root / "settings.yaml").write_text("retention: {calls: 1d, pair_days: 400d}\n")
    take(filled, settings=load_settings(filled.root))
    days = {segment.day for segment in find_segments(engine)}
    old = next(row for row in ledger.find_pair_days(engine).values() if row.day not in days)
    others = {day: rows for day, rows in derived(filled).items() if day not in {old.day, *days}}
    damage(filled.lake / old.path)
    notes = Notes()
    erase(filled, ONE, progress=notes)
    assert [note for note in notes.heard if old.path in note and "let go" in note]
    assert not (filled.lake / old.path).exists()
    left = {day: [row for row in rows if ONE not in (row["caller"], row["callee"])] for day, rows in others.items()}
    assert {day: rows for day, rows in derived(filled).items() if day not in days} == left
    assert files_with(filled, ONE) == []
    assert_whole(filled)


def test_sums_that_cannot_be_opened_are_kept(filled: Home, engine: Engine, tmp_path: Path) -> None:
    row = next(iter(ledger.find_pair_days(engine).values()))
    before = derived(filled)
    file, aside = filled.lake / row.path, tmp_path / "aside"
    file.rename(aside)
    file.mkdir()  # root may open everything, but no folder as a file
    with pytest.raises(OSError, match="directory"):
        erase_pairs(filled, engine, [ONE], Silent())
    file.rmdir()
    aside.rename(file)
    assert derived(filled) == before


# -- restored backups --


def test_tombstones_survive_a_restore_and_are_applied_by_the_next_writer(
    filled: Home, engine: Engine, tmp_path: Path
) -> None:
    for name in ("db", "lake"):
        shutil.copytree(filled.root / name, tmp_path / "backup" / name)
    erase(filled, ONE, callee(3))
    take(filled)
    wanted = Lake(filled).digest(), ledger.digest(engine)
    for name in ("db", "lake"):
        shutil.rmtree(filled.root / name)
        shutil.copytree(tmp_path / "backup" / name, filled.root / name)
    assert calls_of(filled)["caller"].to_pylist().count(ONE)
    take(filled)
    assert (Lake(filled).digest(), ledger.digest(engine)) == wanted
    assert tombstones.is_unfinished(engine)  # what other rooms hold is not looked at here
    assert_whole(filled)


def test_restored_sums_that_cannot_be_read_keep_nothing(filled: Home, engine: Engine, tmp_path: Path) -> None:
    (filled.root / "settings.yaml").write_text("retention: {calls: 1d, pair_days: 400d}\n")
    take(filled, settings=load_settings(filled.root))
    for name in ("db", "lake"):
        shutil.copytree(filled.root / name, tmp_path / "backup" / name)
    erase(filled, ONE)
    for name in ("db", "lake"):
        shutil.rmtree(filled.root / name)
        shutil.copytree(tmp_path / "backup" / name, filled.root / name)
    days = {segment.day for segment in find_segments(engine)}
    old = next(row for row in ledger.find_pair_days(engine).values() if row.day not in days)
    cut_short(filled.lake / old.path)
    take(filled, settings=load_settings(filled.root))
    assert old.day not in derived(filled)
    assert [path for path in files_with(filled, ONE) if path.is_relative_to(filled.lake)] == []
    assert_whole(filled)


def test_a_restored_number_of_dead_letters_alone_is_found(home: Home, engine: Engine, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "a.csv", ["(098765)-00001,12", call_line(0)]))
    shutil.copytree(home.databases, tmp_path / "db")
    erase(home, ONE)
    shutil.rmtree(home.databases)
    shutil.copytree(tmp_path / "db", home.databases)
    take(home)
    assert list(tombstones.pending(engine).values()) == [ONE]
    assert [letter.raw for batch in find_batches(engine) for letter in read_letters(engine, batch.id)] == [b""]


# -- live rows --


def test_rows_of_a_live_log_are_left_out_when_it_is_sealed(home: Home, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(text_of([*call_lines(20), f"{ONE},12"]))
    appended(home, path)
    erase(home, ONE)
    sealed(home)
    (batch,) = find_batches(engine)
    assert batch.reasons == {"erased": 3, "row_columns": 1}
    assert batch.accepted + batch.dead_lettered + batch.duplicates == batch.rows == 21
    assert [(x.row, x.reason, x.raw) for x in read_letters(engine, batch.id)] == [
        *((row, "erased", b"") for row in (1, 8, 15)),
        (20, "row_columns", b""),
    ]
    assert files_with(home, ONE) == []


def test_a_stream_that_runs_leaves_the_number_out(home: Home, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(text_of(call_lines(20)))
    with streaming(home, path, live_settings(), Notes()) as stream:
        take_pieces(stream)
        erase(home, ONE)
        assert stream.seal()
    assert files_with(home, ONE) == []
    assert len(calls_of(home)) == 17


# -- parts --


def test_a_segment_tells_what_it_holds(filled: Home, engine: Engine) -> None:
    segment = find_segments(engine)[0]
    path = filled.lake / segment.path
    calls = pq.ParquetFile(path).read()
    assert numbers_of(path) == {*calls["caller"].to_pylist(), *calls["callee"].to_pylist()}
    for number in (calls["caller"][0].as_py(), calls["callee"][len(calls) - 1].as_py()):
        assert holds(path, ["+1", number, "zzz"])
    assert not holds(path, ["+1", "+91987650000", "zzz"])


@given(kept=st.sets(PAIRS), gone=st.sets(PAIRS))
def test_keys_are_taken_out_of_runs(kept: set[Pair], gone: set[Pair], tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Home(tmp_path_factory.mktemp("keys") / "home").create()
    everything = kept | gone
    if not everything:
        return
    run = write_run(keys_of(everything), OPERATOR, DAY, home)
    left = without_keys(run, keys_of(gone), home, "erase:keys")
    wanted = everything - gone
    if not wanted:
        assert left is None
        return
    assert left is not None
    plain = write_run(keys_of(wanted), OPERATOR, DAY, home)
    assert (left.rows, left.checksum, left.hours) == (plain.rows, plain.checksum, plain.hours)
