"""The results of one run as immutable, memory-mapped tables, and nothing else: people's decisions live in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest.home import Home

SCORES = pa.schema(  # row = node of the run's snapshot
    [
        pa.field("base", pa.float64()),  # Isolation Forest, 0..1; null = not ranked (too few attempts)
        pa.field("risk", pa.float64(), False),  # 0..100
        pa.field("risk_basis", pa.string(), False),  # rank, module, ring, none
        pa.field("verdict", pa.string(), False),  # SAFE, SUSPICIOUS, DANGEROUS
        pa.field("role", pa.string(), False),  # suspected, abused, victim, none
        pa.field("fraud_type", pa.string()),
        pa.field("campaign", pa.string()),
    ]
)
MODULE_SCORES = pa.schema(  # sparse: only where a module said anything; sorted by (node, module)
    [
        pa.field("node", pa.int32(), False),
        pa.field("module", pa.string(), False),
        pa.field("score", pa.float64(), False),  # 0..1
        pa.field("holds", pa.bool_(), False),  # whether the module's facts hold
    ]
)
EVIDENCE = pa.schema(  # sorted by (node, contribution descending, feature)
    [
        pa.field("node", pa.int32(), False),
        pa.field("feature", pa.string(), False),
        pa.field("value", pa.float64(), False),
        pa.field("unit", pa.string(), False),
        pa.field("typical", pa.float64()),  # median of the node's peers
        pa.field("contribution", pa.float64(), False),  # 0..1, share of the score
        pa.field("text", pa.string(), False),  # a sentence with value, unit and window
    ]
)
CAMPAIGNS = pa.schema(  # sorted by risk descending, id
    [
        pa.field("id", pa.string(), False),
        pa.field("name", pa.string(), False),
        pa.field("fraud_type", pa.string(), False),
        pa.field("status", pa.string(), False),  # ACTIVE, QUIET
        pa.field("risk", pa.float64(), False),  # 0..100
        pa.field("members", pa.int64(), False),
        pa.field("victims", pa.int64(), False),  # distinct callees of members shared or talked to
        pa.field("affected", pa.int64(), False),  # distinct callees of members who answered or rang back
        pa.field("density", pa.float64(), False),  # links / possible links among members, 0..1
        pa.field("velocity", pa.float64(), False),  # victims newly reached per day, over the last active 24 h
        pa.field("first_seen", pa.int64(), False),  # µs
        pa.field("last_seen", pa.int64(), False),  # µs
    ]
)
MEMBERS = pa.schema(  # sorted by (campaign, risk descending, node)
    [
        pa.field("campaign", pa.string(), False),
        pa.field("node", pa.int32(), False),
        pa.field("role", pa.string(), False),  # caller, opener, closer
        pa.field("risk", pa.float64(), False),
        pa.field("since", pa.int64(), False),  # µs, the member's first call in the window
    ]
)
VICTIMS = pa.schema(  # sorted by (campaign, callers descending, calls descending, node)
    [
        pa.field("campaign", pa.string(), False),
        pa.field("node", pa.int32(), False),
        pa.field("callers", pa.int64(), False),  # members who called this victim
        pa.field("calls", pa.int64(), False),
    ]
)
LINKS = pa.schema(  # among members; sorted by (campaign, weight descending, a, b, reason)
    [
        pa.field("campaign", pa.string(), False),
        pa.field("a", pa.int32(), False),  # node, a < b
        pa.field("b", pa.int32(), False),
        pa.field("reason", pa.string(), False),
        pa.field("weight", pa.float64(), False),  # 0..1
        pa.field("shared", pa.int64(), False),  # shared victims (or what the reason counts)
    ]
)
CANDIDATES = pa.schema(  # who came through the gate before exact links; sorted by node
    [
        pa.field("node", pa.int32(), False),
        pa.field("gate", pa.string(), False),  # the first that let it through: fact, base, campaign, keys
    ]
)
TABLES: Mapping[str, pa.Schema] = {
    "scores": SCORES,
    "module_scores": MODULE_SCORES,
    "evidence": EVIDENCE,
    "campaigns": CAMPAIGNS,
    "members": MEMBERS,
    "victims": VICTIMS,
    "links": LINKS,
    "candidates": CANDIDATES,
}


class Results:
    """One opened results folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Mapping[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    @classmethod
    def open(cls, home: Home, run_id: str) -> Results:
        """Open the results of one run."""
        return cls(home.results / run_id)

    @property
    def run(self) -> str:
        """Run id."""
        return str(self.manifest["run"])

    @property
    def snapshot(self) -> str:
        """Id of the snapshot whose nodes the rows are."""
        return str(self.manifest["snapshot"])

    @cached_property
    def scores(self) -> pa.Table:
        """SCORES."""
        return self.table("scores")

    @cached_property
    def module_scores(self) -> pa.Table:
        """MODULE_SCORES."""
        return self.table("module_scores")

    @cached_property
    def evidence(self) -> pa.Table:
        """EVIDENCE."""
        return self.table("evidence")

    @cached_property
    def campaigns(self) -> pa.Table:
        """CAMPAIGNS."""
        return self.table("campaigns")

    @cached_property
    def members(self) -> pa.Table:
        """MEMBERS."""
        return self.table("members")

    @cached_property
    def victims(self) -> pa.Table:
        """VICTIMS."""
        return self.table("victims")

    @cached_property
    def links(self) -> pa.Table:
        """LINKS."""
        return self.table("links")

    @cached_property
    def candidates(self) -> pa.Table:
        """CANDIDATES."""
        return self.table("candidates")

    def table(self, name: str) -> pa.Table:
        """One of TABLES by name."""
        return pa.ipc.open_file(pa.memory_map(str(self.folder / f"{name}.arrow"))).read_all()


def write_results(folder: Path, manifest: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> None:
    """Write the tables of a run into an existing, empty `folder`, the manifest last; schemas are checked."""
    for name, schema in TABLES.items():
        table = tables[name].cast(schema)
        with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            writer.write_table(table.combine_chunks())
    text = json.dumps(dict(manifest), indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
