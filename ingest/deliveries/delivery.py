"""Files as they come: what each is and holds, told cheaply, before anything of it is read as calls.

The order of things for whoever takes files in:

1. `finding.find(paths, naming)` gives sources: files, once each.
2. `look_into(source, naming, limits)` gives deliveries: one of a file, one a member of an archive.
3. `opening.open_content(delivery, limits, folder, advance)` gives the content, proven whole while it is read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from configs import IngestSettings
from ingest.deliveries.archives import Member, members
from ingest.deliveries.finding import Source, why_no_file
from ingest.deliveries.kinds import KNOWN, MAGIC_BYTES, ZIP, Kind, Naming, packing_of, suffix_of
from ingest.deliveries.packing import unreadable
from ingest.files import spelt
from ingest.rejection import RejectedError


class FileState(NamedTuple):
    """By what a file that was changed or replaced is told from what it was."""

    size: int
    changed_at: int  # ns
    inode: int


@dataclass(frozen=True)
class Delivery:
    """One thing to take in: a file, or a member of an archive."""

    name: str  # as reports show it: a path, `ARCHIVE.zip!member`, or `-`
    label: str  # the same without folders, for the ledger
    path: Path  # of the file, or of the archive
    format: str  # one of ingest.mapping.dialects.Format
    packing: str | None  # GZIP or ZSTD, of the file or of the member itself
    packed_digest: str  # SHA-256 of the file as it lies there (of a member: made of the archive's and its name), hex
    size: int  # bytes as it lies there; of a member: in the archive
    state: FileState  # of `path`, before its digest was taken
    member: Member | None = None


class Deliveries(NamedTuple):
    """What one source holds, and the files of an archive that were passed over."""

    taken: tuple[Delivery, ...]
    passed_over: tuple[str, ...]


def look_into(source: Source, naming: Naming, limits: IngestSettings) -> Deliveries:
    """Tell what a source holds, without unpacking anything but an archive, which is proven whole first.

    Raises RejectedError where nothing of the source may be taken.
    """
    if source.fault:
        raise RejectedError("file_unreadable", source.fault)
    try:
        if why := why_no_file(source.path):
            raise RejectedError("file_unreadable", why)
        kind = _kind(source, naming)
        whole = _whole(source, kind)
        return _members(whole, naming, limits) if kind.packing == ZIP else Deliveries((whole,), ())
    except OSError as error:
        raise unreadable(error) from None


def file_state(path: Path) -> FileState:
    """Give a file's state; raises OSError."""
    found = path.stat()
    return FileState(found.st_size, found.st_mtime_ns, found.st_ino)


def file_digest(path: Path) -> str:
    """Give the SHA-256 of a file as it lies there, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _kind(source: Source, naming: Naming) -> Kind:
    with source.path.open("rb") as file:
        found = packing_of(file.read(MAGIC_BYTES))
    if source.format is not None:
        return Kind(source.format, found)
    kind = naming.kind(source.path.name)
    check_packing(kind.packing, found, spelt(source.path.name))
    if kind.packing == ZIP:
        return kind
    if kind.format is None and naming.fallback is None:
        raise RejectedError("foreign_type", f"not a known type of file; name it by what it is: {KNOWN}")
    return Kind(kind.format or naming.fallback, found)


def check_packing(named: str | None, found: str | None, name: str) -> None:
    """Raise RejectedError where a file is packed otherwise than its name says."""
    if named == found:
        return
    if found is not None:
        raise RejectedError("foreign_type", f"the file is packed with {found}; name it {name}{suffix_of(found)}")
    raise RejectedError("foreign_type", f"by its name the file is {named}, but it is not; send it again or rename it")


def _whole(source: Source, kind: Kind) -> Delivery:
    """Give a source as one delivery; of an archive the format is left empty."""
    state = file_state(source.path)
    label = source.name if source.format else spelt(source.path.name)
    digest = file_digest(source.path)
    return Delivery(source.name, label, source.path, kind.format or "", kind.packing, digest, state.size, state)


def _members(archive: Delivery, naming: Naming, limits: IngestSettings) -> Deliveries:
    found = members(archive.path, limits.max_ratio)
    taken = tuple(_member(archive, member, naming) for member in found if naming.belongs(_file_name(member)))
    if not taken:
        raise RejectedError("foreign_type", f"the archive holds no CDR files; name them by what they are: {KNOWN}")
    others = tuple(f"{archive.name}!{member.name}" for member in found if not naming.belongs(_file_name(member)))
    return Deliveries(taken, others)


def _member(archive: Delivery, member: Member, naming: Naming) -> Delivery:
    kind = naming.kind(_file_name(member))
    if kind.packing == ZIP:
        raise RejectedError("archive_unsafe", f"{member.name} is an archive in an archive; send it by itself")
    return replace(
        archive,
        name=f"{archive.name}!{member.name}",
        label=f"{archive.label}!{member.name}",
        format=kind.format or naming.fallback or "",
        packing=kind.packing,
        packed_digest=hashlib.sha256(f"{archive.packed_digest}!{member.name}".encode()).hexdigest(),
        size=member.packed_size,
        member=member,
    )


def _file_name(member: Member) -> str:
    return PurePosixPath(member.name).name
