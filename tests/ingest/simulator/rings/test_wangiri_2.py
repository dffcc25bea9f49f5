from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.rhythm import DAY, HOUR, MINUTE
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("wangiri_2", rings=2, days=10)


def test_companies_call_a_premium_range_that_never_called_them(made: Made) -> None:
    country = made.world.census.country
    for org, _ in made.rings("wangiri_2"):
        calls = made.all_of(org)
        assert np.isin(calls.caller, country.fixed).all()
        assert country.plan.within("premium", calls.callee).all()
        assert len(set((calls.callee // BLOCK).tolist())) == 1
        assert len(made.made_by(org.numbers)) == 0


def test_a_company_calls_a_run_of_adjacent_numbers_within_hours(made: Made) -> None:
    for org, _ in made.rings("wangiri_2"):
        calls = made.all_of(org)
        day = (calls.started - made.world.days[0].start) // DAY
        visits = np.stack((calls.caller, day))
        steps: list[int] = []
        for caller, on in np.unique(visits, axis=1).T.tolist():
            visit = calls.where((calls.caller == caller) & (day == on))
            assert visit.started.max() - visit.started.min() < 8 * HOUR
            in_use = org.duty[on, org.at_work(made.world.days[on])]
            steps.extend(np.diff(np.flatnonzero(np.isin(in_use, visit.callee))).tolist())
        assert np.mean(np.array(steps) == 1) > 0.85  # of the numbers in use that day; a run may go round


def test_companies_are_kept_on_hold_in_office_hours(made: Made) -> None:
    free = np.array([day.is_free for day in made.world.days])
    for org, _ in made.rings("wangiri_2"):
        calls = made.all_of(org)
        since = calls.started - made.world.days[0].start
        assert not free[since // DAY].any()
        assert ((since % DAY // HOUR >= 8) & (since % DAY // HOUR < 21)).all()
        assert calls.talk_ms[calls.answered].mean() > 2 * MINUTE


def test_several_companies_call_the_same_numbers(made: Made) -> None:
    for org, _ in made.rings("wangiri_2"):
        calls = made.all_of(org)
        pairs = np.unique(np.stack((calls.callee, calls.caller)), axis=1)
        assert np.median(np.unique(pairs[0], return_counts=True)[1]) >= 3
