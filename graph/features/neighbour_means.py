"""What the others around a number are like: mean and maximum of a few of their features, over the distinct edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from graph.features.ratio import DECIMALS

Floats = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int32]
FEATURES: Mapping[str, str] = {  # name: unit
    "attempts": "calls",
    "asr": "share",
    "acd": "s",
    "fanout": "share",
    "night_share": "share",
}
SIDES = ("callee", "caller")
STATISTICS = {"mean": "mean", "max": "highest"}


def columns(features: Mapping[str, Floats], caller: Nodes, callee: Nodes) -> dict[str, Floats]:
    """Give `callee_mean_attempts` and all others [n] from columns [n] and the distinct edges caller → callee [m].

    NaN is null: who has no value does not count, and where nobody has one there is none. Edges come in one order, so
    that sums do.
    """
    sides = {"callee": (caller, callee), "caller": (callee, caller)}
    found: dict[str, Floats] = {}
    for name in FEATURES:
        for side, (of, others) in sides.items():
            for statistic, compute in _COMPUTED.items():
                found[f"{side}_{statistic}_{name}"] = compute(features[name], of, others)
    return found


def _mean(values: Floats, of: Nodes, others: Nodes) -> Floats:
    met = values[others]
    known = ~np.isnan(met)
    totals = np.bincount(of[known], weights=met[known], minlength=len(values))
    counts = np.bincount(of[known], minlength=len(values))
    # Means of two rounded values are often halves of the last decimal: these go to the even neighbour.
    return np.round(totals / np.where(counts > 0, counts, np.nan), DECIMALS)


def _max(values: Floats, of: Nodes, others: Nodes) -> Floats:
    highest = np.full(len(values), np.nan)
    np.fmax.at(highest, of, values[others])
    return highest


_COMPUTED: Mapping[str, Callable[[Floats, Nodes, Nodes], Floats]] = {"mean": _mean, "max": _max}
