"""Who there is: everybody gets a number for a time, and the country as its parts see it comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.land.carriers import Trunks
from ingest.simulator.land.country import Country
from ingest.simulator.land.lines import Lines, Span, lifetimes, recycled
from ingest.simulator.land.numbering import BLOCK, REGIONS, draw_plan
from ingest.simulator.land.places import draw_places
from ingest.simulator.land.register import Register
from ingest.simulator.land.services import draw_services
from ingest.simulator.organisations.enforcement import mistakes
from ingest.simulator.randomness import BoolArray, IntArray, generator
from ingest.simulator.settings import WorldSettings
from ingest.simulator.settling.holders import (
    FOREIGN,
    RING,
    SERVICE,
    STAFF,
    SUBSCRIBER,
    Group,
    Holders,
    all_day,
    gathered,
)
from ingest.simulator.settling.staffing import numbers
from ingest.simulator.settling.wanted import Wanted, wanted
from ingest.simulator.trades import Trade

PREMIUM_LINES = 8  # numbers of a premium range that are honest services' or people's
SPARE_KEPT = 200_000  # numbers that nobody holds, for those who invent one
IMPOSTORS = ("unallocated",)  # sources of numbers that nobody holds


@dataclass(frozen=True)
class Census:
    """Everybody who has a number."""

    wanted: Wanted
    country: Country
    holders: Holders
    numbers: tuple[IntArray, ...]  # slots of each ring, by its own numbering
    premium: tuple[IntArray, ...]  # slots of each ring
    services: tuple[str, ...]  # rows of the holders' services
    mistaken: IntArray  # rows of lines that enforcement ended by mistake


def take_census(settings: WorldSettings) -> Census:
    """Give every kind its numbers."""
    rng = generator(settings.seed, "census")
    want = wanted(settings)
    register = Register(draw_plan(rng, want.demand()))
    services = draw_services(rng, register)
    private = _subscribers(rng, register, want)
    abroad, firms = _abroad(rng, register, want.abroad), _abroad(rng, register, want.firms_abroad)
    staff = [_staff(rng, register, want, row) for row in range(len(want.staffs))]
    slots = tuple(register.take(rng, ring.needs.numbers, len(ring.timeline.post)) for ring in want.rings)
    premium = tuple(register.take(rng, "premium", r.needs.premium) if r.needs.premium else _none() for r in want.rings)
    services["premium"] = _premium_lines(rng, register)
    ringed = _ringed(want, slots)
    days = len(want.days)
    forever = [
        *(Group(RING, row, slot, all_day(slot, days)) for row, slot in enumerate(premium)),
        *(Group(SERVICE, row, slot, all_day(slot, days)) for row, slot in enumerate(services.values())),
        *(Group(FOREIGN, row, slot, all_day(slot, days)) for row, slot in enumerate((abroad, firms))),
    ]
    private = _given_out_again(rng, private, ringed, days)
    holders = gathered([private, *staff, *ringed, *forever])
    mistaken = _blocked_by_mistake(rng, holders, days)
    country = _country(rng, register, want, holders, services, _disguised(rng, settings, want, slots))
    return Census(want, country, holders, slots, premium, tuple(services), mistaken)


def _subscribers(rng: np.random.Generator, register: Register, want: Wanted) -> Group:
    mobile = [register.take_in_region(rng, region, count) for region, count in enumerate(want.mobiles.tolist())]
    fixed = [
        register.take_in_region(rng, region, count, "landline") for region, count in enumerate(want.landlines.tolist())
    ]
    slots = np.concatenate([*mobile, *fixed])
    return Group(SUBSCRIBER, 0, slots, lifetimes(rng, len(slots), len(want.days)))


def _abroad(rng: np.random.Generator, register: Register, count: int) -> IntArray:
    section = register.plan.sections["abroad"]
    slots = np.arange(section.start * BLOCK, section.stop * BLOCK)
    return register.take_these(rng.choice(slots[~register.taken[slots]], size=count, replace=False))


def _premium_lines(rng: np.random.Generator, register: Register) -> IntArray:
    """Give honest services some numbers of every premium range."""
    blocks = register.plan.sections["premium"]
    return np.concatenate([_none(), *(register.take_in_block(rng, block, PREMIUM_LINES) for block in blocks)])


def _staff(rng: np.random.Generator, register: Register, want: Wanted, row: int) -> Group:
    name = list(want.staffs)[row]
    trade: Trade = want.kinds[name].TRADE
    slots = numbers(rng, register, trade, want.staffs[name])
    days = len(want.days)
    since = np.where(rng.random(len(slots)) < trade.newborn, rng.integers(days, size=len(slots)), 0)
    return Group(STAFF, row, slots, Span(since, all_day(slots, days).until))


def _ringed(want: Wanted, slots: tuple[IntArray, ...]) -> list[Group]:
    return [
        Group(RING, row, slot, Span(ring.timeline.since, ring.timeline.until))
        for row, (ring, slot) in enumerate(zip(want.rings, slots, strict=True))
        if ring.needs.numbers not in IMPOSTORS
    ]


def _given_out_again(rng: np.random.Generator, private: Group, ringed: list[Group], days: int) -> Group:
    """Give some subscribers a number that others, innocent or not, have had before."""
    ended = gathered([private, *ringed]).lines
    new, old = recycled(rng, ended, Lines(private.slot, *private.span), days)
    slots = private.slot.copy()
    slots[new] = ended.slot[old]
    return private._replace(slot=slots)


def _blocked_by_mistake(rng: np.random.Generator, holders: Holders, days: int) -> IntArray:
    staff = holders.rows(STAFF)
    chosen, day = mistakes(rng, len(staff), days)
    rows = staff[chosen]
    late = day > holders.lines.since[rows]
    holders.lines.until[rows[late]] = np.minimum(day[late], holders.lines.until[rows[late]])
    return rows[late]


def _disguised(
    rng: np.random.Generator, settings: WorldSettings, want: Wanted, slots: tuple[IntArray, ...]
) -> IntArray:
    """Draw the fraudulent numbers whose users also live an ordinary life with them."""
    covered = [slot for ring, slot in zip(want.rings, slots, strict=True) if ring.needs.covered]
    members = np.concatenate(covered) if covered else _none()
    return members[rng.random(len(members)) < settings.dials.disguised]


def _country(
    rng: np.random.Generator,
    register: Register,
    want: Wanted,
    holders: Holders,
    services: dict[str, IntArray],
    disguised: IntArray,
) -> Country:
    plan = register.plan
    held: BoolArray = np.zeros(plan.slots, dtype=np.bool_)
    held[holders.lines.slot] = True
    subscribers = np.unique(holders.lines.slot[holders.rows(SUBSCRIBER)])
    people = _people(rng, want, holders, disguised)
    home = plan.region_of(holders.lines.slot[people])
    people = people[np.argsort(home, kind="stable")]
    return Country(
        plan=plan,
        lines=holders.lines,
        people_line=people,
        people=holders.lines.slot[people],
        region_start=np.concatenate(([0], np.cumsum(np.bincount(home, minlength=len(REGIONS))))),
        subscribers=subscribers,
        fixed=subscribers[plan.within("landline", subscribers)],
        foreign=holders.lines.slot[holders.rows(FOREIGN, 0)],
        firms_abroad=holders.lines.slot[holders.rows(FOREIGN, 1)],
        services=services,
        held=held,
        spare=_spare(rng, register),
        places=draw_places(rng, plan, held),
        trunks=Trunks(sum(ring.needs.trunks for ring in want.rings)),
        days=want.days,
    )


def _people(rng: np.random.Generator, want: Wanted, holders: Holders, disguised: IntArray) -> IntArray:
    """Give the lines of all who have friends, mixed."""
    own = [row for row, name in enumerate(want.staffs) if want.kinds[name].TRADE.numbers == "own"]
    staff = [holders.rows(STAFF, row) for row in own]
    ring = holders.rows(RING)
    ring = ring[np.isin(holders.lines.slot[ring], disguised)]
    return rng.permutation(np.concatenate([holders.rows(SUBSCRIBER), *staff, ring]))


def _spare(rng: np.random.Generator, register: Register) -> IntArray:
    mobile = np.flatnonzero(~register.taken[: register.plan.mobile * BLOCK])
    return rng.permutation(mobile)[:SPARE_KEPT].copy()


def _none() -> IntArray:
    return np.empty(0, dtype=np.int64)
