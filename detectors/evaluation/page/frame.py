"""A plot's area: from values to places, with ticks and labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detectors.evaluation.page.markup import Markup, tag

WIDTH = 360.0  # of the drawing; narrow, so that its letters stay readable on a phone
LEFT, RIGHT, TOP, BOTTOM = 40.0, 24.0, 18.0, 36.0
Tick = tuple[float, str]


@dataclass(frozen=True)
class Frame:
    """The area of a plot over values of x and y."""

    x: tuple[float, float]
    y: tuple[float, float]
    height: float = 240.0
    left: float = LEFT

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Give the place of a value."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * (WIDTH - self.left - RIGHT), self.height - BOTTOM - up * self.inner_height

    @property
    def inner_height(self) -> float:
        """Height of the area without labels."""
        return self.height - TOP - BOTTOM

    def path(self, points: Iterable[tuple[float, float]]) -> str:
        """Give places of values as SVG writes them."""
        return " ".join(f"{x:.2f},{y:.2f}" for x, y in (self.at(*point) for point in points))

    def line(self, one: tuple[float, float], other: tuple[float, float], class_: str) -> Markup:
        """Draw a line between two values."""
        (x1, y1), (x2, y2) = self.at(*one), self.at(*other)
        return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def drawing(frame: Frame, title: str, *parts: Markup) -> Markup:
    """Give a drawing that scales with the page."""
    return tag("svg", *parts, viewBox=f"0 0 {WIDTH:g} {frame.height:g}", role="img", aria_label=title)


def axes(frame: Frame, x: Sequence[Tick], y: Sequence[Tick], x_label: str, y_label: str) -> Markup:
    """Give grid lines with their values, and what the axes mean."""
    down = [frame.line((value, frame.y[0]), (value, frame.y[1]), "grid") for value, _ in x]
    across = [frame.line((frame.x[0], value), (frame.x[1], value), "grid") for value, _ in y]
    below = [_below(frame, tick) for tick in x]
    beside = [_beside(frame, tick) for tick in y]
    middle = frame.left + (WIDTH - frame.left - RIGHT) / 2
    names = [
        tag("text", x_label, x=middle, y=frame.height - 4, text_anchor="middle"),
        tag("text", y_label, x=frame.left, y=TOP - 6, class_="name"),
    ]
    return tag("g", *down, *across, *below, *beside, *names)


def _below(frame: Frame, tick: Tick) -> Markup:
    x, y = frame.at(tick[0], frame.y[0])
    return tag("text", tick[1], x=x, y=y + 14, text_anchor="middle")


def _beside(frame: Frame, tick: Tick) -> Markup:
    x, y = frame.at(frame.x[0], tick[0])
    return tag("text", tick[1], x=x - 4, y=y + 4, text_anchor="end")
