from __future__ import annotations

from typing import Any

from sqlalchemy import select

from detectors.results_tables import campaign_events, campaign_profiles
from detectors.work import (
    WRITTEN_BY_RUNS,
    Raised,
    Row,
    WorkRows,
    add_rows,
    logical_rows,
    purge_uncommitted,
    raised_alerts,
    registered_campaigns,
)
from graph.windows import DAY
from ingest.home import Home
from ingest.ledger.database import open_database


def _rows(run: str, at: int, scope: str = "all") -> WorkRows:
    campaign = {"id": f"C-{at}", "name": f"N {at}", "fraud_type": "wangiri", "born_at": 5, "seq": at}
    event = {"id": f"E-{at}", "campaign": f"C-{at}", "kind": "BORN", "valid_at": 5, "known_at": at, "version": 1}
    lists: dict[str, list[str]] = {"added": ["+1"], "removed": [], "others": []}
    who = {"id": f"A-{at}", "operator": "generic", "number": f"+{at}", "campaign": None, "fraud_type": "wangiri"}
    said = {"severity": "HIGH", "title": "t", "description": "d", "status": "OPEN"}
    measured = {"risk": 90.0, "exposure": 3, "as_of": at, "created_at": 9}
    shared = {"scope": scope, "run_id": run}
    return WorkRows(
        [{**campaign, **shared}],
        [{**event, **lists, **shared}],
        [{**who, **said, **measured, **shared}],
        [_profile(f"C-{at}", 1, run)],
    )


def _profile(campaign: str, version: int, run: str) -> Row:
    keys = {"members": [f"m{version}"], "victims": [f"v{version}"]}
    return {"campaign": campaign, "version": version, "scope": "all", "run_id": run, **keys}


def test_rows_of_runs_that_never_committed_are_swept(home: Home) -> None:
    add_rows(home, _rows("r1", 1))
    add_rows(home, _rows("r2", 2))
    purge_uncommitted(home, ["r1"])
    with open_database(home, "work").connect() as connection:
        for table in WRITTEN_BY_RUNS:
            assert connection.execute(select(table.c.run_id)).scalars().all() == ["r1"]


def test_the_registry_is_of_one_scope_in_order_of_birth(home: Home) -> None:
    for at, scope in ((2, "all"), (1, "all"), (3, "other")):
        add_rows(home, _rows("r1", at, scope))
    assert [row.id for row in registered_campaigns(home, "all")] == ["C-1", "C-2"]


def test_alerts_of_this_cut_and_open_ones_of_others_are_told_apart(home: Home) -> None:
    add_rows(home, _rows("r1", 1))
    add_rows(home, _rows("r1", 2))
    one, two = ("generic", "+1", "wangiri"), ("generic", "+2", "wangiri")
    assert raised_alerts(home, "all", 2) == Raised(frozenset([two]), frozenset([one]), 2)


def test_alerts_of_the_same_utc_day_are_counted_whatever_the_cut(home: Home) -> None:
    for at in (DAY - 1, DAY, DAY + 5, 2 * DAY - 1, 2 * DAY):
        add_rows(home, _rows("r1", at))
    assert [raised_alerts(home, "all", at).that_day for at in (DAY - 1, DAY + 7, 2 * DAY, 3 * DAY)] == [1, 3, 1, 0]


def _versions(home: Home) -> list[tuple[str, int]]:
    with open_database(home, "work").connect() as connection:
        kept = campaign_profiles.c
        rows = connection.execute(select(kept.campaign, kept.version).order_by(kept.campaign, kept.version))
        return [(row.campaign, row.version) for row in rows]


def test_what_an_earlier_cut_saw_is_kept_while_it_is_needed(home: Home) -> None:
    for version, needed in ((1, {}), (2, {"C-1": 1}), (3, {"C-1": 1}), (4, {"C-1": 1})):
        add_rows(home, WorkRows([], [], [], [_profile("C-1", version, f"r{version}")], needed))
    assert _versions(home) == [("C-1", version) for version in (1, 2, 3, 4)]
    add_rows(home, WorkRows([], [], [], [_profile("C-1", 5, "r5")], {"C-1": 4}))
    assert _versions(home) == [("C-1", 4), ("C-1", 5)]


def test_two_versions_of_a_profile_are_kept_so_that_an_uncommitted_one_can_go(home: Home) -> None:
    add_rows(home, WorkRows([], [], [], [_profile("C-1", 1, "r1"), _profile("C-2", 1, "r1")]))
    for version in (2, 3):
        add_rows(home, WorkRows([], [], [], [_profile("C-1", version, f"r{version}")]))
    assert _versions(home) == [("C-1", 2), ("C-1", 3), ("C-2", 1)]
    purge_uncommitted(home, ["r1", "r2"])
    assert _versions(home) == [("C-1", 2), ("C-2", 1)]


def test_a_run_that_adds_nothing_writes_nothing(home: Home) -> None:
    add_rows(home, WorkRows([], [], []))
    assert registered_campaigns(home, "all") == []


def test_logical_rows_leave_out_columns_and_do_not_depend_on_the_order_of_writing(home: Home) -> None:
    def content() -> list[tuple[Any, ...]]:
        return logical_rows(home, campaign_events, ("run_id", "known_at"))

    for at in (1, 2):
        add_rows(home, _rows("r1", at))
    before = content()
    purge_uncommitted(home, [])
    for at in (2, 1):
        add_rows(home, _rows("r9", at))
    assert content() == before
    assert all("r9" not in row for row in before)
