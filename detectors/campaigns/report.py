"""Campaigns as the tables of a run, and as the rows that the registry gains."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from detectors.campaigns.candidates import Candidates
from detectors.campaigns.identity import BORN, Identity
from detectors.campaigns.known import numbers_of
from detectors.campaigns.reach import Reach
from detectors.campaigns.rings import Ring
from detectors.cut import Cut
from detectors.judgement import FloatArray
from detectors.results import CAMPAIGNS, CANDIDATES, LINKS, MEMBERS, VICTIMS
from detectors.work import Row
from graph.links.table import Links

ACTIVE = "ACTIVE"


@dataclass(frozen=True)
class Campaign:
    """A ring with its identity, its reach and its members' roles."""

    identity: Identity
    ring: Ring
    reach: Reach
    roles: Sequence[str]  # as ring.members
    risk: FloatArray  # as ring.members, 0..100

    @property
    def overall_risk(self) -> float:
        """Mean risk of the members, 0..100."""
        return round(float(np.mean(self.risk)), 4)

    @property
    def density(self) -> float:
        """Tied pairs / possible pairs of members, 0..1."""
        count = len(self.ring.members)
        return round(2 * len(self.ring.ties) / (count * (count - 1)), 9)


def campaign_tables(campaigns: Iterable[Campaign]) -> Mapping[str, pa.Table]:
    """Give campaigns, members, victims and links in the orders that results promise."""
    ordered = sorted(campaigns, key=lambda c: c.identity.id)
    by_risk = sorted(ordered, key=lambda c: -c.overall_risk)
    return {
        "campaigns": pa.Table.from_pylist([_campaign_row(c) for c in by_risk], CAMPAIGNS),
        "members": _stacked([_members(c) for c in ordered], MEMBERS),
        "victims": _stacked([_victims(c) for c in ordered], VICTIMS),
        "links": _stacked([_links(c) for c in ordered], LINKS),
    }


def candidate_table(candidates: Candidates) -> pa.Table:
    """Give CANDIDATES."""
    return pa.table([pa.array(candidates.nodes), pa.array(candidates.gate, pa.string())], schema=CANDIDATES)


def registry_rows(cut: Cut, campaign: Campaign, known_at: int) -> tuple[Row, Row]:
    """Give the registry row and the BORN event of a new campaign, without the run; `known_at` in µs."""
    identity = campaign.identity
    row = {
        "id": identity.id,
        "scope": cut.scope,
        "name": identity.name,
        "fraud_type": campaign.ring.fraud_type,
        "born_at": cut.as_of,
        "seq": identity.seq,
    }
    event = {
        "id": _event_id(identity.id, BORN, cut.as_of),
        "campaign": identity.id,
        "scope": cut.scope,
        "kind": BORN,
        "valid_at": cut.as_of,
        "known_at": known_at,
        "version": 1,
        "added": sorted(numbers_of(cut.snapshot, campaign.ring.members)),
        "removed": [],
        "others": [],
    }
    return row, event


def _event_id(campaign: str, kind: str, valid_at: int) -> str:
    return "E-" + hashlib.sha256(f"{campaign}\x00{kind}\x00{valid_at}".encode()).hexdigest()[:20]


def _campaign_row(campaign: Campaign) -> Row:
    reach = campaign.reach
    return {
        "id": campaign.identity.id,
        "name": campaign.identity.name,
        "fraud_type": campaign.ring.fraud_type,
        "status": ACTIVE,
        "risk": campaign.overall_risk,
        "members": len(campaign.ring.members),
        "victims": len(reach.victims),
        "affected": reach.affected,
        "density": campaign.density,
        "velocity": reach.velocity,
        "first_seen": reach.first_seen,
        "last_seen": reach.last_seen,
    }


def _members(campaign: Campaign) -> pa.Table:
    members = campaign.ring.members
    order = np.lexsort((members, -campaign.risk))
    columns = {
        "node": members[order],
        "role": np.asarray(campaign.roles, dtype=object)[order],
        "risk": campaign.risk[order],
        "since": campaign.reach.since[order],
    }
    return _of(campaign, columns, MEMBERS)


def _victims(campaign: Campaign) -> pa.Table:
    reach = campaign.reach
    order = np.lexsort((reach.victims, -reach.calls, -reach.callers))
    columns = {"node": reach.victims[order], "callers": reach.callers[order], "calls": reach.calls[order]}
    return _of(campaign, columns, VICTIMS)


def _links(campaign: Campaign) -> pa.Table:
    of_reasons = [_reason_links(campaign, links) for links in campaign.ring.links]
    order = [("weight", "descending"), ("a", "ascending"), ("b", "ascending"), ("reason", "ascending")]
    return pa.concat_tables([LINKS.empty_table(), *of_reasons]).sort_by(order)


def _reason_links(campaign: Campaign, links: Links) -> pa.Table:
    columns = {name: getattr(links, name) for name in ("a", "b", "weight", "shared")}
    return _of(campaign, {**columns, "reason": [links.reason] * len(links)}, LINKS)


def _of(campaign: Campaign, columns: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    count = len(next(iter(columns.values())))
    named = {"campaign": [campaign.identity.id] * count, **columns}
    return pa.table({name: pa.array(named[name], schema.field(name).type) for name in schema.names}, schema=schema)


def _stacked(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables([schema.empty_table(), *tables])
