"""Links between numbers that call the same victims."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from configs import LinkSettings
from graph.blocks import cuts
from graph.links.caps import within_cap
from graph.links.table import DECIMALS, Integers, Links, Nodes
from graph.links.tally import damped

REASON = "shared_victims"
_VICTIM = 1 << 40  # one product counts victims above this bit and their weights below it; no caller has 4M victims
_NONE = tuple(np.empty(0, dtype=kind) for kind in (np.int32, np.int32, np.float64, np.int64))
_BLOCK = 1 << 22  # pairs that are held at a time: about 100 MB


def shared_victim_links(caller: Nodes, victim: Nodes, callers_of: Integers, settings: LinkSettings) -> Links:
    """Give the links among candidate callers.

    `caller`, `victim`: nodes, one row a candidate and one of its callees, in any order, repeats allowed; `callers_of`:
    how many numbers call a node in the whole window, indexed by node. A victim v counts 1 / log2(1 + callers_of[v])
    (Adamic, Adar 2003: who is called by everybody says little); weight = sum over shared victims / the smaller of
    both callers' sums over all their victims (overlap coefficient). Of a victim that more than
    `max_callers_per_victim` (m) candidates call, m count, always the same ones. Links under `min_shared` or
    `min_weight` are left out.

    A victim ties at most m(m-1)/2 pairs; a caller with v victims meets at most v(m-1) others. Memory: the rows, the
    links that are kept, and four million pairs or the pairs of one caller.
    """
    who, whom, calls = _incidence(caller, victim, settings.max_callers_per_victim)
    parts = [_NONE, *_pairs(calls, damped(callers_of[whom]), settings)]
    a, b, weight, shared = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((b, a))
    return Links(REASON, who[a[order]], who[b[order]], weight[order], shared[order])


def _incidence(caller: Nodes, victim: Nodes, most_callers: int) -> tuple[Nodes, Nodes, csr_array]:
    """Give the callers, the victims, and who called whom as a 0/1 matrix of both."""
    codes = np.unique(caller.astype(np.int64) << 32 | victim)
    caller, victim = (codes >> 32).astype(np.int32), (codes & 0xFFFFFFFF).astype(np.int32)
    others = caller != victim
    caller, victim = caller[others], victim[others]
    counted = within_cap(victim.astype(np.int64), caller, most_callers)
    whom, column = np.unique(victim[counted], return_inverse=True)
    who, row = np.unique(caller[counted], return_inverse=True)
    ones = np.ones(len(row), dtype=np.int64)
    return who, whom, csr_array((ones, (row, column)), shape=(len(who), len(whom)))


def _pairs(calls: csr_array, worth: Integers, settings: LinkSettings) -> Iterator[tuple[npt.NDArray[np.number], ...]]:
    """Give (a, b, weight, shared) of the pairs that are linked, a block of rows at a time."""
    own = calls @ worth
    tallied, by_victim = calls.multiply(worth + _VICTIM).tocsr(), calls.T.tocsr()
    others = calls @ np.diff(by_victim.indptr)
    for start, end in cuts(others, _BLOCK):
        block = (tallied[start:end] @ by_victim).tocoo()
        a, b, shared = block.row + start, block.col, block.data // _VICTIM
        weight = np.round(block.data % _VICTIM / np.minimum(own[a], own[b]), DECIMALS)
        kept = (a < b) & (shared >= settings.min_shared) & (weight >= settings.min_weight)
        yield a[kept], b[kept], weight[kept], shared[kept]
