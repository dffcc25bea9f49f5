"""All exact links among candidates, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from configs import FeatureSettings, LinkSettings
from graph.links import (
    callback,
    cell,
    device,
    forwarding,
    handoff,
    range_rhythm,
    shared_victims,
    shared_victims_soon,
    sim,
    trunk,
)
from graph.links.candidate_calls import CandidateCalls, Held, Source, held
from graph.links.recorded import recorded_columns
from graph.links.rhythm import rhythms
from graph.links.table import Integers, Links, Mask, Nodes
from graph.snapshot import Snapshot

NEEDS: Mapping[str, str] = {reason.REASON: reason.COLUMN for reason in (device, sim, cell, trunk, forwarding)}
_BY_KEY = {device.REASON: device.device_links, sim.REASON: sim.sim_links, cell.REASON: cell.cell_links}


@dataclass(frozen=True)
class Exact:
    """What ties the candidates."""

    links: Sequence[Links]  # one a reason that was looked for, by reason
    not_computable: Mapping[str, str]  # reason → `not computable: needs …`


def exact_links(
    source: Source,
    snapshot: Snapshot,
    candidates: Nodes,
    settings: LinkSettings,
    features: FeatureSettings,
) -> Exact:
    """Give the links of every reason that `settings.reliability` trusts, among `candidates` (nodes, ascending).

    A reason whose column no record of the window has is not looked for, and said so.
    """
    wanted = sorted(name for name, trust in settings.reliability.model_dump().items() if trust > 0)
    recorded = recorded_columns(source.paths, set(NEEDS.values()))
    lacking = {name: NEEDS[name] for name in wanted if name in NEEDS and NEEDS[name] not in recorded}
    ground = _Ground(snapshot, candidates, CandidateCalls(source, snapshot, candidates), settings, features)
    links = [_REASONS[name](ground) for name in wanted if name not in lacking]
    return Exact(links, {name: f"not computable: needs {column}" for name, column in lacking.items()})


@dataclass(frozen=True)
class _Ground:
    """What reasons are looked for in."""

    snapshot: Snapshot
    candidates: Nodes
    calls: CandidateCalls
    settings: LinkSettings
    features: FeatureSettings

    @property
    def callers_of(self) -> Integers:
        """How many numbers call a node, [n]."""
        return np.diff(self.snapshot.into.indptr)

    @property
    def most(self) -> int:
        """How many numbers of a key count."""
        return self.settings.max_callers_per_victim

    @property
    def is_candidate(self) -> Mask:
        """Who is a candidate, [n]."""
        chosen = np.zeros(len(self.snapshot.numbers), dtype=bool)
        chosen[self.candidates] = True
        return chosen

    def edges(self, least_answered: int) -> tuple[Nodes, Nodes]:
        """Give callers and callees of the candidates' edges with so many answered calls."""
        edges = self.snapshot.edges
        caller = edges["caller"].to_numpy()
        rows = self.is_candidate[caller] & (edges["answered"].to_numpy() >= least_answered)
        return caller[rows], edges["callee"].to_numpy()[rows]

    def keys(self, reason: str) -> tuple[Held, Integers]:
        """Give the candidates' cheap keys of a reason, and how many numbers have each in the whole window."""
        of_reason = self.snapshot.link_keys.filter(pc.equal(self.snapshot.link_keys["reason"], reason))
        node, key = of_reason["node"].to_numpy(), of_reason["key"].to_numpy()
        codes = held(node, key)
        mine = self.is_candidate[node]
        return Held(node[mine], codes.key[mine]), np.bincount(codes.key)


def _shared_victims(ground: _Ground) -> Links:
    return shared_victims.shared_victim_links(*ground.edges(0), ground.callers_of, ground.settings)


def _shared_victims_soon(ground: _Ground) -> Links:
    edges, calls = ground.edges(0), ground.calls.made
    return shared_victims_soon.soon_shared_victim_links(*edges, calls, ground.callers_of, ground.settings)


def _handoff(ground: _Ground) -> Links:
    caller, victim = ground.edges(1)
    return handoff.handoff_links(caller, victim, ground.calls.made, ground.callers_of, ground.settings, ground.features)


def _callback(ground: _Ground) -> Links:
    calls = ground.calls
    return callback.callback_links(calls.made, calls.received, ground.callers_of, ground.settings, ground.features)


def _by_key(reason: str) -> Callable[[_Ground], Links]:
    return lambda ground: _BY_KEY[reason](*ground.keys(reason), ground.most)


def _trunk(ground: _Ground) -> Links:
    rhythm = rhythms(ground.snapshot.features)
    return trunk.trunk_links(ground.calls.trunks, rhythm, ground.settings.rhythm_likeness, ground.most)


def _range(ground: _Ground) -> Links:
    rhythm = rhythms(ground.snapshot.features)
    return range_rhythm.range_links(
        *ground.keys(range_rhythm.REASON), rhythm, ground.settings.rhythm_likeness, ground.most
    )


def _forwarding(ground: _Ground) -> Links:
    return forwarding.forwarding_links(ground.calls.forwards, ground.most)


_REASONS: Mapping[str, Callable[[_Ground], Links]] = {
    shared_victims.REASON: _shared_victims,
    shared_victims_soon.REASON: _shared_victims_soon,
    handoff.REASON: _handoff,
    callback.REASON: _callback,
    **{reason: _by_key(reason) for reason in _BY_KEY},
    trunk.REASON: _trunk,
    range_rhythm.REASON: _range,
    forwarding.REASON: _forwarding,
}
