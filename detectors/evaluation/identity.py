"""Whether campaigns keep their identity from cut to cut, as far as a home still knows its earlier cuts."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa

from detectors.evaluation.history import History, Written
from detectors.evaluation.ranking import rounded
from detectors.evaluation.true_events import RESHAPED, TrueEvent, members_within
from graph.windows import DAY

RIGHT_SHARE = 0.5  # of the members of an event
NEAR_CUTS = 1


def identity_figures(history: History, events: Sequence[TrueEvent], rows: pa.Table) -> dict[str, Any]:
    """Give the section `identity`; `rows` are those of truth_numbers.csv. With one cut there is nothing to compare."""
    days, switches = _switches(history, events, rows)
    return {
        "cuts": len(history.cuts),
        "cuts_compared": len(history.members),
        "campaign_days": days,
        "id_switches": switches if days else None,
        "events": {kind: event_figures(history, events, rows, kind) for kind in _kinds(history, events)},
    }


def _kinds(history: History, events: Sequence[TrueEvent]) -> list[str]:
    return sorted({event.kind for event in history.events} | {event.kind for event in events})


def event_figures(history: History, events: Sequence[TrueEvent], rows: pa.Table, kind: str) -> dict[str, Any]:
    """Give how many events of a kind truly happened, were written, and match within one cut.

    What was at work before the first cut is not news: events of the first cut are not judged.
    """
    true = [event for event in events if event.kind == kind]
    written = [event for event in history.events if event.kind == kind]
    matched = _matched(history.cuts, true, written, rows)
    happened = [at for at, event in enumerate(true) if 1 <= _cut_after(history.cuts, event.at) < len(history.cuts)]
    told = [at for at, event in enumerate(written) if history.cuts[0] < event.at]
    hits = {at for _, at in matched}
    return {
        "true": len(happened),
        "written": len(told),
        "precision": _share(sum(at in hits for at in told), len(told)),
        "recall": _share(sum(at in {one for one, _ in matched} for at in happened), len(happened)),
    }


def _matched(
    cuts: Sequence[int], true: Sequence[TrueEvent], written: Sequence[Written], rows: pa.Table
) -> list[tuple[int, int]]:
    """Pair each true event, in order of time, with the first free written one that is near and right."""
    taken: dict[int, int] = {}
    for at, event in enumerate(true):
        near = _cut_after(cuts, event.at)
        for other, told in enumerate(written):
            is_near = abs(cuts.index(told.at) - near) <= NEAR_CUTS
            if is_near and other not in taken and _right(told, event, rows):
                taken[other] = at
                break
    return [(at, other) for other, at in taken.items()]


def _right(told: Written, event: TrueEvent, rows: pa.Table) -> bool:
    """Tell whether half of the written event's numbers are members, and half of the members at that time its."""
    members = members_within(rows, event.at, max(told.at, event.at + 1)).get(event.campaign, frozenset())
    both = len(members & told.numbers)
    return both > 0 and both >= RIGHT_SHARE * max(len(members), len(told.numbers))


def _cut_after(cuts: Sequence[int], at: int) -> int:
    """Give the place of the first cut that sees what happens at `at`."""
    return bisect_right(cuts, at)


def _switches(history: History, events: Sequence[TrueEvent], rows: pa.Table) -> tuple[int, int]:
    """Give the campaign-days that have one before, and those whose majority id is another than before.

    The day before of a ring that nobody reported for a while is the last on which somebody did.
    """
    last: dict[str, tuple[str, int]] = {}
    days = switches = 0
    for start, end in _days(history):
        for ring, campaign in _majority(members_within(rows, start, end), history.members[end]).items():
            if ring in last:
                days += 1
                before, since = last[ring]
                switches += before != campaign and not _reshaped(events, ring, since, end)
            last[ring] = campaign, end
    return days, switches


def _days(history: History) -> list[tuple[int, int]]:
    ends = sorted(history.members)
    return [(ends[0] - DAY, ends[0]), *pairwise(ends)] if ends else []


def _majority(rings: Mapping[str, frozenset[str]], campaign_of: Mapping[str, str]) -> dict[str, str]:
    """Give ring → the campaign that most of its reported members are in, ties to the smaller id."""
    found: dict[str, str] = {}
    for ring, numbers in sorted(rings.items()):
        counts = Counter(campaign_of[number] for number in numbers if number in campaign_of)
        if counts:
            found[ring] = min(counts, key=lambda name: (-counts[name], name))
    return found


def _reshaped(events: Sequence[TrueEvent], ring: str, since: int, until: int) -> bool:
    return any(
        event.kind in RESHAPED and since <= event.at < until and ring in {event.campaign, *event.others}
        for event in events
    )


def _share(part: int, whole: int) -> float | None:
    return rounded(part / whole) if whole else None
