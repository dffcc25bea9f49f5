"""What comes in against what goes out: pumped traffic, and calls from people who were never called."""

from __future__ import annotations

from graph.exact_sums import counts, sums
from graph.features.columns import Floats
from graph.features.ratio import rounded_ratio
from graph.pair_arrays import Contacts, Received


def columns(made: Contacts, got: Received, count: int) -> dict[str, Floats]:
    """Give the group's features of `count` nodes.

    in_out_seconds_ratio is null of who called nobody, or never for any time.
    """
    in_ms, out_ms = sums(got.node, got.talk_ms, count), sums(made.node, made.talk_ms, count)
    uncalled = counts(got.node[~got.was_called], count)
    return {
        "in_out_seconds_ratio": rounded_ratio(in_ms, out_ms),
        "uncalled_caller_share": rounded_ratio(uncalled, counts(got.node, count)),
    }
