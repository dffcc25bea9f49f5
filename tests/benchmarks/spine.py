"""The figures that the whole way must reach, measured on this machine and printed with its load.

    python -m tests.benchmarks.spine [--only demo|million|vast|gate] [--neo4j] [--keep DIR]

Times of commands are CPU seconds of the whole child process as the kernel counts them; latencies are wall
milliseconds seen by one client on the loopback address.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.serving import serving
from tests.benchmarks.stores import neighbourhood_ms, roots, spread

RINGFENCE = str(Path(sys.executable).with_name("ringfence"))
SEEDS = (1, 2, 3)
TYPES = ("wangiri", "robocall", "impersonation")


def main() -> None:
    """Measure what was asked for and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("demo", "million", "vast", "gate"))
    parser.add_argument("--neo4j", action="store_true", help="also measure Neo4j at RINGFENCE_NEO4J_URI")
    parser.add_argument("--keep", type=Path, help="keep worlds and homes here, and use what is there")
    options = parser.parse_args()
    parts: dict[str, Callable[[Path, bool], dict[str, Any]]] = {
        "demo": demo_worlds,
        "vast": vast_2008,
        "million": million_calls,
        "gate": gate,
    }
    found: dict[str, Any] = {"load_average": os.getloadavg(), "cores": os.cpu_count()}
    with _workplace(options.keep) as place:
        for name in [options.only] if options.only else list(parts):
            print(f"{name} …", file=sys.stderr)
            found[name] = parts[name](place, options.neo4j)
    found["load_average_after"] = os.getloadavg()
    print(json.dumps(found, indent=1))


def demo_worlds(place: Path, _neo4j: bool) -> dict[str, Any]:
    """Quality over three seeds of the demo's world, and the main job's seconds."""
    return {f"seed_{seed}": _demo_world(place, seed) for seed in SEEDS}


def _demo_world(place: Path, seed: int) -> dict[str, Any]:
    world = _world(place, f"demo-{seed}", callers=20_000, days=7, seed=seed, rings=12)
    home = place / f"home-demo-{seed}"
    began = time.monotonic()
    _, cost = ringfence("run", str(world), "--store", "embedded", "--home", str(home), "--json")
    seconds = time.monotonic() - began
    quality, _ = ringfence("evaluate", "--truth", str(world), "--home", str(home), "--json")
    return {"run_seconds": round(seconds, 2), **cost, "quality": quality}


def vast_2008(place: Path, _neo4j: bool) -> dict[str, Any]:
    """Every row of the VAST 2008 challenge accounted for, and the seconds to campaigns."""
    data = os.environ.get("RINGFENCE_RESEARCH_DATA")
    if data is None:
        return {"not measured": "RINGFENCE_RESEARCH_DATA is not set"}
    calls = Path(data) / "vast2008" / "cdr.csv"
    home = place / "home-vast"
    ingested, _ = ringfence("ingest", str(calls), "--operator", "vast2008", "--home", str(home), "--json")
    began = time.monotonic()
    report, cost = ringfence("run", "--store", "embedded", "--home", str(home), "--json")
    seconds = {"run_seconds": round(time.monotonic() - began, 2)}
    return {"ingest": ingested, **seconds, **cost, "calls": report["calls"], "campaigns": report["campaigns"]}


def million_calls(place: Path, neo4j: bool) -> dict[str, Any]:
    """The main job on about 1M calls of 100,000 numbers, then the latencies of the server over them."""
    world = _world(place, "million", callers=100_000, days=7, seed=1, rings=60)
    home = place / "home-million"
    report, cost = ringfence("run", str(world), "--store", "embedded", "--home", str(home), "--json")
    found: dict[str, Any] = {
        "calls": report["calls"],
        "numbers": report["numbers"],
        **cost,
        "stages": report["seconds"],
    }
    found["embedded"] = latencies(home, "embedded")
    if neo4j:
        published, _ = ringfence("rescore", "--store", "neo4j", "--home", str(home), "--json")
        found["publish_seconds"] = published["seconds"]["publish"]
        found["neo4j"] = latencies(home, "neo4j")
    return found


