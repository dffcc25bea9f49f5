"""Every feature once: name, definition, unit, tier, what it needs, and which group computes it.

The window of all is the run's. `needs` are canonical columns that some records lack; E164 stands for numbers that are
written in the numbering plan's digits. Tiers: *additive* features are sums over calls in any order, *sequence* features
look at neighbouring calls, *slow* ones at pairs and at the graph.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Tier = Literal["additive", "sequence", "slow"]
E164 = "E.164 numbers"
TIERS: tuple[Tier, ...] = ("additive", "sequence", "slow")
GROUPS = ("traffic", "reach", "rhythm", "places", "pairs", "neighbours")


@dataclass(frozen=True)
class Feature:
    """One measured property of a number."""

    name: str
    group: str
    unit: str
    tier: Tier
    definition: str
    needs: tuple[str, ...] = ()
    is_count: bool = False  # 0 where there was nothing to count; every other feature is null there

    def missing(self, recorded: Collection[str]) -> tuple[str, ...]:
        """Give those needs that are not among what the window's calls have recorded."""
        return tuple(need for need in self.needs if need not in recorded)


def _count(name: str, group: str, unit: str, tier: Tier, definition: str) -> Feature:
    return Feature(name, group, unit, tier, definition, is_count=True)


_TRAFFIC = (
    _count("attempts", "traffic", "calls", "additive", "calls made, answered or not"),
    _count("total_calls", "traffic", "calls", "additive", "attempts, under the reference prototype's name"),
    _count("answered", "traffic", "calls", "additive", "attempts that were answered"),
    Feature("asr", "traffic", "share", "additive", "answered / attempts"),
    _count("seconds", "traffic", "s", "additive", "conversation of all calls made"),
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
    _count("callees", "reach", "numbers", "additive", "different other numbers called"),
    _count("callers", "reach", "numbers", "additive", "different other numbers that called"),
    _count("received", "reach", "calls", "additive", "calls received from others"),
    Feature("fanout", "reach", "share", "additive", "callees / attempts to others (1: nobody is called twice)"),
    Feature("repeat_share", "reach", "share", "additive", "callees called more than once / callees"),
    Feature(
        "top_callee_share", "reach", "share", "additive", "attempts to the callee called most / attempts to others"
    ),
    Feature("received_asr", "reach", "share", "additive", "calls received that were answered / received"),
    Feature("received_acd", "reach", "s", "additive", "conversation received / calls received that were answered"),
    _count("received_seconds", "reach", "s", "additive", "conversation of calls received"),
    Feature("in_out_ratio", "reach", "ratio", "additive", "received / attempts to others"),
)
_RHYTHM = (
    _count("active_hours", "rhythm", "hours", "additive", "UTC hours with an attempt"),
    _count("active_days", "rhythm", "days", "additive", "local days with an attempt"),
    _count("peak_hour_attempts", "rhythm", "calls", "additive", "attempts in the busiest UTC hour"),
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
    _count(
        *("concurrent_peak", "rhythm", "calls", "sequence"),
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
_PAIRS = (
    Feature(
        *("reciprocity", "pairs", "share", "slow"),
        "callees who themselves called with a conversation over 20 s / callees",
    ),
    _count(
        *("stable_contacts", "pairs", "numbers", "slow"),
        "callees who also call, with over 10 calls and over 600 s of conversation in both directions together",
    ),
    Feature(
        *("callback_rate", "pairs", "share", "sequence"),
        "missed callees whose next call between the two is their own, within features.callback_h / missed callees",
    ),
    Feature("callback_seconds", "pairs", "s", "sequence", "mean conversation of those call-backs"),
    Feature(
        *("handoff_share", "pairs", "share", "slow"),
        "callees spoken to whose next first conversation with anyone is with another number, within "
        "features.handoff_min of the first one's start and at least features.handoff_talk_s long / callees spoken to "
        "(openers of impersonation: high)",
    ),
    Feature(
        *("handoff_in_share", "pairs", "share", "slow"),
        "callees spoken to of whom this number took over in that way / callees spoken to (closers: high)",
    ),
)
_NEIGHBOURS = (
    Feature("callee_in_degree", "neighbours", "numbers", "slow", "mean number of callers that the callees have"),
    Feature("callee_out_degree", "neighbours", "numbers", "slow", "mean number of callees that the callees have"),
    Feature(*("silent_callee_share", "neighbours", "share", "slow"), "callees who call nobody in the window / callees"),
    Feature(
        *("clustering", "neighbours", "share", "slow"),
        "pairs of contacts that call each other / pairs of contacts, whichever way the calls go; from 2 contacts on",
    ),
)
FEATURES: tuple[Feature, ...] = (*_TRAFFIC, *_REACH, *_RHYTHM, *_PLACES, *_PAIRS, *_NEIGHBOURS)
BY_NAME = {feature.name: feature for feature in FEATURES}
PROTOTYPE = (
    "avg_call_duration",
    "total_calls",
    "night_call_ratio",
    "unique_origin_regions",
    "unique_target_regions",
)


def names(group: str) -> tuple[str, ...]:
    """Give the names of a group's features in catalogue order."""
    return tuple(feature.name for feature in FEATURES if feature.group == group)


def not_computable(recorded: Collection[str]) -> dict[str, str]:
    """Give, for every feature that lacks something, what it needs: `needs ring_ms`."""
    lacking = {feature.name: feature.missing(recorded) for feature in FEATURES}
    return {name: f"needs {', '.join(needs)}" for name, needs in lacking.items() if needs}
