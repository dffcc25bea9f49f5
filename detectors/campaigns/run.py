"""Scored numbers become campaigns: candidates → exact links → rings → identity and reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from configs import VerdictSettings
from detectors.campaigns.candidates import Candidates, Gate, candidates
from detectors.campaigns.identity import identify
from detectors.campaigns.known import earlier_members, keys_of, known_campaigns, needed_profiles, profile_rows
from detectors.campaigns.matching import Profile
from detectors.campaigns.reach import Reach, reach_of
from detectors.campaigns.report import Campaign
from detectors.campaigns.rings import Ring, find_rings
from detectors.campaigns.roles import member_roles
from detectors.cut import Cut
from detectors.judgement import BoolArray, FloatArray
from detectors.registry import module_named
from detectors.scoring import Scored
from detectors.work import Row, registered_campaigns
from graph.links.candidate_calls import window_source
from graph.links.exact import Exact, exact_links
from graph.snapshot import NodeArray, Snapshot


@dataclass(frozen=True)
class Found:
    """The campaigns of a run."""

    campaigns: Sequence[Campaign]
    shared_victims: Mapping[int, int]  # member node → victims it shares with other members
    profiles: Sequence[Row]  # what the registry is to remember, without the run
    needed_profiles: Mapping[str, int]  # campaign → oldest version of its profile that is still asked for
    candidates: Candidates
    not_computable: Mapping[str, str]  # reason to link two numbers → why it was not looked for


def find_campaigns(cut: Cut, scored: Scored) -> Found:
    """Give the campaigns at a cut, matched with those that the registry knows."""
    snapshot = cut.snapshot
    known = known_campaigns(cut)
    chosen = _candidates(cut, scored, earlier_members(snapshot, known))
    exact = _exact_among(cut, chosen.nodes)
    rings = find_rings(exact.links, scored.fused, cut.settings)
    reaches = [reach_of(snapshot, ring.members) for ring in rings]
    profiles = [
        Profile(keys_of(snapshot, ring.members), keys_of(snapshot, reach.victims))
        for ring, reach in zip(rings, reaches, strict=True)
    ]
    registry = registered_campaigns(cut.home, cut.scope)
    identities = identify(profiles, {name: one.profile for name, one in known.newest.items()}, registry, cut)
    shared = [shared_victims(snapshot, ring, reach) for ring, reach in zip(rings, reaches, strict=True)]
    campaigns = [
        Campaign(identity, ring, reach, _roles(ring, scored), _risk(ring, scored, counts, cut.settings.verdicts))
        for identity, ring, reach, counts in zip(identities, rings, reaches, shared, strict=True)
    ]
    found = zip((identity.id for identity in identities), profiles, strict=True)
    return Found(
        campaigns=campaigns,
        shared_victims=_by_node(rings, shared),
        profiles=profile_rows(cut.scope, found, known.newest),
        needed_profiles=needed_profiles(known),
        candidates=chosen,
        not_computable=exact.not_computable,
    )


def _candidates(cut: Cut, scored: Scored, known: BoolArray) -> Candidates:
    gate, settings = Gate(scored.fused.holds, scored.base, known), cut.settings
    share, per_key = settings.campaigns.candidate_share, settings.links.max_callers_per_victim
    return candidates(gate, cut.snapshot.link_keys, share, per_key)


def _exact_among(cut: Cut, chosen: NodeArray) -> Exact:
    """Give the exact links among candidate nodes, from the calls in the lake; the caller holds the write lock."""
    source, settings = window_source(cut.home, cut.snapshot), cut.settings
    return exact_links(source, cut.snapshot, chosen, settings.links, settings.features)


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
