from __future__ import annotations

import numpy as np

from detectors.campaigns.roles import member_roles

COLUMNS = {"handoff_in_share": np.array([0.0, 0.8, np.nan]), "handoff_share": np.array([0.1, 0.1, np.nan])}
MEMBERS = np.array([0, 1, 2], dtype=np.int32)


def test_who_takes_over_more_than_he_hands_on_is_a_closer() -> None:
    assert member_roles(MEMBERS, True, COLUMNS) == ["opener", "closer", "opener"]


def test_rings_that_hand_nobody_on_have_callers_only() -> None:
    assert member_roles(MEMBERS, False, COLUMNS) == ["caller"] * 3
