"""Two runs drawn at random for measuring a store, without calls behind them: a month's graph, and that a day later.

Degrees are skewed as in call graphs: many numbers with few pairs, few with thousands. A day later 4 % of the pairs
have left, as many are new, 8 % have other counts, and every risk has moved a little, as ranks do.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from api.scope import SCOPE
from detectors.results import CAMPAIGNS, LINKS, MEMBERS, SCORES, TABLES, VICTIMS, write_results
from graph.snapshot import EDGES, LINK_KEYS, NUMBERS, Snapshot, write_snapshot
from ingest.home import Home
from ingest.ledger.ledger import RunRow

DAY = 86_400_000_000
AS_OF = {"day-1": 20_000 * DAY, "day-2": 20_001 * DAY}
CAMPAIGNS_DRAWN, RING = 200, 10
LEFT, CHANGED = 0.04, 0.08

Ints = npt.NDArray[np.int64]


def row_of(run: str) -> RunRow:
    """Give the ledger's row of one of the two."""
    as_of = AS_OF[run]
    return RunRow(run, SCOPE, as_of, as_of - 30 * DAY, as_of, f"digest of {run}", run, as_of, "run")


def draw_run(home: Home, numbers: int, edges: int) -> None:
    """Write `day-1`, unless it is there."""
    if (home.results / "day-1" / "manifest.json").is_file():
        return
    rng = np.random.default_rng(1)
    codes = _pairs(rng, numbers, edges)
    drawn = _edges(rng, codes // numbers, codes % numbers, "day-1")
    _write(home, "day-1", _numbers(numbers), drawn, rng.random(numbers) * 84)


def draw_day_after(home: Home) -> None:
    """Write `day-2`, unless it is there."""
    if (home.results / "day-2" / "manifest.json").is_file():
        return
    rng = np.random.default_rng(2)
    before = Snapshot(home.snapshots / "day-1")
    n, edges = len(before.numbers), before.edges
    stays = edges.filter(pa.array(rng.random(len(edges)) > LEFT))
    held = stays["caller"].to_numpy().astype(np.int64) * n + stays["callee"].to_numpy()
    new = np.setdiff1d(_pairs(rng, n, int(len(edges) * LEFT)), held)
    grown = _grown(stays, rng.random(len(stays)) < CHANGED)
    both = pa.concat_tables([grown, _edges(rng, new // n, new % n, "day-2")])
    both = both.sort_by([("caller", "ascending"), ("callee", "ascending")])
    risks = np.clip(_risks(home) + rng.normal(0, 0.7, n), 0, 84)
    _write(home, "day-2", before.numbers, both, risks)


def _pairs(rng: np.random.Generator, numbers: int, wanted: int) -> Ints:
    """Give different pairs as caller · numbers + callee, ascending."""
    callers = (numbers * rng.random(int(wanted * 1.2)) ** 1.5).astype(np.int64)
    callees = (numbers * rng.random(int(wanted * 1.2)) ** 3).astype(np.int64)
    names = np.random.default_rng(0).permutation(numbers)  # the busy ones lie anywhere, the same every day
    codes: Ints = np.unique(names[callers] * numbers + names[-callees])
    return np.sort(rng.permutation(codes)[:wanted])


def _edges(rng: np.random.Generator, callers: Ints, callees: Ints, run: str) -> pa.Table:
    calls = rng.geometric(0.3, len(callers))
    start = AS_OF[run] - 30 * DAY + rng.integers(0, 10 * DAY, len(callers))
    columns = {
        "caller": callers.astype(np.int32),
        "callee": callees.astype(np.int32),
        "calls": calls,
        "answered": calls // 2,
        "talk_ms": calls * rng.integers(1_000, 90_000, len(callers)),
        "night_calls": calls // 3,
        "first_seen": start,
        "last_seen": start + rng.integers(0, 20 * DAY, len(callers)),
    }
    return pa.table(columns).cast(EDGES)


def _grown(edges: pa.Table, which: npt.NDArray[np.bool_]) -> pa.Table:
    """Give the edges with one call more where it is so."""
    columns = {name: edges[name].to_numpy() for name in EDGES.names}
    more = {"calls": 1, "answered": 1, "talk_ms": 30_000, "last_seen": DAY // 2}
    return pa.table({name: column + more.get(name, 0) * which for name, column in columns.items()}).cast(EDGES)


def _numbers(count: int) -> pa.Table:
    names = np.char.add("+91", np.char.zfill(np.arange(count).astype(np.str_), 10))
    columns = {
        "operator": pa.array(["generic"]).take(pa.array(np.zeros(count, np.int64))),
        "number": pa.array(names),
        "kind": pa.array(["e164"]).take(pa.array(np.zeros(count, np.int64))),
        "country": pa.array(["IN"]).take(pa.array(np.zeros(count, np.int64))),
        "line_type": pa.array(["mobile", "fixed_line"]).take(pa.array(np.arange(count) % 2)),
        "carrier": pa.array(["Airtel", "Jio", None]).take(pa.array(np.arange(count) % 3)),
        "first_seen": np.full(count, AS_OF["day-1"] - 30 * DAY),
        "last_seen": np.full(count, AS_OF["day-1"] - 1),
    }
    return pa.table(columns).cast(NUMBERS)


def _risks(home: Home) -> npt.NDArray[np.float64]:
    held = pa.ipc.open_file(pa.memory_map(str(home.results / "day-1" / "scores.arrow"))).read_all()
    risks: npt.NDArray[np.float64] = held["risk"].to_numpy()
    return risks


def _write(home: Home, run: str, numbers: pa.Table, edges: pa.Table, risks: npt.NDArray[np.float64]) -> None:
    folders = home.snapshots / run, home.results / run
    for folder in folders:
        folder.mkdir()
    window = {"start": AS_OF[run] - 30 * DAY, "end": AS_OF[run]}
    facts = {"window_records": int(np.sum(edges["calls"].to_numpy())), "answer_state_inferred": False}
    features = pa.table({"calls_out": pa.array(np.zeros(len(numbers)))})
    manifest = {"id": run, "window": window, **facts}
    write_snapshot(folders[0], manifest, numbers, features, edges, LINK_KEYS.empty_table())
    tables = {**_campaigns(len(numbers), AS_OF[run]), "scores": _scores(risks)}
    tables = {name: schema.empty_table() for name, schema in TABLES.items()} | tables
    counts = {"scored": len(numbers), "alerts": 0, "alerts_counted": 0, "campaigns": CAMPAIGNS_DRAWN}
    shown = {"run": run, "snapshot": run, "as_of": AS_OF[run], "counts": counts, "model": "drawn"}
    write_results(folders[1], shown, tables)


def _scores(risks: npt.NDArray[np.float64]) -> pa.Table:
    columns = {
        "base": risks / 84,
        "risk": risks,
        "risk_basis": pa.array(["rank"]).take(pa.array(np.zeros(len(risks), np.int64))),
        "verdict": np.where(risks >= 50, "SUSPICIOUS", "SAFE"),
        "role": pa.array(["none"]).take(pa.array(np.zeros(len(risks), np.int64))),
        "fraud_type": pa.nulls(len(risks), pa.string()),
        "campaign": pa.nulls(len(risks), pa.string()),
    }
    return pa.table(columns).cast(SCORES)


def _campaigns(numbers: int, as_of: int) -> dict[str, pa.Table]:
    """Give rings of ten with fifty victims each, tied all to all."""
    ids = [f"C-{place:04}" for place in range(CAMPAIGNS_DRAWN)]
    size = min(RING, numbers // CAMPAIGNS_DRAWN)
    nodes = np.arange(CAMPAIGNS_DRAWN * size).reshape(-1, size).tolist()
    of_all = {"fraud_type": "wangiri", "status": "ACTIVE", "risk": 90.0, "members": size, "victims": size}
    times = {"affected": 1, "density": 1.0, "velocity": 1.0, "first_seen": as_of - DAY, "last_seen": as_of - 1}
    named = [{"id": name, "name": name, **of_all, **times} for name in ids]
    of_member = {"role": "caller", "risk": 90.0, "since": as_of - DAY}
    members = [
        {"campaign": name, "node": node, **of_member} for name, ring in zip(ids, nodes, strict=True) for node in ring
    ]
    victims = [
        {"campaign": name, "node": numbers - 1 - node, "callers": 2, "calls": 3}
        for name, ring in zip(ids, nodes, strict=True)
        for node in sorted(ring, reverse=True)
    ]
    of_link = {"reason": "shared_victims", "weight": 0.5, "shared": 4}
    links = [
        {"campaign": name, "a": a, "b": b, **of_link}
        for name, ring in zip(ids, nodes, strict=True)
        for a in ring
        for b in ring
        if a < b
    ]
    rows = {"campaigns": (named, CAMPAIGNS), "members": (members, MEMBERS), "victims": (victims, VICTIMS)}
    return {name: pa.Table.from_pylist(*given) for name, given in {**rows, "links": (links, LINKS)}.items()}
