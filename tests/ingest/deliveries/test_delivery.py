"""Files are told apart by name and first bytes, and their content comes whole, once, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import os
import socket
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from configs import load_settings
from ingest.deliveries.delivery import Delivery, file_digest, look_into
from ingest.deliveries.finding import Source
from ingest.deliveries.kinds import Naming
from ingest.deliveries.opening import open_content
from ingest.rejection import RejectedError
from tests.ingest.deliveries.test_archives import zipped
from tests.ingest.samples import id_of

TEXT = b"".join(f"{i * 7919 % 1000003},{i}\n".encode() for i in range(5000))
LIMITS = load_settings().ingest
GZIPPED = gzip.compress(TEXT, mtime=0)
ZSTD: bytes = pa.compress(TEXT, "zstd", asbytes=True)
CUCM = Naming(fallback="csv", left_out=("cmr_*",))


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def looked_into(path: Path, naming: Naming | None = None) -> tuple[Delivery, ...]:
    return look_into(Source(str(path), path), naming or Naming(), LIMITS).taken


def only(path: Path, naming: Naming | None = None) -> Delivery:
    (delivery,) = looked_into(path, naming)
    return delivery


def content(delivery: Delivery, folder: Path) -> tuple[bytes, str]:
    with open_content(delivery, LIMITS, folder) as opened:
        data = opened.stream.read()
    return data, opened.digest


def refused(path: Path, naming: Naming | None = None) -> str:
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        whole(path, naming)
    return caught.value.reason


def whole(path: Path, naming: Naming | None = None) -> list[bytes]:
    return [content(delivery, path.parent)[0] for delivery in looked_into(path, naming)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", TEXT),
        ("a.CSV", TEXT),
        ("a.csv.gz", GZIPPED),
        ("a.Csv.GZ", gzip.compress(TEXT[:999], mtime=0) + gzip.compress(TEXT[999:], mtime=0)),
        ("a.csv.gz", GZIPPED + b"\0" * 512),
        ("a.csv.zst", ZSTD),
        ("a.zip", zipped(("b.csv", TEXT))),
        ("a.zip", zipped(("b.csv.gz", GZIPPED))),
        ("a.zip", zipped(("b.csv.zst", ZSTD))),
        ("a.parquet", TEXT),
        ("a.parquet.gz", GZIPPED),
        ("a.zip", zipped(("b.parquet", TEXT))),
    ],
    ids=id_of,
)
def test_the_content_is_what_counts(tmp_path: Path, name: str, data: bytes) -> None:
    delivery = only(written(tmp_path / name, data))
    assert content(delivery, tmp_path) == (TEXT, hashlib.sha256(TEXT).hexdigest())


@pytest.mark.parametrize(
    ("name", "format_", "packing"),
    [
        ("a.tsv", "tsv", None),
        ("a.json", "json", None),
        ("a.jsonl.gz", "json", "gzip"),
        ("a.NDJSON.zst", "json", "zstd"),
        ("a.xml", "xml", None),
        ("a.asn1", "ber", None),
        ("a.ber", "ber", None),
        ("a.fwf", "fixed", None),
        ("a.txt", "fixed", None),
        ("cdr_StandAloneCluster_01_202605010001_7", "csv", None),
        ("Master.csv.1", "csv", None),
        ("cdr.log.gz", "csv", "gzip"),
    ],
)
def test_the_name_says_what_a_file_is_and_the_mapping_what_it_leaves_open(
    tmp_path: Path, name: str, format_: str, packing: str | None
) -> None:
    data = {"gzip": GZIPPED, "zstd": ZSTD}.get(packing or "", TEXT)
    delivery = only(written(tmp_path / name, data), Naming(fallback="csv", fixed=True))
    assert (delivery.format, delivery.packing) == (format_, packing)
    assert (delivery.name, delivery.label, delivery.size) == (str(tmp_path / name), name, len(data))
    assert delivery.packed_digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv.gz", GZIPPED[:-3], "gzip_damaged"),
        ("a.csv.gz", GZIPPED[:-8] + b"\0\0\0\0" + GZIPPED[-4:], "gzip_damaged"),
        ("a.csv.gz", GZIPPED + b"garbage", "gzip_damaged"),
        ("a.csv.gz", b"", "foreign_type"),
        ("a.csv.gz", TEXT, "foreign_type"),
        ("a.csv.gz", ZSTD, "foreign_type"),
        ("a.csv.zst", ZSTD[:-3], "zstd_damaged"),
        ("a.csv.zst", ZSTD + b"x", "zstd_damaged"),
        ("a.csv.zst", TEXT, "foreign_type"),
        ("a.csv", GZIPPED, "foreign_type"),
        ("a.csv", ZSTD, "foreign_type"),
        ("a.csv", zipped(("a.csv", TEXT)), "foreign_type"),
        ("a.xlsx", zipped(("a.csv", TEXT)), "foreign_type"),
        ("a", TEXT, "foreign_type"),
        ("a.txt", TEXT, "foreign_type"),
        ("a.gz", GZIPPED, "foreign_type"),
        ("a.zip.gz", GZIPPED, "foreign_type"),
        ("a.csv.gz", gzip.compress(bytes(1_000_000), mtime=0), "bomb_by_ratio"),
        ("a.csv.zst", pa.compress(bytes(1_000_000), "zstd", asbytes=True), "bomb_by_ratio"),
        ("a.zip", zipped(("a.csv", bytes(1_000_000))), "bomb_by_ratio"),
        ("a.zip", zipped(("a.csv.gz", gzip.compress(bytes(1_000_000), mtime=0))), "bomb_by_ratio"),
        ("a.zip", zipped(("a.csv", TEXT))[:-30], "archive_damaged"),
        ("a.zip", zipped(("../a.csv", TEXT)), "archive_unsafe"),
        ("a.zip", zipped(("a.csv", TEXT), ("b.zip", zipped())), "archive_unsafe"),
        ("a.zip", zipped(("notes.md", TEXT)), "foreign_type"),
        ("a.zip", zipped(), "foreign_type"),
        ("a.zip", TEXT, "foreign_type"),
        ("a.zip", zipped(("a.csv", GZIPPED)), "foreign_type"),
        ("a.zip", zipped(("a.csv.gz", TEXT)), "foreign_type"),
        ("a.zip", zipped(("a.csv.gz", GZIPPED[:-3])), "gzip_damaged"),
    ],
    ids=id_of,
)
def test_files_that_cannot_be_trusted(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    assert refused(written(tmp_path / name, data)) == reason


def test_members_of_an_archive_are_deliveries_of_their_own(tmp_path: Path) -> None:
    data = zipped(
        ("cdr/b.csv.gz", GZIPPED), ("a.csv", TEXT), ("cmr_1.csv", b"x"), ("cdr_1", b"y"), ("__MACOSX/._a.csv", b"z")
    )
    path = written(tmp_path / "day.zip", data)
    found = look_into(Source(str(path), path), CUCM, LIMITS)
    assert [delivery.name for delivery in found.taken] == [f"{path}!{n}" for n in ("a.csv", "cdr/b.csv.gz", "cdr_1")]
    assert [delivery.label for delivery in found.taken] == ["day.zip!a.csv", "day.zip!cdr/b.csv.gz", "day.zip!cdr_1"]
    assert set(found.passed_over) == {f"{path}!__MACOSX/._a.csv", f"{path}!cmr_1.csv"}
    assert [content(delivery, tmp_path)[0] for delivery in found.taken] == [TEXT, TEXT, b"y"]
    again = written(tmp_path / "again.zip", data)
    assert [d.packed_digest for d in looked_into(again, CUCM)] == [d.packed_digest for d in found.taken]
    assert len({d.packed_digest for d in found.taken}) == 3


def test_parquet_is_read_from_a_file_however_it_came(tmp_path: Path) -> None:
    table = pa.table({"a": list(range(1000))})
    pq.write_table(table, tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet.zst").write_bytes(pa.compress(data, "zstd", asbytes=True))
    (tmp_path / "a.zip").write_bytes(zipped(("a.parquet", data)))
    for place, name in enumerate(("a.parquet", "a.parquet.zst", "a.zip")):
        folder = tmp_path / str(place)
        folder.mkdir()
        with open_content(only(tmp_path / name), LIMITS, folder) as opened:
            assert pq.ParquetFile(opened.stream).read().equals(table)
        assert opened.digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.zst", "a.zip"])
def test_what_a_reader_leaves_is_read_and_proven(tmp_path: Path, name: str) -> None:
    data = {"a.csv": TEXT, "a.csv.gz": GZIPPED, "a.csv.zst": ZSTD, "a.zip": zipped(("a.csv", TEXT))}[name]
    heard: list[int] = []
    delivery = only(written(tmp_path / name, data))
    with open_content(delivery, LIMITS, tmp_path, heard.append) as opened:
        assert opened.stream.read(4) == TEXT[:4]
    assert opened.digest == hashlib.sha256(TEXT).hexdigest()
    assert sum(heard) == delivery.size


def test_damage_behind_what_a_reader_leaves_is_found(tmp_path: Path) -> None:
    delivery = only(written(tmp_path / "a.csv.gz", GZIPPED[:-1]))
    with pytest.raises(RejectedError) as caught, open_content(delivery, LIMITS, tmp_path) as opened:
        opened.stream.read(4)
    assert caught.value.reason == "gzip_damaged"


def test_progress_reaches_the_whole_even_of_a_refused_file(tmp_path: Path) -> None:
    heard: list[int] = []
    delivery = only(written(tmp_path / "a.csv.gz", gzip.compress(bytes(1_000_000), mtime=0)))
    with pytest.raises(RejectedError), open_content(delivery, LIMITS, tmp_path, heard.append) as opened:
        opened.stream.read()
    assert sum(heard) == delivery.size


CHANGES = [
    (name, data, changed)
    for name, data in (("a.csv", TEXT), ("a.csv.gz", GZIPPED), ("a.csv.zst", ZSTD), ("a.parquet", TEXT))
    for changed in (data + data, data[:-100], data[:50] + b"\0" + data[51:])
]


@pytest.mark.parametrize(("name", "data", "changed"), CHANGES, ids=id_of)
def test_a_file_that_changes_between_looking_and_reading(
    tmp_path: Path, name: str, data: bytes, changed: bytes
) -> None:
    path = written(tmp_path / name, data)
    delivery = only(path)
    path.write_bytes(changed)
    os.utime(path, ns=(0, delivery.state.changed_at + 1))
    with pytest.raises(RejectedError) as caught:
        content(delivery, tmp_path)
    assert caught.value.reason == "file_changed"


def test_a_change_that_the_clock_does_not_show(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", TEXT)
    delivery = only(path)
    with path.open("r+b") as file:
        file.write(b"9")
    os.utime(path, ns=(0, delivery.state.changed_at))
    with pytest.raises(RejectedError) as caught:
        content(delivery, tmp_path)
    assert caught.value.reason == "file_changed"


@pytest.mark.parametrize("name", ["a.csv", "a.zip"])
def test_a_file_that_goes_away(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, zipped(("a.csv", TEXT)) if name == "a.zip" else TEXT)
    delivery = only(path)
    path.unlink()
    with pytest.raises(RejectedError) as caught:
        content(delivery, tmp_path)
    assert caught.value.reason == "file_unreadable"


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", TEXT)
    with pytest.raises(RejectedError) as caught, open_content(only(path), LIMITS, tmp_path):
        path.write_bytes(TEXT + b"more")
    assert caught.value.reason == "file_changed"


def test_a_fault_of_the_block_is_not_taken_for_one_of_the_file(tmp_path: Path) -> None:
    delivery = only(written(tmp_path / "a.csv.gz", GZIPPED))
    with pytest.raises(OSError, match="No space"), open_content(delivery, LIMITS, tmp_path):
        raise OSError(28, "No space left on device")


def test_what_is_no_file_is_refused_unread(tmp_path: Path) -> None:
    pipe, here, loop = tmp_path / "pipe.csv", tmp_path / "socket.csv", tmp_path / "loop.csv"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(here))
        for path in (pipe, here, loop, Path("/dev/zero"), tmp_path / "nowhere.csv", Path("/dev/null")):
            assert refused(path, CUCM) == "file_unreadable"


def test_the_digest_of_a_file(tmp_path: Path) -> None:
    assert file_digest(written(tmp_path / "a", b"abc")) == hashlib.sha256(b"abc").hexdigest()
