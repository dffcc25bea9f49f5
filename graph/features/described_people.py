"""The features that a number's dealings with others show: pairs of numbers, meetings at a callee, the graph."""

from __future__ import annotations

from graph.features.feature import LONG_WINDOW, Feature, count
from graph.features.neighbour_means import FEATURES, SIDES, STATISTICS

_PAIRS = (
    Feature(
        *("reciprocity", "pairs", "share", "slow"),
        "callees who themselves called with a conversation over 20 s / callees",
    ),
    count(
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
_OVERLAPS = (
    Feature(
        *("overlap_share", "overlaps", "share", "sequence"),
        "conversations during which the callee is in a conversation of another call made to it / conversations with "
        "others (merged with a code's announcement: high); without ringing on record they begin with the attempt",
    ),
    count(
        *("overlapped_callees", "overlaps", "numbers", "sequence"),
        "different callees of such overlapping conversations",
    ),
    Feature(
        *("refiled_share", "overlaps", "share", "sequence"),
        "attempts before or after which the next call to their callee is another number's, within features.refile_s / "
        "attempts to others (one call under two names: high)",
    ),
)
_NOVELTY = (
    Feature("age_days", "novelty", "days", "additive", "from the first record of the window to the window's end"),
    Feature(
        *("new_callee_share", "novelty", "share", "additive"),
        "callees first met in the last features.new_callee_h of the window / callees",
        (LONG_WINDOW,),
    ),
)


def _mean_of_neighbours(side: str, statistic: str, name: str) -> Feature:
    whose = "callees" if side == "callee" else "callers"
    return Feature(
        *(f"{side}_{statistic}_{name}", "neighbour means", FEATURES[name], "slow"),
        f"{STATISTICS[statistic]} `{name}` of the {whose} that have a value",
    )


_NEIGHBOUR_MEANS = tuple(
    _mean_of_neighbours(side, statistic, name) for name in FEATURES for side in SIDES for statistic in STATISTICS
)
PEOPLE: tuple[Feature, ...] = (*_PAIRS, *_NEIGHBOURS)
MORE_PEOPLE: tuple[Feature, ...] = (*_OVERLAPS, *_NOVELTY)
NEIGHBOUR_MEANS: tuple[Feature, ...] = _NEIGHBOUR_MEANS
