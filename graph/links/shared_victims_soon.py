"""Links between numbers that call the same victims within hours of each other."""

from __future__ import annotations

import numpy as np

from configs import LinkSettings
from graph.links.candidate_calls import Calls
from graph.links.caps import within_cap
from graph.links.meetings import Points, Spans, meetings, pair_keys, sessions
from graph.links.table import Integers, Links, Mask, Nodes
from graph.links.tally import damped, overlap, tally
from graph.windows import HOUR

REASON = "shared_victims_soon"


def soon_shared_victim_links(
    caller: Nodes, victim: Nodes, calls: Calls, callers_of: Integers, settings: LinkSettings
) -> Links:
    """Give the links among candidate callers.

    `caller`, `victim`: nodes, one row a candidate and one of its callees, no row twice, in any order; `calls`: those
    of candidates to all victims of two; `callers_of`: how many numbers call a node in the whole window, indexed by
    node. Two share a victim when one of each's calls to it started within `victim_h` hours of each other; a victim v
    counts 1 / log2(1 + callers_of[v]). Weight = sum over shared victims / the smaller of both callers' sums over all
    their victims (overlap coefficient). Of a victim that more than `max_callers_per_victim` candidates call, so many
    count, always the same ones. Links under `min_shared_soon` or `min_weight_soon` are left out.
    """
    worth = damped(callers_of)
    counted = within_cap(victim.astype(np.int64), caller, settings.max_callers_per_victim)
    caller, victim = caller[counted], victim[counted]
    own = np.bincount(caller, worth[victim], len(callers_of)).astype(np.int64)
    rows = np.isin(pair_keys(calls.caller, calls.callee), pair_keys(caller, victim))
    pairs = tally(meetings(*_sides(calls, rows, settings.victim_h * HOUR)), worth)
    weight = overlap(pairs, own)
    kept = (pairs.shared >= settings.min_shared_soon) & (weight >= settings.min_weight_soon)
    return Links(REASON, pairs.a, pairs.b, weight, pairs.shared).where(kept)


def _sides(calls: Calls, rows: Mask, reach: int) -> tuple[Spans, Points]:
    """Give sessions of each caller with each victim, which meet when no more than `reach` lies between them.

    Calls no further than twice the reach apart are one session: whatever instant lies between two of them, one of
    them is within reach. Of two sessions that meet, the later begins no more than `reach` after the earlier ends.
    """
    calling = sessions(calls.callee[rows].astype(np.int64), calls.caller[rows], calls.started[rows], 2 * reach)
    spans = Spans(calling.key, calling.node, calling.since, calling.until + reach)
    return spans, Points(calling.key, calling.node, calling.since)
