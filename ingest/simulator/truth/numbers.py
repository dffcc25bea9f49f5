"""truth_numbers.csv: who held which number from when to when, and what part it played."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ingest.simulator.land.lines import NOBODY
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Organisation, Ring
from ingest.simulator.organisations.timeline import OFF
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.settling.holders import FOREIGN, RING, SERVICE, STAFF
from ingest.simulator.truth.heard import Heard
from ingest.simulator.truth.texts import chosen, iso, midnights
from ingest.simulator.world import World

INNOCENT, VICTIM = "innocent", "victim"


def numbers_table(world: World, victim_of: IntArray, heard: Heard) -> pa.Table:
    """Give a row for every number and time in which somebody held it or used it, sorted by number and time."""
    both = list(zip(world.organisations, world.rings, strict=True))
    own = [_claims(world, heard, heard.seen, claim) for org, ring in both for claim in _own(world, org, ring)]
    others = [_claims(world, heard, heard.involved, claim) for _, ring in both for claim in ring.claims]
    parts = [_innocent(world, victim_of, heard), *own, *others]
    return pa.concat_tables(parts).sort_by([("number", "ascending"), ("from", "ascending"), ("label", "ascending")])


def _innocent(world: World, victim_of: IntArray, heard: Heard) -> pa.Table:
    holders = world.census.holders
    rows = np.flatnonzero(holders.sort != RING)
    victim = victim_of[rows]
    trades, services = list(world.census.wanted.staffs), world.census.services
    staff, service = holders.sort[rows] == STAFF, holders.sort[rows] == SERVICE
    roles = ["subscriber", "victim", "abroad", *trades, *(f"service_{name}" for name in services)]
    role = np.select(
        [victim != NOBODY, holders.sort[rows] == FOREIGN, staff, service],
        [1, 2, 3 + holders.of[rows], 3 + len(trades) + holders.of[rows]],
        0,
    )
    lines = holders.lines
    return _table(
        world,
        heard,
        among=heard.seen,
        slots=lines.slot[rows],
        label=chosen((INNOCENT, VICTIM), (victim != NOBODY).astype(np.int64)),
        campaign=victim,
        role=chosen(roles, role),
        look_alike=chosen(trades, np.where(staff, holders.of[rows], NOBODY)),
        since=midnights(world.days, lines.since[rows]),
        until=midnights(world.days, lines.until[rows]),
    )


def _own(world: World, org: Organisation, ring: Ring) -> Iterator[Claim]:
    """Give a ring's own numbers, a claim for each role and campaign; and its premium range."""
    timeline, roles = org.timeline, np.array(ring.roles)
    for local, since, until in _stretches(timeline.course.campaign):
        begin = np.maximum(timeline.since, since[timeline.post])
        end = np.minimum(timeline.until, until[timeline.post])
        for role in dict.fromkeys(ring.roles):
            rows = np.flatnonzero((begin < end) & (roles[timeline.post] == role))
            yield Claim(
                org.numbers[rows],
                role,
                org.first + local,
                midnights(world.days, begin[rows]),
                midnights(world.days, end[rows]),
            )
        if len(org.premium):
            ends = midnights(world.days, np.array([since.min(), until.max()])).tolist()
            yield Claim(org.premium, "range", org.first + local, *ends)


def _stretches(campaign: IntArray) -> Iterator[tuple[int, IntArray, IntArray]]:
    """Give each campaign with the first day and the day after the last on which each post works for it, [posts]."""
    for local in range(int(campaign.max(initial=OFF)) + 1):
        works = campaign == local
        since = np.where(works.any(axis=0), works.argmax(axis=0), len(campaign))
        yield local, since, np.where(works.any(axis=0), len(campaign) - works[::-1].argmax(axis=0), 0)


def _claims(world: World, heard: Heard, among: BoolArray, claim: Claim) -> pa.Table:
    count = len(claim.slots)
    return _table(
        world,
        heard,
        among=among,
        slots=claim.slots,
        label=pa.array([claim.label] * count, pa.string()),
        campaign=np.full(count, claim.campaign, dtype=np.int64),
        role=pa.array([claim.role] * count, pa.string()),
        look_alike=pa.nulls(count, pa.string()),
        since=np.broadcast_to(claim.since, count),
        until=np.broadcast_to(claim.until, count),
    )


def _table(
    world: World,
    heard: Heard,
    *,
    among: BoolArray,
    slots: IntArray,
    label: pa.Array,
    campaign: IntArray,
    role: pa.Array,
    look_alike: pa.Array,
    since: IntArray,
    until: IntArray,
) -> pa.Table:
    """Give the rows that begin before the end of what was heard, of the numbers `among` which to speak of."""
    rows = np.flatnonzero((since < heard.until) & among[slots])
    types = [ring.fraud_type for ring in world.census.wanted.rings for _ in ring.campaigns]
    return pa.table(
        {
            "number": world.names.take(pa.array(slots[rows])),
            "label": label.take(pa.array(rows)),
            "fraud_type": chosen(types, campaign[rows]),
            "campaign": chosen(world.campaigns, campaign[rows]),
            "role": role.take(pa.array(rows)),
            "look_alike": look_alike.take(pa.array(rows)),
            "from": iso(since[rows]),
            "to": iso(np.minimum(until[rows], heard.until)),
        }
    )
