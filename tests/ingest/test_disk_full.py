"""A full disk stops ingest with a sentence and leaves whole files alone; the same command later ends as if undisturbed.

Every test makes writes really fail: a limit of the size of files (EFBIG, works for everyone), or a small file system
(ENOSPC, `make test-long` as root).
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.deliveries.finding import Source
from ingest.deliveries.kinds import Naming
from ingest.disk_full import DiskFullError, disk_needed, is_full, warn_of_little_room
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from tests.api.cli.commands import answered, command
from tests.ingest.samples import call_lines, write_csv
from tests.ingest.take_files import take_files
from tests.ingest.test_kill import content

KIB, MIB = 1 << 10, 1 << 20


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files over several days that overlap, with rows that are no calls, the first of them small."""
    folder = tmp_path_factory.mktemp("deliveries")
    bad = ["x,y,z,"] * 50
    return [
        write_csv(folder / "1.csv", call_lines(20)),
        write_csv(folder / "2.csv.gz", [*call_lines(900), *bad]),
        write_csv(folder / "3.csv", [*bad, *call_lines(700, start=600)]),
    ]


@pytest.fixture(scope="module")
def undisturbed(deliveries: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    home = Home(tmp_path_factory.mktemp("undisturbed") / "home")
    take_files(home, deliveries)
    return content(home)


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Let every write fail that would make a file larger than `size` bytes; Python ignores the signal that comes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def assert_whole(home: Home, first: Path) -> None:
    """The first file is in, and each other one is in whole or not at all."""
    assert not list(home.staging.iterdir())
    engine = open_database(home, "ledger")
    batches = ledger.find_batches(engine)
    assert batches[0].name == first.name
    assert sum(batch.accepted for batch in batches) == sum(segment.rows for segment in Lake(home).segments())
    assert all(b.accepted + b.dead_lettered + b.duplicates == b.rows for b in batches)


def assert_nothing_unfinished(home: Home) -> None:
    assert find_orphans(home.lake, named_files(open_database(home, "ledger"))) == []


def stopped(home: Home, files: list[Path]) -> str | None:
    try:
        take_files(home, files)
    except DiskFullError as error:
        return str(error)
    return None


@pytest.mark.parametrize("limit", [4 * KIB, 16 * KIB, 60 * KIB, 100 * KIB, 150 * KIB, 10 * MIB])
def test_wherever_it_fills_up_the_same_command_ends_the_same_way(
    limit: int, tmp_path: Path, deliveries: list[Path], undisturbed: tuple[str, ...]
) -> None:
    home = Home(tmp_path / "home")
    take_files(home, deliveries[:1])
    with no_file_above(limit):
        said = stopped(home, deliveries)
    assert_whole(home, deliveries[0])
    assert (said is None) == (limit == 10 * MIB)
    if said:
        assert_nothing_unfinished(home)
    take_files(home, deliveries)
    assert content(home) == undisturbed


@pytest.mark.parametrize("limit", [0, 4 * KIB, 64 * KIB])
def test_a_home_that_could_not_even_be_made(
    limit: int, tmp_path: Path, deliveries: list[Path], undisturbed: tuple[str, ...]
) -> None:
    home = Home(tmp_path / "home")
    home.create()
    with no_file_above(limit), pytest.raises((DiskFullError, OSError)):
        take_files(home, deliveries)
    take_files(home, deliveries)
    assert content(home) == undisturbed


def test_the_command_says_what_to_do(tmp_path: Path, deliveries: list[Path]) -> None:
    arguments = ("ingest", *map(str, deliveries), "--home", str(tmp_path / "home"))
    answered("ingest", str(deliveries[0]), "--home", str(tmp_path / "home"))
    with no_file_above(60 * KIB):
        finished = command(*arguments)
    assert finished.returncode == 1
    assert "is full: about 1 MiB more are needed; what was taken in stays" in finished.stderr
    assert "run the same command again" in finished.stderr
    assert answered(*arguments)["accepted"] > 0


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "ringfence", str(folder)]
    mounted = subprocess.run(mount, check=False, capture_output=True, text=True)
    assert mounted.returncode == 0, f"run this test where file systems may be mounted, as root: {mounted.stderr}"
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.long
@pytest.mark.parametrize("room", [0, *(k * KIB for k in range(4, 800, 24)), 16 * MIB])
def test_on_a_small_file_system(
    room: int, tmp_path: Path, deliveries: list[Path], undisturbed: tuple[str, ...]
) -> None:
    with small_disk(tmp_path / "disk", 32 * MIB) as disk:
        home = Home(disk / "home")
        take_files(home, deliveries[:1])
        (disk / "others").write_bytes(bytes(shutil.disk_usage(disk).free - room))
        said = stopped(home, deliveries)
        assert not list(home.staging.iterdir())
        assert (said is None) == (room == 16 * MIB) or 0 < room < 16 * MIB
        (disk / "others").unlink()  # without any room SQLite cannot even read
        assert_whole(home, deliveries[0])
        take_files(home, deliveries)
        assert content(home) == undisturbed


def test_only_a_full_disk_is_one(tmp_path: Path) -> None:
    assert all(is_full(OSError(number, "")) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
    assert not any(is_full(error) for error in (OSError(errno.EIO, ""), OSError("no number"), ValueError()))
    assert os.strerror(errno.ENOSPC).startswith("No space left")


class Notes:
    """Progress that keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def stage(self, name: str, total: int | None, unit: str) -> None:
        """Not kept."""

    def advance(self, n: int) -> None:
        """Not kept."""

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_little_room_is_told_beforehand(home: Home, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(1 << 43)  # takes no room
    home.create()
    notes = Notes()
    warn_of_little_room(home, [Source("large", large)], notes)
    warn_of_little_room(home, [Source("gone", tmp_path / "gone.csv")], notes)
    (note,) = notes.notes
    assert "8,388,608 MiB" in note


def test_packed_files_need_more_room_than_plain_ones(tmp_path: Path) -> None:
    sources = [Source(name, tmp_path / name) for name in ("a.csv", "a.csv.gz")]
    for source in sources:
        source.path.write_bytes(bytes(1000))
    plain, packed = (disk_needed([source], Naming()) for source in sources)
    assert 1000 < plain < packed == disk_needed(sources, Naming()) - plain
