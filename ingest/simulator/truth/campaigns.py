"""truth_campaigns.csv and truth_events.csv: which campaigns there are, and what happened to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from ingest.simulator.organisations.organisation import Organisation
from ingest.simulator.organisations.timeline import Happening
from ingest.simulator.randomness import IntArray
from ingest.simulator.truth.texts import iso, listed, midnights
from ingest.simulator.world import World


class Event(NamedTuple):
    """A row of truth_events.csv."""

    at: int  # milliseconds
    campaign: str | None  # None: enforcement hit an innocent number
    kind: str
    others: str | None  # campaigns
    numbers: str | None


def campaigns_table(world: World, born: IntArray) -> pa.Table:
    """Give a row for each campaign; `born` holds the moment of each first call, in milliseconds."""
    rings = world.census.wanted.rings
    died = [None if day is None else world.days[day].start for ring in rings for day in ring.timeline.course.died]
    return pa.table(
        {
            "campaign": pa.array(world.campaigns, pa.string()),
            "fraud_type": pa.array([ring.fraud_type for ring in rings for _ in ring.campaigns], pa.string()),
            "born": iso(born),
            "died": _iso_or_none(died),
            "resurgence_of": pa.array(
                [name for org in world.organisations for name in _revived(world, org)], pa.string()
            ),
        }
    ).sort_by("campaign")


def events_table(world: World, born: IntArray) -> pa.Table:
    """Give a row for everything that happened, in order; `born` lies after the world's end where no call was made."""
    events = [
        *_births(world, born),
        *(event for org in world.organisations for event in _of(world, org)),
        *_mistakes(world),
    ]
    events.sort(key=lambda event: (event.at, event.campaign or "", event.kind, event.numbers or ""))
    columns = zip(*events, strict=True) if events else ([] for _ in Event._fields)
    at, *texts = columns
    table = {"at": iso(np.array(at, dtype=np.int64))}
    return pa.table(
        table | {name: pa.array(text, pa.string()) for name, text in zip(Event._fields[1:], texts, strict=True)}
    )


def _births(world: World, born: IntArray) -> Iterator[Event]:
    for name, at in zip(world.campaigns, born.tolist(), strict=True):
        if at < world.days[-1].end:
            yield Event(at, name, "BORN", None, None)


def _of(world: World, org: Organisation) -> Iterator[Event]:
    for happening in org.timeline.happenings:
        others = " ".join(_name(world, org, other) for other in happening.others)
        numbers = listed(world.names, org.numbers[list(happening.numbers)].tolist())
        at = int(midnights(world.days, np.array([happening.day]))[0])
        yield Event(at, _name(world, org, happening.campaign), happening.kind, others or None, numbers or None)


def _mistakes(world: World) -> Iterator[Event]:
    lines = world.census.country.lines
    for row in world.census.mistaken.tolist():
        at = int(midnights(world.days, lines.until[[row]])[0])
        yield Event(at, None, "BLOCKED", None, listed(world.names, [int(lines.slot[row])]))


def _revived(world: World, org: Organisation) -> list[str | None]:
    back: dict[int, Happening] = {h.campaign: h for h in org.timeline.happenings if h.kind == "RESURGED"}
    count = len(org.timeline.course.parent)
    return [_name(world, org, back[local].others[0]) if local in back else None for local in range(count)]


def _name(world: World, org: Organisation, local: int) -> str:
    return world.campaigns[org.first + local]


def _iso_or_none(moments: list[int | None]) -> pa.Array:
    texts = iso(np.array([moment or 0 for moment in moments], dtype=np.int64))
    return pa.array([None if m is None else t for m, t in zip(moments, texts.to_pylist(), strict=True)], pa.string())
