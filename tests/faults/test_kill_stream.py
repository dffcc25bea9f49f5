"""kill -9 at every named point of a stream, or a full disk: it ends as if nothing had happened."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.faults import INGEST_POINTS, LIVE_POINTS
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger.database import open_database, pending
from ingest.live.log import logs_of, read_heads
from ingest.live.marks import positions
from tests.api.cli.commands import done, started
from tests.forked import ended
from tests.ingest.samples import call_lines, take, text_of, write_csv
from tests.ingest.streams import batches_of, stream_all, totals

RINGFENCE = str(Path(sys.executable).with_name("ringfence"))
SETTINGS = """
ingest: {block_bytes: 4096, max_row_bytes: 1024, segment_rows: 100}
live: {seal_after_s: 3600, seal_bytes: 8192}
"""
ROWS = [*call_lines(150), "bad", *call_lines(60, 100), "x,y,z,", *call_lines(90, 210)]
TOTALS = (302, 250, 2, 50)  # rows, accepted, dead letters, duplicates


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(tmp_path_factory.mktemp("rows") / "calls.csv", ROWS)


@pytest.fixture(scope="module")
def undisturbed(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    home = Home(tmp_path_factory.mktemp("undisturbed") / "home")
    take(home, rows)
    return Lake(home).digest()


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return settled(tmp_path / "home")


def settled(folder: Path) -> Home:
    """Make a home in which logs are small, so that a stream seals several times."""
    folder.mkdir()
    (folder / "settings.yaml").write_text(SETTINGS)
    return Home(folder)


def start(home: Home, path: Path, *options: str) -> subprocess.Popen[str]:
    command = [RINGFENCE, "stream", "--source", f"file:{path}", "--home", str(home.root), "--json", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def assert_as_undisturbed(home: Home, undisturbed: str) -> None:
    assert Lake(home).digest() == undisturbed
    assert totals(batches_of(home)) == TOTALS
    assert done("doctor", "--home", str(home.root))["ok"]


@pytest.mark.parametrize(
    "point", [*LIVE_POINTS, *(f"{p}:3" for p in LIVE_POINTS), *INGEST_POINTS, "live:append:begun:2"]
)
def test_a_kill_at_a_named_point_loses_nothing(point: str, rows: Path, undisturbed: str, place: Home) -> None:
    killed = ended(started("stream", "--source", f"file:{rows}", "--home", str(place.root), "--no-follow", fault=point))
    assert killed == -signal.SIGKILL, f"the stream never passed {point}"
    stream_all(place, rows)
    assert_as_undisturbed(place, undisturbed)


@pytest.mark.long
@pytest.mark.parametrize("moment", range(25))
def test_a_kill_at_a_random_moment_loses_nothing(moment: int, undisturbed: str, place: Home, tmp_path: Path) -> None:
    chance = random.Random(moment)
    path = tmp_path / "calls.csv"
    path.write_text(text_of([]))
    left = list(ROWS)
    while left:
        victim = start(place, path)
        for _ in range(chance.randint(1, 4)):
            count = chance.randint(1, 120)
            with path.open("a") as file:
                file.write("".join(f"{row}\n" for row in left[:count]))
            written, left = left[:count], left[count:]
            if written and chance.random() < 0.4:
                wait_until_seen(path, place, victim)
                path.rename(tmp_path / f"calls.csv.{len(left)}")
                path.write_text(text_of([]))
            time.sleep(chance.uniform(0.0, 1.0))
        victim.kill()
        victim.communicate(timeout=60)
    done("stream", "--source", f"file:{path}", "--no-follow", "--home", str(place.root))
    assert_as_undisturbed(place, undisturbed)


def wait_until_seen(path: Path, home: Home, victim: subprocess.Popen[str]) -> None:
    """A file that is renamed before any stream took a row of it is nobody's."""
    while not any(f"@{path.stat().st_ino}-" in source for source in taken_of(home)):
        assert_running(victim)


def assert_running(process: subprocess.Popen[str]) -> None:
    """Look at a process for a moment."""
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.02)


def taken_of(home: Home) -> set[str]:
    """Give the sources of which rows are in the lake or in a log, while a stream works on both."""
    if pending(home):
        return set()
    try:
        live = {head.source for log in logs_of(home, "generic") for head in read_heads(log)}
    except FileNotFoundError:
        live = set()  # sealed just now
    return live | positions(open_database(home, "ledger"), "generic ").keys()


# -- a disk without room --


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few MiB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.fail(f"this test mounts a tmpfs of 12 MiB, so run it as root with CAP_SYS_ADMIN: {mounted.stderr}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    return ballast


def heard(running: subprocess.Popen[str], words: str) -> None:
    assert running.stderr is not None
    said: list[str] = []
    for line in running.stderr:
        said.append(line)
        if words in line:
            return
    raise AssertionError("".join(said))


@pytest.mark.parametrize("live", ["{seal_after_s: 3600}", "{seal_after_s: 0.05}"], ids=["append", "seal"])
def test_a_full_disk_is_waited_for(live: str, small_disk: Path, rows: Path, undisturbed: str, tmp_path: Path) -> None:
    home = settled(small_disk / "home")
    (home.root / "settings.yaml").write_text(f"live: {live}\n")
    path = tmp_path / "calls.csv"
    path.write_text(text_of(ROWS[:20]))
    running = start(home, path, "--idle-exit", "6")
    while not list(home.live.glob("*/*.log")) and not list(home.lake.rglob("*.parquet")):
        assert_running(running)
    ballast = fill(small_disk)
    with path.open("a") as file:
        file.writelines(f"{row}\n" for row in ROWS[20:])
    heard(running, "is full")
    ballast.unlink()
    out, error = running.communicate(timeout=120)
    assert running.returncode == 0, error
    assert "is full" not in error  # it was said once
    assert json.loads(out)["rows"] == len(ROWS)
    assert Lake(home).digest() == undisturbed
    assert totals(batches_of(home)) == TOTALS