def latencies(home: Path, store: str) -> dict[str, Any]:
    """p50 and p95 (ms) of the store call and of whole GraphQL answers, warm, over many roots."""
    asked = roots(home, 200)
    found = {"store_two_hops_ms": spread(neighbourhood_ms(home, store, asked))}
    with serving(home, store) as address, httpx.Client(base_url=address, timeout=10) as client:
        found["graphql_two_hops_ms"] = _timed(client, GRAPH, [{"roots": [root.number]} for root in asked])
        found["graphql_lookup_ms"] = _timed(client, LOOKUP, [{"number": root.number} for root in asked])
    return found


def gate(place: Path, _neo4j: bool) -> dict[str, Any]:
    """Milliseconds until hostile queries are refused."""
    world = _world(place, "gate", callers=1_000, days=2, seed=1, rings=1)
    home = place / "home-gate"
    ringfence("run", str(world), "--store", "embedded", "--home", str(home), "--json")
    with serving(home, "embedded") as address, httpx.Client(base_url=address, timeout=30) as client:
        return {name: _refused(client, query) for name, query in HOSTILE.items()}


def _refused(client: httpx.Client, query: str) -> dict[str, Any]:
    began = time.monotonic()
    answer = client.post("/graphql", json={"query": query})
    elapsed = (time.monotonic() - began) * 1000
    errors = answer.json().get("errors")
    return {"bytes": len(query), "ms": round(elapsed, 1), "status": answer.status_code, "refused": bool(errors)}


def _timed(client: httpx.Client, query: str, variables: list[dict[str, Any]]) -> dict[str, float]:
    for given in variables[:20]:
        client.post("/graphql", json={"query": query, "variables": given}).raise_for_status()
    return spread([_ask(client, query, given) for given in variables])


def _ask(client: httpx.Client, query: str, variables: dict[str, Any]) -> float:
    began = time.monotonic()
    answer = client.post("/graphql", json={"query": query, "variables": variables})
    elapsed = (time.monotonic() - began) * 1000
    assert "errors" not in answer.json(), answer.text[:500]
    return elapsed


def ringfence(*arguments: str) -> tuple[dict[str, Any], dict[str, float]]:
    """Run a command; give its JSON and what it cost (CPU seconds, peak MB of the child)."""
    with subprocess.Popen([RINGFENCE, *arguments], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 4):
        raise SystemExit(f"ringfence {' '.join(arguments)} ended with {process.returncode}: {printed.decode()[:2000]}")
    return json.loads(printed), _cost(usage)


def _cost(usage: resource.struct_rusage) -> dict[str, float]:
    return {"cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2), "peak_mb": round(usage.ru_maxrss / 1024, 1)}


def _world(place: Path, name: str, **settings: int) -> Path:
    folder = place / f"world-{name}"
    if not (folder / "world.json").is_file():
        flags = [part for key, value in settings.items() for part in (f"--{key}", str(value))]
        ringfence("simulate", "--out", str(folder), *flags, "--json")
    return folder


@contextmanager
def _workplace(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


GRAPH = """query G($roots: [String!]!) { graph(roots: $roots, depth: 2, limit: 500) { __typename ... on Graph {
  nodes { id number hop role verdict risk } edges { source target kind calls seconds } totalNodes totalEdges isTruncated
} } }"""
LOOKUP = """query L($number: String!) { lookup(number: $number) { __typename ... on PhoneNumber {
  number verdict risk riskBasis role fraudType evidence { feature value unit text } campaign { id name } } } }"""


def nested_fragments(count: int = 25) -> str:
    """Give a query whose fragments each spread the next one twice: 2^count fields for who expands it."""
    names = [chr(ord("a") + at) for at in range(count)]
    links = "".join(f"fragment {one} on Query{{...{two}...{two}}}" for one, two in pairwise(names))
    return f"{{...{names[0]}}}{links}fragment {names[-1]} on Query{{__typename}}"


def deep_query(depth: int = 50) -> str:
    """Give a query of `depth` levels."""
    return (
        "{campaigns{edges{node"
        + "{members{edges{node{number{campaign" * (depth // 5)
        + "{id}"
        + "}}}}}" * (depth // 5)
        + "}}}"
    )


HOSTILE = {"25 nested fragments": nested_fragments(), "depth 50": deep_query()}


if __name__ == "__main__":
    main()
