"""No single column of the records, nor what is missing in it, tells fraud by itself."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from ingest.simulator.calls import VOICE, Calls
from ingest.simulator.kinds import look_alike_kinds, ring_kinds
from ingest.simulator.land.carriers import from_abroad
from ingest.simulator.land.country import Country
from ingest.simulator.land.numbering import BLOCK, PLACES
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray
from ingest.simulator.settings import WorldSettings
from ingest.simulator.settling.holders import FOREIGN
from tests.ingest.simulator.worlds import Made, make

NEARLY_ONLY = 0.9  # of the calls with a value: whoever sees the value knows the answer
ENOUGH = 100  # calls with a value, below which its share is chance
MSIN, MSIN_STEP = 10**10, 7_368_787_703  # the IMSI's number within a network as a row would be spread over it
SERIAL, SERIAL_STEP = 10**6, 737_773  # the same of the IMEI's


class Whole(NamedTuple):
    """Six days in which every fraud type and every look-alike has its part."""

    made: Made
    fraud: BoolArray  # [calls] of a campaign, or made by who works for one

    @property
    def calls(self) -> Calls:
        return self.made.calls

    @property
    def country(self) -> Country:
        return self.made.world.census.country


@pytest.fixture(scope="module")
def whole() -> Whole:
    made = make(WorldSettings(callers=20_000, days=6, seed=3, rings=21))
    members = np.unique(np.concatenate([org.numbers for org in made.world.organisations]))
    return Whole(made, (made.calls.campaign >= 0) | np.isin(made.calls.caller, members))


def shares(whole: Whole, values: IntArray, rows: BoolArray | None = None) -> dict[int, float]:
    """Give the share of fraud among the calls with each value that is seen often enough."""
    rows = np.ones(len(values), dtype=np.bool_) if rows is None else rows
    found, at, count = np.unique(values[rows], return_inverse=True, return_counts=True)
    fraud = np.bincount(at, whole.fraud[rows], minlength=len(found)) / np.maximum(count, 1)
    return {
        int(value): float(share) for value, share in zip(found[count >= ENOUGH], fraud[count >= ENOUGH], strict=True)
    }


def foreign(whole: Whole) -> BoolArray:
    return whole.country.plan.within("abroad", whole.calls.caller)


def test_every_type_and_look_alike_is_there(whole: Whole) -> None:
    wanted = whole.made.world.census.wanted
    assert {ring.fraud_type for ring in wanted.rings} == set(ring_kinds())
    assert set(wanted.kinds) == set(look_alike_kinds())


def test_what_is_missing_is_never_nearly_only_fraud(whole: Whole) -> None:
    calls = whole.calls
    way_in = np.where(from_abroad(calls.trunk), 2, np.minimum(calls.trunk, 0) + 1)
    national = ~whole.country.plan.within("abroad", calls.caller)
    parts = (calls.device >= 0, calls.sim >= 0, calls.cell >= 0, calls.forwarded_to >= 0, calls.answered, national)
    pattern = way_in + 3 * calls.kind
    for part in parts:
        pattern = 2 * pattern + part
    found = shares(whole, pattern)
    assert len(found) > 12
    assert max(found.values()) < NEARLY_ONLY


def test_no_place_is_nearly_only_fraud(whole: Whole) -> None:
    days = whole.made.days
    for column in ("origin", "target"):
        found = shares(whole, np.concatenate([getattr(day, column) for day in days]).astype(np.int64))
        assert len(found) == len(PLACES)
        assert max(found.values()) < NEARLY_ONLY


def test_equipment_is_seen_of_innocents_who_roam(whole: Whole) -> None:
    calls = whole.calls
    roaming = from_abroad(calls.trunk) & (calls.device >= 0)
    assert roaming.sum() > 500
    assert 0 < whole.fraud[roaming].mean() < 0.4
    assert (calls.sim[roaming] >= 0).all()
    assert (calls.cell[roaming] < 0).mean() > 0.95
    both = from_abroad(calls.trunk) & ((calls.device >= 0) != (calls.sim >= 0))
    assert both.sum() < 0.01 * roaming.sum()


def test_much_comes_from_abroad_and_little_of_it_is_fraud(whole: Whole) -> None:
    calls = whole.calls
    voice = foreign(whole) & (calls.kind == VOICE)
    assert 0.02 < (voice & ~whole.fraud).mean() < 0.06
    assert whole.fraud[voice].mean() < 0.3
    innocent = np.isin(
        calls.caller, whole.made.world.census.holders.lines.slot[whole.made.world.census.holders.rows(FOREIGN)]
    )
    assert len(np.unique(calls.caller[innocent])) > 500
    assert len(np.unique(whole.country.plan.region_of(calls.caller[innocent]))) == len(PLACES) - 12


def test_national_numbers_from_abroad_are_mostly_honest(whole: Whole) -> None:
    national = from_abroad(whole.calls.trunk) & ~foreign(whole)
    assert whole.fraud[national].mean() < 0.5


def test_no_trunk_is_nearly_only_fraud(whole: Whole) -> None:
    trunks = whole.country.trunks
    found = shares(whole, whole.calls.trunk)
    assert max(found[row] for row in trunks.own.tolist()) < 0.6
    assert max(found[row] for row in trunks.international.tolist()) < 0.4


def test_a_block_abroad_comes_in_by_every_gateway(whole: Whole) -> None:
    calls = whole.calls.where(foreign(whole) & ~whole.fraud)
    block, count = np.unique(calls.caller // BLOCK, return_counts=True)
    busiest = calls.where(calls.caller // BLOCK == block[count.argmax()])
    assert set(busiest.trunk.tolist()) == set(whole.country.trunks.ways_in.tolist())


def test_premium_ranges_are_called_by_innocents_too(whole: Whole) -> None:
    called = whole.country.plan.within("premium", whole.calls.callee)
    found = shares(whole, whole.calls.callee // BLOCK, called)
    assert len(found) >= 4
    assert max(found.values()) < NEARLY_ONLY
    assert max(found.values()) > 0.2


def test_numbers_of_equipment_say_nothing_of_who_has_it(whole: Whole) -> None:
    world, calls = whole.made.world, whole.calls
    members = np.isin(calls.caller, np.concatenate([org.numbers for org in world.organisations]))
    imsi, imei = (names.to_pylist() for names in (world.imsis, world.imeis))
    sims = spread_over(np.array([int(name[5:]) for name in imsi]), MSIN, MSIN_STEP)
    devices = spread_over(np.array([int(name[8:14]) for name in imei]), SERIAL, SERIAL_STEP)
    for place, rows in ((sims, calls.sim), (devices, calls.device)):
        fraudulent = place[np.unique(rows[members & (rows >= 0)])]
        assert len(fraudulent) > 50
        assert 0.35 < np.median(fraudulent) < 0.65
        assert fraudulent.min() < 0.1
        assert fraudulent.max() > 0.9


def spread_over(numbers: IntArray, size: int, step: int) -> FloatArray:
    """Undo the spreading of rows over `size` numbers: each one's place among all, 0 … 1."""
    back = pow(step, -1, size)
    rows = np.array([number * back % size for number in numbers.tolist()])
    assert len(set(rows.tolist())) == len(rows)
    assert rows.max() == len(rows) - 1  # so they are spread as is assumed here
    return rows / len(rows)
