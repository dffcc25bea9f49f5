"""A delivery is opened: its content comes unpacked, and is hashed and proven whole while it is read once."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from configs import IngestSettings
from ingest.deliveries.archives import Member, open_member
from ingest.deliveries.delivery import Delivery, check_packing, file_state
from ingest.deliveries.kinds import MAGIC_BYTES, packing_of
from ingest.deliveries.packing import DAMAGE, PIECE, Unpacked, refusal, unpacking, unreadable
from ingest.rejection import RejectedError

_READ_FROM_THE_END = ("parquet",)  # formats that need a file, not a stream


@dataclass(frozen=True)
class Opened:
    """The unpacked content of a delivery while it is read."""

    stream: IO[bytes]
    _digest: Callable[[], str]

    @property
    def digest(self) -> str:
        """SHA-256 of the unpacked content, as hex; right only after the block of `open_content`."""
        return self._digest()


@contextmanager
def open_content(
    delivery: Delivery, limits: IngestSettings, folder: Path, advance: Callable[[int], None] = lambda _: None
) -> Iterator[Opened]:
    """Open a delivery's content; `folder` holds it meanwhile where its format cannot be read as a stream.

    `advance` hears of the bytes of the packed file as they are read, `delivery.size` in all. Raises RejectedError with
    any read or when the block ends: damaged, a bomb, another file by now. What the block leaves unread is read then.
    An OSError comes of writing to `folder` alone.
    """
    try:
        heard = _Heard(delivery.path, delivery.size, advance)
    except OSError as error:
        raise unreadable(error) from None
    try:
        with io.BufferedReader(heard, PIECE) as file, _opened(file, delivery, limits, folder) as opened:
            yield opened
        _check_unchanged(delivery)
    except RejectedError:
        _check_unchanged(delivery)  # comes first: a refusal is remembered, a change is not
        raise
    finally:
        heard.finish()


class _Heard(io.FileIO):
    """A file of whose reading somebody hears: of every byte once, even where it is read again or not at all."""

    def __init__(self, path: Path, size: int, advance: Callable[[int], None]) -> None:
        super().__init__(path)
        self._left, self._advance = size, advance

    def readinto(self, buffer: Any, /) -> int:
        count = super().readinto(buffer) or 0
        self._tell(count)
        return count

    def finish(self) -> None:
        """Tell of what was not read."""
        self._tell(self._left)

    def _tell(self, count: int) -> None:
        told = min(count, self._left)
        self._left -= told
        if told:
            self._advance(told)


@contextmanager
def _opened(file: io.BufferedReader[Any], delivery: Delivery, limits: IngestSettings, folder: Path) -> Iterator[Opened]:
    from_the_end = delivery.format in _READ_FROM_THE_END
    if from_the_end and _is_plain(delivery):
        yield Opened(file, lambda: delivery.packed_digest)
        return
    raw = _unpacked(file, delivery, limits)
    with io.BufferedReader(raw, PIECE) as stream:
        if from_the_end:
            yield from _as_file(stream, raw, folder / "unpacked")
            return
        yield Opened(stream, lambda: raw.digest)
        while stream.read(PIECE):
            pass
    if _is_plain(delivery) and raw.digest != delivery.packed_digest:
        raise _changed()


def _as_file(stream: io.BufferedIOBase, raw: Unpacked, path: Path) -> Iterator[Opened]:
    with path.open("wb") as target:
        shutil.copyfileobj(stream, target, PIECE)
    with path.open("rb") as whole:
        yield Opened(whole, lambda: raw.digest)


def _is_plain(delivery: Delivery) -> bool:
    return delivery.packing is None and delivery.member is None


def _unpacked(file: io.BufferedIOBase, delivery: Delivery, limits: IngestSettings) -> Unpacked:
    if _is_plain(delivery):
        return Unpacked(file, None, delivery.size, _changed())
    packed = file if delivery.member is None else _member(file, delivery.member, delivery.packing)
    return Unpacked(unpacking(packed, delivery.packing), delivery.packing, delivery.size * limits.max_ratio, _bomb())


def _member(archive: io.BufferedIOBase, member: Member, packing: str | None) -> io.BufferedIOBase:
    content = open_member(archive, member)
    try:
        begin = content.peek(MAGIC_BYTES)[:MAGIC_BYTES]
    except DAMAGE as error:
        raise refusal(error, None) from None
    check_packing(packing, packing_of(begin), member.name)
    return content


def _check_unchanged(delivery: Delivery) -> None:
    try:
        changed = file_state(delivery.path) != delivery.state
    except OSError:
        changed = True
    if changed:
        raise _changed() from None


def _changed() -> RejectedError:
    return RejectedError("file_changed", "the file changed while it was read; bring it again when it is complete")


def _bomb() -> RejectedError:
    return RejectedError(
        "bomb_by_ratio",
        "the file unpacks to more than the allowed multiple of its size; "
        "send it unpacked, or raise ingest.max_ratio if it is genuine",
    )
