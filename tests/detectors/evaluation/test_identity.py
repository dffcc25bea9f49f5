"""Cuts at the end of five days; rings A, B and C are at work from the start, D begins on the third day."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from detectors.evaluation import TruthError
from detectors.evaluation.history import History, Written
from detectors.evaluation.identity import event_figures, identity_figures
from detectors.evaluation.true_events import TrueEvent, members_within, read_events
from detectors.evaluation.truth import read_numbers
from graph.windows import DAY, iso
from tests.detectors.evaluation.small import START, fraud, number, truth_folder

CUTS = [START + day * DAY for day in range(1, 6)]
RINGS = {"A": (0, 1, 2, 3), "B": (4, 5, 6), "C": (7, 8, 9), "D": (10, 11, 12, 13)}
NOBODY: frozenset[str] = frozenset()


def numbers_of(*nodes: int) -> frozenset[str]:
    return frozenset(number(node) for node in nodes)


@pytest.fixture
def rows(tmp_path: Path) -> pa.Table:
    since = {"A": START, "B": START, "C": START, "D": START + 2 * DAY}
    lines = [
        fraud(node, "wangiri", ring, f"{iso(since[ring])},{iso(CUTS[-1])}")
        for ring, nodes in RINGS.items()
        for node in nodes
    ]
    return read_numbers(truth_folder(tmp_path / "truth", lines))


def history(*days: Mapping[str, str], events: tuple[Written, ...] = ()) -> History:
    """Give a history in which each cut reported rings (by letter) as campaigns, all their members in one."""
    members = {
        at: {number(node): campaign for ring, campaign in day.items() for node in RINGS[ring]}
        for at, day in zip(CUTS, days, strict=False)
    }
    return History(CUTS[: len(days)], events, members)


def born(day: int, campaign: str, numbers: frozenset[str]) -> Written:
    return Written("BORN", CUTS[day], campaign, numbers)


def test_a_changed_majority_is_a_switch(rows: pa.Table) -> None:
    kept = history({"A": "c1", "B": "c2"}, {"A": "c1", "B": "c3"}, {"A": "c1", "B": "c3"})
    found = identity_figures(kept, [], rows)
    assert (found["campaign_days"], found["id_switches"]) == (4, 1)


def test_a_ring_that_was_away_is_compared_with_its_last_day(rows: pa.Table) -> None:
    away = history({"A": "c1"}, {}, {"A": "c2"})
    assert identity_figures(away, [], rows)["id_switches"] == 1


def test_a_true_merge_or_split_excuses_a_switch(rows: pa.Table) -> None:
    kept = history({"A": "c1", "B": "c2"}, {"A": "c1", "B": "c1"})
    merged = TrueEvent(CUTS[0] + 1, "A", "MERGED", frozenset({"B"}))
    late = TrueEvent(CUTS[1] + 1, "A", "MERGED", frozenset({"B"}))
    assert identity_figures(kept, [merged], rows)["id_switches"] == 0
    assert identity_figures(kept, [late], rows)["id_switches"] == 1


def test_most_members_decide_and_ties_go_to_the_smaller_id(rows: pa.Table) -> None:
    halves = {number(0): "c2", number(1): "c2", number(2): "c1", number(3): "c1"}
    kept = History(CUTS[:2], [], {CUTS[0]: {**halves, number(3): "c2"}, CUTS[1]: halves})
    assert identity_figures(kept, [], rows)["id_switches"] == 1


def test_one_cut_has_nothing_to_compare(rows: pa.Table) -> None:
    found = identity_figures(history({"A": "c1"}), [], rows)
    assert (found["cuts"], found["campaign_days"], found["id_switches"]) == (1, 0, None)


def of_births(events: tuple[Written, ...], true: list[TrueEvent], rows: pa.Table) -> dict[str, Any]:
    return event_figures(history({}, {}, {}, {}, {}, events=events), true, rows, "BORN")


D_IS_BORN = TrueEvent(START + 2 * DAY, "D", "BORN", NOBODY)  # the third cut, place 2, is the first to see it


@pytest.mark.parametrize(("day", "hit"), [(1, True), (2, True), (3, True), (4, False)])
def test_an_event_matches_within_a_cut(rows: pa.Table, day: int, hit: bool) -> None:
    found = of_births((born(day, "c1", numbers_of(10, 11)),), [D_IS_BORN], rows)
    assert (found["true"], found["written"]) == (1, 1)
    assert found["precision"] == found["recall"] == float(hit)


@pytest.mark.parametrize(
    ("numbers", "hit"),
    [
        (numbers_of(10, 11), True),  # half of the ring
        (numbers_of(10, 11, 0, 1), True),  # half of what was told
        (numbers_of(10), False),
        (numbers_of(10, 11, 0, 1, 2), False),
    ],
)
def test_half_of_the_members_must_be_right(rows: pa.Table, numbers: frozenset[str], hit: bool) -> None:
    assert of_births((born(2, "c1", numbers),), [D_IS_BORN], rows)["recall"] == float(hit)


def test_one_written_event_matches_one_true_one(rows: pa.Table) -> None:
    told = (born(2, "c1", numbers_of(10, 11, 12)), born(3, "c2", numbers_of(12, 13)), born(3, "c3", numbers_of(4, 5)))
    found = of_births(told, [D_IS_BORN], rows)
    assert (found["written"], found["recall"]) == (3, 1.0)
    assert found["precision"] == pytest.approx(1 / 3)


def test_what_was_there_before_the_first_cut_is_no_news(rows: pa.Table) -> None:
    old = TrueEvent(START, "A", "BORN", NOBODY)
    found = of_births((born(0, "c1", numbers_of(0, 1, 2)),), [old], rows)
    assert (found["true"], found["written"], found["precision"], found["recall"]) == (0, 0, None, None)


def test_kinds_that_nobody_writes_are_missed(rows: pa.Table) -> None:
    quiet = TrueEvent(START + 2 * DAY, "A", "QUIET", NOBODY)
    found = identity_figures(history({}, {}, {}, {}, {}), [quiet], rows)["events"]
    assert found == {"QUIET": {"true": 1, "written": 0, "precision": None, "recall": 0.0}}


def test_members_are_those_whose_role_overlaps(rows: pa.Table) -> None:
    assert set(members_within(rows, START, START + 2 * DAY)) == {"A", "B", "C"}
    assert members_within(rows, START, START + 2 * DAY + 1)["D"] == numbers_of(*RINGS["D"])
    assert members_within(rows, CUTS[-1], CUTS[-1] + DAY) == {}


def test_events_are_read_in_order_of_time(tmp_path: Path) -> None:
    rows = (
        "at,campaign,kind,others",
        "2026-05-02T00:00:00Z,,BLOCKED,",
        "2026-05-02T00:00:00Z,A,BLOCKED,",
        "2026-05-03T00:00:00Z,B,MERGED,A C",
        "2026-05-01T00:00:00Z,A,BORN,",
    )
    text = "\n".join([*rows, ""])
    (tmp_path / "truth_events.csv").write_text(text)
    assert read_events(tmp_path) == [
        TrueEvent(START, "A", "BORN", NOBODY),
        TrueEvent(START + 2 * DAY, "B", "MERGED", frozenset({"A", "C"})),
    ]


@pytest.mark.parametrize("text", ["at,kind\n", "at,campaign,kind,others\nyesterday,A,BORN,\n"])
def test_events_that_cannot_be_read_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "truth_events.csv").write_text(text)
    with pytest.raises(TruthError, match=r"truth_events.csv cannot be read: .*Mend it"):
        read_events(tmp_path)


def test_a_folder_without_events_has_none(tmp_path: Path) -> None:
    assert read_events(tmp_path) == []
