"""Calling patterns as YAML tells them, turned into calls.

A pattern is one caller who works through a list of strangers. What is given as a list is used in turn; shares are kept
exactly, spread evenly, so that a scenario says the same on every run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from graph.windows import DAY, MINUTE, SECOND, iso, parse_instant
from tests.graph.calls import Row, call

Made = tuple[str, str, str, dict[str, Any]]


class Part(BaseModel):
    """Frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Return(Part):
    """A share of the callees rings back; or a share of those spoken to is rung by another number."""

    share: float = Field(gt=0, le=1)
    after_min: float
    talk_s: tuple[float, ...] = (0,)
    by: str | None = None  # the other number's letter


class Pattern(Part):
    """One caller's work."""

    caller: str  # a letter
    strangers: int = Field(ge=1)
    each: int = 1  # attempts on every stranger
    first: int = 0  # where on the list of strangers the caller begins
    start: str = "09:00"
    every_s: float = 60
    days: int = 1  # the list is worked through in so many equal days
    answered: float = Field(ge=0, le=1)
    talk_s: tuple[float, ...] = (0,)
    ring_s: tuple[float, ...] | None = None  # None: the record has no ringing
    called_back: Return | None = None  # by the missed
    handed_on: Return | None = None  # of those spoken to


class Scenario(Part):
    """A few callers and who of them the module is asked about."""

    name: str
    because: str
    about: tuple[str, ...] = Field(min_length=1)
    calls: tuple[Pattern, ...] = Field(min_length=1)


def scenarios_in(path: Path) -> list[Scenario]:
    """Read all scenarios of a file."""
    return [Scenario.model_validate(item) for item in yaml.safe_load(path.read_text(encoding="utf-8"))]


def number(letter: str) -> str:
    """Give the number of a caller's letter."""
    return f"+9190000000{ord(letter) - ord('A'):02d}"


def calls_of(scenario: Scenario, operator: str = "generic") -> list[Row]:
    """Give all calls of a scenario as records of `operator`."""
    return [call(*made[:3], **made[3], operator=operator) for pattern in scenario.calls for made in _work(pattern)]


def _work(pattern: Pattern) -> Iterator[Made]:
    attempts = [pattern.first + i for _ in range(pattern.each) for i in range(pattern.strangers)]
    per_day = -(-len(attempts) // pattern.days)
    begin = parse_instant(f"2026-05-04T{pattern.start}:00Z")
    answered = missed = 0
    for at, stranger in enumerate(attempts):
        started = begin + (at // per_day) * DAY + round((at % per_day) * pattern.every_s * SECOND)
        is_answered = _hit(at, pattern.answered)
        talk = _turn(pattern.talk_s, answered) if is_answered else 0.0
        yield _made(number(pattern.caller), _stranger(stranger), started, talk, _ring(pattern, at))
        if is_answered:
            yield from _handed_on(pattern, stranger, started, answered)
        else:
            yield from _called_back(pattern, stranger, started, missed)
        answered, missed = answered + is_answered, missed + (not is_answered)


def _called_back(pattern: Pattern, stranger: int, started: int, nth: int) -> Iterator[Made]:
    back = pattern.called_back
    if back and _hit(nth, back.share):
        yield _made(_stranger(stranger), number(pattern.caller), _later(started, back), _turn(back.talk_s, nth), 5.0)


def _handed_on(pattern: Pattern, stranger: int, started: int, nth: int) -> Iterator[Made]:
    on = pattern.handed_on
    if on and on.by and _hit(nth, on.share):
        yield _made(number(on.by), _stranger(stranger), _later(started, on), _turn(on.talk_s, nth), 5.0)


def _made(caller: str, callee: str, started: int, talk: float, ring: float | None) -> Made:
    return caller, callee, iso(started), {"talk": talk, "ring": ring, "answered": talk > 0}


def _hit(nth: int, share: float) -> bool:
    return int((nth + 1) * share) > int(nth * share)


def _turn(values: tuple[float, ...], nth: int) -> float:
    return values[nth % len(values)]


def _ring(pattern: Pattern, at: int) -> float | None:
    return None if pattern.ring_s is None else _turn(pattern.ring_s, at)


def _later(started: int, what: Return) -> int:
    return started + round(what.after_min * MINUTE)


def _stranger(index: int) -> str:
    return f"+9198{(index * 7919) % 100_000_000:08d}"
