"""The calls that exact links are made of, read from a real lake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from configs import Settings, load_settings
from graph.links.candidate_calls import CandidateCalls, met_by_two, window_source
from graph.links.exact import Exact, exact_links
from graph.links.recorded import recorded_columns
from graph.run import build_snapshot
from graph.snapshot import Snapshot
from ingest.erased import tombstones
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.progress import Silent
from tests.graph.calls import MAY, Row, call, write_calls
from tests.graph.lakes import lake_of

A, B, C, V, W, X = (f"+9190000000{at:02}" for at in range(6))
COLUMNS = ("a", "b", "weight", "shared")
ROWS = [
    call(A, V, "10:00:00", 60, trunk_in="T1", imei="I1"),
    call(B, V, "2026-05-05T09:00:00Z", 0, trunk_in="T1", imei="I1"),
    call(A, W, "11:00:00", 60),
    call(C, X, "11:00:00", 60),
    call(V, B, "12:00:00", 30, trunk_in="T2"),
    call(V, V, "12:00:01", 30),
    call(A, V, "13:00:00", 5, kind="sms"),
    call(C, A, "14:00:00", 0, kind="forward", forwarded_to=X),
    call(C, B, "14:10:00", 0, kind="forward", forwarded_to=X),
]


def _snapshot(home: Home, rows: Sequence[Row] = ROWS, settings: Settings | None = None) -> Snapshot:
    lake = lake_of(home, rows)
    return build_snapshot(home, lake, MAY, None, settings or load_settings(), Silent())


def _nodes(snapshot: Snapshot, *numbers: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    found = (snapshot.node_of("generic", number) for number in numbers)
    return np.array(sorted(node for node in found if node is not None), dtype=np.int32)


def _trusting(**reliability: float) -> Settings:
    settings = load_settings()
    trust = settings.links.reliability.model_copy(update=reliability)
    return settings.model_copy(update={"links": settings.links.model_copy(update={"reliability": trust})})


def _exact(home: Home, snapshot: Snapshot, settings: Settings, *numbers: str) -> Exact:
    source = window_source(home, snapshot)
    return exact_links(source, snapshot, _nodes(snapshot, *numbers), settings.links, settings.features)


def test_only_calls_with_who_has_to_do_with_two_candidates_are_read(home: Home) -> None:
    snapshot = _snapshot(home)
    numbers, candidates = snapshot.numbers["number"].to_pylist(), _nodes(snapshot, A, B)
    assert [numbers[node] for node in np.flatnonzero(met_by_two(snapshot, candidates))] == [V]
    calls = CandidateCalls(window_source(home, snapshot), snapshot, candidates)
    made = {
        (numbers[caller], numbers[callee], talk, answered)
        for caller, callee, talk, answered in zip(
            calls.made.caller, calls.made.callee, calls.made.talk_ms, calls.made.answered, strict=True
        )
    }
    assert made == {(A, V, 60_000, True), (B, V, 0, False)}
    received = zip(calls.received.caller, calls.received.callee, strict=True)
    assert [(numbers[caller], numbers[callee]) for caller, callee in received] == [(V, B)]
    assert {numbers[node] for node in calls.trunks.node} == {A, B}
    assert set(calls.trunks.key.tolist()) == {0}
    assert sorted(numbers[node] for node in calls.forwards.node) == [A, B]


def test_calls_of_erased_numbers_are_left_out(home: Home) -> None:
    snapshot = _snapshot(home)
    assert window_source(home, snapshot).left_out == []
    tombstones.enter(home, open_database(home, "ledger"), [V])
    assert window_source(home, snapshot).left_out == [V]
    calls = CandidateCalls(window_source(home, snapshot), snapshot, _nodes(snapshot, A, B))
    assert len(calls.made) == len(calls.received) == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_links_do_not_depend_on_the_order_of_calls(seed: int, tmp_path: Path) -> None:
    settings = _trusting(shared_victims=1, shared_victims_soon=1, callback=1, device=1, trunk=1, range=1, forwarding=1)
    loose = {"min_shared": 1, "min_weight": 0.0, "min_shared_soon": 1, "min_weight_soon": 0.0, "rhythm_likeness": 0.0}
    settings = settings.model_copy(update={"links": settings.links.model_copy(update=loose)})
    found = []
    for name, rows in (("one", ROWS), ("other", Random(seed).sample(ROWS, len(ROWS)))):
        home = Home(tmp_path / name).create()
        snapshot = _snapshot(home, rows, settings)
        exact = _exact(home, snapshot, settings, A, B, C)
        found.append([(of.reason, *(getattr(of, column).tolist() for column in COLUMNS)) for of in exact.links])
    assert found[0] == found[1]
    linked = {reason for reason, a, *_ in found[0] if a}
    assert linked >= {"shared_victims", "shared_victims_soon", "callback", "device", "trunk", "forwarding"}


def test_a_reason_whose_column_the_record_lacks_is_said_to_be_not_computable(home: Home) -> None:
    rows = [{**row, "imei": None, "trunk_in": None} for row in ROWS]
    settings = _trusting(device=1, sim=0, trunk=1, forwarding=1, cell=1, callback=0)
    exact = _exact(home, _snapshot(home, rows), settings, A, B)
    assert exact.not_computable == {
        "device": "not computable: needs imei",
        "trunk": "not computable: needs trunk_in",
        "cell": "not computable: needs cell",
    }
    looked_for = [of.reason for of in exact.links]
    assert looked_for == sorted(looked_for)
    assert {"forwarding", "shared_victims", "range"} <= set(looked_for)
    assert not {"device", "trunk", "cell", "sim", "callback"} & set(looked_for)


def test_what_is_recorded_is_told_by_footers(tmp_path: Path) -> None:
    bare = write_calls(tmp_path / "bare.parquet", [{**row, "imei": None} for row in ROWS[:3]])
    whole = write_calls(tmp_path / "whole.parquet", ROWS[:1])
    assert recorded_columns([bare], {"imei", "trunk_in"}) == {"trunk_in"}
    assert recorded_columns([bare, whole], {"imei", "trunk_in"}) == {"imei", "trunk_in"}
    without = tmp_path / "without.parquet"
    pq.write_table(pa.table({"imei": ["I1"]}), without, write_statistics=False)
    assert recorded_columns([without], {"imei"}) == {"imei"}
