"""How long calls are: the column of the conversation, its unit, and what ringing is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import pyarrow as pa

from ingest.guessing.draft import Draft
from ingest.guessing.guess import GuessError
from ingest.guessing.moments import moments
from ingest.guessing.table import filled, share
from ingest.guessing.units import guess_unit
from ingest.guessing.values import answers, held, is_clock, is_go, is_seconds
from ingest.values import durations
from ingest.values.arrow import Bools, Int64
from ingest.values.durations import Unit

_ENOUGH = 0.8
_SLACK_MS = 1_500  # whole seconds of three clocks may differ by one


def choose_lengths(draft: Draft) -> None:
    """Find the column of the conversation's length, or the times between which it lies, and that of ringing."""
    talk, total = _said(draft), None
    if talk is None:
        talk, total = _named(draft, "talk_ms"), _named(draft, "total")
    if talk is None and total is None:
        talk = _by_value(draft)
        total = _total_of(draft, talk)
    if talk is not None:
        _map_talk(draft, talk, total)
    elif total is not None:
        _map_total(draft, total)
    elif not _map_between(draft):
        draft.say("duration", "", False, "no column is called so, and none can only be it", "duration")
    if "ring_ms" not in draft.fields:
        _map_ring(draft)


def _said(draft: Draft) -> str | None:
    wish = draft.wishes.duration
    if wish is None:
        return None
    name = draft.column(wish, "duration")
    draft.say("duration", name, True, "as you said", "duration")
    return name


def _named(draft: Draft, role: str) -> str | None:
    fitting = [name for name, _ in draft.named(role) if _is_length(draft.texts(name))]
    return fitting[0] if fitting else None


def _is_length(texts: Sequence[str]) -> bool:
    return any(held(texts, kind) >= _ENOUGH for kind in (is_seconds, is_clock, is_go))


def _map_talk(draft: Draft, talk: str, total: str | None) -> None:
    if draft.wishes.duration is None and not any(f.what == "duration" for f in draft.guesses):
        also = f"; {total} counts ringing as well" if total else ""
        draft.say("duration", talk, True, f"the column's name{also}", "duration")
    unit = _choose_unit(draft, talk, ("answer", "end"))
    draft.map("talk_ms", talk, unit=unit)
    if total and _counts_more(draft, total, talk, unit):
        draft.map("ring_ms", total, minus=talk, unit=unit, optional=True)
        draft.say("ringing", f"{total} - {talk}", True, f"{total} is never below {talk}, and above it in some rows")


def _map_total(draft: Draft, total: str) -> None:
    """Map a length of which the name does not say whether it counts ringing."""
    unit = _choose_unit(draft, total, ("answer", "end"), ("start", "end"))
    talking = _agree(draft, total, unit, "answer", "end")
    ringing = _agree(draft, total, unit, "start", "end")
    if ringing >= _ENOUGH > talking and "answer" in draft.moments:
        draft.say("duration", total, True, "counts from the start: the conversation is the time from answer to end")
        _between(draft, "talk_ms", "answer", "end", "0")
        draft.taken.add(total)
        return
    sure, evidence = _from_start(draft, total, unit) if talking < _ENOUGH else (True, "the time from answer to end")
    draft.say("duration", total, sure, evidence, "duration")
    draft.map("talk_ms", total, unit=unit)


def _from_start(draft: Draft, total: str, unit: Unit) -> tuple[bool, str]:
    """Give whether a length may be taken as the conversation, by the calls that were not answered."""
    for name, _ in draft.named("answered"):
        words = answers(draft.texts(name))
        lost = [words.get(text.strip()) == "false" for text in draft.texts(name)]
        ms, known = _ms(draft.texts(total), unit)
        ringing = np.array(lost, bool) & known
        if (ms[ringing] > 0).mean() > 0.5 if ringing.any() else False:
            return (
                False,
                f"the column's name, but calls that {name} says were not answered have lengths: it counts ringing",
            )
    return True, "the column's name"


def _map_between(draft: Draft) -> bool:
    """Map the conversation as the time between two columns, where there is no length."""
    if "end" not in draft.moments or "start" not in draft.moments:
        return False
    begin = "answer" if "answer" in draft.moments else "start"
    evidence = f"there is no length: the time from {draft.moments[begin]} to {draft.moments['end']}"
    if begin == "start":
        evidence += ", ringing counted in"
    draft.say("duration", f"{draft.moments[begin]} … {draft.moments['end']}", begin == "answer", evidence, "duration")
    _between(draft, "talk_ms", begin, "end", "0")
    return True


def _between(draft: Draft, canonical: str, begin: str, end: str, otherwise: str | None) -> None:
    keys: dict[str, object] = {"until": draft.moments[end], "format": draft.fields["started"]["format"]}
    if otherwise is not None:
        keys["else"] = otherwise
    else:
        keys["optional"] = True
    draft.fields[canonical] = {"from": draft.moments[begin], **keys}
    draft.taken.update((draft.moments[begin], draft.moments[end]))


def _map_ring(draft: Draft) -> None:
    named = _named(draft, "ring_ms")
    if named is not None:
        draft.map("ring_ms", named, unit=guess_unit(named, draft.texts(named))[0], optional=True)
        draft.say("ringing", named, True, "the column's name")
    elif "answer" in draft.moments and "started" in draft.fields:
        _between(draft, "ring_ms", "start", "answer", None)
        draft.say(
            "ringing", f"{draft.moments['start']} … {draft.moments['answer']}", True, "the time from start to answer"
        )


