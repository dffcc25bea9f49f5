"""A window of 1,000 days: instants take more bits than elsewhere, with calls on its first days and its last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph.windows import DAY, HOUR, MINUTE, SECOND, Window, iso, parse_instant
from tests.graph.calls import Row, call, features_of, tables_of

_START = parse_instant("2024-01-01T00:00:00Z")
WIDE = Window(_START, _START + 1000 * DAY)
OPENER, CLOSER, EVEN = (f"+91900000220{at}" for at in range(3))
TAKEN, LATE, BRIEF, OLD, FRIEND = (f"+91900000221{at}" for at in range(5))
_NEAR_THE_END = 990 * DAY


def _call(caller: str, callee: str, at: int, talk: float, **more: Any) -> Row:
    return call(caller, callee, iso(WIDE.start + at), talk, **more)


def _handed_on() -> list[Row]:
    """The closer takes over one of the four whom the opener spoke to; with one of them it did so long before."""
    noon = _NEAR_THE_END + 12 * HOUR
    return [
        _call(OPENER, TAKEN, _NEAR_THE_END, 15),
        *(_call(CLOSER, TAKEN, _NEAR_THE_END + 60 * MINUTE, talk, record_id=str(talk)) for talk in (10, 300, 20)),
        _call(OPENER, LATE, _NEAR_THE_END, 15),
        _call(CLOSER, LATE, _NEAR_THE_END + 60 * MINUTE + SECOND, 900),
        _call(OPENER, BRIEF, _NEAR_THE_END, 15),
        _call(CLOSER, BRIEF, _NEAR_THE_END + MINUTE, 299),
        _call(OPENER, OLD, DAY, 15),
        _call(OPENER, OLD, noon, 15),  # the first conversation counts
        _call(CLOSER, OLD, noon + MINUTE, 900),
    ]


def test_first_conversations(tmp_path: Path) -> None:
    found = features_of(tables_of(_handed_on(), tmp_path, window=WIDE))
    assert (found[OPENER]["handoff_share"], found[OPENER]["handoff_in_share"]) == (0.25, 0)
    assert (found[CLOSER]["handoff_share"], found[CLOSER]["handoff_in_share"]) == (0, 0.25)


def test_gaps(tmp_path: Path) -> None:
    """Gaps of 1 and 998 days: mean 499.5, standard deviation 498.5; even ones of 333 days do not vary."""
    uneven = [_call(OPENER, FRIEND, day * DAY, 5) for day in (0, 1, 999)]
    even = [_call(EVEN, FRIEND, day * DAY, 5) for day in (0, 333, 666, 999)]
    found = features_of(tables_of([*uneven, *even], tmp_path, window=WIDE))
    assert (found[OPENER]["gap_cv"], found[EVEN]["gap_cv"]) == (round(498.5 / 499.5, 9), 0)
    assert [(found[who]["active_days"], found[who]["active_hours"]) for who in (OPENER, EVEN)] == [(3, 3), (4, 4)]
    assert [found[who]["concurrent_peak"] for who in (OPENER, EVEN)] == [1, 1]


def test_lasting_contacts(tmp_path: Path) -> None:
    """11 calls of 60 s in both directions together, over 10 and over 600 s, from the first day to the last."""
    there = [_call(OPENER, FRIEND, 199 * day * DAY, 60) for day in range(6)]
    back = [_call(FRIEND, OPENER, (100 + 199 * day) * DAY, 60) for day in range(5)]
    never = [_call(EVEN, FRIEND, 99 * day * DAY, 60) for day in range(11)]
    found = features_of(tables_of([*there, *back, *never], tmp_path, window=WIDE))
    assert [found[who]["stable_contacts"] for who in (OPENER, FRIEND, EVEN)] == [1, 1, 0]
    assert [found[who]["reciprocity"] for who in (OPENER, FRIEND, EVEN)] == [1, 1, 0]
