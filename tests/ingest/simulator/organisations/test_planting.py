"""How many rings and look-alikes a world has, and how large they are."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from ingest.simulator.kinds import ring_kinds
from ingest.simulator.organisations.planting import in_turn
from ingest.simulator.organisations.timeline import OFF
from ingest.simulator.settings import LOOK_ALIKES_PER_FRAUD, HardnessName, WorldSettings
from ingest.simulator.settling.wanted import wanted

LEVELS: tuple[HardnessName, ...] = ("easy", "normal", "hard")


@pytest.mark.parametrize("hardness", LEVELS)
def test_the_planned_share_of_fraud_is_that_of_the_hardness(hardness: HardnessName) -> None:
    settings = WorldSettings(callers=200_000, days=14, hardness=hardness)
    rings = [ring for ring in wanted(settings).rings if ring.needs.calls]
    on_duty = sum((ring.timeline.number != OFF).sum(axis=1) for ring in rings)
    least = 1 - 0.3 * settings.dials.disguised  # the disguised call on other days, too
    assert least * settings.fraud_a_day * 0.9 < np.mean(on_duty) < 1.1 * settings.fraud_a_day


@pytest.mark.parametrize("hardness", LEVELS)
def test_every_type_has_numbers_enough_in_a_large_world(hardness: HardnessName) -> None:
    rings = wanted(WorldSettings(callers=200_000, days=7, hardness=hardness)).rings
    numbers: Counter[str] = Counter()
    for ring in rings:
        numbers[ring.fraud_type] += len(ring.timeline.post) + ring.needs.premium + ring.timeline.devices
    assert set(numbers) == set(ring_kinds())
    assert min(numbers.values()) >= 15


@pytest.mark.parametrize("hardness", LEVELS)
@pytest.mark.parametrize("callers", [2_000, 20_000, 200_000])
def test_there_are_ten_look_alikes_for_each_fraudulent_number(callers: int, hardness: HardnessName) -> None:
    want = wanted(WorldSettings(callers=callers, days=10, hardness=hardness))
    fraudulent = sum(len(ring.timeline.post) for ring in want.rings)
    assert sum(map(len, want.staffs.values())) >= 10 * fraudulent
    assert LOOK_ALIKES_PER_FRAUD > 10


@pytest.mark.parametrize("callers", [200, 700, 2_000, 5_000])
def test_small_worlds_of_usual_hardness_hold_at_most_one_percent_of_fraud_on_duty(callers: int) -> None:
    rings = wanted(WorldSettings(callers=callers, days=5)).rings
    assert sum(ring.timeline.posts for ring in rings) <= max(0.01 * callers, 6)


def test_types_take_turns_the_first_three_first() -> None:
    assert in_turn(["robocall", "wangiri", "flash_call", "impersonation", "ant"]) == [
        "wangiri",
        "robocall",
        "impersonation",
        "ant",
        "flash_call",
    ]


def test_campaigns_have_distinct_names_in_rows() -> None:
    rings = wanted(WorldSettings(callers=50_000, days=14)).rings
    names = [name for ring in rings for name in ring.campaigns]
    assert len(set(names)) == len(names)
    assert [names[ring.first] for ring in rings] == [ring.name for ring in rings]
