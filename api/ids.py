"""Opaque ids: keyed hashes, so that an id says nothing about a number to whoever lacks the home's key."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from ingest.home import Home

PREFIX, ALERT_PREFIX = "n_", "a_"
_KEY_BYTES = 32
_DIGEST_BYTES = 16
_HEAD_BYTES = 8


class Ids:
    """Makes ids with one home's key; the same number has the same id in every run."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, home: Home) -> Ids:
        """Give the ids of a home; its key is made on first use and never changes."""
        path = home.root / "id.key"
        if not path.exists():
            _make_key(home)
        return cls(path.read_bytes())

    def of_number(self, operator: str, number: str) -> str:
        """Give the id of a number: `n_` and 32 hexadecimal digits."""
        return PREFIX + self.digests([operator], [number]).hex()

    def of_alert(self, alert: str) -> str:
        """Give the id under which an alert is shown; its own id is made from the number without a key."""
        content = f"alert\x01{alert}".encode()
        return f"{ALERT_PREFIX}{blake2b(content, key=self._key, digest_size=_DIGEST_BYTES).hexdigest()}"

    def digests(self, operators: Sequence[str], numbers: Sequence[str]) -> bytes:
        """Give the 16 bytes behind each id, one after the other."""
        begun = {operator: self._begun(operator) for operator in set(operators)}
        return b"".join(_finished(begun[operator].copy(), n) for operator, n in zip(operators, numbers, strict=True))

    def _begun(self, operator: str) -> blake2b:
        return blake2b(f"number\x01{operator}\x01".encode(), key=self._key, digest_size=_DIGEST_BYTES)


class NumberIndex:
    """Ids of all numbers of a snapshot, to find the number behind an id.

    `heads` [n] are the first 8 bytes of each id as big-endian integers: a total order that does not depend on the
    snapshot. Two equal heads are told apart by the whole id.
    """

    def __init__(self, ids: Ids, operators: Sequence[str], numbers: Sequence[str]) -> None:
        digests = np.frombuffer(ids.digests(operators, numbers), dtype=np.uint8).reshape(-1, _DIGEST_BYTES)
        self._digests = digests
        self.heads: npt.NDArray[np.uint64] = digests[:, :_HEAD_BYTES].copy().view(">u8")[:, 0].astype(np.uint64)
        self._order = np.argsort(self.heads, kind="stable")
        self._sorted = self.heads[self._order]

    def node_of(self, number_id: str) -> int | None:
        """Give the node behind an id, or None where the snapshot has no such number."""
        wanted = id_bytes(number_id)
        if wanted is None:
            return None
        head = np.uint64(int.from_bytes(wanted[:_HEAD_BYTES], "big"))
        first, last = np.searchsorted(self._sorted, head, "left"), np.searchsorted(self._sorted, head, "right")
        same = (int(node) for node in self._order[first:last])
        return next((node for node in same if self._digests[node].tobytes() == wanted), None)


def id_bytes(number_id: str) -> bytes | None:
    """Give the bytes of a number's id, or None where the text is no such id."""
    digits = number_id.removeprefix(PREFIX)
    if digits == number_id or len(digits) != 2 * _DIGEST_BYTES or not set(digits) <= set("0123456789abcdef"):
        return None
    return bytes.fromhex(digits)


def _finished(begun: blake2b, number: str) -> bytes:
    begun.update(number.encode())
    digest: bytes = begun.digest()
    return digest


def _make_key(home: Home) -> None:
    """Write the key aside and link it into place: of two processes that do so at once, one wins for both.

    Not in staging, which whoever ingests sweeps at any time.
    """
    home.create()
    aside = home.root / f".id-{secrets.token_hex(8)}.key"
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(_KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(aside, home.root / "id.key")
    except FileExistsError:
        pass  # the other process's key stands
    finally:
        aside.unlink()
    _sync_folder(home.root)


def _sync_folder(folder: os.PathLike[str]) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
