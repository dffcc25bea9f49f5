"""Tombstones: numbers that are erased, known by a keyed hash alone, so that nobody reads them from it.

They stand in the ledger and, with their key, in HOME/erasures, which a restore of databases and lake does not replace:
what either of the two says counts. A tombstone of the ledger is `pending` while something of the number may be left: it
then holds the number itself, or nothing where only the hash is known (`""`); when all is done it holds null.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.dialects.sqlite import Insert, insert

from ingest.faults import point
from ingest.files import durable_write, fsync, make_folder
from ingest.home import Home
from ingest.ledger.tables import tombstones

UNKNOWN = ""
_KEY_BYTES = 32
_LINE = re.compile(rb"([0-9a-f]{64}) ([0-9]{1,18})\n")


class ErasureError(RuntimeError):
    """What is known of erased numbers cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Tombstones:
    """All of a home; `erased_at` by the hash of the number, clock time in µs."""

    key: bytes
    erased_at: Mapping[bytes, int]

    def of(self, number: str) -> int | None:
        """Give when a number, in canonical form, was erased, None where it was not."""
        return self.erased_at.get(_hash(self.key, number))


def enter(home: Home, engine: Engine, numbers: Iterable[str], at: int | None = None) -> None:
    """Say that numbers, in canonical form, are erased; no reader shows them from when this returns.

    `at` is the clock time in µs, now unless it is given. The caller holds the home's write lock.
    """
    wanted = sorted(set(numbers))
    erased_at = time.time_ns() // 1000 if at is None else at
    key = _key(home, engine, make=True)
    ids = [_hash(key, number).hex() for number in wanted]
    _append(home, dict.fromkeys(ids, erased_at))
    point("erase:listed")
    rows = [{"id": name, "erased_at": erased_at, "pending": number} for name, number in zip(ids, wanted, strict=True)]
    with engine.begin() as connection:
        connection.execute(_upsert(replaces=True), rows)
        point("erase:entered:before")
    point("erase:entered:after")


def restore(home: Home, engine: Engine) -> None:
    """Bring ledger and HOME/erasures to the same tombstones; those that the ledger lacked are pending again.

    The caller holds the home's write lock.
    """
    listed, entered = _listed(home), _entered(engine)
    newer = {name: at for name, at in listed.items() if entered.get(name, -1) < at}
    lacking = [{"id": name, "erased_at": at, "pending": UNKNOWN} for name, at in newer.items()]
    if lacking:
        with engine.begin() as connection:
            connection.execute(_upsert(), lacking)
    _append(home, {name: at for name, at in entered.items() if listed.get(name, -1) < at})


def known(home: Home, engine: Engine) -> Tombstones | None:
    """Give all tombstones of a home, None where it has none; raises ErasureError."""
    listed, entered = _listed(home), _entered(engine)
    if not listed and not entered:
        return None
    erased_at = {name: max(listed.get(name, 0), entered.get(name, 0)) for name in {*listed, *entered}}
    by_hash = {bytes.fromhex(name): at for name, at in erased_at.items()}
    return Tombstones(_key(home, engine), by_hash)


def pending(engine: Engine) -> dict[str, str]:
    """Give number by hash of those of which something may be left, as far as they are known."""
    with engine.connect() as connection:
        return pending_in(connection)


def pending_in(connection: Connection) -> dict[str, str]:
    """Give `pending`, read through the caller's connection."""
    return {id_: number for id_, number in _pending(connection).items() if number != UNKNOWN}


def is_unfinished(engine: Engine) -> bool:
    """Say whether something may be left of any number."""
    with engine.connect() as connection:
        return bool(_pending(connection))


def has_unknown(engine: Engine) -> bool:
    """Say whether something may be left of a number of which only the hash is known."""
    with engine.connect() as connection:
        return UNKNOWN in _pending(connection).values()


def name(home: Home, engine: Engine, numbers: Iterable[str]) -> None:
    """Find the numbers of pending tombstones of which only the hash is known among some numbers."""
    key = _key(home, engine)
    with engine.connect() as connection:
        wanted = {bytes.fromhex(id_) for id_, number in _pending(connection).items() if number == UNKNOWN}
    found = {digest.hex(): number for number in numbers if (digest := _hash(key, number)) in wanted}
    with engine.begin() as connection:
        for id_, number in found.items():
            connection.execute(update(tombstones).where(tombstones.c.id == id_).values(pending=number))


def forget_numbers(engine: Engine) -> None:
    """Take the numbers out of all tombstones; they stay pending."""
    with engine.begin() as connection:
        connection.execute(update(tombstones).where(tombstones.c.pending.is_not(None)).values(pending=UNKNOWN))
        point("erase:forgotten:before")
    point("erase:forgotten:after")


def finish(engine: Engine) -> None:
    """Say that nothing is left of the numbers of all tombstones."""
    with engine.begin() as connection:
        connection.execute(update(tombstones).where(tombstones.c.pending.is_not(None)).values(pending=None))


def masked(number: str) -> str:
    """Give as much of a number as may be shown: its last two characters, of a short one none."""
    return f"…{number[-2:]}" if len(number) > 4 else "…"


def _upsert(replaces: bool = False) -> Insert:
    """Give the statement that enters tombstones; of those that stand the number is kept unless this `replaces` it."""
    added = insert(tombstones)
    number = added.excluded.pending if replaces else func.coalesce(tombstones.c.pending, added.excluded.pending)
    changed = {"erased_at": added.excluded.erased_at, "pending": number}
    return added.on_conflict_do_update(index_elements=["id"], set_=changed)


def _pending(connection: Connection) -> dict[str, str]:
    wanted = select(tombstones.c.id, tombstones.c.pending).where(tombstones.c.pending.is_not(None))
    found = connection.execute(wanted.order_by(tombstones.c.pending, tombstones.c.id))
    return {row.id: row.pending for row in found}


def _hash(key: bytes, number: str) -> bytes:
    return hmac.digest(key, number.encode(), "sha256")


def _entered(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return dict(connection.execute(select(tombstones.c.id, tombstones.c.erased_at)).all())


def _listed(home: Home) -> dict[str, int]:
    """Read the list; what stands after its last whole line is an append that never returned."""
    path = _list(home)
    found: dict[str, int] = {}
    for line in _LINE.finditer(path.read_bytes() if path.is_file() else b""):
        number, at = line[1].decode(), int(line[2])
        found[number] = max(at, found.get(number, 0))
    return found


def _append(home: Home, erased_at: Mapping[str, int]) -> None:
    if not erased_at:
        return
    path = _list(home)
    make_folder(path.parent)
    lines = "".join(f"{name} {at}\n" for name, at in sorted(erased_at.items())).encode()
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        whole = _whole_bytes(path)
        os.ftruncate(file, whole)
        os.pwrite(file, lines, whole)
        os.fsync(file)
    finally:
        os.close(file)
    fsync(path.parent)


def _whole_bytes(path: Path) -> int:
    return path.read_bytes().rfind(b"\n") + 1


def _key(home: Home, engine: Engine, make: bool = False) -> bytes:
    path = home.erasures / "key"
    if path.is_file():
        return path.read_bytes()
    if not make or _listed(home) or _entered(engine):
        raise ErasureError(f"{path} is missing, without which nobody knows which numbers are erased; restore it")
    make_folder(home.erasures)
    durable_write(path, _write_key, home.staging, "erase:key")
    return path.read_bytes()


def _write_key(file: Path) -> None:
    file.touch(mode=0o600)
    file.write_bytes(secrets.token_bytes(_KEY_BYTES))


def _list(home: Home) -> Path:
    return home.erasures / "list"
