from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from configs import Settings, load_settings
from detectors.digest import results_digest
from detectors.results import TABLES, Results
from detectors.run import score
from detectors.work import purge_uncommitted, registered_campaigns
from graph.snapshot import Snapshot
from graph.windows import DAY, HOUR
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import RunRow, committed_runs, switch_run
from ingest.progress import Silent
from tests.detectors.worlds import AS_OF, SCOPE, everyday_rows, lay_calls, ring_rows, settings_with, snapshot_of
from tests.graph.calls import Row, call, withheld_calls

SETTINGS = load_settings()
ROOT = Path(__file__).parents[2]
POINTS = ("run:results:before", "run:work:after")
WORLD = """
import sys
from pathlib import Path
from configs import load_settings
from detectors.run import score
from graph.snapshot import Snapshot
from ingest.home import Home
from ingest.progress import Silent
home = Home(Path(sys.argv[1]))
score(home, Snapshot(home.snapshots / sys.argv[2]), "all", int(sys.argv[3]), load_settings(), Silent())
"""


@pytest.fixture(scope="module")
def rows() -> Sequence[Row]:
    return [*ring_rows("ABCD"), *everyday_rows()]


@pytest.fixture(scope="module")
def built(rows: Sequence[Row], tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot of the module's world, computed once."""
    folder = tmp_path_factory.mktemp("built")
    return snapshot_of(Home(folder / "home").create(), rows, folder)


@pytest.fixture
def snapshot(home: Home, built: Snapshot) -> Snapshot:
    return _placed(home, built)


def _placed(home: Home, snapshot: Snapshot) -> Snapshot:
    placed = Snapshot(Path(shutil.copytree(snapshot.folder, home.snapshots / snapshot.id)))
    lay_calls(home, placed)
    return placed


def _score(home: Home, snapshot: Snapshot, as_of: int = AS_OF, settings: Settings = SETTINGS) -> Results:
    """What the main job does around the stage."""
    lay_calls(home, snapshot)
    purge_uncommitted(home, [run.run_id for run in committed_runs(open_database(home, "ledger"), SCOPE)])
    return score(home, snapshot, SCOPE, as_of, settings, Silent())


def _commit(home: Home, results: Results, as_of: int = AS_OF) -> None:
    at = len(committed_runs(open_database(home, "ledger"), SCOPE))
    row = RunRow(results.run, SCOPE, as_of, as_of - 30 * DAY, as_of, "d", results.snapshot, at, "run")
    with open_database(home, "ledger").begin() as connection:
        switch_run(connection, row)


def test_a_ring_becomes_a_campaign_with_members_victims_links_and_evidence(home: Home, snapshot: Snapshot) -> None:
    results = _score(home, snapshot)
    (campaign,) = results.campaigns.to_pylist()
    assert (campaign["fraud_type"], campaign["members"], campaign["status"]) == ("wangiri", 4, "ACTIVE")
    assert campaign["risk"] >= 85
    assert campaign["density"] == 1.0
    numbers = snapshot.numbers["number"].to_pylist()
    assert {numbers[node] for node in results.members["node"].to_pylist()} == {f"+91900000000{n}" for n in range(4)}
    assert set(results.members["role"].to_pylist()) == {"caller"}
    links = results.links.to_pylist()
    assert Counter(link["reason"] for link in links) == {"shared_victims": 6, "shared_victims_soon": 6, "range": 6}
    keys = [(link["campaign"], -link["weight"], link["a"], link["b"], link["reason"]) for link in links]
    assert keys == sorted(keys)
    assert results.victims["callers"].to_pylist()[0] == 4
    explained = set(results.evidence["node"].to_pylist())
    assert explained >= set(results.members["node"].to_pylist())


def test_withheld_callers_are_no_ring_and_no_member_of_one(home: Home, rows: Sequence[Row], tmp_path: Path) -> None:
    victims = [row["callee"] for row in rows]
    hidden = [{**row, "callee": victims[at % len(victims)]} for at, row in enumerate(withheld_calls(500))]
    among = snapshot_of(home, [*rows, *hidden], tmp_path, "among")
    (campaign,) = _score(home, among).campaigns.to_pylist()
    assert campaign["members"] == 4
    assert "withheld" not in among.numbers["number"].to_pylist()
    alone = snapshot_of(home, [*everyday_rows(), *withheld_calls(500)], tmp_path, "alone")
    assert not len(_score(home, alone).campaigns)


def test_scores_tell_members_victims_and_the_uninvolved_apart(home: Home, snapshot: Snapshot) -> None:
    results = _score(home, snapshot)
    scores = results.scores.to_pylist()
    members = set(results.members["node"].to_pylist())
    shared = {v["node"] for v in results.victims.to_pylist() if v["callers"] > 1}
    assert {s["role"] for n, s in enumerate(scores) if n in members} == {"suspected"}
    assert {s["role"] for n, s in enumerate(scores) if n in shared} == {"victim"}
    assert {(s["verdict"], s["campaign"]) for n, s in enumerate(scores) if n not in members} == {("SAFE", None)}
    assert {(s["verdict"], s["risk_basis"]) for n, s in enumerate(scores) if n in members} == {("DANGEROUS", "module")}


def test_tables_keep_their_schemas_and_orders(home: Home, snapshot: Snapshot) -> None:
    results = _score(home, snapshot)
    for name, schema in TABLES.items():
        assert results.table(name).schema.equals(schema), name
    keys = [(r["node"], -r["contribution"], r["feature"]) for r in results.evidence.to_pylist()]
    assert keys == sorted(keys)
    assert max(list(results.evidence["node"].to_pylist()).count(n) for n, *_ in keys) <= 8
    members = [(r["campaign"], -r["risk"], r["node"]) for r in results.members.to_pylist()]
    assert members == sorted(members)


def test_the_first_run_makes_one_cut_and_every_campaign_is_born_then(home: Home, snapshot: Snapshot) -> None:
    from sqlalchemy import select

    from detectors.results_tables import campaign_events

    results = _score(home, snapshot)
    with open_database(home, "work").connect() as connection:
        (event,) = connection.execute(select(campaign_events)).mappings()
    assert (event["kind"], event["valid_at"], event["version"], event["run_id"]) == ("BORN", AS_OF, 1, results.run)
    assert event["added"] == [f"+91900000000{n}" for n in range(4)]
    assert event["campaign"] == results.campaigns["id"].to_pylist()[0]


def test_alerts_are_raised_within_the_budget_and_the_rest_is_counted(home: Home, snapshot: Snapshot) -> None:
    results = _score(home, snapshot, settings=settings_with(alerts={"per_day": 3}))
    alerts = _alerts(home)
    assert len(alerts) == results.manifest["counts"]["alerts"] == 3
    assert results.manifest["counts"]["alerts_counted"] == 1
    assert {(a["status"], a["fraud_type"], a["severity"]) for a in alerts} == {
        ("OPEN", "wangiri", alerts[0]["severity"])
    }
    assert all(a["campaign"] and a["description"] and "numbers reached in campaign" in a["title"] for a in alerts)


def test_the_same_cut_scored_again_changes_nothing_that_counts(home: Home, snapshot: Snapshot) -> None:
    first = _score(home, snapshot)
    _commit(home, first)
    before, registry = results_digest(home, first.run), registered_campaigns(home, SCOPE)
    again = _score(home, snapshot)
    _commit(home, again)
    assert results_digest(home, again.run) == before
    assert registered_campaigns(home, SCOPE) == registry
    assert again.manifest["counts"] == first.manifest["counts"]
    assert again.run > first.run


def test_a_grown_ring_keeps_its_id_and_a_new_one_is_born_at_the_next_cut(
    home: Home, snapshot: Snapshot, tmp_path: Path
) -> None:
    first = _score(home, snapshot)
    _commit(home, first)
    more = [*ring_rows("ABCDE"), *ring_rows("HIJ", first=3000, fraud="robocall"), *everyday_rows()]
    second = _score(home, snapshot_of(home, more, tmp_path, "s2"), AS_OF + DAY)
    found = {c["fraud_type"]: c for c in second.campaigns.to_pylist()}
    assert found["wangiri"]["id"] == first.campaigns["id"].to_pylist()[0]
    assert found["wangiri"]["members"] == 5
    assert [row.seq for row in registered_campaigns(home, SCOPE)] == [1, 2]
    assert found["robocall"]["id"] == registered_campaigns(home, SCOPE)[1].id


def test_a_campaign_is_known_again_after_runs_without_it_and_without_their_results(
    home: Home, snapshot: Snapshot, tmp_path: Path
) -> None:
    first = _score(home, snapshot)
    _commit(home, first)
    before = results_digest(home, first.run)
    quiet = snapshot_of(home, everyday_rows(), tmp_path, "quiet")
    for _ in range(4):
        without = _score(home, quiet)
        assert len(without.campaigns) == 0
        _commit(home, without)
    shutil.rmtree(first.folder)
    again = _score(home, snapshot)
    _commit(home, again)
    assert results_digest(home, again.run) == before
    assert [row.seq for row in registered_campaigns(home, SCOPE)] == [1]


def test_a_campaign_is_matched_with_what_it_last_consisted_of(home: Home, snapshot: Snapshot, tmp_path: Path) -> None:
    """Its members are replaced one by one, until none of the first is left and its id is still the first one."""
    (born,) = _committed_ids(home, snapshot, AS_OF)
    for day, members in enumerate(("BCDE", "CDEF", "DEFG", "EFGH"), start=1):
        rotated = snapshot_of(home, [*ring_rows(members), *everyday_rows()], tmp_path, f"day{day}")
        assert _committed_ids(home, rotated, AS_OF + day * DAY) == [born]


def test_a_cut_processed_again_draws_in_whom_it_drew_in_at_first(
    home: Home, snapshot: Snapshot, tmp_path: Path
) -> None:
    """At the second cut the ring is quiet, but its campaign is known: its members and who is tied to them come through.

    The second cut's own results change what the campaign consists of, yet not what the same cut finds again.
    """
    _commit(home, _score(home, snapshot))
    grown = snapshot_of(home, [*ring_rows("BCDE"), *everyday_rows()], tmp_path, "grown")
    first = _score(home, grown, AS_OF + DAY)
    _commit(home, first, AS_OF + DAY)
    before, through = results_digest(home, first.run), first.candidates.to_pylist()
    for _ in range(2):
        again = _score(home, grown, AS_OF + DAY)
        _commit(home, again, AS_OF + DAY)
        assert again.candidates.to_pylist() == through
        assert results_digest(home, again.run) == before


def test_members_known_from_an_earlier_cut_are_candidates_and_those_of_this_cut_are_not(
    home: Home, snapshot: Snapshot, tmp_path: Path
) -> None:
    never = settings_with(campaigns={"candidate_share": 1e-9})
    _commit(home, _score(home, snapshot, settings=never))
    quiet = [row for at, row in enumerate(sorted(ring_rows("ABCD"), key=lambda row: row["started"])) if at % 40 == 0]
    after = snapshot_of(home, [*quiet, *everyday_rows()], tmp_path, "after")
    gates = [_gates(_score(home, after, as_of, never)) for as_of in (AS_OF, AS_OF + DAY)]
    assert "campaign" not in gates[0].values()
    known = {number for number, gate in gates[1].items() if gate == "campaign"}
    assert known
    assert known <= {f"+91900000000{n}" for n in range(4)} - gates[0].keys()


def _gates(results: Results) -> dict[str, str]:
    numbers = Snapshot(results.folder.parents[1] / "snapshots" / results.snapshot).numbers["number"].to_pylist()
    return {numbers[row["node"]]: row["gate"] for row in results.candidates.to_pylist()}


def test_a_what_if_before_a_campaign_was_born_does_not_know_it(home: Home, snapshot: Snapshot) -> None:
    (born,) = _committed_ids(home, snapshot, AS_OF)
    then, now = (
        score(home, snapshot, SCOPE, as_of, SETTINGS, Silent(), advance=False) for as_of in (AS_OF - DAY, AS_OF + DAY)
    )
    assert born not in then.campaigns["id"].to_pylist()
    assert now.campaigns["id"].to_pylist() == [born]


def _committed_ids(home: Home, snapshot: Snapshot, as_of: int) -> list[str]:
    results = _score(home, snapshot, as_of)
    _commit(home, results, as_of)
    return list(results.campaigns["id"].to_pylist())


def test_cuts_of_one_day_share_the_budget(home: Home, snapshot: Snapshot) -> None:
    """AS_OF is a midnight."""
    settings = settings_with(alerts={"per_day": 3})
    told = []
    for as_of in (AS_OF, AS_OF + HOUR, AS_OF + DAY):
        results = _score(home, snapshot, as_of, settings)
        _commit(home, results, as_of)
        counts = results.manifest["counts"]
        told.append((counts["alerts"], counts["alerts_counted"]))
    assert told == [(3, 1), (0, 1), (1, 0)]


def test_open_alerts_are_not_raised_again_at_a_later_cut(home: Home, snapshot: Snapshot) -> None:
    _commit(home, _score(home, snapshot))
    later = _score(home, snapshot, AS_OF + DAY)
    assert later.manifest["counts"]["alerts"] == 0
    assert len(_alerts(home)) == 4


def test_a_what_if_adds_nothing(home: Home, snapshot: Snapshot) -> None:
    results = score(home, snapshot, SCOPE, AS_OF, SETTINGS, Silent(), advance=False)
    assert len(results.campaigns) == 1
    assert registered_campaigns(home, SCOPE) == []
    assert _alerts(home) == []


def test_what_an_uncommitted_run_left_is_swept_and_made_again(home: Home, snapshot: Snapshot) -> None:
    first = _score(home, snapshot)
    ids = registered_campaigns(home, SCOPE)
    second = _score(home, snapshot)
    assert registered_campaigns(home, SCOPE) == ids
    assert {a["run_id"] for a in _alerts(home)} == {second.run} != {first.run}


@pytest.mark.parametrize("where", POINTS)
def test_a_kill_at_any_point_and_the_same_command_give_the_same_content(
    where: str, home: Home, snapshot: Snapshot, tmp_path: Path
) -> None:
    other = Home(tmp_path / "other").create()
    undisturbed = _score(other, _placed(other, snapshot))
    command = [sys.executable, "-c", WORLD, str(home.root), snapshot.id, str(AS_OF)]
    environment = {**os.environ, "RINGFENCE_FAULT": where, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    results = _score(home, snapshot)
    assert results_digest(home, results.run) == results_digest(other, undisturbed.run)


def test_the_manifest_says_what_cannot_be_computed(home: Home, rows: Sequence[Row], tmp_path: Path) -> None:
    unanswered = [{**row, "answered": False, "talk_ms": 0} for row in rows]
    results = _score(home, snapshot_of(home, unanswered, tmp_path))
    assert "not computable: needs" in results.manifest["not_computable"]["robocall"]
    assert results.manifest["links_not_computable"] == {
        "device": "not computable: needs imei",
        "sim": "not computable: needs imsi",
    }
    assert json.loads((results.folder / "manifest.json").read_text())["model"] == "isolation_forest"


def _alerts(home: Home) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from detectors.results_tables import alerts

    with open_database(home, "work").connect() as connection:
        return [dict(row) for row in connection.execute(select(alerts)).mappings()]


def test_a_window_with_two_calls_is_scored_without_a_word(home: Home, tmp_path: Path) -> None:
    rows = [call("+911", "+912", "10:00:00", 30), call("+912", "+911", "11:00:00", 0)]
    results = _score(home, snapshot_of(home, rows, tmp_path))
    assert results.manifest["counts"] == {"scored": 0, "alerts": 0, "alerts_counted": 0, "campaigns": 0}
    assert [(s["base"], s["risk"], s["risk_basis"], s["verdict"]) for s in results.scores.to_pylist()] == [
        (None, 0.0, "none", "SAFE")
    ] * 2
