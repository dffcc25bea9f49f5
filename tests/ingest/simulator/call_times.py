"""Statistics of call times: burstiness, trains, persistence, durations."""

from __future__ import annotations

import numpy as np
from scipy import stats

from ingest.simulator.calls import Calls
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import DAY, MINUTE

WEEK_BINS = 7 * 24 * 4  # quarters of an hour


class Sequences:
    """The calls of every caller in order of time, for callers of at least `least` calls."""

    def __init__(self, caller: IntArray, started: IntArray, least: int) -> None:
        order = np.lexsort((started, caller))
        caller, started = caller[order], started[order]
        begin = np.flatnonzero(np.concatenate(([True], caller[1:] != caller[:-1])))
        pieces = np.split(started, begin[1:])
        self.gaps = [np.diff(piece).astype(np.float64) for piece in pieces if len(piece) >= least]

    def burstiness(self) -> float:
        """Median over callers of B, for few events (Kim and Jo, Physical Review E 2016)."""
        return float(np.median([_burstiness(gaps) for gaps in self.gaps]))

    def memory(self) -> float:
        """Median over callers of M, the correlation of a wait with the next one (Goh and Barabási 2008)."""
        return float(np.median([np.corrcoef(gaps[:-1], gaps[1:])[0, 1] for gaps in self.gaps]))

    def weibull_share(self) -> float:
        """Share of the callers whose waits a Weibull distribution fits better than a power law, by likelihood."""
        return float(np.mean([_is_weibull(gaps) for gaps in self.gaps]))


def _burstiness(gaps: FloatArray) -> float:
    n, r = len(gaps), gaps.std() / gaps.mean()
    return float((np.sqrt(n + 1) * r - np.sqrt(n - 1)) / ((np.sqrt(n + 1) - 2) * r + np.sqrt(n - 1)))


def _is_weibull(gaps: FloatArray) -> bool:
    waits = np.maximum(gaps, 1_000.0) / 1_000
    logs = np.log(waits / waits.min())
    exponent = 1 + len(logs) / logs.sum()
    power_law = (np.log((exponent - 1) / waits.min()) - exponent * logs).sum()
    shape = np.pi / np.sqrt(6) / logs.std()
    scale = np.mean(waits**shape) ** (1 / shape)
    return bool(stats.weibull_min.logpdf(waits, shape, scale=scale).sum() > power_law)


