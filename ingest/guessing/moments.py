"""When calls begin: the columns of times, in which format they are, and which of them is the start."""

from __future__ import annotations

import numpy as np

from ingest.guessing.draft import Draft, checked
from ingest.guessing.guess import GuessError
from ingest.guessing.table import share
from ingest.guessing.times import TimeGuess, guess_time, is_clock_time, is_date, read_times
from ingest.mapping.source_fields import known_layout
from ingest.values.arrow import Bools, Int64

_ENOUGH = 0.8
_ROLES = {"started": "start", "answer_at": "answer", "end_at": "end"}


def choose_start(draft: Draft) -> TimeGuess | None:
    """Find the column of the start, and the columns of answer and end where there are such; None without a start."""
    times = _columns_of_times(draft)
    sources = _said(draft) or _named(draft, times) or _pair(draft) or _first(draft, times) or ()
    _remember(draft, times, sources)
    if not sources:
        draft.say("started", "", False, "no column holds times in a format that is known", "started")
        return None
    texts = _joined(draft, sources)
    guess = _format(draft, texts)
    if guess is None:
        draft.fields.pop("started", None)
        return None
    keys = {"join": " "} if len(sources) > 1 else {}
    draft.map("started", *sources, **keys, format=guess.format)
    return guess


def _columns_of_times(draft: Draft) -> dict[str, TimeGuess]:
    found = {name: guess_time(draft.texts(name)) for name in draft.free()}
    named = {name for role in ("started", "clock", "answer_at", "end_at") for name, _ in draft.named(role)}
    return {name: guess for name, guess in found.items() if guess and (guess.valid >= _ENOUGH or name in named)}


def _said(draft: Draft) -> tuple[str, ...]:
    wish = draft.wishes.started
    if wish is None:
        return ()
    try:
        sources: tuple[str, ...] = (draft.column(wish, "started"),)
    except GuessError:
        if "+" not in wish:
            raise
        sources = tuple(draft.column(part, "started") for part in wish.split("+"))
    draft.say("started", " + ".join(sources), True, "as you said", "started")
    return sources


def _named(draft: Draft, times: dict[str, TimeGuess]) -> tuple[str, ...]:
    """Give the whole time that is called as a start is; of several the earliest."""
    named = [(name, fits) for name, fits in draft.named("started") if name in times]
    if not named:
        named = [(name, fits) for name, fits in draft.named("clock") if name in times]
    best = [name for name, fits in named if fits == named[0][1]]
    if not best:
        return ()
    name = best[0] if len(best) == 1 else _earliest(draft, {name: times[name] for name in best}) or best[0]
    sure = len(best) == 1 or _earliest(draft, {other: times[other] for other in best}) is not None
    others = [other for other in best if other != name]
    evidence = "the column's name"
    if others:
        evidence += f"; so is {', '.join(others)}, " + ("which is never earlier" if sure else "earlier in some rows")
    draft.say("started", name, sure, evidence, "started", others)
    return (name,)


def _pair(draft: Draft) -> tuple[str, ...]:
    """Give a column of dates and one of times of day."""
    dates = [name for name in draft.free() if is_date(draft.texts(name))]
    clocks = [name for name in draft.free() if name not in dates and is_clock_time(draft.texts(name))]
    if not dates or not clocks:
        return ()
    day = _best_of(draft, dates, ("day", "started"))
    clock = _best_of(draft, _after(draft, day, clocks) or clocks, ("clock", "started"))
    called = {name for role in ("day", "clock", "started") for name, _ in draft.named(role)}
    sure = {day, clock} <= called or (len(dates) == 1 and _after(draft, day, clocks)[:1] == [clock])
    draft.say("started", f"{day} + {clock}", sure, "a column of dates and one of times of day", "started", clocks[1:])
    return (day, clock)


def _best_of(draft: Draft, names: list[str], roles: tuple[str, ...]) -> str:
    called = [name for role in roles for name, _ in draft.named(role) if name in names]
    return next(iter(called), names[0])


