"""The features that calls themselves show: how many, how long, to how many, when, to where, how soon answered."""

from __future__ import annotations

from graph.features.feature import E164, TARIFFS, Feature, Kind, count, of

_MAKERS: tuple[Kind, ...] = ("range", "device", "sim", "cell", "trunk")  # calls are made from or by them
_TIMED: tuple[Kind, ...] = ("range", "device", "sim", "trunk")
_BOTH_WAYS: tuple[Kind, ...] = ("range", "trunk")  # and received by them

_TRAFFIC = (
    count("attempts", "traffic", "calls", "additive", "calls made, answered or not"),
    count("total_calls", "traffic", "calls", "additive", "attempts, under the reference prototype's name"),
    count("answered", "traffic", "calls", "additive", "attempts that were answered"),
    Feature("asr", "traffic", "share", "additive", "answered / attempts"),
    count("seconds", "traffic", "s", "additive", "conversation of all calls made"),
    Feature("acd", "traffic", "s", "additive", "conversation of answered calls / answered"),
    Feature(
        "avg_call_duration", "traffic", "s", "additive", "conversation / attempts, under the reference prototype's name"
    ),
    Feature("longest_seconds", "traffic", "s", "additive", "longest conversation of a call made"),
    Feature("short6_share", "traffic", "share", "additive", "answered calls of at most 6 s / answered"),
    Feature("short20_share", "traffic", "share", "additive", "answered calls under 20 s / answered"),
    Feature("short60_share", "traffic", "share", "additive", "answered calls under 60 s / answered"),
    Feature("long120_share", "traffic", "share", "additive", "answered calls of at least 120 s / answered"),
    Feature("long600_share", "traffic", "share", "additive", "answered calls of at least 600 s / answered"),
    Feature("zero_share", "traffic", "share", "additive", "attempts without conversation / attempts"),
    Feature("ring_seconds", "traffic", "s", "additive", "mean ringing of attempts", ("ring_ms",)),
    Feature(
        *("ring3_share", "traffic", "share", "additive"),
        "unanswered attempts that rang at most 3 s / attempts with ringing on record",
        ("ring_ms",),
    ),
)
_REACH = (
    count("callees", "reach", "numbers", "additive", "different other numbers called"),
    count("callers", "reach", "numbers", "additive", "different other numbers that called"),
    count("received", "reach", "calls", "additive", "calls received from others"),
    Feature("fanout", "reach", "share", "additive", "callees / attempts to others (1: nobody is called twice)"),
    Feature("repeat_share", "reach", "share", "additive", "callees called more than once / callees"),
    Feature(
        "top_callee_share", "reach", "share", "additive", "attempts to the callee called most / attempts to others"
    ),
    Feature("received_asr", "reach", "share", "additive", "calls received that were answered / received"),
    Feature("received_acd", "reach", "s", "additive", "conversation received / calls received that were answered"),
    count("received_seconds", "reach", "s", "additive", "conversation of calls received"),
    Feature("in_out_ratio", "reach", "ratio", "additive", "received / attempts to others"),
)
_INCOMING = ("callers", "received", "received_asr", "received_acd", "received_seconds", "in_out_ratio")
_RHYTHM = (
    count("active_hours", "rhythm", "hours", "additive", "UTC hours with an attempt"),
    count("active_days", "rhythm", "days", "additive", "local days with an attempt"),
    count("peak_hour_attempts", "rhythm", "calls", "additive", "attempts in the busiest UTC hour"),
    Feature("attempts_per_active_hour", "rhythm", "calls/h", "additive", "attempts / active_hours"),
    Feature(
        "night_share", "rhythm", "share", "additive", "attempts at local night (features.night_local_h) / attempts"
    ),
    Feature("night_call_ratio", "rhythm", "share", "additive", "night_share, under the reference prototype's name"),
    Feature(
        *("offhours_share", "rhythm", "share", "additive"),
        "attempts at weekends or outside local office hours (features.office_local_h) / attempts",
    ),
    Feature("weekend_share", "rhythm", "share", "additive", "attempts on local Saturdays and Sundays / attempts"),
    Feature(
        *("gap_cv", "rhythm", "ratio", "sequence"),
        "standard deviation / mean of the gaps between starts of consecutive attempts, in tenths of a second; "
        "from 3 attempts on (machines: low)",
    ),
    Feature(
        *("sequential_share", "rhythm", "share", "sequence"),
        "pairs of consecutive attempts whose callees differ by 1 to 10 / pairs of consecutive attempts, only pairs in "
        "which both callees are E.164 numbers",
        (E164,),
    ),
    count(
        *("concurrent_peak", "lines", "calls", "sequence"),
        "most calls that were under way (ringing, where on record, and conversation) at one instant",
    ),
)
_PLACES = (
    Feature(
        "origin_regions", "places", "regions", "additive", "different known regions called from", ("origin_region",)
    ),
    Feature("target_regions", "places", "regions", "additive", "different known regions called to", ("target_region",)),
    Feature(
        *("unique_origin_regions", "places", "regions", "additive"),
        "different regions called from, `unknown` among them, as the reference prototype counts",
        ("origin_region",),
    ),
    Feature(
        *("unique_target_regions", "places", "regions", "additive"),
        "different regions called to, `unknown` among them, as the reference prototype counts",
        ("target_region",),
    ),
    Feature(
        *("neighbour_share", "places", "share", "additive"),
        "attempts to numbers with the same country code and first 6 national digits / attempts to E.164 numbers",
        (E164,),
    ),
    Feature(
        *("international_share", "places", "share", "additive"),
        "attempts to another country code / attempts to E.164 numbers",
        (E164,),
    ),
    Feature(
        *("target_countries", "places", "codes", "additive"),
        "different country codes called, the own included",
        (E164,),
    ),
    Feature(
        *("range_sweep", "places", "share", "slow"),
        "covered share of the block of 1,000 numbers in which most callees lie",
        (E164,),
    ),
)
_ANSWERED = (
    Feature(
        *("instant_answer_share", "answers", "share", "additive"),
        "answered calls that rang at most 1 s / answered calls with ringing on record",
        ("ring_ms",),
    ),
    Feature(
        *("instant_short_share", "answers", "share", "additive"),
        "answered calls that rang at most 1 s and lasted at most 6 s / answered calls with ringing on record",
        ("ring_ms",),
    ),
)
_ANSWERS = (
    Feature(
        *("received_instant_share", "answers", "share", "additive"),
        "calls received that were answered after at most 1 s / calls received that were answered, with ringing on "
        "record (false answer supervision: high)",
        ("ring_ms",),
    ),
)
_BALANCE = (
    Feature(
        *("in_out_seconds_ratio", "balance", "ratio", "additive"),
        "conversation received / conversation made, both with others (traffic pumping: 3 and more)",
    ),
)
_BACKSCATTER = (
    Feature(
        *("uncalled_caller_share", "balance", "share", "slow"),
        "callers who were never called themselves / callers (whose number is used by spoofers: high)",
    ),
)
_DESTINATIONS = (
    Feature(
        *("unallocated_share", "destinations", "share", "additive"),
        "callees whom no numbering plan holds (no line type in libphonenumber's metadata, or the table `unallocated`) "
        "/ callees that are E.164 numbers",
        (E164,),
    ),
    Feature(
        *("high_risk_share", "destinations", "share", "additive"),
        "attempts to premium-rate and shared-cost lines and to the table `high_risk` / attempts to E.164 numbers",
        (E164,),
    ),
    Feature(
        *("cost_rate", "destinations", "money/h", "additive"),
        "price of the conversations with numbers that the table `tariffs` has, in its currency / active_hours",
        (E164, TARIFFS),
    ),
    Feature(
        *("hot_range_peak", "destinations", "calls", "sequence"),
        "most calls under way at one instant to one block of 1,000 numbers of high risk (see high_risk_share); 0 "
        "where none was",
        (E164,),
        is_count=True,
    ),
)
CALLS: tuple[Feature, ...] = (
    *of(_MAKERS, _TRAFFIC),
    *(kept for each in _REACH for kept in of(_BOTH_WAYS if each.name in _INCOMING else _MAKERS, [each])),
    *of(_TIMED, _RHYTHM),
    *of(_TIMED, _PLACES),
)
MORE_CALLS: tuple[Feature, ...] = (
    *of(_MAKERS, _ANSWERED),
    *of(_BOTH_WAYS, _ANSWERS),
    *of(_BOTH_WAYS, _BALANCE),
    *_BACKSCATTER,
    *of(_TIMED, _DESTINATIONS),
)
