"""Packed files: unpacked while they are read, a piece at a time, and proven whole at their end."""

from __future__ import annotations

import hashlib
import io
import zlib
from typing import Any, Protocol, cast

import pyarrow as pa
from isal import igzip
from isal.igzip_lib import IsalError

from ingest.deliveries.kinds import GZIP, ZSTD
from ingest.rejection import RejectedError

PIECE = 1 << 20  # bytes read at a time


class DamagedError(ValueError):
    """A member of an archive is not what the archive says of it."""


_GZIP_ERROR = cast(type[Exception], IsalError)  # isal's stub calls it an instance
DAMAGE = (OSError, EOFError, zlib.error, _GZIP_ERROR, pa.ArrowException, DamagedError)


class Readable(Protocol):
    """What bytes are read from."""

    def readinto(self, buffer: Any, /) -> int | None:
        """Fill `buffer` from its beginning and give how many bytes there were; 0 at the end."""


def unpacking(file: io.BufferedIOBase, packing: str | None) -> Readable:
    """Give what a file holds, unpacked piece by piece, so that the memory does not grow with the file.

    gzip may have several members and zeros after them, zstd several frames. What is cut off, damaged or followed by
    something else fails while it is read, with one of DAMAGE.
    """
    if packing == GZIP:
        gzip: Readable = igzip.IGzipFile(fileobj=file)  # type: ignore[no-untyped-call]  # isal has no types for it
        return gzip
    if packing == ZSTD:  # Arrow's reader tells a cut-off frame, which the stream reader of `zstandard` takes for an end
        zstd: Readable = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
        return zstd
    return file


class Unpacked(io.RawIOBase):
    """Unpacked content as a raw stream that counts and hashes what is read, and refuses what cannot be trusted."""

    def __init__(self, source: Readable, packing: str | None, most: int, too_much: RejectedError) -> None:
        self._source, self._packing, self._most, self._too_much = source, packing, most, too_much
        self._sha256 = hashlib.sha256()
        self.size = 0  # bytes read so far

    @property
    def digest(self) -> str:
        """SHA-256 of what was read so far, as hex."""
        return self._sha256.hexdigest()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill `buffer`; raises RejectedError for damage, and as soon as there is more than may be."""
        try:
            count = self._source.readinto(buffer) or 0
        except DAMAGE as error:
            raise refusal(error, self._packing) from None
        self._sha256.update(memoryview(buffer)[:count])
        self.size += count
        if self.size > self._most:
            raise self._too_much
        return count


def refusal(error: Exception, packing: str | None) -> RejectedError:
    """Give the refusal that one of DAMAGE means."""
    if isinstance(error, OSError) and error.errno is not None:  # what the unpackers say has no number
        return unreadable(error)
    if isinstance(error, DamagedError):
        return RejectedError("archive_damaged", f"the archive is damaged ({error}); fetch it again from its source")
    if packing == ZSTD:
        return RejectedError(
            "zstd_damaged",
            "the zstd file is cut off or damaged, or packed with a window above 128 MiB; "
            "fetch it again from its source, or pack it without --long",
        )
    return RejectedError("gzip_damaged", "the gzip file is cut off or damaged; fetch it again from its source")


def unreadable(error: OSError) -> RejectedError:
    """Give the refusal of a file that the system does not let be read."""
    return RejectedError("file_unreadable", f"the file cannot be read ({error.strerror}); check path and rights")
