"""The beginning of a sample, unpacked; the rest of a large file is never read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ingest.guessing.guess import GuessError

MOST_BYTES = 2_000_000
BOM = b"\xef\xbb\xbf"
_PACKED = {b"\x1f\x8b": ("gzip", ".gz"), b"\x28\xb5\x2f\xfd": ("zstd", ".zst")}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Head:
    """The first bytes of a file's content; `whole` says that there are no others."""

    path: Path
    data: bytes
    whole: bool
    packed: bool

    @property
    def suffix(self) -> str:
        """What the file's name says that it holds: its last suffix without the one of packing, in lower case."""
        known = {ending for _, ending in _PACKED.values()}
        suffixes = [suffix.lower() for suffix in self.path.suffixes if suffix.lower() not in known]
        return suffixes[-1] if suffixes else ""

    @property
    def lines(self) -> bytes:
        """The whole lines of it."""
        if self.whole:
            return self.data
        end = self.data.rfind(b"\n") + 1
        if not end:
            raise GuessError(f"the first line is longer than {MOST_BYTES:,} bytes; is it a file of records at all?")
        return self.data[:end]


def read_head(path: Path) -> Head:
    """Read the beginning of a file; raises GuessError for what is no file, no text and no Parquet."""
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        raise GuessError("the sample is a folder, a pipe or a device; name a file as the operator writes it")
    packing = _packing(path)
    try:
        with pa.input_stream(str(path), compression=packing) as stream:
            data = stream.read(MOST_BYTES + 1)
    except pa.ArrowException as error:
        raise GuessError(f"the sample cannot be unpacked ({str(error)[:100]}); fetch it again") from None
    except OSError as error:
        if packing is None:
            raise
        raise GuessError(f"the sample is cut off or damaged ({str(error)[:100]}); fetch it again") from None
    head = Head(path, data[:MOST_BYTES], len(data) <= MOST_BYTES, packing is not None)
    _check(head)
    return head


def _packing(path: Path) -> str | None:
    if path.is_dir():
        raise GuessError(f"{path} is a folder; name one file of it")
    with path.open("rb") as file:
        begins = file.read(4)
    found = next((packed for magic, packed in _PACKED.items() if begins.startswith(magic)), None)
    if found and path.suffix.lower() != found[1]:
        raise GuessError(f"the sample is packed with {found[0]}; name it {path.name}{found[1]}, as `ingest` wants it")
    if begins.startswith(b"PK\x03\x04"):
        raise GuessError("the sample is a zip archive; unpack it and name one file of it")
    return found[0] if found else None


def _check(head: Head) -> None:
    data = head.data.removeprefix(BOM)
    if not data.strip():
        raise GuessError("the sample is empty; take a file with some hundred records")
    if data.startswith(b"PAR1"):
        return
    if data.startswith(_UTF_16):
        raise GuessError("the sample is UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise GuessError(
            "the sample is no text; binary records (ASN.1 BER) need a module that describes them: "
            "write the mapping by hand"
        )
