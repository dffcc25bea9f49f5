"""ZIP archives give their members whole, or are refused as a whole before anything of them is taken."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.deliveries.archives import MOST_MEMBERS, members, open_member
from ingest.rejection import RejectedError

TEXT = b"".join(f"{i * 7919 % 1000003},{i}\n".encode() for i in range(2000))


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        for name, content in files:
            archive.writestr(name, content, packing)
    return data.getvalue()


def contents(path: Path) -> dict[str, bytes]:
    found = members(path, 100)
    with path.open("rb") as file:
        return {member.name: open_member(file, member).read() for member in found}


def refused(path: Path, data: bytes) -> RejectedError:
    path.write_bytes(data)
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        members(path, 100)
    return caught.value


def outcome(path: Path, data: bytes) -> list[bytes] | str:
    """What the members hold, or why they are refused."""
    path.write_bytes(data)
    try:
        return sorted(contents(path).values())
    except RejectedError as refusal:
        return refusal.reason


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) >= 1
    return data.replace(old, new)


def info(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.zip"


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_members_come_out_sorted_and_whole(path: Path, packing: int) -> None:
    path.write_bytes(zipped(("b.csv", TEXT), ("sub/", b""), ("sub/é.csv", b"x"), ("a.csv", b""), packing=packing))
    assert contents(path) == {"a.csv": b"", "b.csv": TEXT, "sub/é.csv": b"x"}
    assert [member.name for member in members(path, 100)] == ["a.csv", "b.csv", "sub/é.csv"]


def test_an_archive_written_to_a_pipe(path: Path) -> None:
    """Sizes then follow the content instead of coming before it."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", TEXT)
        archive.writestr("b.csv", TEXT[:99])
    path.write_bytes(pipe.getvalue())
    assert contents(path) == {"a.csv": TEXT, "b.csv": TEXT[:99]}


def test_sizes_of_64_bits(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("a.csv", "w", force_zip64=True) as member:
            member.write(TEXT)
        archive.writestr("b.csv", b"x")
    assert contents(path) == {"a.csv": TEXT, "b.csv": b"x"}


def test_an_archive_of_nothing_has_no_members(path: Path) -> None:
    path.write_bytes(zipped())
    assert members(path, 100) == []


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "sub/../../a.csv",
        "/etc/a.csv",
        "C:\\a.csv",
        "c:a.csv",
        "..\\a.csv",
        "\\\\host\\a.csv",
        "a\n.csv",
        "..",
    ],
)
def test_no_name_leads_out_of_the_folder(path: Path, name: str) -> None:
    refusal = refused(path, zipped(("good.csv", TEXT), (name, TEXT)))
    assert refusal.reason == "archive_unsafe"
    assert ascii(name)[1:-1] in str(refusal)


def test_a_name_that_goes_on_after_nul(path: Path) -> None:
    assert refused(path, patched(zipped(("a.csvX/../b", b"")), b"a.csvX", b"a.csv\0")).reason == "archive_unsafe"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused_by_name(path: Path, kind: int) -> None:
    refusal = refused(path, zipped((info("link.csv", kind | 0o644), b"/etc/passwd")))
    assert refusal.reason == "archive_unsafe"
    assert "link.csv" in str(refusal)


def test_a_folder_that_holds_bytes(path: Path) -> None:
    refusal = refused(path, patched(zipped(("calls.csv", TEXT)), b"calls.csv", b"calls.cs/"))
    assert (refusal.reason, "calls.cs/" in str(refusal)) == ("archive_unsafe", True)


def test_a_password(path: Path) -> None:
    data = bytearray(zipped(("secret.csv", TEXT)))
    data[data.index(b"PK\1\2") + 8] |= 1
    refusal = refused(path, bytes(data))
    assert refusal.reason == "archive_encrypted"
    assert "secret.csv" in str(refusal)


def test_a_name_that_is_there_twice(path: Path) -> None:
    refusal = refused(path, patched(zipped(("a.csv", b"1"), ("b.csv", b"2")), b"b.csv", b"a.csv"))
    assert (refusal.reason, "a.csv" in str(refusal)) == ("archive_unsafe", True)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_ask_for_any_memory(path: Path, packing: int) -> None:
    assert refused(path, zipped(("a.csv", TEXT), packing=packing)).reason == "foreign_type"


def test_too_many_members(path: Path) -> None:
    refusal = refused(path, zipped(*((f"{i}.csv", b"") for i in range(MOST_MEMBERS + 1))))
    assert (refusal.reason, "10000" in str(refusal)) == ("archive_unsafe", True)


def test_a_directory_that_would_fill_the_memory_is_not_read(path: Path) -> None:
    size = 6_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, size, 0, 0)
    assert refused(path, b"PK\3\4" + bytes(size) + end).reason == "archive_unsafe"


