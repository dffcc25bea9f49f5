"""Facts in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph.features.catalogue import BY_NAME
from graph.windows import Window, to_datetime

SHARED_VICTIMS = "shared_victims"
_ABBREVIATIONS = ("asr", "acd")


@dataclass(frozen=True)
class Measured:
    """A feature of one number beside what is typical of its peers (NaN: not known)."""

    feature: str
    value: float
    typical: float
    contribution: float  # 0..1, share of the explanation


def unit_of(feature: str) -> str:
    """Give the unit of a feature, or of the fact that ties a number to a ring."""
    return "numbers" if feature == SHARED_VICTIMS else BY_NAME[feature].unit


def sentence(measured: Measured, window: Window) -> str:
    """Give a fact as a sentence with value, unit and window."""
    span = f"in the {window.days:g} days to {to_datetime(window.end):%Y-%m-%d %H:%M} UTC"
    if measured.feature == SHARED_VICTIMS:
        return f"{measured.value:,.0f} of the numbers it rang were also rung by others of its ring {span}."
    known = BY_NAME[measured.feature]
    value, typical = spoken(measured.value, known.unit), spoken(measured.typical, known.unit)
    ordinary = "" if np.isnan(measured.typical) else f"; typical of its peers: {typical}"
    return f"{_words(measured.feature)}: {value} {span}{ordinary} ({known.definition})."


def spoken(value: float, unit: str) -> str:
    """Give a value as people say it: shares in per cent, the rest with its unit."""
    if unit == "share":
        return f"{100 * value:.3g} %"
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return number if unit == "ratio" else f"{number} {unit}"


def _words(feature: str) -> str:
    words = feature.replace("_", " ")
    return words.upper() if feature in _ABBREVIATIONS else words.capitalize()
