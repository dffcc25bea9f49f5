"""Which campaign each ring is, and what the registry gains when a new one is born.

Identity advances only at a cut. A cut that was processed before finds its own campaigns again, so nothing is born
twice; rings that a changed setting brings to light are born at that cut, with a later known_at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detectors.campaigns.matching import Profile, match, new_id
from detectors.campaigns.names import name_for
from detectors.cut import Cut
from detectors.work import Registered

BORN = "BORN"


@dataclass(frozen=True)
class Identity:
    """A ring's campaign."""

    id: str
    name: str
    seq: int
    is_new: bool


def identify(
    profiles: Sequence[Profile],
    known: Mapping[str, Profile],
    registry: Sequence[Registered],
    cut: Cut,
) -> list[Identity]:
    """Give each ring the campaign it carries on, else a new one."""
    carried = match(profiles, known, cut.settings.campaigns.match_overlap)
    registered = {row.id: row for row in registry}
    names = {row.name for row in registry}
    seq = max((row.seq for row in registry), default=0)
    identities: list[Identity] = []
    for ring, profile in enumerate(profiles):
        if ring in carried:
            row = registered[carried[ring]]
            identities.append(Identity(row.id, row.name, row.seq, is_new=False))
            continue
        used = registered.keys() | {identity.id for identity in identities}
        campaign, seq = new_id(cut.scope, cut.as_of, profile.members, used), seq + 1
        name = name_for(campaign, names)
        names.add(name)
        identities.append(Identity(campaign, name, seq, is_new=True))
    return identities
