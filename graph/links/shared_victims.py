"""Links between numbers that call the same victims."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from configs import LinkSettings
from graph.links.table import Links

REASON = "shared_victims"
_UNIT = 1 << 18  # weights are summed as whole numbers of this fraction, so that no order of rows shows
_VICTIM = 1 << 40  # one product counts victims above this bit and their weights below it; no caller has 4M victims
_BLOCK = 1_024  # rows of the product that are held at a time
_DECIMALS = 9

Nodes = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]


def shared_victim_links(caller: Nodes, victim: Nodes, callers_of: Integers, settings: LinkSettings) -> Links:
    """Give the links among candidate callers.

    `caller`, `victim`: nodes, one row a candidate and one of its callees, in any order, repeats allowed; `callers_of`:
    how many numbers call a node in the whole window, indexed by node. A victim v counts 1 / log2(1 + callers_of[v])
    (Adamic, Adar 2003: who is called by everybody says little); weight = sum over shared victims / the smaller of
    both callers' sums over all their victims (overlap coefficient). A victim called by more than
    `max_callers_per_victim` of the candidates counts nowhere. Links under `min_shared` or `min_weight` are left out.
    """
    who, whom, calls = _incidence(caller, victim, settings.max_callers_per_victim)
    worth = np.rint(_UNIT / np.log2(1.0 + np.maximum(callers_of[whom], 1))).astype(np.int64)
    parts = list(_pairs(calls, worth, settings))
    a, b, weight, shared = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((b, a))
    return Links(REASON, who[a[order]], who[b[order]], weight[order], shared[order])


def _incidence(caller: Nodes, victim: Nodes, most_callers: int) -> tuple[Nodes, Nodes, csr_array]:
    """Give the callers, the victims that count, and who called whom as a 0/1 matrix of both."""
    codes = np.unique(caller.astype(np.int64) << 32 | victim)
    caller, victim = (codes >> 32).astype(np.int32), (codes & 0xFFFFFFFF).astype(np.int32)
    whom, column, counts = np.unique(victim, return_inverse=True, return_counts=True)
    counted = (counts[column] <= most_callers) & (caller != victim)
    who, row = np.unique(caller[counted], return_inverse=True)
    ones = np.ones(len(row), dtype=np.int64)
    return who, whom, csr_array((ones, (row, column[counted])), shape=(len(who), len(whom)))


def _pairs(calls: csr_array, worth: Integers, settings: LinkSettings) -> Iterator[tuple[npt.NDArray[np.number], ...]]:
    """Give (a, b, weight, shared) of the pairs that are linked, a block of rows at a time."""
    own = calls @ worth
    tallied, by_victim = calls.multiply(worth + _VICTIM).tocsr(), calls.T.tocsr()
    for start in range(0, max(calls.shape[0], 1), _BLOCK):
        block = (tallied[start : start + _BLOCK] @ by_victim).tocoo()
        a, b, shared = block.row + start, block.col, block.data // _VICTIM
        weight = np.round(block.data % _VICTIM / np.minimum(own[a], own[b]), _DECIMALS)
        kept = (a < b) & (shared >= settings.min_shared) & (weight >= settings.min_weight)
        yield a[kept], b[kept], weight[kept], shared[kept]
