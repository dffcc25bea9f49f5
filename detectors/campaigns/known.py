"""The campaigns that earlier runs reported, each as its newest run saw it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from detectors.campaigns.matching import Profile
from detectors.results import Results
from graph.snapshot import NodeArray, Snapshot, node_key
from ingest.home import Home
from ingest.ledger import RunRow


def known_profiles(home: Home, runs: Iterable[RunRow], registered: Collection[str]) -> dict[str, Profile]:
    """Give each registered campaign's members and victims from the newest of `runs` that reported it.

    Runs whose results or snapshot are no longer on disk are passed over.
    """
    profiles: dict[str, Profile] = {}
    for results, snapshot in _opened(home, runs):
        if len(profiles) == len(registered):
            break
        reported = set(results.campaigns["id"].to_pylist()) & set(registered)
        for campaign in sorted(reported - profiles.keys()):
            profiles[campaign] = Profile(
                members=_keys_in(snapshot, results.members, campaign),
                victims=_keys_in(snapshot, results.victims, campaign),
            )
    return profiles


def keys_of(snapshot: Snapshot, nodes: NodeArray) -> frozenset[bytes]:
    """Give the node keys of `nodes`, by which they are known in every snapshot."""
    rows = snapshot.numbers.select(["operator", "number"]).take(nodes)
    return frozenset(map(node_key, rows["operator"].to_pylist(), rows["number"].to_pylist()))


def numbers_of(snapshot: Snapshot, nodes: NodeArray) -> list[str]:
    """Give the numbers of `nodes` as text."""
    return [str(number) for number in snapshot.numbers["number"].take(nodes).to_pylist()]


def _opened(home: Home, runs: Iterable[RunRow]) -> Iterator[tuple[Results, Snapshot]]:
    for run in sorted(runs, key=lambda row: (row.as_of, row.created_at, row.run_id), reverse=True):
        results, snapshot = home.results / run.run_id, home.snapshots / run.snapshot_id
        if results.is_dir() and snapshot.is_dir():
            yield Results(results), Snapshot(snapshot)


def _keys_in(snapshot: Snapshot, table: pa.Table, campaign: str) -> frozenset[bytes]:
    return keys_of(snapshot, table.filter(pc.equal(table["campaign"], campaign))["node"].to_numpy())
