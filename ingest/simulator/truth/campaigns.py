"""truth_campaigns.csv and truth_events.csv: which campaigns there are, and what happened to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.simulator.organisations.organisation import Organisation
from ingest.simulator.organisations.timeline import Happening
from ingest.simulator.truth.heard import NEVER, Heard
from ingest.simulator.truth.texts import iso, listed, midnights
from ingest.simulator.world import World


class Event(NamedTuple):
    """A row of truth_events.csv."""

    at: int  # milliseconds
    campaign: str | None  # None: enforcement hit an innocent number
    kind: str
    others: str | None  # campaigns
    numbers: str | None


def campaigns_table(world: World, heard: Heard, campaigns: Collection[str]) -> pa.Table:
    """Give a row for each of `campaigns`; one without a call has no `born`."""
    rings = world.census.wanted.rings
    died = [NEVER if day is None else world.days[day].start for ring in rings for day in ring.timeline.course.died]
    table = pa.table(
        {
            "campaign": pa.array(world.campaigns, pa.string()),
            "fraud_type": pa.array([ring.fraud_type for ring in rings for _ in ring.campaigns], pa.string()),
            "born": _iso_or_none(heard.born.tolist(), heard.until),
            "died": _iso_or_none(died, heard.until),
            "resurgence_of": pa.array(
                [name for org in world.organisations for name in _revived(world, org)], pa.string()
            ),
        }
    )
    return table.filter(pc.is_in(table["campaign"], pa.array(campaigns, pa.string()))).sort_by("campaign")


def events_table(world: World, heard: Heard, campaigns: Collection[str]) -> pa.Table:
    """Give a row for everything that happened to `campaigns` and, by mistake, to innocents, in order."""
    happened = (event for org in world.organisations for event in (*_birth(world, heard, org), *_of(world, heard, org)))
    among = [event for event in happened if {event.campaign, *(event.others or "").split()} <= set(campaigns)]
    events = [event for event in (*among, *_mistakes(world, heard)) if event.at < heard.until]
    events.sort(key=lambda event: (event.at, event.campaign or "", event.kind, event.numbers or ""))
    columns = zip(*events, strict=True) if events else ([] for _ in Event._fields)
    at, *texts = columns
    table = {"at": iso(np.array(at, dtype=np.int64))}
    return pa.table(
        table | {name: pa.array(text, pa.string()) for name, text in zip(Event._fields[1:], texts, strict=True)}
    )


def _birth(world: World, heard: Heard, org: Organisation) -> Iterator[Event]:
    """Give the births of those that come of no other: parts are SPLIT, successors RESURGED."""
    for local, parent in enumerate(org.timeline.course.parent):
        if parent is None:
            yield Event(int(heard.born[org.first + local]), _name(world, org, local), "BORN", None, None)


def _of(world: World, heard: Heard, org: Organisation) -> Iterator[Event]:
    for happening in org.timeline.happenings:
        others = " ".join(_name(world, org, other) for other in happening.others)
        spoken_of = [slot for slot in org.numbers[list(happening.numbers)].tolist() if heard.seen[slot]]
        at = int(midnights(world.days, np.array([happening.day]))[0])
        if spoken_of or not happening.numbers:
            name, numbers = _name(world, org, happening.campaign), listed(world.names, spoken_of)
            yield Event(at, name, happening.kind, others or None, numbers or None)


def _mistakes(world: World, heard: Heard) -> Iterator[Event]:
    lines = world.census.country.lines
    for row in world.census.mistaken[heard.seen[lines.slot[world.census.mistaken]]].tolist():
        at = int(midnights(world.days, lines.until[[row]])[0])
        yield Event(at, None, "BLOCKED", None, listed(world.names, [int(lines.slot[row])]))


def _revived(world: World, org: Organisation) -> list[str | None]:
    back: dict[int, Happening] = {h.campaign: h for h in org.timeline.happenings if h.kind == "RESURGED"}
    count = len(org.timeline.course.parent)
    return [_name(world, org, back[local].others[0]) if local in back else None for local in range(count)]


def _name(world: World, org: Organisation, local: int) -> str:
    return world.campaigns[org.first + local]


def _iso_or_none(moments: list[int], until: int) -> pa.Array:
    """Give the moments before `until`, the others as null."""
    return iso([moment if moment < until else None for moment in moments])
