"""Links between numbers that the same people ring after one of them has called: callback stars."""

from __future__ import annotations

import numpy as np

from configs import FeatureSettings, LinkSettings
from graph.links.candidate_calls import Calls
from graph.links.caps import within_cap
from graph.links.meetings import Points, Spans, contain, meetings, pair_keys, sessions
from graph.links.table import Integers, Links, Mask, Nodes
from graph.links.tally import damped, overlap, tally
from graph.windows import HOUR

REASON = "callback"
_ALWAYS = -1  # an instant for those who were rung back themselves: they meet whenever that was


def callback_links(
    made: Calls, received: Calls, callers_of: Integers, settings: LinkSettings, features: FeatureSettings
) -> Links:
    """Give the links among candidates.

    `made`: calls of candidates, `received`: calls to candidates, both with all people who have to do with two of them.
    A person rings a candidate back when he calls it within `features.callback_h` hours after a call of that or another
    candidate to him. Two are linked by every person who rang one back after the other called him, or who rang each
    back after its own call. Weight, damping and cap are those of shared victims, over the people who rang somebody
    back. Links of fewer than `min_shared` people, or under `min_weight`, are left out.
    """
    worth, reach = damped(callers_of), features.callback_h * HOUR
    person, node = _stars(made, received, reach)
    counted = within_cap(person.astype(np.int64), node, settings.max_callers_per_victim)
    person, node = person[counted], node[counted]
    own = np.bincount(node, worth[person], len(callers_of)).astype(np.int64)
    pairs = tally(meetings(*_sides(made, received, reach, pair_keys(person, node))), worth)
    weight = overlap(pairs, own)
    kept = (pairs.shared >= settings.min_shared) & (weight >= settings.min_weight)
    return Links(REASON, pairs.a, pairs.b, weight, pairs.shared).where(kept)


def _stars(made: Calls, received: Calls, reach: int) -> tuple[Nodes, Nodes]:
    """Give (person, candidate), no row twice: he rang it back, or rang any candidate back after its call."""
    answers = Points(received.caller.astype(np.int64), received.callee, received.started)
    calls = Points(made.callee.astype(np.int64), made.caller, made.started)
    led = contain(Spans(calls.key, calls.node, calls.at + 1, calls.at + reach), answers)
    rung = contain(Spans(answers.key, answers.node, answers.at - reach, answers.at - 1), calls)
    pairs = np.unique(
        np.concatenate([pair_keys(made.callee, made.caller)[led], pair_keys(received.caller, received.callee)[rung]])
    )
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def _sides(made: Calls, received: Calls, reach: int, counted: Integers) -> tuple[Spans, Points]:
    """Give when a person may ring somebody back for whose call, and whom he rings when."""
    asked, answered = pair_keys(made.callee, made.caller), pair_keys(received.caller, received.callee)
    calls, backs = np.isin(asked, counted), np.isin(answered, counted)
    own = backs & _after_its_own_call(asked, made, answered, received, reach)
    calling = sessions(made.callee[calls].astype(np.int64), made.caller[calls], made.started[calls], reach)
    person, rung = received.caller.astype(np.int64), received.callee
    always = np.full(int(own.sum()), _ALWAYS)
    return (
        Spans(
            np.concatenate([calling.key, person[own]]),
            np.concatenate([calling.node, rung[own]]),
            np.concatenate([calling.since + 1, always]),
            np.concatenate([calling.until + reach, always]),
        ),
        Points(
            np.concatenate([person[backs], person[own]]),
            np.concatenate([rung[backs], rung[own]]),
            np.concatenate([received.started[backs], always]),
        ),
    )


def _after_its_own_call(asked: Integers, made: Calls, answered: Integers, received: Calls, reach: int) -> Mask:
    """Tell which calls to a candidate follow a call of it to the same person."""
    waits = Spans(answered, received.callee, received.started - reach, received.started - 1)
    return contain(waits, Points(asked, made.caller, made.started))
