"""Ordinary people ring banks, care lines, authorities and toll-free numbers."""

from __future__ import annotations

import numpy as np

from ingest.simulator.calls import VOICE
from ingest.simulator.everyday.help_lines import LINES
from tests.ingest.simulator.worlds import Made


def test_many_people_ring_few_lines_that_nearly_always_answer(normal: Made) -> None:
    country = normal.world.census.country
    lines = np.concatenate([country.services[name] for name in LINES])
    rung = np.isin(normal.calls.callee, lines) & np.isin(normal.calls.caller, country.subscribers)
    calls = normal.calls.where(rung & (normal.calls.kind == VOICE) & (normal.calls.campaign < 0))
    assert 0.005 < len(calls) / len(country.subscribers) / len(normal.world.days) < 0.05
    assert calls.answered.mean() > 0.9
    busiest = np.sort(np.bincount(calls.callee))[-10:].sum()
    assert busiest > 0.15 * len(calls)
    assert len(np.unique(calls.caller)) > 0.6 * len(calls)