def lying(field: int, change: int) -> Callable[[bytes], bytes]:
    """Change a 32-bit field in the directory: 16 the checksum, 20 the packed size, 24 the size."""

    def lie(data: bytes) -> bytes:
        at = data.index(b"PK\1\2") + field
        (value,) = struct.unpack_from("<L", data, at)
        return data[:at] + struct.pack("<L", value + change) + data[at + 4 :]

    return lie


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@pytest.mark.parametrize(
    "lie", [lying(16, 1), lying(20, -1), lying(20, 1), lying(24, 1), lying(24, -1), lying(24, -99)]
)
def test_lies_about_size_and_checksum(path: Path, packing: int, lie: Callable[[bytes], bytes]) -> None:
    data = lie(zipped(("a.csv", TEXT), ("b.csv", TEXT), packing=packing))
    assert refused(path, data).reason in ("archive_damaged", "archive_unsafe")


def test_a_lie_that_agrees_with_itself(path: Path) -> None:
    """Size and checksum of the first bytes alone: the rest would be lost without a word."""
    part = TEXT[:100]
    data = zipped(("a.csv", TEXT))
    for old, new in ((len(TEXT), len(part)), (zlib.crc32(TEXT), zlib.crc32(part))):
        data = patched(data, struct.pack("<L", old), struct.pack("<L", new))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("a.csv") == part
    assert refused(path, data).reason == "archive_damaged"


def test_members_that_share_their_bytes(path: Path) -> None:
    """The way in which ten megabytes unpack to 280 terabytes."""
    one = zipped(("a.csv", TEXT))
    start, end = one.index(b"PK\1\2"), one.index(b"PK\5\6")
    entry = one[start:end]
    entries = b"".join(entry.replace(b"a.csv", b"%c.csv" % letter) for letter in b"abcdefgh")
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 8, 8, len(entries), start, 0)
    assert refused(path, one[:start] + entries + tail).reason in ("archive_unsafe", "archive_damaged")
    same = one[:start] + entry + entry.replace(b"a.csv", b"b.csv") + tail
    assert refused(path, same).reason in ("archive_unsafe", "archive_damaged")


def test_a_member_within_a_member(path: Path) -> None:
    inner = zipped(("b.csv", TEXT), packing=zipfile.ZIP_STORED)
    local, entry = inner[: inner.index(b"PK\1\2")], inner[inner.index(b"PK\1\2") : inner.index(b"PK\5\6")]
    outer = zipped(("a.csv", local), packing=zipfile.ZIP_STORED)
    start, end = outer.index(b"PK\1\2", len(local)), outer.rindex(b"PK\5\6")
    moved = entry[:42] + struct.pack("<L", outer.index(local)) + entry[46:]
    directory = outer[start:end] + moved
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, len(directory), start, 0)
    refusal = refused(path, outer[:start] + directory + tail)
    assert (refusal.reason, "overlap" in str(refusal)) == ("archive_unsafe", True)


def test_a_bomb_is_refused_by_what_it_says_of_itself(path: Path) -> None:
    data = zipped(*((f"{i}.csv", bytes(10_000_000)) for i in range(20)))
    assert len(data) < 1_000_000
    refusal = refused(path, data)
    assert (refusal.reason, "0.csv" in str(refusal)) == ("bomb_by_ratio", True)


def test_a_bomb_that_says_it_is_small_is_stopped(path: Path) -> None:
    data = zipped(("a.csv", bytes(10_000_000)))
    data = patched(data, struct.pack("<L", 10_000_000), struct.pack("<L", 1000))
    assert refused(path, data).reason == "archive_damaged"


def test_a_cut_at_any_place_is_found(path: Path) -> None:
    data = zipped(("a.csv", TEXT[:300]), ("b.csv", TEXT[:300]))
    for cut in range(len(data)):
        assert refused(path, data[:cut]).reason.startswith("archive_"), cut


SMALL = zipped(("a.csv", TEXT[:200]), ("b.csv", TEXT[200:300]))
REFUSALS = ("archive_damaged", "archive_encrypted", "archive_unsafe", "bomb_by_ratio", "foreign_type")


@settings(max_examples=500, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.integers(1, 255))
def test_no_changed_byte_gives_other_content(tmp_path_factory: pytest.TempPathFactory, place: int, change: int) -> None:
    data = bytearray(SMALL)
    data[place] ^= change
    found = outcome(tmp_path_factory.getbasetemp() / "changed.zip", bytes(data))
    assert found == sorted([TEXT[:200], TEXT[200:300]]) or found in REFUSALS


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\3\4"]), st.sampled_from([b"", SMALL[SMALL.index(b"PK\5\6") :]])
)
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes, begin: bytes, end: bytes) -> None:
    assert outcome(tmp_path_factory.getbasetemp() / "any.zip", begin + data + end) in REFUSALS
