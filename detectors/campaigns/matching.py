"""Which known campaign a ring carries on, and the id of one that is new.

A ring is compared with every known campaign by what it consists of (members) and by whom it hits (victims): numbers
rotate, victims do not. Each ring carries at most one campaign on and each campaign is carried by at most one ring.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

MEMBER_WEIGHT = 0.6
VICTIM_WEIGHT = 0.4
_SAYABLE = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)  # Crockford's base 32


@dataclass(frozen=True)
class Profile:
    """A ring or campaign as node keys, comparable across snapshots."""

    members: frozenset[bytes]
    victims: frozenset[bytes]


def overlap(one: Profile, other: Profile) -> float:
    """Give 0..1: shared members and victims, each as a share of the smaller side, weighted 0.6 and 0.4.

    The smaller side counts, so that a ring that grew or shrank is still itself.
    """
    members, victims = _shared(one.members, other.members), _shared(one.victims, other.victims)
    return MEMBER_WEIGHT * members + VICTIM_WEIGHT * victims


def match(rings: Sequence[Profile], known: Mapping[str, Profile], least: float) -> dict[int, str]:
    """Give ring index → campaign id for all that overlap by `least` or more, the best pairs first.

    Ties go to the pair that shares more members, then to the smaller campaign id, then to the earlier ring.
    """
    pairs = sorted(_pairs(rings, known, least))
    taken: dict[int, str] = {}
    for _, _, campaign, ring in pairs:
        if ring not in taken and campaign not in taken.values():
            taken[ring] = campaign
    return taken


def new_id(scope: str, cut: int, members: Iterable[bytes], used: Collection[str]) -> str:
    """Give the id of a campaign born at `cut` (µs): the same ring at the same cut always gets the same one.

    Ids in `used` are never given again.
    """
    content = b"\x00".join([scope.encode(), str(cut).encode(), *sorted(members)])
    turn = 0
    while (found := _sayable(content, turn)) in used:
        turn += 1
    return found


def _pairs(
    rings: Sequence[Profile], known: Mapping[str, Profile], least: float
) -> Iterable[tuple[float, int, str, int]]:
    for ring, profile in enumerate(rings):
        for campaign, other in known.items():
            if (value := overlap(profile, other)) >= least:
                yield -value, -len(profile.members & other.members), campaign, ring


def _shared(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _sayable(content: bytes, turn: int) -> str:
    digest = hashlib.sha256(content + b"\x00" + str(turn).encode()).digest()
    return "C-" + base64.b32encode(digest[:5]).translate(_SAYABLE).decode()