def without_rhythm(started: IntArray) -> IntArray:
    """Stretch time so that all callers together call evenly over the week (Jo et al., New J. Physics 2012), in ms."""
    week = 7 * DAY
    place = (started % week) * WEEK_BINS // week
    rate = np.bincount(place, minlength=WEEK_BINS) / len(started) * WEEK_BINS
    passed = np.concatenate(([0.0], np.cumsum(rate))) * week / WEEK_BINS
    inside = started % week * WEEK_BINS / week - place
    return (started // week * week + passed[place] + inside * rate[place] * week / WEEK_BINS).astype(np.int64)


def one_partner_share(calls: Calls, gap_ms: int = 10 * MINUTE) -> float:
    """Share of the trains of a number's calls, made and received, that are with one partner only.

    A train is two or more calls with at most `gap_ms` between the beginnings.
    """
    train, partner = _trains(calls, gap_ms)
    length = np.bincount(train)
    same = np.concatenate(([True], (partner[1:] == partner[:-1]) | (train[1:] != train[:-1])))
    changed = np.bincount(train, weights=~same)
    return float((changed[length > 1] == 0).mean())


def _trains(calls: Calls, gap_ms: int) -> tuple[IntArray, IntArray]:
    """Give the train of every event of every number, and the partner; by number and time."""
    ego = np.concatenate((calls.caller, calls.callee))
    partner = np.concatenate((calls.callee, calls.caller))
    at = np.concatenate((calls.started, calls.started))
    order = np.lexsort((at, ego))
    ego, partner, at = ego[order], partner[order], at[order]
    fresh = np.concatenate(([True], (ego[1:] != ego[:-1]) | (np.diff(at) > gap_ms)))
    return np.cumsum(fresh) - 1, partner


def imbalance_within_trains(calls: Calls, gap_ms: int, least: int = 4) -> float:
    """Give how one-sided trains between two numbers are, over how one-sided these links are altogether.

    One-sidedness is |there − back| / all, over trains of at least `least` calls or texts.
    """
    low, high = np.minimum(calls.caller, calls.callee), np.maximum(calls.caller, calls.callee)
    order = np.lexsort((calls.started, high, low))
    low, high, at = low[order], high[order], calls.started[order]
    sign = np.where(calls.caller[order] == low, 1, -1)
    other = np.concatenate(([True], (low[1:] != low[:-1]) | (high[1:] != high[:-1])))
    link = np.cumsum(other) - 1
    train = np.cumsum(other | np.concatenate(([True], np.diff(at) > gap_ms))) - 1
    length = np.bincount(train)
    inside = np.abs(np.bincount(train, weights=sign)) / length
    of_link = (np.abs(np.bincount(link, weights=sign)) / np.bincount(link))[
        link[np.unique(train, return_index=True)[1]]
    ]
    long = length >= least
    return float(inside[long].mean() / of_link[long].mean())


def mutual_seen_again(calls: Calls, begin: int, days: int) -> float:
    """Give how much likelier mutual pairs of the first `days` call again in the next than one-way ones."""
    early = calls.where(calls.started < begin + days * DAY)
    late = calls.where((calls.started >= begin + days * DAY) & (calls.started < begin + 2 * days * DAY))
    pairs, again = _directed(early), _pairs(late)
    back = np.isin((pairs & 0xFFFFFFFF) << 32 | pairs >> 32, pairs)
    kept = np.isin(_undirected(pairs), again)
    return float(kept[back].mean() / kept[~back].mean())


def _directed(calls: Calls) -> IntArray:
    pairs: IntArray = np.unique(calls.caller << 32 | calls.callee)
    return pairs


def _undirected(pairs: IntArray) -> IntArray:
    a, b = pairs >> 32, pairs & 0xFFFFFFFF
    sorted_ends: IntArray = np.minimum(a, b) << 32 | np.maximum(a, b)
    return sorted_ends


def _pairs(calls: Calls) -> IntArray:
    pairs: IntArray = np.unique(_undirected(calls.caller << 32 | calls.callee))
    return pairs


def partners_within(calls: Calls, begin: int, days: int) -> float:
    """Mean number of partners, made or received, of a number that has any within the first `days`."""
    pairs = _pairs(calls.where(calls.started < begin + days * DAY))
    ends = np.concatenate((pairs >> 32, pairs & 0xFFFFFFFF))
    return float(len(ends) / len(np.unique(ends)))


def weight_of_first_links(calls: Calls, begin: int) -> float:
    """Give how many calls the pairs that call on the first day have in all, over the mean of all pairs."""
    pairs, weight = np.unique(_undirected(calls.caller << 32 | calls.callee), return_counts=True)
    early = _pairs(calls.where(calls.started < begin + DAY))
    return float(weight[np.isin(pairs, early)].mean() / weight.mean())


def log_logistic_gain(calls: Calls, callers: int = 40) -> float:
    """Give how much better a log-logistic distribution fits the durations of the busiest callers than two others.

    Each caller has a fit of its own; natural logarithm of the likelihood for each call, above the better one of the
    log-normal and the exponential distribution.
    """
    answered = calls.where(calls.answered)
    busiest = np.argsort(np.bincount(answered.caller))[-callers:]
    talks = [answered.talk_ms[answered.caller == row] / 1_000 for row in busiest]
    log_logistic, log_normal, exponential = (sum(fits) for fits in zip(*map(_likelihoods, talks), strict=True))
    return float((log_logistic - max(log_normal, exponential)) / sum(map(len, talks)))


def _likelihoods(seconds: FloatArray) -> tuple[float, float, float]:
    logs = np.log(seconds)
    log_logistic = stats.logistic.logpdf(logs, *stats.logistic.fit(logs)).sum()
    log_normal = stats.norm.logpdf(logs, logs.mean(), logs.std()).sum()
    exponential = stats.expon.logpdf(seconds, 0, seconds.mean()).sum() + logs.sum()
    return log_logistic, log_normal, exponential
