"""A small world with known rings, written as a committed run, so that what the page shows can be counted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pyarrow as pa

from api import events
from api.scope import SCOPE
from detectors.results import (
    CAMPAIGNS,
    CANDIDATES,
    EVIDENCE,
    LINKS,
    MEMBERS,
    MODULE_SCORES,
    SCORES,
    VICTIMS,
    write_results,
)
from detectors.work import WorkRows, add_rows
from graph.snapshot import EDGES, LINK_KEYS, NUMBERS, write_snapshot
from graph.windows import iso
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import RunRow, switch_run

DAY = 86_400_000_000
START = 20_500 * DAY  # 2026-02-16
END = START + 7 * DAY
OPERATOR = "generic"
ROLES = ("caller", "opener", "closer")
FACT = "97.2 % of its 400 calls in the window went to numbers that it called only once."


@dataclass(frozen=True)
class Ring:
    """A campaign to be; each member calls every victim once, the first victim rings the first member back."""

    id: str
    name: str
    fraud_type: str
    risk: float
    members: Sequence[str]
    victims: Sequence[str]

    def calls(self) -> Iterator[tuple[str, str]]:
        """Give caller and callee of each pair that talked."""
        for member in self.members:
            yield from ((member, victim) for victim in self.victims)
        yield self.victims[0], self.members[0]


def _ring(place: int, name: str, fraud_type: str, risk: float, members: int, victims: int) -> Ring:
    return Ring(
        f"C-{place:04}",
        name,
        fraud_type,
        risk,
        [f"+9198{place:03}{i:05}" for i in range(members)],
        [f"+9170{place:03}{i:05}" for i in range(victims)],
    )


LARGE = _ring(1, "Amber Falcon", "wangiri", 96.5, members=3, victims=150)
MIXED = _ring(2, "Iron Meadow", "impersonation", 91.0, members=5, victims=12)
SMALL = [_ring(10 + i, f"Quiet Harbour {i}", "robocall", 80.0 - i, members=3, victims=3) for i in range(52)]
RINGS = [LARGE, MIXED, *SMALL]
LATE = _ring(900, "Late Lantern", "wangiri", 99.0, members=3, victims=4)  # found by a second run
UNSEEN = "+919000000001"


def first_run(home: Home) -> None:
    """Put a first run in front: all of RINGS, no alert."""
    _commit(home, "r1", RINGS, [])


def second_run(home: Home) -> str:
    """Put a second run in front, which finds LATE and raises an alert on its first member; gives the alert's title."""
    title = f"{LATE.name} rings from {LATE.members[0]}"
    _commit(home, "r2", [*RINGS, LATE], [_alert("alert-2", title, LATE)])
    return title


def another_alert(home: Home, run: str, title: str) -> None:
    """Put one more run with the same rings in front, with one alert of this title."""
    _commit(home, run, RINGS, [_alert(f"alert-{run}", title, MIXED)])


def _commit(home: Home, run: str, rings: Sequence[Ring], alerts: Sequence[Mapping[str, Any]]) -> None:
    numbers = sorted({number for ring in [*RINGS, LATE] for number in (*ring.members, *ring.victims)})
    node = {number: place for place, number in enumerate(numbers)}
    _write_snapshot(home, run, node)
    folder = home.results / run
    folder.mkdir(parents=True)
    counts = {"scored": len(node), "alerts": len(alerts), "alerts_counted": 0, "campaigns": len(rings)}
    manifest = {"run": run, "snapshot": f"s-{run}", "scope": SCOPE, "as_of": END, "model": "rank", "counts": counts}
    write_results(folder, manifest, _tables(node, rings))
    add_rows(home, WorkRows([], [_born(run, ring) for ring in rings], [{**row, "run_id": run} for row in alerts]))
    row = RunRow(run, SCOPE, END, START, END, "digest", f"s-{run}", time.time_ns() // 1000, "run")
    with open_database(home, "ledger").begin() as connection:
        switch_run(connection, row)
    events.catch_up(home, SCOPE)


def _write_snapshot(home: Home, run: str, node: Mapping[str, int]) -> None:
    folder = home.snapshots / f"s-{run}"
    folder.mkdir(parents=True)
    pairs = sorted((node[a], node[b]) for ring in [*RINGS, LATE] for a, b in ring.calls())
    manifest = {
        "id": f"s-{run}",
        "window": {"start": START, "end": END},
        "data_digest": "digest",
        "window_records": len(pairs),
        "answer_state_inferred": True,
    }
    write_snapshot(
        folder,
        manifest,
        pa.Table.from_pylist([_number(number) for number in node], NUMBERS),
        pa.table({"attempts": pa.array([1.0] * len(node), pa.float64())}),
        pa.Table.from_pylist([_edge(caller, callee) for caller, callee in pairs], EDGES),
        LINK_KEYS.empty_table(),
    )


def _number(number: str) -> dict[str, Any]:
    return {
        "operator": OPERATOR,
        "number": number,
        "kind": "e164",
        "country": "IN",
        "line_type": "mobile",
        "carrier": None,
        "first_seen": START,
        "last_seen": END - 1,
    }


def _edge(caller: int, callee: int) -> dict[str, int]:
    seen = {"first_seen": START, "last_seen": END - 1}
    return {"caller": caller, "callee": callee, "calls": 1, "answered": 1, "talk_ms": 9000, "night_calls": 0, **seen}


def _tables(node: Mapping[str, int], rings: Sequence[Ring]) -> dict[str, pa.Table]:
    ring_of = {member: ring for ring in rings for member in ring.members}
    return {
        "scores": pa.Table.from_pylist([_score(ring_of.get(number)) for number in node], SCORES),
        "module_scores": MODULE_SCORES.empty_table(),
        "candidates": CANDIDATES.empty_table(),
        "evidence": _sorted(EVIDENCE, [_fact(node[member]) for member in ring_of], "node"),
        "campaigns": pa.Table.from_pylist([_campaign(r) for r in rings], CAMPAIGNS).sort_by([("risk", "descending")]),
        "members": _sorted(MEMBERS, _members(node, rings), "campaign", "node"),
        "victims": _sorted(VICTIMS, _victims(node, rings), "campaign", "node"),
        "links": _sorted(LINKS, _links(node, rings), "campaign", "a", "b"),
    }


def _sorted(schema: pa.Schema, rows: Sequence[Mapping[str, Any]], *keys: str) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema).sort_by([(key, "ascending") for key in keys])


