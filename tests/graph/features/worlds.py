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


MULE = "+919000000700"


def equipment() -> list[Row]:
    """MULE calls six times: its SIM moves to a second device, where a second SIM follows; V1 shares that device."""
    steps = [
        ("10:00:00", "d1", "s1", "c1", "in1"),
        ("11:00:00", "d1", "s1", "c1", "in1"),
        ("12:00:00", "d2", "s1", "c1", "in1"),
        ("13:00:00", None, None, None, None),
        ("14:00:00", "d2", "s2", "c1", "in1"),
        ("15:00:00", "d2", "s2", "c2", "in2"),
    ]
    names = ("imei", "imsi", "cell", "trunk_in")
    own = [call(MULE, V2, at, 5, trunk_out="out", **dict(zip(names, step, strict=True))) for at, *step in steps]
    return [*own, call(V1, V2, "09:00:00", 5, imei="d2", imsi="s3", cell="c9")]


WRITER = "+919000000800"


def texts() -> list[Row]:
    """WRITER sends four messages to three people, two of them in one hour, and calls once; V1 writes back."""
    sent = [(V1, "10:00:00"), (V2, "10:30:00"), (V1, "11:10:00"), (V3, "12:00:00"), (WRITER, "12:30:00")]
    return [
        *(call(WRITER, to, at, kind="sms") for to, at in sent),
        call(V1, WRITER, "13:00:00", kind="sms"),
        call(WRITER, V1, "14:00:00", 5),
    ]


TAKER, DOCTOR, FRIEND = (f"+91900000090{at}" for at in range(3))


def diversions() -> list[Row]:
    """Two lines send their calls on to TAKER, DOCTOR's twice; somebody calls TAKER without a detour."""
    return [
        call(V1, DOCTOR, "10:00:00", 5, kind="forward", forwarded_to=TAKER),
        call(V2, DOCTOR, "11:00:00", 5, kind="forward", forwarded_to=TAKER),
        call(V2, FRIEND, "12:00:00", 5, forwarded_to=TAKER),
        call(FRIEND, TAKER, "13:00:00", 5),
    ]


BANK, VICTIM = "+919000001000", "+919000001001"


def merged_calls() -> list[Row]:
    """CLOSER's long conversation with VICTIM has the BANK's in it; a later one of BANK meets nobody."""
    return [
        call(CLOSER, VICTIM, "10:00:00", 600, ring=10),
        call(BANK, VICTIM, "10:05:00", 20, ring=5),
        call(BANK, VICTIM, "10:30:00", 20, ring=1),
        call(BANK, V1, "10:30:05", 4, ring=1),
        call(CLOSER, V1, "10:30:09", 30, ring=9),  # 3 s after BANK hung up: refiled, not merged
        call(VICTIM, CLOSER, "11:00:00", 120),
    ]


PAYER = "+919000001100"
HOT = "+9791234500"


def hot_calls() -> list[Row]:
    """PAYER has three calls to a premium block, two at once, one to a number kept for fiction, one to a friend."""
    return [
        call(PAYER, f"{HOT}01", "10:00:00", 1800),
        call(PAYER, f"{HOT}02", "10:10:00", 1200),  # both end at 10:30, as the third begins
        call(PAYER, f"{HOT}03", "10:30:00", 600),
        call(PAYER, "+441632960123", "11:00:00", 0),
        call(PAYER, V1, "2026-05-31T12:00:00Z", 60),  # half a day before the window ends
    ]


CALLER, MISSED = "+919000000600", "+919000000601"


def late_call_back() -> list[Row]:
    """A day and a second after the missed call."""
    return [
        call(CALLER, MISSED, "2026-05-04T10:00:00Z"),
        call(MISSED, CALLER, "2026-05-05T10:00:01Z", 60),
    ]
