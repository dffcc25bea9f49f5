"""Wangiri: rings once and hangs up, so that the missed call is answered by an expensive call back."""

from __future__ import annotations

from detectors.judgement import Columns, Judgement, Thresholds, at_least, at_most, judged, unless_unknown


def judge(columns: Columns, thresholds: Thresholds) -> Judgement:
    """Many strangers rung once, nearly always without a conversation and too shortly to be picked up.

    A courier's missed calls ring long, and the people he missed are rung again or ring back; here neither happens.
    """
    return judged(
        [
            at_least(columns, "attempts", thresholds["attempts"]),
            at_least(columns, "peak_hour_attempts", thresholds["peak_hour_attempts"]),
            at_least(columns, "zero_share", thresholds["zero_share"]),
            at_least(columns, "fanout", thresholds["fanout"]),
            unless_unknown(columns, at_least(columns, "ring3_share", thresholds["ring3_share"])),
            unless_unknown(columns, at_most(columns, "callback_rate", thresholds["callback_rate"])),
        ]
    )