def _by_value(draft: Draft) -> str | None:
    """Find a length without a name: one that the times prove, else the only column that can be one."""
    fitting = [name for name in draft.free() if name not in draft.moments.values() and _is_length(draft.texts(name))]
    for begin in ("answer", "start"):
        units = {name: guess_unit(name, draft.texts(name))[0] for name in fitting}
        proven = [name for name, unit in units.items() if _agree(draft, name, unit, begin, "end") >= _ENOUGH]
        if proven and (begin == "answer" or "answer" not in draft.moments):
            draft.say(
                "duration",
                proven[0],
                True,
                f"the time from {draft.moments[begin]} to {draft.moments['end']}",
                "duration",
            )
            return proven[0]
    likely = [name for name in fitting if _varies(draft.texts(name))]
    if draft.table.named or not likely or _has_between(draft):
        return None
    spelt = [name for name in likely if not held(draft.texts(name), is_seconds)]
    name, others = (spelt or likely)[0], [other for other in likely if other not in (spelt or likely)[:1]]
    evidence = (
        "the only column that is spelt as a length" if spelt == [name] else "one of the columns that can be a length"
    )
    draft.say("duration", name, spelt == [name], evidence, "duration", others)
    return name


def _has_between(draft: Draft) -> bool:
    return {"answer", "end"} <= set(draft.moments)


def _varies(texts: Sequence[str]) -> bool:
    given = filled(texts)
    within_a_day = held(given, lambda text: is_seconds(text) and float(text) <= 86_400)
    return (
        len(set(given)) > min(4, len(given) / 2)
        and max(held(given, is_clock), held(given, is_go), within_a_day) >= _ENOUGH
    )


def _choose_unit(draft: Draft, name: str, *spans: tuple[str, str]) -> Unit:
    wish = draft.wishes.duration_unit
    if wish is not None:
        if wish not in get_args(Unit):
            raise GuessError(f"--duration-unit: {wish!r} is no unit; there are: {', '.join(get_args(Unit))}")
        draft.say("unit of the duration", wish, True, "as you said", "duration_unit")
        unit: Unit = wish  # type: ignore[assignment]  # one of its values
        return unit
    unit, sure, evidence = guess_unit(name, draft.texts(name))
    for begin, end in spans:
        for proven in ("s", "ms", "us") if unit in ("s", "ms", "us") else ():
            if _agree(draft, name, proven, begin, end) >= _ENOUGH:
                unit, sure, evidence = proven, True, f"as long as from {draft.moments[begin]} to {draft.moments[end]}"
    draft.say("unit of the duration", unit, sure, evidence, "duration_unit", () if sure else ("s", "ms"))
    return unit


def _agree(draft: Draft, name: str, unit: Unit, begin: str, end: str) -> float:
    """Give the share of the rows with both times in which a column is the time between them."""
    if begin not in draft.moments or end not in draft.moments:
        return 0.0
    format_ = str(draft.fields["started"]["format"])
    (first, known), (last, known_too) = (moments(draft, draft.moments[key], format_) for key in (begin, end))
    ms, readable = _ms(draft.texts(name), unit)
    rows = known & known_too & readable & (ms > 0)
    agree = np.abs((last - first) // 1000 - ms) <= _SLACK_MS
    return share(int((agree & rows).sum()), int(rows.sum())) if rows.sum() >= 3 and _telling(ms[rows]) else 0.0


def _telling(ms: Int64) -> bool:
    """Whether lengths are long enough that agreement within a second says something."""
    return bool(np.median(ms) > 4 * _SLACK_MS)


def _counts_more(draft: Draft, total: str, talk: str, unit: Unit) -> bool:
    (more, known), (less, known_too) = _ms(draft.texts(total), unit), _ms(draft.texts(talk), unit)
    rows = known & known_too
    return bool(rows.any() and (more >= less)[rows].mean() > 0.99 and (more > less)[rows].any())


def _ms(texts: Sequence[str], unit: Unit) -> tuple[Int64, Bools]:
    found = durations.parse(pa.array([text.strip(" ") for text in texts], pa.string()), unit)
    return found.ms, ~(found.malformed | found.out_of_range)


def _total_of(draft: Draft, talk: str | None) -> str | None:
    """Find the length without a name that counts from the start to the end, beside one that counts from the answer."""
    if talk is None or "answer" not in draft.moments:
        return None
    others = [name for name in draft.free() if name != talk and _is_length(draft.texts(name))]
    units = {name: guess_unit(name, draft.texts(name))[0] for name in others}
    proven = [name for name, unit in units.items() if _agree(draft, name, unit, "start", "end") >= _ENOUGH]
    return proven[0] if proven else None


def take_empty_as_none(draft: Draft) -> None:
    """Take an empty length as none, where calls without an answer and messages have no length."""
    field = draft.fields.get("talk_ms")
    if field is None or "until" in field:
        return
    texts = [text.strip() for text in draft.texts(str(field["from"]))]
    without = [place for place, text in enumerate(texts) if not text]
    lost = _without_talk(draft)
    if without and share(sum(lost[place] for place in without), len(without)) >= _ENOUGH:
        field["lookup"] = {"": "0"}
        evidence = f"{len(without):,} rows have none, nearly all of them messages or calls without an answer"
        draft.say("empty duration", "0", True, evidence)


def _without_talk(draft: Draft) -> list[bool]:
    """Give which rows are messages, or calls that were not answered."""
    lost = [False] * draft.table.rows
    for name, silent in (("answered", "false"), ("kind", "sms")):
        words = draft.fields.get(name, {}).get("lookup")
        if isinstance(words, dict):
            texts = draft.texts(str(draft.fields[name]["from"]))
            lost = [before or words.get(text.strip()) == silent for before, text in zip(lost, texts, strict=True)]
    if "answer" in draft.moments:
        texts = draft.texts(draft.moments["answer"])
        lost = [before or text.strip() in ("", "0") for before, text in zip(lost, texts, strict=True)]
    return lost
