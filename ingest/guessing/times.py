"""How times are written: the formats that read a sample's texts, and which of them are certain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingest.guessing.table import filled
from ingest.values.arrow import Bools
from ingest.values.timestamps import EPOCHS, ISO_8601, LayoutError, Times, parse

_MOST_TEXTS = 5_000
_LEAST_VALID = 0.5  # of the texts, or they are no times
_ENOUGH = 0.8  # of them, and they are without doubt
_FROM_US, _TO_US = 946_684_800_000_000, 4_102_444_800_000_000  # the years 2000 to 2099
_EPOCH_FROM_US, _EPOCH_TO_US = 1_000_000_000_000_000, 2_000_000_000_000_000  # 2001 to 2033: ten digits of seconds
_DATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\d{4}([-/.])\d\d\1\d\d", ("%Y{0}%m{0}%d",)),
    (r"\d\d([-/.])\d\d\1\d{4}", ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y")),
    (r"\d\d([-/.])\d\d\1\d\d(?!\d)", ("%d{0}%m{0}%y", "%m{0}%d{0}%y", "%y{0}%m{0}%d")),
    (r"\d\d([-/. ]?)[A-Za-z]{3}\1\d{4}", ("%d{0}%b{0}%Y",)),
    (r"\d\d([-/. ]?)[A-Za-z]{3}\1\d\d(?!\d)", ("%d{0}%b{0}%y",)),
    (r"\d{4}([-/. ])[A-Za-z]{3}\1\d\d", ("%Y{0}%b{0}%d",)),
    (r"[A-Za-z]{3} \d\d(,?) \d{4}", ("%b %d{0} %Y",)),
    (r"\d{8}()(?!\d)", ("%Y%m%d", "%d%m%Y", "%m%d%Y")),
    (r"\d{6}()(?!\d)", ("%y%m%d", "%d%m%y", "%m%d%y")),
    (r"\d{8}()(?=\d{4}(\d\d)?(?!\d))", ("%Y%m%d", "%d%m%Y", "%m%d%Y")),
    (r"\d{6}()(?=\d{6}(?!\d))", ("%y%m%d", "%d%m%y", "%m%d%y")),
)
_CLOCKS: tuple[tuple[str, str], ...] = (
    (r"\d\d:\d\d:\d\d([.,])\d{1,9}", "%H:%M:%S{0}%f"),
    (r"\d\d([:.])\d\d\1\d\d", "%H{0}%M{0}%S"),
    (r"\d\d([:.])\d\d", "%H{0}%M"),
    (r"\d{6}()", "%H%M%S"),
    (r"\d{4}()", "%H%M"),
)
_TAIL = re.compile(r"( ?)(?:([+-]\d\d(?::?\d\d)?)|(Z))?")


@dataclass(frozen=True)
class TimeGuess:
    """A format that reads times; `others` read them as well, and mean something else."""

    format: str
    valid: float  # share of the texts that it reads
    aware: bool  # the texts say their offset, or are counts since 1970
    evidence: str
    others: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether most texts are read, and by no other format."""
        return not self.others and self.valid >= _ENOUGH


def guess_time(texts: Sequence[str]) -> TimeGuess | None:
    """Give the format of a column of times, None where it holds something else."""
    given = filled(texts)[:_MOST_TEXTS]
    if not given:
        return None
    column = pa.array(given, pa.string())
    read = {format_: times for format_ in dict.fromkeys(_candidates(given)) if (times := _read(column, format_))}
    valid = {format_: _plausible(times, format_) for format_, times in read.items()}
    fitting = {format_: good for format_, good in valid.items() if good.mean() >= _LEAST_VALID}
    if not fitting:
        return None
    best = max(fitting, key=lambda format_: int(fitting[format_].sum()))  # the first of those that are equal
    others = tuple(
        f for f, good in fitting.items() if f != best and _disagree(f, best) and (good & fitting[best]).any()
    )
    rivals = tuple(f for f in others if _undecided(fitting[best], fitting[f]))
    evidence = _evidence(fitting[best], rivals, others)
    return TimeGuess(best, float(fitting[best].mean()), bool(read[best].aware.all()), evidence, rivals)


def is_time(text: str) -> bool:
    """Whether a text is a whole time or a date."""
    return guess_time([text]) is not None or is_date([text])


def is_date(texts: Sequence[str]) -> bool:
    """Whether texts are dates without a time of day."""
    given = filled(texts)[:_MOST_TEXTS]
    dated = any(re.fullmatch(pattern, given[0]) for pattern, _ in _DATES) if given else False
    return dated and guess_time([f"{text} 12:00:00" for text in given]) is not None


def is_clock_time(texts: Sequence[str]) -> bool:
    """Whether texts are times of day without a date."""
    given = filled(texts)[:_MOST_TEXTS]
    timed = any(re.fullmatch(pattern, given[0]) for pattern, _ in _CLOCKS) if given else False
    return timed and guess_time([f"2020-01-01 {text}" for text in given]) is not None


def read_times(texts: Sequence[str], format_: str) -> Times:
    """Read texts in a format that was found before."""
    return parse(pa.array([text.strip(" ") for text in texts], pa.string()), (format_,))


def _candidates(given: Sequence[str]) -> Iterator[str]:
    """Give the formats that the most common spelling of the texts may be."""
    shapes = Counter(re.sub(r"[A-Za-z]", "a", re.sub(r"\d", "9", text)) for text in given)
    shape = max(shapes.items(), key=lambda pair: (pair[1], pair[0]))[0]
    example = next(t for t in given if re.sub(r"[A-Za-z]", "a", re.sub(r"\d", "9", t)) == shape)
    yield ISO_8601
    yield from EPOCHS
    for pattern, dates in _DATES:
        found = re.match(pattern, example)
        if found:
            rest = _rest(example[found.end() :])
            yield from (date.format(found[1]) + rest for date in dates if rest is not None)


def _rest(text: str) -> str | None:
    """Give the layout of what follows a date: what stands between, a time of day, an offset."""
    between = re.match(r"(, |[ T_:,;/-]?)", text)
    assert between is not None, "it may be empty"
    for pattern, layout in _CLOCKS:
        clock = re.match(pattern, text[between.end() :])
        if clock is None:
            continue
        tail = _TAIL.fullmatch(text[between.end() + clock.end() :])
        if tail is not None:
            return between[0] + layout.format(clock[1]) + tail[1] + ("%z" if tail[2] or tail[3] else "")
    return None


def _read(column: pa.Array, format_: str) -> Times | None:
    try:
        return parse(column, (format_,))
    except LayoutError:
        return None


def _plausible(times: Times, format_: str) -> Bools:
    begin, end = (_EPOCH_FROM_US, _EPOCH_TO_US) if format_ in EPOCHS else (_FROM_US, _TO_US)
    good: Bools = times.valid & (times.us >= begin) & (times.us < end)
    return good


def _disagree(one: str, other: str) -> bool:
    """Whether two formats that read the same text read different times: parts in another order."""
    return ISO_8601 not in (one, other) and re.findall("%[a-zA-Z]", one) != re.findall("%[a-zA-Z]", other)


def _undecided(best: Bools, other: Bools) -> bool:
    """Whether no text is read by the one format only, or each reads some that the other does not."""
    return not (best & ~other).any() or bool((other & ~best).any())


def _evidence(good: Bools, rivals: Sequence[str], others: Sequence[str]) -> str:
    read = f"reads {int(np.count_nonzero(good)):,} of {len(good):,} times"
    if rivals:
        return f"{read}; so does {' and '.join(rivals)}, and no value tells which"
    return f"{read}; {' and '.join(others)} reads fewer" if others else read
