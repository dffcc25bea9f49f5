"""Impersonation: a ring that plays the bank, the tax office or the police, in turns with the same victims."""

from __future__ import annotations

from detectors.judgement import Columns, Judgement, Thresholds, at_least, at_most, judged, strongest


def judge(columns: Columns, thresholds: Thresholds) -> Judgement:
    """Openers who sort out the gullible, or closers who keep them on the line; the hand-off is what tells them apart.

    A bank's outbound centre also has many short and some long calls, but one agent's customers are not rung by a
    second, unrelated number within the hour.
    """
    return strongest([_opener(columns, thresholds), _closer(columns, thresholds)])


def _opener(columns: Columns, thresholds: Thresholds) -> Judgement:
    return judged(
        [
            at_least(columns, "attempts", thresholds["opener_attempts"]),
            at_least(columns, "fanout", thresholds["opener_fanout"]),
            at_least(columns, "short20_share", thresholds["opener_short20_share"]),
            at_least(columns, "handoff_share", thresholds["handoff_share"]),
            at_most(columns, "reciprocity", thresholds["reciprocity"]),
        ]
    )


def _closer(columns: Columns, thresholds: Thresholds) -> Judgement:
    return judged(
        [
            at_least(columns, "callees", thresholds["closer_callees"]),
            at_least(columns, "fanout", thresholds["closer_fanout"]),
            at_least(columns, "long600_share", thresholds["closer_long600_share"]),
            at_least(columns, "handoff_in_share", thresholds["handoff_in_share"]),
            at_most(columns, "reciprocity", thresholds["reciprocity"]),
        ]
    )
