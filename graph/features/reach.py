"""How many others a number calls, and how many call it; a call to itself counts for neither."""

from __future__ import annotations

import numpy as np

from graph.exact_sums import Integers, counts, highest, sums
from graph.features.columns import Floats
from graph.features.ratio import rounded, rounded_ratio
from graph.pair_arrays import Contacts, Received


def columns(made: Contacts, got: Received, count: int) -> dict[str, Floats]:
    """Give the group's features of `count` nodes."""
    calls, received = sums(made.node, made.calls, count), sums(got.node, got.calls, count)
    return {
        **_made(made, calls, count),
        **_got(got, received, count),
        "in_out_ratio": rounded_ratio(received, calls),
    }


def _made(made: Contacts, calls: Integers, count: int) -> dict[str, Floats]:
    callees, repeated = counts(made.node, count), counts(made.node[made.calls > 1], count)
    return {
        "callees": callees.astype(np.float64),
        "fanout": rounded_ratio(callees, calls),
        "repeat_share": rounded_ratio(repeated, callees),
        "top_callee_share": rounded_ratio(highest(made.node, made.calls, count), calls),
    }


def _got(got: Received, received: Integers, count: int) -> dict[str, Floats]:
    answered, talk_ms = sums(got.node, got.answered, count), sums(got.node, got.talk_ms, count)
    return {
        "callers": counts(got.node, count).astype(np.float64),
        "received": received.astype(np.float64),
        "received_asr": rounded_ratio(answered, received),
        "received_acd": rounded_ratio(talk_ms, answered * 1000),
        "received_seconds": rounded(talk_ms / 1000),
    }
