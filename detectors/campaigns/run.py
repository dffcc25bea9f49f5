"""Scored numbers become campaigns: candidates → exact links → rings → identity and reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from configs import Settings, VerdictSettings
from detectors.campaigns.candidates import candidates
from detectors.campaigns.identity import identify
from detectors.campaigns.known import keys_of, known_campaigns, profile_rows
from detectors.campaigns.matching import Profile
from detectors.campaigns.reach import Reach, reach_of
from detectors.campaigns.report import Campaign
from detectors.campaigns.rings import Ring, candidate_links, find_rings
from detectors.campaigns.roles import member_roles
from detectors.cut import Cut
from detectors.judgement import FloatArray
from detectors.registry import module_named
from detectors.scoring import Scored
from detectors.work import Row, registered_campaigns
from graph.snapshot import Snapshot


@dataclass(frozen=True)
class Found:
    """The campaigns of a run."""

    campaigns: Sequence[Campaign]
    shared_victims: Mapping[int, int]  # member node → victims it shares with other members
    profiles: Sequence[Row]  # what the registry is to remember, without the run


def find_campaigns(cut: Cut, scored: Scored) -> Found:
    """Give the campaigns at a cut, matched with those that the registry knows."""
    snapshot = cut.snapshot
    rings = rings_of(snapshot, scored, cut.settings)
    reaches = [reach_of(snapshot, ring.members) for ring in rings]
    profiles = [
        Profile(keys_of(snapshot, ring.members), keys_of(snapshot, reach.victims))
        for ring, reach in zip(rings, reaches, strict=True)
    ]
    registry = registered_campaigns(cut.home, cut.scope)
    known = known_campaigns(cut)
    identities = identify(profiles, {name: one.profile for name, one in known.items()}, registry, cut)
    shared = [shared_victims(snapshot, ring, reach) for ring, reach in zip(rings, reaches, strict=True)]
    campaigns = [
        Campaign(identity, ring, reach, _roles(ring, scored), _risk(ring, scored, counts, cut.settings.verdicts))
        for identity, ring, reach, counts in zip(identities, rings, reaches, shared, strict=True)
    ]
    found = zip((identity.id for identity in identities), profiles, strict=True)
    return Found(campaigns, _by_node(rings, shared), profile_rows(cut.scope, found, known))


def rings_of(snapshot: Snapshot, scored: Scored, settings: Settings) -> list[Ring]:
    """Give the rings of a snapshot."""
    chosen = candidates(
        scored.fused.holds,
        scored.base,
        snapshot.link_keys,
        settings.campaigns.candidate_share,
        settings.links.max_callers_per_victim,
    )
    links = candidate_links(snapshot, chosen, settings)
    return find_rings(links, scored.fused, settings)


def shared_victims(snapshot: Snapshot, ring: Ring, reach: Reach) -> npt.NDArray[np.int64]:
    """Give for each member how many of its callees other members rang too."""
    shared = reach.victims[reach.callers > 1]
    out = snapshot.out
    rung = (out.neighbours[out.indptr[node] : out.indptr[node + 1]] for node in ring.members)
    return np.array([int(np.isin(callees, shared, assume_unique=True).sum()) for callees in rung])


def _roles(ring: Ring, scored: Scored) -> Sequence[str]:
    return member_roles(ring.members, module_named(ring.fraud_type).text.hands_off, scored.columns)


def _risk(ring: Ring, scored: Scored, shared: npt.NDArray[np.int64], verdicts: VerdictSettings) -> FloatArray:
    """A member whose own facts do not hold is suspicious by its company, in proportion to what it shares."""
    own, holds = scored.fused.risk[ring.members], scored.fused.holds[ring.members]
    callees = np.maximum(scored.columns["callees"][ring.members], 1.0)
    floor, ceiling = verdicts.suspicious, verdicts.rank_ceiling
    tied = floor + (ceiling - floor) * np.clip(shared / callees, 0.0, 1.0)
    return np.asarray(np.round(np.where(holds, own, np.maximum(own, tied)), 4), dtype=np.float64)


def _by_node(rings: Sequence[Ring], shared: Sequence[npt.NDArray[np.int64]]) -> dict[int, int]:
    pairs = [
        pair for ring, counts in zip(rings, shared, strict=True) for pair in zip(ring.members, counts, strict=True)
    ]
    return {int(node): int(count) for node, count in pairs}
