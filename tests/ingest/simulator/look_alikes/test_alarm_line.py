from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import DAY, MINUTE, SECOND
from tests.ingest.simulator.look_alikes.habits import by_night, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("alarm_line")


def test_machines_report_by_day_and_night_to_one_number(made: Made) -> None:
    calls, staff = made_by(made, "alarm_line"), made.staff("alarm_line")
    stations = staff.members[np.searchsorted(staff.employer, np.arange(staff.employers))]
    reports = calls.where(~np.isin(calls.caller, stations))
    assert np.isin(reports.callee, stations).all()
    assert 0.2 < by_night(made, reports).mean() < 0.5  # eight of 24 hours
    assert np.median(reports.talk_ms[reports.answered]) < 20 * SECOND


def test_a_machine_reports_at_the_same_minute_every_day(made: Made) -> None:
    calls, staff = made_by(made, "alarm_line"), made.staff("alarm_line")
    own = calls.where(calls.caller == staff.members[5])
    minute = (own.started - made.world.days[0].start) % DAY // MINUTE
    apart = np.unique(minute // 2)
    assert len(apart) <= 2.5 * len(own) / made.world.settings.days


def test_machines_stay_at_one_cell(made: Made) -> None:
    calls = made_by(made, "alarm_line")
    cells = np.unique(np.stack((calls.caller, calls.cell)), axis=1)[0]
    assert np.median(np.unique(cells, return_counts=True)[1]) == 1


def test_owners_are_rung_after_alarms(made: Made) -> None:
    calls, staff = made_by(made, "alarm_line"), made.staff("alarm_line")
    rung = calls.where(~np.isin(calls.callee, staff.members))
    assert 0 < len(rung) < 0.1 * len(calls)
