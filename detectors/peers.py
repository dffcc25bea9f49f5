"""What is ordinary among the ranked numbers of one kind, and how far a number is from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detectors.judgement import BoolArray, Columns, FloatArray
from graph.features.catalogue import BY_NAME, FEATURES, PROTOTYPE

SHARE = "share"
LEAST_SPREAD = {True: 0.05, False: 0.25}  # of shares, of log1p values: a feature that hardly varies must not explode
_DOUBLES = frozenset(PROTOTYPE)  # the prototype's five say again what other features say
# What is compared was chosen with quality in view: a group that is new in the catalogue is not compared by itself.
_COMPARED_GROUPS = ("traffic", "reach", "rhythm", "lines", "places", "pairs", "neighbours")


@dataclass(frozen=True)
class Peers:
    """Medians and spreads over the peers, one value a feature of `names`."""

    names: Sequence[str]
    typical: FloatArray  # [features] median, NaN where no peer has a value
    spread: FloatArray  # [features] median absolute deviation, of shares as they are, of all others as log1p


def compared_features(columns: Columns) -> list[str]:
    """Name the features by which numbers are compared: those of some groups that are there, no prototype doubles."""
    groups = (f for f in FEATURES if f.group in _COMPARED_GROUPS)
    return [f.name for f in groups if f.name in columns and f.name not in _DOUBLES]


def is_share(name: str) -> bool:
    """Whether a feature lies between 0 and 1 and is compared as it is, not as log1p."""
    return BY_NAME[name].unit == SHARE


def scaled(name: str, values: FloatArray) -> FloatArray:
    """Give values on the scale on which they are compared."""
    return values if is_share(name) else np.log1p(np.maximum(values, 0.0))


def peers_of(columns: Columns, names: Sequence[str], rows: BoolArray) -> Peers:
    """Measure what is ordinary among `rows` [n]."""
    measured = [_measure(name, columns[name][rows]) for name in names]
    return Peers(names, np.array([m for m, _ in measured]), np.array([s for _, s in measured]))


def deviations(columns: Columns, peers: Peers, nodes: npt.NDArray[np.int64]) -> FloatArray:
    """Give how many spreads each of `nodes` is from the median, [nodes, features], 0 where unknown."""
    table = np.zeros((len(nodes), len(peers.names)))
    for at, name in enumerate(peers.names):
        centre = scaled(name, peers.typical[at : at + 1])
        table[:, at] = np.abs(scaled(name, columns[name][nodes]) - centre) / peers.spread[at]
    return np.nan_to_num(table)


def _measure(name: str, values: FloatArray) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan"), 1.0
    on_scale = scaled(name, known)
    spread = float(np.median(np.abs(on_scale - np.median(on_scale))))
    return float(np.median(known)), max(spread, LEAST_SPREAD[is_share(name)])
