"""Runs so small that every figure can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from detectors.results import MEMBERS, TABLES, Results, write_results
from graph.snapshot import EDGES, LINK_KEYS, NUMBERS, Snapshot, write_snapshot
from graph.windows import DAY, parse_instant

START, END = parse_instant("2026-05-01T00:00:00Z"), parse_instant("2026-05-08T00:00:00Z")
HEADER = "number,label,fraud_type,campaign,role,look_alike,from,to"
ALWAYS = "2026-05-01T00:00:00Z,2026-05-08T00:00:00Z"


def number(node: int) -> str:
    """Give the number of a node; nodes are in the order of their numbers."""
    return f"+9190000000{node:02d}"


def small_snapshot(folder: Path, nodes: int, calls: Sequence[tuple[int, int]]) -> Snapshot:
    """Give a snapshot with one call for each (caller, callee)."""
    folder.mkdir()
    same = {"operator": "generic", "kind": "e164", "first_seen": START, "last_seen": START}
    numbers = pa.Table.from_pylist([same | {"number": number(node)} for node in range(nodes)], schema=NUMBERS)
    counts = {"calls": 1, "answered": 1, "talk_ms": 1_000, "night_calls": 0, "first_seen": START, "last_seen": START}
    edges = pa.Table.from_pylist([counts | {"caller": a, "callee": b} for a, b in sorted(calls)], schema=EDGES)
    manifest = {"id": "s1", "window": {"start": START, "end": END}}
    features = pa.table({"attempts": np.zeros(nodes)})
    write_snapshot(folder, manifest, numbers, features, edges, LINK_KEYS.empty_table())
    return Snapshot(folder)


def small_results(
    folder: Path,
    risk: Sequence[float],
    campaigns: Mapping[str, Sequence[int]],
    gates: Mapping[int, str] | None = None,
) -> Results:
    """Give results with these risks by node, members by campaign, and gates of candidate nodes."""
    folder.mkdir()
    plain: dict[str, Any] = {"risk_basis": "rank", "verdict": "SAFE", "role": "none", "fraud_type": None}
    scores = [plain | {"risk": of, "base": None, "campaign": None} for of in risk]
    member = {"role": "caller", "risk": 90.0, "since": START}
    members = [member | {"campaign": name, "node": node} for name, nodes in campaigns.items() for node in nodes]
    tables = {name: schema.empty_table() for name, schema in TABLES.items()}
    tables["scores"] = pa.Table.from_pylist(scores, schema=TABLES["scores"])
    through = [{"node": node, "gate": gate} for node, gate in sorted((gates or {}).items())]
    tables["candidates"] = pa.Table.from_pylist(through, schema=TABLES["candidates"])
    tables["campaigns"] = pa.Table.from_pylist([campaign_row(name) for name in campaigns], schema=TABLES["campaigns"])
    tables["members"] = pa.Table.from_pylist(members, schema=MEMBERS)
    write_results(folder, {"run": "r1", "snapshot": "s1"}, tables)
    return Results(folder)


def campaign_row(name: str) -> dict[str, Any]:
    """Give a campaign that was seen through the middle of the window."""
    zeros = dict.fromkeys(("members", "victims", "affected", "density", "velocity", "risk"), 0)
    seen = {"first_seen": START + DAY, "last_seen": END - DAY}
    return {"id": name, "name": name, "fraud_type": "wangiri", "status": "ACTIVE"} | zeros | seen


def truth_folder(folder: Path, rows: Sequence[str], header: str = HEADER) -> Path:
    """Write truth_numbers.csv."""
    folder.mkdir()
    (folder / "truth_numbers.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder


def fraud(node: int, fraud_type: str, campaign: str, span: str = ALWAYS) -> str:
    """Give the row of a fraudulent number."""
    return f"{number(node)},fraud,{fraud_type},{campaign},caller,,{span}"


def innocent(node: int, look_alike: str = "", label: str = "innocent", span: str = ALWAYS) -> str:
    """Give the row of an innocent number."""
    return f"{number(node)},{label},,,subscriber,{look_alike},{span}"
