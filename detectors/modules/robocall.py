"""Robocall: a machine dials strangers and plays a message that most of them hang up on."""

from __future__ import annotations

from detectors.judgement import Columns, Judgement, Thresholds, at_least, at_most, judged


def judge(columns: Columns, thresholds: Thresholds) -> Judgement:
    """Many strangers at a machine's pace, over within a minute or within seconds, and hardly anybody who rings back.

    A call centre talks: a fifth of its conversations pass two minutes. A courier's talk is short but seldom cut within
    seconds, and his customers ring back.
    """
    return judged(
        [
            at_least(columns, "attempts", thresholds["attempts"]),
            at_least(columns, "attempts_per_active_hour", thresholds["attempts_per_active_hour"]),
            at_least(columns, "fanout", thresholds["fanout"]),
            at_least(columns, "answered", thresholds["answered"]),
            at_least(columns, "asr", thresholds["asr"]),
            at_most(columns, "acd", thresholds["acd"]),
            at_least(columns, "short6_share", thresholds["short6_share"]),
            at_least(columns, "short60_share", thresholds["short60_share"]),
            at_most(columns, "long120_share", thresholds["long120_share"]),
            at_most(columns, "reciprocity", thresholds["reciprocity"]),
        ]
    )
