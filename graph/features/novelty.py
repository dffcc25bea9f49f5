"""What is new about a number: itself, or those it calls."""

from __future__ import annotations

from configs import FeatureSettings
from graph.exact_sums import Integers, counts
from graph.features.columns import Floats
from graph.features.ratio import rounded, rounded_ratio
from graph.pair_arrays import PairArrays
from graph.windows import DAY, HOUR, Window


def columns(pairs: PairArrays, first_seen: Integers, window: Window, settings: FeatureSettings) -> dict[str, Floats]:
    """Give the group's features of every number; first_seen [numbers]: µs."""
    count = len(first_seen)
    is_new = pairs.first_seen >= window.end - settings.new_callee_h * HOUR
    return {
        "age_days": rounded((window.end - first_seen) / DAY),
        "new_callee_share": rounded_ratio(counts(pairs.caller[is_new], count), counts(pairs.caller, count)),
    }
