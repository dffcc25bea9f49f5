"""Packed files come out as they went in, or are found to be cut off, damaged, too much or something else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.deliveries.kinds import GZIP, ZSTD
from ingest.deliveries.packing import PIECE, Unpacked, unpacking
from ingest.rejection import RejectedError

TEXT = b"".join(f"{i * 7919 % 1000003},{i}\n".encode() for i in range(40))
GZIPPED = gzip.compress(TEXT, mtime=0)
# One frame of TEXT with a checksum, as `zstd -19` writes it; Arrow writes frames without.
CHECKED = base64.b64decode(
    "KLUv/WR0AN0FAEbXLQmwOyRJFIyZ5nQqACkAKQC0e+AyggvnK15dd9H6iSBWI2SGVPGUcDo3F5RSkYPRmorztbAx3fMVoRAnMuEFCxvzXJPAmOZe"
    "5mKWGycJk1yBopvjjpXZFJfIwGa4JXcw79phLoWaivNeD91Pex/ln/WGLXzSK2cD57xTV2fKSwNwZrwVvpl/zZcy/d4FvKjFDIIW/Q8gWNEAiDsp"
    "KgZj50SHXHVKlORHZ0TrYTofNZCY09EzGTkhAgDMpvH2"
)
PLAIN_ZSTD: bytes = pa.compress(TEXT, "zstd", asbytes=True)
SKIPPED = b"\x5a\x2a\x4d\x18\x03\0\0\0abc"  # a frame that holds nothing, as parallel packers write them
EVERY = pytest.mark.parametrize(("packed", "packing"), [(GZIPPED, GZIP), (CHECKED, ZSTD), (PLAIN_ZSTD, ZSTD)])
EVERY_CHECKED = pytest.mark.parametrize(("packed", "packing"), [(GZIPPED, GZIP), (CHECKED, ZSTD)])


def opened(packed: bytes, packing: str | None, most: int = 10_000_000) -> Unpacked:
    too_much = RejectedError("bomb_by_ratio", "too much")
    return Unpacked(unpacking(io.BufferedReader(io.BytesIO(packed)), packing), packing, most, too_much)


def unpacked(packed: bytes, packing: str | None) -> bytes:
    with io.BufferedReader(opened(packed, packing), PIECE) as stream:
        return stream.read()


def outcome(packed: bytes, packing: str) -> bytes | str:
    """What comes out, or why it is refused."""
    try:
        return unpacked(packed, packing)
    except RejectedError as refusal:
        return refusal.reason


def refused(packed: bytes, packing: str) -> str:
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        unpacked(packed, packing)
    return caught.value.reason


@pytest.mark.parametrize(
    ("packed", "packing", "content"),
    [
        (TEXT, None, TEXT),
        (GZIPPED, GZIP, TEXT),
        (GZIPPED + GZIPPED, GZIP, TEXT + TEXT),
        (GZIPPED + b"\0" * 512, GZIP, TEXT),
        (CHECKED, ZSTD, TEXT),
        (CHECKED + PLAIN_ZSTD, ZSTD, TEXT + TEXT),
        (SKIPPED + CHECKED + SKIPPED, ZSTD, TEXT),
        (pa.compress(b"", "zstd", asbytes=True), ZSTD, b""),
    ],
)
def test_what_was_packed_comes_out(packed: bytes, packing: str | None, content: bytes) -> None:
    assert unpacked(packed, packing) == content


def test_the_digest_is_of_what_was_read() -> None:
    stream = opened(CHECKED, ZSTD)
    first = stream.readinto(bytearray(100))
    assert stream.digest == hashlib.sha256(TEXT[:first]).hexdigest()
    while stream.readinto(bytearray(100)):
        pass
    assert (stream.size, stream.digest) == (len(TEXT), hashlib.sha256(TEXT).hexdigest())


@EVERY
def test_a_cut_at_any_place_is_found(packed: bytes, packing: str) -> None:
    for cut in range(1, len(packed)):
        assert refused(packed[:cut], packing) == f"{packing}_damaged", cut


@EVERY
@pytest.mark.parametrize("extra", [b"x", b"xy", b"PAR1", b"garbage" * 100, b"\x1f\x8b", b"\x28\xb5\x2f"])
def test_whatever_follows_is_found(packed: bytes, packing: str, extra: bytes) -> None:
    assert refused(packed + extra, packing) == f"{packing}_damaged"


@EVERY_CHECKED
def test_no_changed_byte_gives_other_content(packed: bytes, packing: str) -> None:
    for place in range(len(packed)):
        for change in (1, 0x10, 0x80, 0xFF):
            changed = bytearray(packed)
            changed[place] ^= change
            assert outcome(bytes(changed), packing) in (TEXT, f"{packing}_damaged")


@settings(max_examples=300)
@given(st.binary(max_size=200), st.sampled_from([(b"", GZIP), (b"\x1f\x8b\x08", GZIP), (b"\x28\xb5\x2f\xfd", ZSTD)]))
def test_any_bytes_are_content_or_refused(data: bytes, begin: tuple[bytes, str]) -> None:
    magic, packing = begin
    found = outcome(magic + data, packing)
    assert isinstance(found, bytes) or found == f"{packing}_damaged"


@pytest.mark.parametrize(
    ("packed", "packing"),
    [
        (gzip.compress(bytes(20_000_000), mtime=0), GZIP),
        (pa.compress(bytes(20_000_000), "zstd", asbytes=True), ZSTD),
    ],
    ids=["gzip", "zstd"],
)
def test_a_bomb_is_stopped_while_it_is_read(packed: bytes, packing: str) -> None:
    stream = opened(packed, packing, most=len(packed) * 100)
    with io.BufferedReader(stream, PIECE) as reader, pytest.raises(RejectedError, match="too much"):
        reader.read()
    assert stream.size <= len(packed) * 100 + PIECE


def test_a_fault_of_the_disk_is_no_damage() -> None:
    class Failing(io.BytesIO):
        def readinto(self, buffer: object, /) -> int:
            raise OSError(5, "Input/output error")

    for packing in (None, GZIP, ZSTD):
        source = unpacking(io.BufferedReader(Failing(b"x")), packing)
        with pytest.raises(RejectedError, match="Input/output") as caught:
            Unpacked(source, packing, 1000, RejectedError("bomb_by_ratio", "")).readinto(bytearray(10))
        assert caught.value.reason == "file_unreadable"
