"""Files are found, unpacked and proven whole, or refused with a sentence that says what to do."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from configs import load_settings
from ingest.delivery import Delivery, files_below, inspect, open_unpacked
from ingest.rejection import RejectedError
from tests.ingest.samples import id_of

TEXT = b"".join(f"{i * 7919 % 1000003},{i}\n".encode() for i in range(5000))
LIMITS = load_settings().ingest


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def refused(path: Path) -> str:
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        inspect(path, LIMITS)
    return caught.value.reason


def content(delivery: Delivery) -> bytes:
    with open_unpacked(delivery) as stream:
        return stream.read()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", TEXT),
        ("a.CSV", TEXT),
        ("a.csv.gz", gzip.compress(TEXT, mtime=0)),
        ("a.Csv.GZ", gzip.compress(TEXT[:999], mtime=0) + gzip.compress(TEXT[999:], mtime=0)),
        ("a.csv.gz", gzip.compress(TEXT, mtime=0) + b"\0" * 512),
    ],
    ids=id_of,
)
def test_the_content_is_what_counts(tmp_path: Path, name: str, data: bytes) -> None:
    delivery = inspect(written(tmp_path / name, data), LIMITS)
    assert delivery.digest == hashlib.sha256(TEXT).hexdigest()
    assert delivery.size == len(data)
    assert content(delivery) == TEXT


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv.gz", gzip.compress(TEXT, mtime=0)[:-3], "gzip_damaged"),
        ("a.csv.gz", gzip.compress(TEXT, mtime=0)[:-5000], "gzip_damaged"),
        (
            "a.csv.gz",
            gzip.compress(TEXT, mtime=0)[:-8] + b"\0\0\0\0" + gzip.compress(TEXT, mtime=0)[-4:],
            "gzip_damaged",
        ),
        ("a.csv.gz", gzip.compress(TEXT, mtime=0)[:-4] + b"\1\2\3\4", "gzip_damaged"),
        ("a.csv.gz", gzip.compress(TEXT, mtime=0) + b"garbage", "gzip_damaged"),
        (
            "a.csv.gz",
            gzip.compress(TEXT, mtime=0)[:500] + b"\xff" * 50 + gzip.compress(TEXT, mtime=0)[550:],
            "gzip_damaged",
        ),
        ("a.csv.gz", b"", "foreign_type"),
        ("a.csv.gz", TEXT, "foreign_type"),
        ("a.csv", gzip.compress(TEXT, mtime=0), "foreign_type"),
        ("a.xlsx", b"PK\3\4", "foreign_type"),
        ("a", TEXT, "foreign_type"),
        ("a.gz", gzip.compress(TEXT, mtime=0), "foreign_type"),
        ("a.csv.gz", gzip.compress(b"0" * 1_000_000, mtime=0), "bomb_by_ratio"),
    ],
    ids=id_of,
)
def test_files_that_cannot_be_trusted(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    assert refused(written(tmp_path / name, data)) == reason


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.csv") == "file_unreadable"


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", TEXT)
    delivery = inspect(path, LIMITS)
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(RejectedError, match="changed"):
        content(delivery)


def test_a_packed_file_that_is_cut_while_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv.gz", gzip.compress(TEXT, mtime=0))
    delivery = inspect(path, LIMITS)
    path.write_bytes(gzip.compress(TEXT, mtime=0)[:-100])
    with pytest.raises(RejectedError, match="changed"):
        content(delivery)


def test_folders_are_walked_in_order_and_other_files_passed_over(tmp_path: Path) -> None:
    names = [
        "b.csv",
        "a.csv.gz",
        "truth_x.csv",
        "world.json",
        ".hidden.csv",
        "c.parquet",
        "sub/d.CSV",
        "notes.txt",
        "e.gz",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    taken, passed_over = files_below([tmp_path, tmp_path / "notes.txt"], ["truth_*"])
    assert [str(p.relative_to(tmp_path)) for p in taken] == ["a.csv.gz", "b.csv", "c.parquet", "sub/d.CSV", "notes.txt"]
    assert {p.name for p in passed_over} == {"truth_x.csv", "world.json", ".hidden.csv", "notes.txt", "e.gz"}
