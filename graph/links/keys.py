"""The cheap link keys of a snapshot: hints, found for every caller, at which pairs of numbers to look closely."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from configs import LinkSettings
from graph.links import ranges, rare_victims
from graph.links.hashing import Keys, hash_texts
from graph.links.table import Nodes
from graph.snapshot import LINK_KEYS


def link_keys(
    numbers: pa.Table, edges: pa.Table, settings: LinkSettings, equipment: Mapping[str, tuple[Nodes, Keys]]
) -> pa.Table:
    """Give LINK_KEYS of a snapshot's NUMBERS and EDGES and of what callers used, (node, key) rows by reason.

    A key that only one node has is no hint and left out.
    """
    caller, callee = edges["caller"].to_numpy(), edges["callee"].to_numpy()
    hashes = hash_texts(numbers["number"].combine_chunks())
    found = {
        ranges.REASON: ranges.range_keys(caller, numbers, settings),
        rare_victims.REASON: rare_victims.rare_victim_keys(caller, callee, hashes, settings),
        **equipment,
    }
    return pa.concat_tables([_table(reason, *_shared(*found[reason])) for reason in sorted(found)])


def _shared(nodes: Nodes, keys: Keys) -> tuple[Nodes, Keys]:
    """Give the rows whose key several nodes have, sorted by (key, node)."""
    _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    shared = counts[which] > 1
    nodes, keys = nodes[shared], keys[shared]
    order = np.lexsort((nodes, keys))
    return nodes[order], keys[order]


def _table(reason: str, nodes: Nodes, keys: Keys) -> pa.Table:
    reasons = pa.array([reason], pa.string()).take(pa.array(np.zeros(len(nodes), dtype=np.int32)))
    return pa.table([pa.array(nodes), reasons, pa.array(keys)], schema=LINK_KEYS)
