"""Features of numbers by the plainest possible code: one function a feature, loops over rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import pairwise
from math import log2
from statistics import fmean

from graph.windows import DAY, HOUR, SECOND, Window
from ingest.values.number_plans import plan_entry
from tests.graph.calls import Row

Values = Mapping[str, float | None]
PREMIUM = "+449098791"
NOBODY = "+441632960"
PRICES = {"+44": 0.5, "+449098791": 3.25}


class World:
    """The rows of a world, sorted as the product sorts them."""

    def __init__(self, rows: Iterable[Row], window: Window) -> None:
        ordered = sorted(rows, key=lambda row: (row["started"], row["callee"], row["call_key"]))
        self.window = window
        self.voice = [row for row in ordered if row["kind"] == "voice"]
        self.others = [row for row in self.voice if row["caller"] != row["callee"]]
        self.sms = [row for row in ordered if row["kind"] == "sms" and row["caller"] != row["callee"]]
        self.forwards = [row for row in ordered if row["forwarded_to"] not in (None, row["callee"])]
        self.made = _by(self.voice, "caller")
        self.made_to_others = _by(self.others, "caller")
        self.received = _by(self.others, "callee")
        seen = defaultdict(list)
        for row in ordered:
            for side in ("caller", "callee") if row["kind"] != "forward" else ():
                seen[row[side]].append(row["started"])
        for row in self.forwards:
            seen[row["callee"]].append(row["started"])
            seen[row["forwarded_to"]].append(row["started"])
        self.seen = seen

    def values(self, name: str) -> dict[str, float | None]:
        """One feature of every number."""
        return {number: PLAIN[name](self, number) for number in self.seen}


def _by(rows: Iterable[Row], side: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row[side]].append(row)
    return found


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _known(world: World, number: str, column: str) -> list[str]:
    return [row[column] for row in world.made[number] if row[column] is not None]


def _kinds(column: str) -> Callable[[World, str], float | None]:
    return lambda world, number: len(set(_known(world, number, column))) or None


def _entropy(column: str) -> Callable[[World, str], float | None]:
    def entropy(world: World, number: str) -> float | None:
        counts = Counter(_known(world, number, column))
        total = counts.total()
        return -sum(c / total * log2(c / total) for c in counts.values()) if counts else None

    return entropy


def _top(column: str) -> Callable[[World, str], float | None]:
    def top(world: World, number: str) -> float | None:
        counts = Counter(_known(world, number, column))
        return max(counts.values()) / counts.total() if counts else None

    return top


def _most(mine: str, counted: str) -> Callable[[World, str], float | None]:
    """Over the values of `mine` that the number used: the most different `counted` that anybody used with one."""

    def most(world: World, number: str) -> float | None:
        together: defaultdict[str, set[Hashable]] = defaultdict(set)
        for row in world.voice:
            if row[mine] is not None and row[counted] is not None:
                together[row[mine]].add(row[counted])
        return max((len(together[value]) for value in _known(world, number, mine)), default=0) or None

    return most


def _changed(world: World, number: str, column: str) -> list[int]:
    known = [row for row in world.made[number] if row[column] is not None]
    known.sort(key=lambda row: (row["started"], row[column]))
    return [after["started"] for before, after in pairwise(known) if before[column] != after[column]]


def _changes(column: str) -> Callable[[World, str], float | None]:
    return lambda world, number: len(_changed(world, number, column)) if _known(world, number, column) else None


def _change_hours(column: str) -> Callable[[World, str], float | None]:
    def hours(world: World, number: str) -> float | None:
        at = _changed(world, number, column)
        return (world.window.end - at[-1]) / HOUR if at else None

    return hours


def _sent(world: World, number: str) -> list[Row]:
    return [row for row in world.sms if row["caller"] == number]


def _recipients(world: World, number: str) -> set[str]:
    return {row["callee"] for row in _sent(world, number)}


def _peak_hour_recipients(world: World, number: str) -> float:
    hours = defaultdict(set)
    for row in _sent(world, number):
        hours[row["started"] // HOUR].add(row["callee"])
    return max(map(len, hours.values()), default=0)


def _reply_share(world: World, number: str) -> float | None:
    recipients = _recipients(world, number)
    return _ratio(sum(number in _recipients(world, other) for other in recipients), len(recipients))


def _forwarded_in_share(world: World, number: str) -> float | None:
    came = sum(row["forwarded_to"] == number for row in world.forwards)
    return _ratio(came, came + len(world.received[number]))


def _new_callee_share(world: World, number: str) -> float | None:
    first: dict[str, int] = {}
    for row in world.made_to_others[number]:
        first.setdefault(row["callee"], row["started"])
    return _ratio(sum(at >= world.window.end - DAY for at in first.values()), len(first))


def _instant(rows: Iterable[Row], short: bool = False) -> float | None:
    rung = [row for row in rows if row["answered"] and row["ring_ms"] is not None]
    instant = [row for row in rung if row["ring_ms"] <= 1000 and not (short and row["talk_ms"] > 6000)]
    return _ratio(len(instant), len(rung))


def _talk(rows: Iterable[Row]) -> int:
    return sum(row["talk_ms"] for row in rows)


def _uncalled_caller_share(world: World, number: str) -> float | None:
    callers = {row["caller"] for row in world.received[number]}
    called = {row["callee"] for row in world.made_to_others[number]}
    return _ratio(len(callers - called), len(callers))


def _span(row: Row) -> tuple[int, int]:
    begin = row["started"] + (row["ring_ms"] or 0) * 1000
    return begin, begin + row["talk_ms"] * 1000


def _overlapping(world: World, number: str) -> tuple[list[Row], list[Row]]:
    held = [row for row in world.made_to_others[number] if row["talk_ms"]]
    met = []
    for row in held:
        begin, end = _span(row)
        spans = [_span(other) for other in world.received[row["callee"]] if other is not row and other["talk_ms"]]
        if any(a < end and begin < b for a, b in spans):
            met.append(row)
    return met, held


def _refiled_share(world: World, number: str) -> float | None:
    mine = world.made_to_others[number]
    refiled = 0
    for row in mine:
        at_callee = sorted(world.received[row["callee"]], key=lambda other: (other["started"], other["caller"]))
        at = next(i for i, other in enumerate(at_callee) if other is row)
        near = at_callee[max(at - 1, 0) : at] + at_callee[at + 1 : at + 2]
        refiled += any(
            other["caller"] != number and abs(other["started"] - row["started"]) <= 10 * SECOND for other in near
        )
    return _ratio(refiled, len(mine))


def _written(number: str) -> bool:
    return number.startswith("+")


def _unallocated_share(world: World, number: str) -> float | None:
    callees = {row["callee"] for row in world.made_to_others[number] if _written(row["callee"])}
    none = [callee for callee in callees if callee.startswith(NOBODY) or plan_entry(callee).line_type is None]
    return _ratio(len(none), len(callees))


def _is_hot(number: str) -> bool:
    return number.startswith("+979") or plan_entry(number).line_type in ("premium_rate", "shared_cost")


def _high_risk_share(world: World, number: str) -> float | None:
    written = [row for row in world.made_to_others[number] if _written(row["callee"])]
    return _ratio(sum(_is_hot(row["callee"]) for row in written), len(written))


def _price(number: str) -> float:
    return max(((len(key), price) for key, price in PRICES.items() if number.startswith(key)), default=(0, 0.0))[1]


def _cost_rate(world: World, number: str) -> float | None:
    cost = sum(_price(row["callee"]) * row["talk_ms"] / 60_000 for row in world.made_to_others[number])
    return _ratio(cost, len({row["started"] // HOUR for row in world.made[number]}))


def _hot_range_peak(world: World, number: str) -> float:
    held = [row for row in world.made_to_others[number] if _is_hot(row["callee"])]
    spans = [
        (row["callee"][:-3], row["started"], row["started"] + ((row["ring_ms"] or 0) + row["talk_ms"]) * 1000)
        for row in held
    ]
    return max(
        (sum(b == block and x <= at < y for b, x, y in spans) for block, at, end in spans if at < end), default=0
    )


def _of_neighbours(
    name: str, side: str, statistic: Callable[[list[float]], float]
) -> Callable[[World, str], float | None]:
    def value(world: World, number: str) -> float | None:
        rows = world.made_to_others[number] if side == "callee" else world.received[number]
        known = [v for v in (BASE[name](world, other) for other in {row[side] for row in rows}) if v is not None]
        return statistic(known) if known else None

    return value


def _night_share(world: World, number: str) -> float | None:
    made = world.made[number]
    return _ratio(sum(not 6 <= row["started"] // HOUR % 24 < 22 for row in made), len(made))


BASE: dict[str, Callable[[World, str], float | None]] = {
    "attempts": lambda w, n: len(w.made[n]),
    "asr": lambda w, n: _ratio(sum(r["answered"] for r in w.made[n]), len(w.made[n])),
    "acd": lambda w, n: _ratio(
        _talk(r for r in w.made[n] if r["answered"]) / 1000, sum(r["answered"] for r in w.made[n])
    ),
    "fanout": lambda w, n: _ratio(len({r["callee"] for r in w.made_to_others[n]}), len(w.made_to_others[n])),
    "night_share": _night_share,
}
PLAIN: dict[str, Callable[[World, str], float | None]] = {
    "instant_answer_share": lambda w, n: _instant(w.made[n]),
    "instant_short_share": lambda w, n: _instant(w.made[n], short=True),
    "received_instant_share": lambda w, n: _instant(w.received[n]),
    "in_out_seconds_ratio": lambda w, n: _ratio(_talk(w.received[n]), _talk(w.made_to_others[n])),
    "uncalled_caller_share": _uncalled_caller_share,
    "unallocated_share": _unallocated_share,
    "high_risk_share": _high_risk_share,
    "cost_rate": _cost_rate,
    "hot_range_peak": _hot_range_peak,
    "overlap_share": lambda w, n: _ratio(*map(len, _overlapping(w, n))),
    "overlapped_callees": lambda w, n: len({row["callee"] for row in _overlapping(w, n)[0]}),
    "refiled_share": _refiled_share,
    "age_days": lambda w, n: (w.window.end - min(w.seen[n])) / DAY,
    "new_callee_share": _new_callee_share,
    "devices": _kinds("imei"),
    "sims": _kinds("imsi"),
    "imei_per_sim": _most("imsi", "imei"),
    "sims_per_imei": _most("imei", "imsi"),
    "numbers_per_imei": _most("imei", "caller"),
    "device_changes": _changes("imei"),
    "sim_changes": _changes("imsi"),
    "device_change_hours": _change_hours("imei"),
    "sim_change_hours": _change_hours("imsi"),
    "cells": _kinds("cell"),
    "cell_entropy": _entropy("cell"),
    "top_cell_share": _top("cell"),
    "trunks_in": _kinds("trunk_in"),
    "trunks_out": _kinds("trunk_out"),
    "trunk_entropy": _entropy("trunk_in"),
    "top_trunk_share": _top("trunk_in"),
    "sms_sent": lambda w, n: len(_sent(w, n)),
    "sms_recipients": lambda w, n: len(_recipients(w, n)),
    "sms_peak_hour_recipients": _peak_hour_recipients,
    "sms_reply_share": _reply_share,
    "sms_share": lambda w, n: _ratio(len(_sent(w, n)), len(_sent(w, n)) + len(w.made[n])),
    "forward_targets": lambda w, n: len({r["forwarded_to"] for r in w.forwards if r["callee"] == n}),
    "forwarded_calls": lambda w, n: sum(r["callee"] == n for r in w.forwards),
    "forward_sources": lambda w, n: len({r["callee"] for r in w.forwards if r["forwarded_to"] == n}),
    "forwarded_in_share": _forwarded_in_share,
}
for _name in BASE:
    for _side in ("callee", "caller"):
        PLAIN[f"{_side}_mean_{_name}"] = _of_neighbours(_name, _side, fmean)
        PLAIN[f"{_side}_max_{_name}"] = _of_neighbours(_name, _side, max)
