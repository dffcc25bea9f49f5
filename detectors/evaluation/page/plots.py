"""The plots of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from detectors.evaluation.bootstrap import Interval, interval
from detectors.evaluation.lives import Life, Span
from detectors.evaluation.page.frame import BOTTOM, TOP, Frame, Tick, axes, drawing
from detectors.evaluation.page.markup import Markup, tag
from detectors.evaluation.ranking import RECALLS, Ranking
from detectors.evaluation.resamples import Resamples
from graph.windows import DAY, Window, to_datetime

SHARES: Sequence[Tick] = tuple((at, f"{100 * at:g} %") for at in (0.0, 0.25, 0.5, 0.75, 1.0))
ROW = 24.0  # height of one row of bars
SHOWN_LIVES = 60
LABEL = 116.0  # width
LETTERS = 18  # of a label beside a bar


def precision_recall(ranking: Ranking, draws: Resamples) -> Markup:
    """Draw precision over recall with the band of its interval."""
    frame = Frame((0.0, 1.0), (0.0, 1.0))
    ends = [interval(column) or [np.nan, np.nan] for column in draws.curves.T]
    low = [(at, of[0]) for at, of in zip(RECALLS, ends, strict=True)]
    high = [(at, of[1]) for at, of in zip(RECALLS, ends, strict=True)]
    curve = zip(RECALLS, ranking.curve(), strict=True)
    return drawing(
        frame,
        "Precision over recall, with its interval",
        axes(frame, SHARES, SHARES, "recall", "precision"),
        tag("polygon", points=frame.path([*low, *reversed(high)]), class_="band"),
        tag("polyline", points=frame.path(curve), class_="curve"),
    )


def reliability_plot(bands: Sequence[Mapping[str, Any]]) -> Markup:
    """Draw the share of fraud over the mean risk of each band; on the diagonal risk would be a probability."""
    frame = Frame((0.0, 100.0), (0.0, 1.0))
    points = [(band["mean_risk"], band["fraud_share"]) for band in bands]
    places = [frame.at(*point) for point in points]
    dots = [
        tag("circle", tag("title", f"{band['fraud']} of {band['numbers']}"), cx=x, cy=y, r=4, class_="dot")
        for (x, y), band in zip(places, bands, strict=True)
    ]
    return drawing(
        frame,
        "Share of fraudulent numbers over the risk as it is stated",
        axes(frame, [(at, f"{at:g}") for at in (0.0, 25.0, 50.0, 75.0, 100.0)], SHARES, "risk", "fraudulent"),
        frame.line((0.0, 0.0), (100.0, 1.0), "ideal"),
        tag("polyline", points=frame.path(points), class_="curve"),
        *dots,
    )


def look_alike_plot(shares: Mapping[str, float | None], intervals: Mapping[str, Interval]) -> Markup:
    """Draw the share of each kind of look-alike that is alerted, with its interval."""
    ends = [end for of in intervals.values() for end in of or ()]
    most = max([0.01, *ends, *(share or 0.0 for share in shares.values())])
    frame = Frame((0.0, most), (float(len(shares)), 0.0), TOP + BOTTOM + ROW * len(shares), LABEL)
    ticks = [(at, f"{100 * at:.3g} %") for at in (0.0, most / 2, most)]
    bars = [
        part
        for row, (kind, share) in enumerate(shares.items())
        for part in (
            _bar(frame, row + 0.2, (0.0, share or 0.0), 0.6, "false", f"{kind}: {100 * (share or 0.0):.3g} %"),
            _whisker(frame, row + 0.5, intervals.get(kind)),
            _label(frame, row + 0.5, kind),
        )
    ]
    return drawing(
        frame, "Alerted share of look-alikes by kind", axes(frame, ticks, [], "alerted of the kind", ""), *bars
    )


def lives_plot(lives: Sequence[Life], window: Window) -> Markup:
    """Draw each ring's time at work, and below it the time its campaign was seen."""
    shown = lives[:SHOWN_LIVES]
    begin, end = min(life.begin for life in shown), window.end
    frame = Frame((0.0, (end - begin) / DAY), (float(len(shown)), 0.0), TOP + BOTTOM + ROW * len(shown), LABEL)
    bars = [part for row, life in enumerate(shown) for part in _life(frame, row, life, begin)]
    ticks = [(at, f"{to_datetime(int(begin + at * DAY)):%d %b}") for at in np.linspace(0, frame.x[1], 4)]
    return drawing(frame, "Campaign lives beside the truth", axes(frame, ticks, [], "day (UTC)", ""), *bars)


def _life(frame: Frame, row: int, life: Life, begin: int) -> list[Markup]:
    spans: Sequence[tuple[float, Span | None, str, str]] = (
        (0.15, life.true, "true", f"{life.name}: {life.fraud_type}, at work"),
        (0.55, life.seen, "seen" if life.true else "false", f"{life.campaign}: seen"),
    )
    bars = [
        _bar(frame, row + at, ((of[0] - begin) / DAY, (of[1] - begin) / DAY), 0.3, kind, said)
        for at, of, kind, said in spans
        if of
    ]
    return [*bars, _label(frame, row + 0.5, life.name)]


def _bar(frame: Frame, y: float, span: tuple[float, float], thick: float, kind: str, said: str) -> Markup:
    (left, top), (right, bottom) = frame.at(span[0], y), frame.at(span[1], y + thick)
    width, height = max(right - left, 1.0), bottom - top
    return tag("rect", tag("title", said), x=left, y=top, width=width, height=height, class_=f"bar {kind}")


def _whisker(frame: Frame, y: float, ends: Interval) -> Markup:
    return frame.line((ends[0], y), (ends[1], y), "whisker") if ends else Markup()


def _label(frame: Frame, y: float, name: str) -> Markup:
    short = name if len(name) <= LETTERS else f"{name[: LETTERS - 7]}…{name[-6:]}"  # ends tell names apart
    _, at = frame.at(0.0, y)
    return tag("text", tag("title", name), short, x=frame.left - 4, y=at + 4, text_anchor="end")
