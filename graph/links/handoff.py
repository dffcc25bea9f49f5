"""Links between numbers of which one talks to a victim and another keeps it talking soon after."""

from __future__ import annotations

import numpy as np

from configs import FeatureSettings, LinkSettings
from graph.links.candidate_calls import Calls
from graph.links.caps import within_cap
from graph.links.meetings import Points, Spans, meetings, pair_keys, sessions
from graph.links.table import Integers, Links, Mask, Nodes
from graph.links.tally import damped, overlap, tally
from graph.windows import MINUTE

REASON = "handoff"


def handoff_links(
    caller: Nodes,
    victim: Nodes,
    calls: Calls,
    callers_of: Integers,
    settings: LinkSettings,
    features: FeatureSettings,
) -> Links:
    """Give the links among candidate callers.

    `caller`, `victim`: nodes, one row a candidate and one who answered it, no row twice, in any order; `calls` and
    `callers_of` as for shared victims. A victim is handed on when one answered call to it is followed by another
    number's, which starts within `features.handoff_min` minutes of the start of the first and lasts
    `features.handoff_talk_s` seconds or longer. Weight, damping and cap are those of shared victims, over the victims
    that answered. Links of fewer than `min_handoffs` victims, or under `min_weight`, are left out.
    """
    worth = damped(callers_of)
    counted = within_cap(victim.astype(np.int64), caller, settings.max_callers_per_victim)
    caller, victim = caller[counted], victim[counted]
    own = np.bincount(caller, worth[victim], len(callers_of)).astype(np.int64)
    rows = calls.answered & np.isin(pair_keys(calls.caller, calls.callee), pair_keys(caller, victim))
    pairs = tally(meetings(*_sides(calls, rows, features)), worth)
    weight = overlap(pairs, own)
    kept = (pairs.shared >= settings.min_handoffs) & (weight >= settings.min_weight)
    return Links(REASON, pairs.a, pairs.b, weight, pairs.shared).where(kept)


def _sides(calls: Calls, rows: Mask, features: FeatureSettings) -> tuple[Spans, Points]:
    """Give when each victim may be taken over from whom, and who takes it over when."""
    reach, victim = features.handoff_min * MINUTE, calls.callee.astype(np.int64)
    talks = sessions(victim[rows], calls.caller[rows], calls.started[rows], reach)
    long_ = rows & (calls.talk_ms >= features.handoff_talk_s * 1000)
    return (
        Spans(talks.key, talks.node, talks.since + 1, talks.until + reach),
        Points(victim[long_], calls.caller[long_], calls.started[long_]),
    )
