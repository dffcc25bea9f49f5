"""The innocent part of a world has the statistics that were published about real call graphs."""

from __future__ import annotations

import pytest

from ingest.simulator import WorldSettings
from ingest.simulator.randomness import generator
from ingest.simulator.rhythm import DAY
from tests.ingest.simulator.published import FIGURES, Figure, Innocent
from tests.ingest.simulator.worlds import make


@pytest.fixture(scope="module")
def innocent() -> Innocent:
    made = make(WorldSettings(callers=20_000, days=14, seed=1, start="2026-05-04"))  # two weeks without a holiday
    return Innocent(made.everyday(), made.world.days[0].start)


@pytest.fixture(scope="module")
def scrambled(innocent: Innocent) -> Innocent:
    """The same callers, calling anybody at any time."""
    rng, calls = generator(1, "scrambled"), innocent.calls
    started = innocent.begin + rng.integers(14 * DAY, size=len(calls))
    random = calls.but(callee=rng.permutation(calls.callee), started=started)
    return Innocent(random.where(random.caller != random.callee), innocent.begin)


@pytest.mark.parametrize("figure", [figure for figure in FIGURES if figure.low is not None], ids=lambda f: f.name)
def test_figures_are_as_published(innocent: Innocent, figure: Figure) -> None:
    """Each range stands with its source in published.py."""
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.measured(innocent) <= figure.high, f"{figure.published} ({figure.source})"


OF_RELATIONS_AND_TIMES = {
    "mutual_degree",
    "mutual_giant_component",
    "in_degree_exponent_from_30",
    "share_of_the_first_three_partners",
    "mutual_pairs_call_again",
    "partners_in_14_days_over_7",
    "weight_of_links_of_the_first_day",
    "burstiness",
    "burstiness_without_rhythm",
    "trains_with_one_partner",
}


@pytest.mark.parametrize("figure", [f for f in FIGURES if f.name in OF_RELATIONS_AND_TIMES], ids=lambda f: f.name)
def test_random_calls_do_not_have_them(scrambled: Innocent, figure: Figure) -> None:
    assert figure.low is not None
    assert figure.high is not None
    assert not figure.low <= figure.measured(scrambled) <= figure.high
