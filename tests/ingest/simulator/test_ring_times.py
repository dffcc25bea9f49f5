"""How long a call rings tells neither the fraudulent nor the innocent by itself."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import VOICE, Calls
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.outcomes import BY_MACHINE, IN_VAIN, UNTIL_ANSWERED
from ingest.simulator.rhythm import SECOND
from ingest.simulator.settings import HardnessName, WorldSettings
from tests.ingest.simulator.worlds import Made, alone, make

MOSTLY_FRAUD = 0.7  # of a band's calls: a rule on ring time alone would work
FEW = 60  # calls of a band, below which its share says little
BANDS = np.array([0, 1, 600, 1_200, 2_000, 3_000, 4_000, 5_000, 7_000, 10_000, 20_000, 45_001])
WHOLE: tuple[HardnessName, ...] = ("easy", "normal", "hard")


@pytest.fixture(scope="module", params=WHOLE)
def whole(request: pytest.FixtureRequest) -> Calls:
    """The voice calls of three days in which every kind of ring and of look-alike has its part."""
    calls = make(WorldSettings(callers=14_000, days=3, seed=3, rings=20, hardness=request.param)).calls
    return calls.where(calls.kind == VOICE)


@pytest.mark.parametrize("answered", [False, True])
def test_no_band_of_ring_times_is_mostly_fraud(whole: Calls, answered: bool) -> None:
    calls = whole.where(whole.answered == answered)
    band = np.digitize(calls.ring_ms, BANDS)
    count = np.bincount(band)
    fraud = np.bincount(band, calls.campaign >= 0)
    large = count >= FEW
    assert large.sum() >= 10
    assert (fraud[large] / count[large]).max() < MOSTLY_FRAUD


def test_ringing_in_vain_has_no_holes() -> None:
    ring = IN_VAIN.table
    per_second = np.bincount(ring[ring > 0] // SECOND, minlength=45)
    assert (per_second[:42] > 0.005 * len(ring)).all()
    assert 0.03 < (ring == 0).mean() < 0.07  # busy or switched off


def test_some_answer_at_once_and_machines_mostly_do() -> None:
    assert 0.02 < (UNTIL_ANSWERED.table < 1_200).mean() < 0.08
    assert 0.4 < (BY_MACHINE.table < 1_200).mean() < 0.8
    assert UNTIL_ANSWERED.table.min() > 0


def test_help_lines_answer_as_fast_as_premium_ranges() -> None:
    made = alone("irsf", rings=2)
    services = made.world.census.country.services
    lines = np.concatenate([services[name] for name in ("bank", "care", "toll_free")])
    to_help = made.calls.where(np.isin(made.calls.callee, lines) & made.calls.answered)
    to_range = _to_ranges(made).where(_to_ranges(made).answered)
    shares = [(calls.ring_ms < 1_200).mean() for calls in (to_help, to_range)]
    assert abs(shares[0] - shares[1]) < 0.12


def test_failed_calls_to_a_premium_range_ring_like_the_failed_calls_of_others() -> None:
    made = alone("irsf", rings=3, hardness="easy", callers=5_000)
    failed, others = _to_ranges(made), made.everyday()
    failed, others = failed.where(~failed.answered), others.where(~others.answered)
    assert len(failed) > 40
    never_rang = [(calls.ring_ms == 0).mean() for calls in (failed, others)]
    assert never_rang[0] < 0.3
    assert never_rang[1] > 0


def _to_ranges(made: Made) -> Calls:
    ranges = np.concatenate([org.premium for org, _ in made.rings("irsf")]) // BLOCK
    return made.calls.where(np.isin(made.calls.callee // BLOCK, ranges))
