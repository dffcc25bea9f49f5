"""Homes with runs in front, written by the product's own writers, and a real server on them."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import insert

from api import events
from api.auth.access import access
from api.scope import SCOPE
from api.server import Server, listen
from api.wiring import App, open_app
from configs import Settings, load_settings
from detectors.results import CANDIDATES, EVIDENCE, MODULE_SCORES, write_results
from detectors.results_tables import alerts, campaign_events
from graph.store.port import Key
from graph.store.rows import key_of
from graph.store.shown import Shown
from graph.windows import HOUR
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import RunRow, switch_run
from tests.contract.graphs import AS_OF, START, Drawing, Ring

TOKEN = "correct-horse-battery-staple-0123456789"
CALLER, OPENER, LONER = "generic +919810000001", "generic +919810000002", "generic +919810000009"
VICTIMS = [f"generic +9199000000{place:02}" for place in range(12)]
NEVER_SEEN = "+919876543210"


def ring_world() -> Drawing:
    """Two rings with victims of their own, and a number that belongs to nobody."""
    first = [f"generic +91981000000{place}" for place in (1, 2, 3)]
    second = ("generic +919820000001", "generic +919820000002")
    calls = [(caller, victim, 1 + place) for place, caller in enumerate(first) for victim in VICTIMS[:8]]
    calls += [(caller, victim, 2) for caller in second for victim in VICTIMS[8:]]
    calls += [(LONER, VICTIMS[0], 3), (VICTIMS[0], first[0], 1)]
    links = [(first[0], first[1], "shared_victims", 0.9, 8), (first[0], first[2], "shared_victims", 0.5, 8)]
    return Drawing(
        calls,
        [
            Ring("C-1", dict(zip(first, (96.0, 91.0, 88.0), strict=True)), links),
            Ring("C-2", dict(zip(second, (90.0, 86.0), strict=True)), [(*second, "shared_victims", 0.25, 4)]),
        ],
    )


def ring_home(home: Home) -> Home:
    """Put the run `run-1` of the ring world in front, with two alerts."""
    put_in_front(home, ring_world(), raised=[alert(1), alert(2, risk=95.0, severity="CRITICAL")])
    return home


def put_in_front(
    home: Home, drawing: Drawing, run: str = "run-1", raised: Sequence[Mapping[str, Any]] = (), log: bool = True
) -> Shown:
    """Write a run of the drawing and switch to it; `log=False` is a process that died before the event log."""
    shown = write_run(home, drawing, run, raised)
    row = RunRow(run, SCOPE, AS_OF, START, AS_OF, f"digest of {run}", run, AS_OF + HOUR, "run")
    with open_database(home, "ledger").begin() as connection:
        switch_run(connection, row)
    if log:
        events.catch_up(home, SCOPE)
    return shown


def write_run(home: Home, drawing: Drawing, run: str, raised: Sequence[Mapping[str, Any]] = ()) -> Shown:
    """Write everything of a run but the pointer."""
    shown = drawing.shown(home.snapshots, run)
    manifest_path = home.snapshots / run / "manifest.json"
    facts = {"window_records": int(sum(shown.snapshot.edges["calls"].to_pylist())), "answer_state_inferred": False}
    manifest_path.write_text(json.dumps({**json.loads(manifest_path.read_text()), **facts}))
    folder = home.results / run
    folder.mkdir()
    counts = {"scored": 5, "alerts": len(raised), "alerts_counted": 3, "campaigns": len(drawing.rings)}
    manifest = {"run": run, "snapshot": run, "as_of": AS_OF, "counts": counts, "model": "test"}
    tables = {name: getattr(shown, name) for name in ("scores", "campaigns", "members", "victims", "links")}
    found = [shown.snapshot.node_of(*_parts(number)) for ring in drawing.rings for number in ring.members]
    tables["evidence"] = pa.Table.from_pylist(
        [row for node in sorted(node for node in found if node is not None) for row in _facts(node)], EVIDENCE
    )
    nothing = {"module_scores": MODULE_SCORES.empty_table(), "candidates": CANDIDATES.empty_table()}
    write_results(folder, manifest, {**tables, **nothing})
    with open_database(home, "work").begin() as connection:
        if raised:
            connection.execute(insert(alerts), [{**row, "run_id": run} for row in raised])
        for ring in drawing.rings:
            connection.execute(insert(campaign_events).values(**_born(ring, run)))
    return shown


def alert(place: int, number: str = CALLER, **more: Any) -> dict[str, Any]:
    """Give an alert's row; `place` tells it from others."""
    key = key_of(number)
    row = {
        "id": f"A-{place:05}",
        "scope": SCOPE,
        "operator": key.operator,
        "number": key.number,
        "severity": "HIGH",
        "title": f"Wangiri {place}",
        "description": "Rings once and hangs up.",
        "campaign": "C-1",
        "fraud_type": "wangiri",
        "risk": 91.0,
        "exposure": 8,
        "status": "OPEN",
        "as_of": AS_OF,
        "created_at": AS_OF + HOUR,
    }
    return {**row, **more}


@dataclass(frozen=True)
class Served:
    """A server that runs now."""

    app: App
    address: str

    @property
    def websocket(self) -> str:
        """Where subscriptions are."""
        return self.address.replace("http", "ws", 1) + "/graphql"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.address.rpartition(":")[2])


@contextmanager
def served(
    home: Home,
    environment: Mapping[str, str] | None = None,
    store: str = "embedded",
    graph_database: Mapping[str, float] | None = None,
    **limits: Any,
) -> Iterator[Served]:
    """Serve a home on a free port of 127.0.0.1, in a thread, while the block runs; `limits` override settings.

    So does `graph_database`; without it nobody looks what the graph database shows.
    """
    settings = quick_settings(**limits)
    neo4j = settings.neo4j.model_copy(update=graph_database or {"look_s": 3600.0})
    settings = settings.model_copy(update={"neo4j": neo4j})
    app = open_app(home, settings, store)
    addresses: queue.Queue[str] = queue.Queue()
    with listen("127.0.0.1", 0) as listener:
        server = Server(app, access("127.0.0.1", settings.api, environment or {}), addresses.put)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        try:
            yield Served(app, addresses.get(timeout=30))
        finally:
            server.should_exit = True
            thread.join()
            app.close()


def quick_settings(**limits: Any) -> Settings:
    """Give the default settings with some limits of the API changed; streams look every 20 ms."""
    settings = load_settings()
    api = settings.api.model_copy(update={"stream_poll_ms": 20, **limits})
    return settings.model_copy(update={"api": api})


def _parts(number: str) -> tuple[str, str]:
    key: Key = key_of(number)
    return key.operator, key.number


def _facts(node: int) -> list[dict[str, Any]]:
    shared = {"node": node, "unit": "s", "typical": 60.0}
    return [
        {**shared, "feature": "acd", "value": 3.5, "contribution": 0.75, "text": "Calls last 3.5 s, usual are 60 s."},
        {**shared, "feature": "calls_out", "value": 9.0, "contribution": 0.25, "text": "It calls 9 numbers."},
    ]


def _born(ring: Ring, run: str) -> dict[str, Any]:
    members = sorted(key_of(number).number for number in ring.members)
    return {
        "id": f"{run}-{ring.id}-born",
        "campaign": ring.id,
        "scope": SCOPE,
        "kind": "BORN",
        "valid_at": AS_OF,
        "known_at": AS_OF + HOUR,
        "version": 1,
        "added": members,
        "removed": [],
        "others": [],
        "run_id": run,
    }
