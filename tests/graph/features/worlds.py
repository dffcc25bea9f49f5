"""Hand-made call tables, small enough to compute every feature with pencil and paper."""

from __future__ import annotations

from tests.graph.calls import Row, call

A = "+919812345001"
V1, V2, V3 = "+919812345100", "+919812345101", "+919812345105"
ABROAD = "+14155550100"
INDIA = {"zone": "Asia/Kolkata"}  # UTC+5:30, so 17:00 UTC is 22:30 at night


def dialler() -> list[Row]:
    """A makes six calls, one to itself; V1 rings back at once, V2 rings a day later and is not answered."""
    return [
        call(A, V1, "04:30:00", 0, ring=2, origin_region="Karnataka", target_region="Goa", **INDIA),
        call(A, V2, "04:30:30", 5, ring=3, origin_region="Karnataka", target_region="Kerala", **INDIA),
        call(A, V3, "04:32:00", 19, ring=4, origin_region="unknown", target_region="unknown", **INDIA),
        call(A, V1, "05:10:00", 120, ring=5, origin_region="Karnataka", target_region="Goa", **INDIA),
        call(A, ABROAD, "17:00:00", 600, origin_region="Goa", target_region="unknown", **INDIA),
        call(A, A, "2026-05-09T05:00:00Z", 0, origin_region="Karnataka", target_region="Punjab", **INDIA),
        call(V1, A, "04:40:00", 30, **INDIA),
        call(V2, A, "2026-05-05T12:00:00Z", 0, **INDIA),
    ]


METRONOME = "+919000000100"


def metronome() -> list[Row]:
    """Gaps of 60, 120 and 180 s: mean 120, variance (60² + 0² + 60²) / 3 = 2400."""
    return [call(METRONOME, V1, at) for at in ("10:00:00", "10:01:00", "10:03:00", "10:06:00")]


def machine() -> list[Row]:
    """Three equal gaps that are no round binary number."""
    return [call(METRONOME, V1, f"10:00:{seconds:04.1f}") for seconds in (0, 0.7, 1.4, 2.1)]


def edges_of_length() -> list[Row]:
    """Answered calls on both sides of the thresholds of length."""
    lengths = (6, 6.001, 19.999, 20, 119.999, 120, 600)
    return [call(A, V1, f"10:{15 * i // 60:02}:{15 * i % 60:02}", length) for i, length in enumerate(lengths)]


LINES = "+919000000200"


def lines() -> list[Row]:
    """Two calls overlap; the third begins as the first ends and takes its line."""
    return [
        call(LINES, V1, "10:00:00", 60),
        call(LINES, V2, "10:00:30", 60, ring=5),
        call(LINES, V3, "10:01:00", 10),
        call(LINES, V3, "10:01:05", 0),
    ]


S, T, U = "+919000000301", "+919000000302", "+919000000303"


def contacts() -> list[Row]:
    """S and T: 6 + 5 calls of 60 s, more than 10 and more than 600 s; U never calls S."""
    to_t = [call(S, T, f"10:{minute:02}:00", 60) for minute in range(6)]
    to_s = [call(T, S, f"11:{minute:02}:00", 60) for minute in range(5)]
    to_u = [call(S, U, f"12:{minute:02}:00", 60) for minute in range(11)]
    return [*to_t, *to_s, *to_u]


OPENER, CLOSER = "+919000000401", "+919000000402"
VICTIMS = tuple(f"+91900000041{i}" for i in range(5))


def handoffs() -> list[Row]:
    """Of the four whom the opener spoke to, the closer takes over two: in time (once on the minute) and for long."""
    return [
        call(OPENER, VICTIMS[0], "10:00:00", 15),
        call(CLOSER, VICTIMS[0], "10:30:00", 900),
        call(OPENER, VICTIMS[1], "10:05:00", 15),
        call(CLOSER, VICTIMS[1], "11:30:00", 900),  # too late
        call(OPENER, VICTIMS[2], "10:10:00", 0),
        call(CLOSER, VICTIMS[2], "10:20:00", 900),  # no conversation before it
        call(OPENER, VICTIMS[3], "10:20:00", 10),
        call(CLOSER, VICTIMS[3], "10:40:00", 299),  # too short
        call(OPENER, VICTIMS[4], "10:30:00", 10),
        call(OPENER, VICTIMS[4], "10:50:00", 10),  # the first conversation counts
        call(CLOSER, VICTIMS[4], "11:30:00", 300),
    ]


P, Q, R, Z = (f"+91900000050{i}" for i in range(4))


def circle() -> list[Row]:
    """P → Q, P → R, Q → R, Z → R: P's circle is closed, R's only by one pair of three."""
    return [call(*ends, "10:00:00", 5) for ends in ((P, Q), (P, R), (Q, R), (Z, R))]


CALLER, MISSED = "+919000000600", "+919000000601"


def late_call_back() -> list[Row]:
    """A day and a second after the missed call."""
    return [
        call(CALLER, MISSED, "2026-05-04T10:00:00Z"),
        call(MISSED, CALLER, "2026-05-05T10:00:01Z", 60),
    ]
