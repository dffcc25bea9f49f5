"""Lines begin and end, numbers are given out again, handsets, SIMs and carriers change."""

from __future__ import annotations

import numpy as np
import phonenumbers
import pytest

from ingest.simulator.land.digits import fixed_width, luhn
from ingest.simulator.land.lines import NOBODY, QUARANTINE, Lines, recycled
from ingest.simulator.randomness import generator
from ingest.simulator.settling.holders import RING, SUBSCRIBER
from tests.ingest.simulator.worlds import Made


def test_a_number_has_one_holder_at_a_time(eventful: Made) -> None:
    lines = eventful.world.census.country.lines
    for day in range(len(eventful.world.days)):
        slots = lines.slot[lines.there(day)]
        assert len(np.unique(slots)) == len(slots)


def test_some_numbers_are_given_out_again_after_a_rest(eventful: Made) -> None:
    lines = eventful.world.census.country.lines
    slots, count = np.unique(lines.slot, return_counts=True)
    again = slots[count > 1]
    assert len(again) > 5
    for slot in again:
        rows = np.flatnonzero(lines.slot == slot)
        rows = rows[np.argsort(lines.since[rows])]
        assert (lines.since[rows[1:]] - lines.until[rows[:-1]] >= QUARANTINE).all()


def test_numbers_are_given_out_again_only_when_they_have_rested() -> None:
    ended = Lines(np.arange(40), np.zeros(40, dtype=np.int64), np.arange(40))
    begun = Lines(np.arange(100, 140), np.arange(40), np.full(40, 60))
    new, old = recycled(generator(1, "recycled"), ended, begun, 60)
    assert 5 < len(new) == len(np.unique(new)) == len(np.unique(old))
    assert (begun.since[new] - ended.until[old] >= QUARANTINE).all()


def test_people_come_and_go(eventful: Made) -> None:
    country = eventful.world.census.country
    first, last = (country.present(day) for day in (country.days[0], country.days[-1]))
    assert 0.003 < (~first & last).mean() < 0.03
    assert 0.003 < (first & ~last).mean() < 0.03


def test_who_has_no_line_makes_no_calls_and_answers_none(eventful: Made) -> None:
    for made in eventful.days:
        calls = made.calls
        assert (made.lines[calls.caller] != NOBODY).all()
        assert not calls.answered[made.lines[calls.callee] == NOBODY].any()


def test_ring_numbers_live_when_they_are_on_duty(eventful: Made) -> None:
    lines, sort = eventful.world.census.country.lines, eventful.world.census.holders.sort
    for org in eventful.world.organisations:
        day, post = np.nonzero(org.duty >= 0)
        for index in np.unique(day):
            row = lines.on(int(index), eventful.world.census.country.plan.slots)[org.duty[index, post[day == index]]]
            assert (sort[row] == RING).all()


def test_equipment_changes_for_few_and_stays_for_most(eventful: Made) -> None:
    supplied, holders = eventful.world.supplied, eventful.world.census.holders
    slots = holders.lines.slot[holders.rows(SUBSCRIBER)]
    slots = slots[eventful.world.census.country.plan.within("mobile", slots)]
    last = len(eventful.world.days) - 1
    device, sim = (
        (on(0)[slots], on(last)[slots]) for on in (supplied.equipment.devices_on, supplied.equipment.sims_on)
    )
    had = device[0] >= 0
    assert 0.004 < (device[0] != device[1])[had].mean() < 0.05
    assert 0.001 < (sim[0] != sim[1])[had].mean() < 0.03
    assert len(supplied.ported.slot) > 5
    assert (sim[1] >= 0).mean() > 0.97


def test_devices_and_sims_have_valid_distinct_numbers(eventful: Made) -> None:
    imeis, imsis = eventful.world.imeis.to_pylist(), eventful.world.imsis.to_pylist()
    assert len(set(imeis)) == len(imeis)
    assert len(set(imsis)) == len(imsis)
    assert {len(text) for text in imeis} == {len(text) for text in imsis} == {15}
    for imei in imeis[::501]:
        digits = [int(digit) for digit in imei]
        assert sum(sum(divmod(2 * d, 10)) if at % 2 else d for at, d in enumerate(digits)) % 10 == 0


def test_check_digits_are_those_of_the_standard() -> None:
    assert luhn(np.array([49_015_420_323_751]), 14).to_pylist() == ["490154203237518"]
    assert fixed_width(np.array([7, 123]), 5).to_pylist() == ["00007", "00123"]


def test_calls_of_mobiles_leave_device_sim_and_cell_and_those_of_others_none(eventful: Made) -> None:
    plan, calls = eventful.world.census.country.plan, eventful.calls
    mobile = plan.within("mobile", calls.caller)
    person = np.isin(calls.caller, eventful.world.census.country.people)
    for column in (calls.device, calls.sim, calls.cell):
        assert (column[mobile & person] >= 0).mean() > 0.99
        assert (column[~mobile] < 0).all()


def test_calls_from_another_carrier_come_in_by_a_trunk(eventful: Made) -> None:
    plan, trunk = eventful.world.census.country.plan, eventful.calls.trunk
    names = eventful.world.trunk_names.to_pylist()
    foreign = plan.within("abroad", eventful.calls.caller)
    assert 0.4 < (trunk[~foreign] >= 0).mean() < 0.9
    assert all(names[row].startswith("INTL-") for row in np.unique(trunk[foreign]).tolist())


def test_people_are_at_few_cells_and_regions_follow_from_cells(eventful: Made) -> None:
    places, plan = eventful.world.census.country.places, eventful.world.census.country.plan
    made = eventful.days[3]
    calls = made.calls.where(made.calls.cell >= 0)
    assert (made.origin[made.calls.cell >= 0] == places.region[calls.cell]).all()
    at_home = places.region[calls.cell] == plan.region_of(calls.caller)
    assert 0.96 < at_home.mean() < 0.999
    callers, first = np.unique(calls.caller, return_index=True)
    cells = [len(np.unique(calls.cell[calls.caller == caller])) for caller in callers[::97]]
    assert np.median(cells) <= 2
    assert len(first) > 1_000


@pytest.mark.parametrize("region", ["IN"])
def test_numbers_of_rings_are_numbers_like_others(eventful: Made, region: str) -> None:
    for org in eventful.world.organisations:
        for slot in org.numbers[:3].tolist():
            assert phonenumbers.is_valid_number(phonenumbers.parse(eventful.world.names[slot].as_py(), region))