def _score(ring: Ring | None) -> dict[str, Any]:
    if ring is None:
        return {"risk": 4.0, "risk_basis": "rank", "verdict": "SAFE", "role": "victim"}
    return {
        "base": 0.9,
        "risk": ring.risk,
        "risk_basis": "module",
        "verdict": "DANGEROUS" if ring.risk >= 85 else "SUSPICIOUS",
        "role": "suspected",
        "fraud_type": ring.fraud_type,
        "campaign": ring.id,
    }


def _fact(node: int) -> dict[str, Any]:
    fact = {"feature": "fanout", "value": 0.972, "unit": "callees/attempt", "typical": 0.31}
    return {"node": node, **fact, "contribution": 0.64, "text": FACT}


def _campaign(ring: Ring) -> dict[str, Any]:
    return {
        "id": ring.id,
        "name": ring.name,
        "fraud_type": ring.fraud_type,
        "status": "ACTIVE",
        "risk": ring.risk,
        "members": len(ring.members),
        "victims": len(ring.victims),
        "affected": 1,
        "density": 1.0,
        "velocity": 1.5,
        "first_seen": START,
        "last_seen": END - 1,
    }


def _members(node: Mapping[str, int], rings: Sequence[Ring]) -> list[dict[str, Any]]:
    return [
        {"campaign": ring.id, "node": node[member], "role": ROLES[i % 3], "risk": ring.risk, "since": START}
        for ring in rings
        for i, member in enumerate(ring.members)
    ]


def _victims(node: Mapping[str, int], rings: Sequence[Ring]) -> list[dict[str, Any]]:
    return [
        {"campaign": ring.id, "node": node[victim], "callers": len(ring.members), "calls": len(ring.members)}
        for ring in rings
        for victim in ring.victims
    ]


def _links(node: Mapping[str, int], rings: Sequence[Ring]) -> list[dict[str, Any]]:
    return [
        {"campaign": r.id, "a": node[a], "b": node[b], "reason": "shared_victims", "weight": 0.8, "shared": 3}
        for r in rings
        for a, b in combinations(r.members, 2)
    ]


def _born(run: str, ring: Ring) -> dict[str, Any]:
    return {
        "id": f"{run}-{ring.id}",
        "campaign": ring.id,
        "scope": SCOPE,
        "kind": "BORN",
        "valid_at": END,
        "known_at": END,
        "version": 1,
        "added": list(ring.members),
        "removed": [],
        "others": [],
        "run_id": run,
    }


def _alert(alert: str, title: str, ring: Ring) -> dict[str, Any]:
    return {
        "id": alert,
        "scope": SCOPE,
        "operator": OPERATOR,
        "number": ring.members[0],
        "severity": "HIGH",
        "title": title,
        "description": f"It reached {len(ring.victims)} numbers up to {iso(END)}.",
        "campaign": ring.id,
        "fraud_type": ring.fraud_type,
        "risk": ring.risk,
        "exposure": len(ring.victims),
        "status": "OPEN",
        "as_of": END,
        "created_at": time.time_ns() // 1000,
    }
