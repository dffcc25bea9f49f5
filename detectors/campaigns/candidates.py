"""The gate before exact links: which numbers are worth linking at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from detectors.judgement import BoolArray, FloatArray

MIN_SHARED_KEYS = 2  # one rare victim in common happens among friends


def candidates(
    holds: BoolArray, base: FloatArray, link_keys: pa.Table, top_share: float, max_per_key: int
) -> npt.NDArray[np.int32]:
    """Give candidate nodes, ascending: a module's fact, a base score in the `top_share`, or ties by rare keys.

    Only numbers with a module's fact draw others in, by two rare keys and in one expansion: the merely odd do not, nor
    do members of known campaigns, for a cut processed again must find what it found at first. Keys held by more than
    `max_per_key` numbers are not rare and tie nobody.
    """
    chosen = holds | in_top(base, top_share)
    return np.flatnonzero(chosen | sharing(holds, link_keys, max_per_key)).astype(np.int32)


def in_top(base: FloatArray, top_share: float) -> BoolArray:
    """Tell whose base score lies in the top share of all ranked numbers."""
    ranked = base[~np.isnan(base)]
    if not len(ranked):
        return np.zeros(len(base), dtype=bool)
    return np.nan_to_num(base, nan=-1.0) >= np.quantile(ranked, 1.0 - top_share)


def sharing(seeds: BoolArray, link_keys: pa.Table, max_per_key: int) -> BoolArray:
    """Tell who shares at least two rare keys with the seeds."""
    shared = np.zeros(len(seeds), dtype=bool)
    if not len(link_keys):
        return shared
    nodes, group = link_keys["node"].to_numpy(), _groups(link_keys)
    size = np.bincount(group)
    seeded = np.bincount(group, weights=seeds[nodes])
    tying = ((seeded > 0) & (size <= max_per_key))[group]
    return np.bincount(nodes[tying], minlength=len(seeds)) >= MIN_SHARED_KEYS


def _groups(link_keys: pa.Table) -> npt.NDArray[np.int64]:
    """Number the runs of equal (reason, key); the table is sorted by them."""
    reason = link_keys["reason"].dictionary_encode().combine_chunks().indices.to_numpy()
    key = link_keys["key"].to_numpy()
    changes = (np.diff(reason) != 0) | (np.diff(key) != 0)
    return np.concatenate(([0], np.cumsum(changes))).astype(np.int64)
