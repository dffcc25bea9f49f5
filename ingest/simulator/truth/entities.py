"""truth_entities.csv: devices, cells, trunks and ranges through which rings work."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa

from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.organisations.organisation import EntityKind, Needs, Organisation
from ingest.simulator.truth.heard import Heard
from ingest.simulator.truth.texts import iso
from ingest.simulator.world import World

COLUMNS = ("entity_kind", "entity", "fraud_type", "campaign", "from", "to")


def entities_table(world: World, heard: Heard, campaigns: Collection[str]) -> pa.Table:
    """Give a row for each entity that a kind of ring names as its own, for its first campaign, one of `campaigns`."""
    rows = sorted(
        row
        for planted, org in zip(world.census.wanted.rings, world.organisations, strict=True)
        for row in _of(world, org, planted.needs)
        if org.name in campaigns
    )
    columns = list(zip(*rows, strict=True)) or [() for _ in COLUMNS[:4]]
    table = {name: pa.array(column, pa.string()) for name, column in zip(COLUMNS[:4], columns, strict=True)}
    ends = iso(np.array([world.days[0].start, heard.until]))
    return pa.table(table | {"from": pa.repeat(ends[0], len(rows)), "to": pa.repeat(ends[1], len(rows))})


def _of(world: World, org: Organisation, needs: Needs) -> Iterator[tuple[str, str, str, str]]:
    for kind in needs.entities:
        for name in _names(world, org, kind):
            yield kind, name, org.fraud_type, org.name


def _names(world: World, org: Organisation, kind: EntityKind) -> list[str]:
    if kind == "range":
        leased = org.premium if len(org.premium) else org.numbers  # members' own numbers beside a range are no range
        blocks = np.unique(leased // BLOCK)
        return [str(prefix) for prefix in world.census.country.plan.prefixes[blocks]]
    rows, names = {
        "device": (org.devices, world.imeis),
        "cell": (org.cells, world.cell_names),
        "trunk": (org.trunks, world.trunk_names),
    }[kind]
    return [str(name) for name in names.take(pa.array(rows, pa.int64())).to_pylist()]