def _after(draft: Draft, day: str, clocks: list[str]) -> list[str]:
    columns = list(draft.table.columns)
    return [name for name in clocks if columns.index(name) == columns.index(day) + 1]


def _first(draft: Draft, times: dict[str, TimeGuess]) -> tuple[str, ...]:
    """Give the time that is never later than another, where no name tells."""
    ends = {name for role in ("answer_at", "end_at") for name, _ in draft.named(role)}
    usable = {name: guess for name, guess in times.items() if name not in ends} or times
    if not usable:
        return ()
    earliest = _earliest(draft, usable)
    name = earliest or next(iter(usable))
    others = [other for other in usable if other != name]
    evidence = "the only column of times" if not others else "never empty, and never later than the other times"
    if earliest is None:
        evidence = "the first of the columns of times; none of them is always the earliest"
    if name in ends:
        evidence += "; its name says answer or end, not start"
    draft.say("started", name, earliest is not None and name not in ends, evidence, "started", others)
    return (name,)


def _earliest(draft: Draft, times: dict[str, TimeGuess]) -> str | None:
    """Give the column that is never empty and never later than the others; None where there is no such, or a tie."""
    read = {name: moments(draft, name, guess.format) for name, guess in times.items()}
    for name, (us, valid) in read.items():
        others = [other for key, other in read.items() if key != name]
        never_later = all((us <= at)[valid & known].all() for at, known in others)
        differs = all((us < at)[valid & known].any() or not known.all() for at, known in others)
        if share(int(valid.sum()), len(valid)) >= _ENOUGH and never_later and differs:
            return name
    return None


def moments(draft: Draft, name: str, format_: str) -> tuple[Int64, Bools]:
    """Give a column's times in µs, and which of its rows have one: neither empty nor 0."""
    times = read_times(draft.texts(name), format_)
    return times.us, np.asarray(times.valid & (times.us > 0), dtype=bool)


def _remember(draft: Draft, times: dict[str, TimeGuess], sources: tuple[str, ...]) -> None:
    """Note which columns are start, answer and end, if they are written alike."""
    if len(sources) != 1 or sources[0] not in times:
        return
    start = times[sources[0]]
    draft.moments["start"] = sources[0]
    alike = {name for name, guess in times.items() if guess.format == start.format and name != sources[0]}
    for role in ("answer_at", "end_at"):
        named = [name for name, _ in draft.named(role) if name in alike]
        if named:
            draft.moments[_ROLES[role]] = named[0]
    if not draft.table.named and len(alike) in (1, 2):
        _remember_by_order(draft, start.format, sorted(alike, key=list(draft.table.columns).index))


def _remember_by_order(draft: Draft, format_: str, others: list[str]) -> None:
    if len(others) == 1:
        return
    (first, known), (second, known_too) = (moments(draft, name, format_) for name in others)
    both = known & known_too
    if both.any() and (first <= second)[both].all() and (first < second)[both].any():
        draft.moments["answer"], draft.moments["end"] = others
    elif both.any() and (second <= first)[both].all() and (second < first)[both].any():
        draft.moments["end"], draft.moments["answer"] = others


def _joined(draft: Draft, sources: tuple[str, ...]) -> list[str]:
    columns = [draft.texts(name) for name in sources]
    return [" ".join(parts) for parts in zip(*columns, strict=True)]


def _format(draft: Draft, texts: list[str]) -> TimeGuess | None:
    wish = draft.wishes.time_format
    if wish is not None:
        checked(known_layout, wish, "time_format")
        times = read_times(texts, wish)
        read = share(int(times.valid.sum()), len(texts))
        evidence = f"as you said; it reads {read:.0%} of the times"
        draft.say("time format", wish, True, evidence, "time_format")
        return TimeGuess(wish, read, bool(times.aware[times.valid].all()) and read > 0, evidence)
    guess = guess_time(texts)
    if guess is None:
        draft.say(
            "time format", "", False, "no format reads these times; write one, as %d/%m/%Y %H:%M:%S", "time_format"
        )
        return None
    draft.say("time format", guess.format, guess.is_sure, guess.evidence, "time_format", guess.others)
    return guess
