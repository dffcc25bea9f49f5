"""What calls leave behind with the operator: device, SIM, cell, trunk and regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ingest.simulator.calls import OWN, Calls
from ingest.simulator.land.carriers import carriers_on, from_abroad, trunks_of
from ingest.simulator.land.country import Country
from ingest.simulator.land.places import NOWHERE, Cells, abroad_on, away_on
from ingest.simulator.randomness import IntArray, generator
from ingest.simulator.rhythm import Day
from ingest.simulator.settling.supplying import Supplied

UNSEEN = -1  # the record has none


@dataclass(frozen=True)
class Traced:
    """A day's calls as the operator sees them: in the last columns of `calls`, UNSEEN is for none."""

    day: Day
    calls: Calls
    origin: npt.NDArray[np.int8]  # rows of PLACES
    target: npt.NDArray[np.int8]
    lines: IntArray  # [slots] row of who holds the number that day, NOBODY

    def rows(self, begin: int, end: int) -> Traced:
        """Give some of the calls, in their order."""
        at = np.arange(begin, min(end, len(self.calls)))
        return replace(self, calls=self.calls.where(at), origin=self.origin[at], target=self.target[at])


def traced(
    seed: int, country: Country, supplied: Supplied, carriers: IntArray, day: Day, calls: Calls, lines: IntArray
) -> Traced:
    """Fill in what the parts of the world have left open; `carriers` is by block."""
    away = away_on(seed, country.places, day)
    rng = generator(seed, "places", day.index)
    carrier = carriers_on(day.index, carriers, supplied.ported)
    outside = abroad_on(seed, country.places, country.subscribers, day)
    ways = generator(seed, "ways in", day.index)
    trunk = _filled(calls.trunk, lambda: trunks_of(ways, country.trunks, carrier, outside, calls.caller, calls.callee))
    abroad = from_abroad(trunk)  # the operator sees no cell of who calls from elsewhere
    unknown = abroad & ~_roams(calls, outside)  # and no equipment either, unless visited networks report it
    cell = _filled(calls.cell, lambda: country.places.where(rng, day, calls.caller, calls.started, away))
    device = _filled(calls.device, lambda: supplied.equipment.devices_on(day.index)[calls.caller])
    sim = _filled(calls.sim, lambda: supplied.equipment.sims_on(day.index)[calls.caller])
    seen = calls.but(
        trunk=trunk,
        cell=_unless(abroad, cell, calls.cell),
        device=_unless(unknown, device, calls.device),
        sim=_unless(unknown, sim, calls.sim),
    )
    return Traced(day, seen, _origin(country, seen), _target(country, calls.callee, away), lines)


def _roams(calls: Calls, outside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which calls own subscribers made abroad; one that came by a chosen trunk only shows somebody's number."""
    roams: npt.NDArray[np.bool_] = (outside[calls.caller] & (calls.trunk == OWN)) | (calls.device != OWN)
    return roams


def _filled(given: IntArray, own: Callable[[], npt.NDArray[np.signedinteger]]) -> IntArray:
    """Give a column with what is the caller's own where nothing was given."""
    if given.strides == (0,):
        return given if len(given) and given[0] != OWN else own()
    return np.where(given == OWN, own(), given).astype(given.dtype, copy=False)


def _unless(abroad: npt.NDArray[np.bool_], column: IntArray, given: IntArray) -> IntArray:
    hidden = np.flatnonzero(abroad)
    hidden = hidden[given[hidden] == OWN]
    if len(hidden):
        column = column.copy() if not column.flags.writeable else column
        column[hidden] = UNSEEN
    return column


def _origin(country: Country, calls: Calls) -> npt.NDArray[np.int8]:
    home = country.plan.region_of(calls.caller)
    return np.where(calls.cell >= 0, country.places.region[calls.cell], home).astype(np.int8)


def _target(country: Country, callee: IntArray, away: Cells) -> npt.NDArray[np.int8]:
    cell = away[callee]
    home = country.plan.region_of(callee)
    return np.where(cell != NOWHERE, country.places.region[cell], home).astype(np.int8)
