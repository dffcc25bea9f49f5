"""world.json: what a world was made from, and how much there is of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from ingest.simulator.files.keys import OPERATOR
from ingest.simulator.rhythm import Day
from ingest.simulator.settings import ZONE
from ingest.simulator.truth.heard import Heard
from ingest.simulator.truth.texts import iso
from ingest.simulator.world import World

VERSION = 2  # of the files' shape


class DayCount(NamedTuple):
    """What was heard on a day."""

    day: Day
    calls: int
    active: int  # numbers that called
    fraudulent: int  # of these


def parameters(
    world: World, heard: Heard, campaigns: Collection[str], counts: Mapping[str, int], days: Sequence[DayCount]
) -> dict[str, Any]:
    """Give all parameters and counts as JSON values; the settings are those of the whole world."""
    planted = zip(world.census.wanted.rings, world.organisations, strict=True)
    rings = [org for ring, org in planted if not set(campaigns).isdisjoint(ring.campaigns)]
    return {
        "version": VERSION,
        "settings": asdict(world.settings),
        "hardness": asdict(world.settings.dials),
        "operator": OPERATOR,
        "zone": ZONE,
        "from": iso(np.array([world.days[0].start]))[0].as_py(),
        "to": iso(np.array([heard.until]))[0].as_py(),
        **counts,
        "rings": len(rings),
        "rings_by_type": dict(sorted(Counter(ring.fraud_type for ring in rings).items())),
        "campaigns": len(campaigns),
        "fraudulent_numbers": sum(int(heard.seen[ring.numbers].sum()) for ring in rings),
        "look_alikes": {name: len(staff) for name, staff in world.census.wanted.staffs.items()},
        "fraud_share_of_active": _share(days),
        "days": [
            {
                "date": count.day.date.isoformat(),
                "calls": count.calls,
                "active": count.active,
                "fraudulent": count.fraudulent,
            }
            for count in days
        ],
    }


def _share(days: Sequence[DayCount]) -> float:
    """Give the share of a day's active callers that are fraudulent that day, in the mean of the days."""
    shares = [day.fraudulent / day.active for day in days if day.active]
    return round(sum(shares) / len(shares), 5) if shares else 0.0
