"""The gate before exact links: which numbers are worth linking at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from detectors.judgement import BoolArray, FloatArray
from graph.links import device, sim
from graph.snapshot import NodeArray

FACT, BASE, KNOWN, KEYS = "fact", "base", "campaign", "keys"
GATES = (FACT, BASE, KNOWN, KEYS)  # in this order: the first that lets a number through is named
ENOUGH = 2  # one rare victim in common happens among friends
_WORTH = {device.REASON: ENOUGH, sim.REASON: ENOUGH}  # a shared device or SIM is enough by itself; all others count 1


@dataclass(frozen=True)
class Candidates:
    """Numbers that came through."""

    nodes: NodeArray  # ascending
    gate: npt.NDArray[np.object_]  # of GATES, as nodes


@dataclass(frozen=True)
class Gate:
    """What the gate looks at beside link keys, [n] each."""

    holds: BoolArray  # a module's facts hold
    base: FloatArray  # NaN = not ranked
    known: BoolArray  # a member of a campaign that an earlier cut knew


def candidates(gate: Gate, link_keys: pa.Table, top_share: float, max_per_key: int) -> Candidates:
    """Give who has a module's fact, a base score in the `top_share`, a place in a known campaign, or ties to such.

    Only numbers with a module's fact and members of known campaigns draw others in, by two rare keys (one, where it is
    a device or a SIM) and in one expansion: the merely odd do not. Keys held by more than `max_per_key` numbers are
    not rare and tie nobody.
    """
    ways = {
        FACT: gate.holds,
        BASE: in_top(gate.base, top_share),
        KNOWN: gate.known | sharing(gate.known, link_keys, max_per_key),
        KEYS: sharing(gate.holds, link_keys, max_per_key),
    }
    first = np.select([ways[name] for name in GATES], GATES, default="")
    nodes = np.flatnonzero(first != "").astype(np.int32)
    return Candidates(nodes, first[nodes].astype(object))


def in_top(base: FloatArray, top_share: float) -> BoolArray:
    """Tell whose base score lies in the top share of all ranked numbers."""
    ranked = base[~np.isnan(base)]
    if not len(ranked):
        return np.zeros(len(base), dtype=bool)
    return np.nan_to_num(base, nan=-1.0) >= np.quantile(ranked, 1.0 - top_share)


def sharing(seeds: BoolArray, link_keys: pa.Table, max_per_key: int) -> BoolArray:
    """Tell who shares enough rare keys with the seeds, themselves among them."""
    shared = np.zeros(len(seeds), dtype=bool)
    if not len(link_keys):
        return shared
    nodes, group = link_keys["node"].to_numpy(), _groups(link_keys)
    size = np.bincount(group)
    seeded = np.bincount(group, weights=seeds[nodes])
    tying = ((seeded > 0) & (size <= max_per_key))[group]
    return np.bincount(nodes[tying], _worths(link_keys)[tying], minlength=len(seeds)) >= ENOUGH


def _worths(link_keys: pa.Table) -> npt.NDArray[np.int64]:
    """Give what each row counts."""
    worth = np.ones(len(link_keys), dtype=np.int64)
    for reason, counts in _WORTH.items():
        worth[pc.equal(link_keys["reason"], reason).to_numpy()] = counts
    return worth


def _groups(link_keys: pa.Table) -> npt.NDArray[np.int64]:
    """Number the runs of equal (reason, key); the table is sorted by them."""
    reason = link_keys["reason"].dictionary_encode().combine_chunks().indices.to_numpy()
    key = link_keys["key"].to_numpy()
    changes = (np.diff(reason) != 0) | (np.diff(key) != 0)
    return np.concatenate(([0], np.cumsum(changes))).astype(np.int64)
