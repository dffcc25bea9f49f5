"""What publishing costs and what readers feel of it: rows/s of a whole publish and of a day's changes, p50 and p95.

    python -m tests.benchmarks.publish --home DIR [--numbers N] [--edges M] [--skip-whole] [--server-pid PID]

Needs a Neo4j at RINGFENCE_NEO4J_URI that may be emptied; DIR keeps the two runs that are drawn, and is used again.
Readers ask a real `ringfence serve --store neo4j` for two hops and look-ups, one after the other, before, while the
whole graph and while the day's changes are published, and after. With the process id of a server on this machine its
CPU seconds are counted too, which tell more than the clock where others work on the same cores.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from api.publishing import opened
from api.wiring import neo4j_driver
from configs import load_settings
from graph.store.neo4j_driver import Neo4j
from graph.store.publish import PublishReport, publish
from graph.store.shown import Shown
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import RunRow, switch_run
from ingest.progress import Silent
from tests.benchmarks.drawn_runs import draw_day_after, draw_run, row_of
from tests.benchmarks.serving import serving
from tests.benchmarks.spine import GRAPH, LOOKUP
from tests.benchmarks.stores import spread

ASKED = 200


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--numbers", type=int, default=100_000)
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--skip-whole", action="store_true", help="the first run stands in Neo4j already")
    parser.add_argument("--server-pid", type=int, help="of a Neo4j on this machine, to count its CPU seconds")
    options = parser.parse_args()
    home = Home(options.home).create()
    draw_run(home, options.numbers, options.edges)
    draw_day_after(home)
    found: dict[str, Any] = {"load_average": os.getloadavg(), "cores": os.cpu_count(), "edges": options.edges}
    with neo4j_driver() as neo4j:
        _measure(home, neo4j, options.skip_whole, options.server_pid, found)
    found["load_average_after"] = os.getloadavg()
    print(json.dumps(found, indent=1))


def _measure(home: Home, neo4j: Neo4j, skip_whole: bool, pid: int | None, found: dict[str, Any]) -> None:
    days = [opened(home, row_of(name)) for name in ("day-1", "day-2")]
    _put_in_front(home, row_of("day-1"))
    if not skip_whole:
        neo4j.write_in_batches("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS", {})
        found["whole"] = _publish_under_questions(home, neo4j, days[0], days[:1], pid)
    with serving(home.root, "neo4j") as address:
        found["reads_from_neo4j_ms"] = _latencies(address, days[0], lambda: True)
    _put_in_front(home, row_of("day-2"))
    found["day"] = _publish_under_questions(home, neo4j, days[1], days, pid)
    with serving(home.root, "neo4j") as address:
        found["reads_afterwards_ms"] = _latencies(address, days[1], lambda: True)


def _publish_under_questions(
    home: Home, neo4j: Neo4j, shown: Shown, kept: list[Shown], pid: int | None
) -> dict[str, Any]:
    """Publish while a reader asks; give rows, seconds, rows/s, and what the reader felt."""
    at_hand = {run.run: run for run in kept}
    with (
        home.publishing("a benchmark"),  # or the server would publish by itself
        serving(home.root, "neo4j") as address,
        _meanwhile(address, shown) as felt,
    ):
        began, server_began = time.process_time(), _cpu_s(pid)
        report = publish(neo4j, shown, load_settings(home.root).neo4j, Silent(), at_hand.get)
        cpu = {"client_cpu_s": time.process_time() - began, "server_cpu_s": _cpu_s(pid) - server_began}
    return {**_rates(report), **{name: round(s, 2) for name, s in cpu.items()}, "reads_meanwhile_ms": felt}


def _cpu_s(pid: int | None) -> float:
    """Give the CPU seconds of a process so far (proc(5): stat), 0 where none is named."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rates(report: PublishReport) -> dict[str, Any]:
    rows = report.numbers + report.calls + report.gone_numbers + report.gone_calls
    return {
        "whole": report.whole,
        "numbers": report.numbers,
        "calls": report.calls,
        "gone_numbers": report.gone_numbers,
        "gone_calls": report.gone_calls,
        "seconds": round(report.seconds, 2),
        "rows_per_s": round(rows / report.seconds),
    }


@contextmanager
def _meanwhile(address: str, shown: Shown) -> Iterator[dict[str, Any]]:
    """Have a reader ask until the block ends; what is given is filled then."""
    felt: dict[str, Any] = {}
    ended = threading.Event()
    reader = threading.Thread(target=lambda: felt.update(_latencies(address, shown, ended.is_set)))
    reader.start()
    try:
        yield felt
    finally:
        ended.set()
        reader.join()


def _latencies(address: str, shown: Shown, is_over: Callable[[], bool]) -> dict[str, Any]:
    """Ask for two hops and look-ups until it is over, at least so often that a p95 can be given."""
    numbers = shown.snapshot.numbers["number"]
    drawn = np.random.default_rng(5).integers(0, len(numbers), ASKED)
    took: dict[str, list[float]] = {"two_hops": [], "lookup": []}
    with httpx.Client(base_url=address, timeout=60) as client:
        _ask(client, GRAPH, {"roots": [numbers[int(drawn[0])].as_py()]})
        for turn in count():
            number = numbers[int(drawn[turn % ASKED])].as_py()
            took["two_hops"].append(_ask(client, GRAPH, {"roots": [number]}))
            took["lookup"].append(_ask(client, LOOKUP, {"number": number}))
            if turn >= ASKED and is_over():
                break
        store = client.post("/graphql", json={"query": "{ stats { store staleSince } }"}).json()["data"]["stats"]
    return {**{name: {**spread(times), "asked": len(times)} for name, times in took.items()}, **store}


def _ask(client: httpx.Client, query: str, variables: dict[str, Any]) -> float:
    began = time.monotonic()
    answer = client.post("/graphql", json={"query": query, "variables": variables})
    assert "errors" not in answer.json(), answer.text[:500]
    return (time.monotonic() - began) * 1000


def _put_in_front(home: Home, row: RunRow) -> None:
    with open_database(home, "ledger").begin() as connection:
        switch_run(connection, row)


if __name__ == "__main__":
    main()
