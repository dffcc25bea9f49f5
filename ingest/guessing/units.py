"""In which unit a column counts lengths of time: by its spelling, its name, its size."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.guessing.table import filled
from ingest.guessing.values import held, is_clock, is_go, is_seconds
from ingest.values.durations import Unit

_ENOUGH = 0.8
_WORDS: tuple[tuple[Unit, str], ...] = (
    ("ms", r"(^|[^a-z])(ms|msec|msecs|millis|milliseconds?)($|[^a-z])|msec|millis|_ms|(duration|dur|time)ms$"),
    ("us", r"(^|[^a-z])(us|usec|micros)($|[^a-z])|usec|micros|(duration|dur)us$"),
    ("s", r"(^|[^a-z])(s|sec|secs|seconds?)($|[^a-z])|sec(s|onds)?$|sec\b"),
)


def guess_unit(name: str, texts: Sequence[str]) -> tuple[Unit, bool, str]:
    """Give (unit, whether it is sure, why) by a column's name and values."""
    if held(texts, is_clock) >= _ENOUGH:
        return "clock", True, "written as 0:01:30"
    if held(texts, is_go) >= _ENOUGH and held(texts, is_seconds) < _ENOUGH:
        return "go", True, "written as 1m30s"
    called = next((unit for unit, pattern in _WORDS if re.search(pattern, name)), None)
    numbers = [float(text) for text in filled(texts) if is_seconds(text)]
    positive = sorted(number for number in numbers if number > 0)
    middle, most = (positive[len(positive) // 2], positive[-1]) if positive else (0.0, 0.0)
    if called is not None and not (called == "s" and most > 86_400):
        return called, True, "the column's name"
    return _by_size(middle, most, any("." in text for text in texts))


def _by_size(middle: float, most: float, decimals: bool) -> tuple[Unit, bool, str]:
    if most > 86_400:
        return (
            ("ms", True, "longer than a day in seconds") if most < 86_400_000 else ("us", False, "far too long for ms")
        )
    if decimals or middle <= 900:
        return "s", True, f"half of the calls are no longer than {middle:g}"
    return "s", False, f"half of the calls are longer than {middle:g}: seconds or milliseconds?"
