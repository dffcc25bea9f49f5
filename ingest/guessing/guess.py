"""What was found out about a sample, and how it can be overruled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


class GuessError(ValueError):
    """Nothing can be guessed from a sample; the message says why and what to do."""


@dataclass(frozen=True)
class Guess:
    """One guess: about what, the guess as it is shown (empty: none), whether it is sure, and what it rests on."""

    what: str
    guess: str
    sure: bool
    evidence: str  # counts and column names; never a number of a person
    option: str = ""  # the name of the field of Wishes that overrules it
    choices: tuple[str, ...] = ()  # other guesses that fit as well


@dataclass(frozen=True)
class Wishes:
    """What a person says about a sample: it comes before every guess; None leaves it to be guessed."""

    country: str | None = None
    zone: str | None = None
    delimiter: str | None = None
    time_format: str | None = None
    caller: str | None = None
    callee: str | None = None
    started: str | None = None  # `date+time` where two columns make the time
    duration: str | None = None
    duration_unit: str | None = None
    header: bool | None = None

    def answered(self, option: str, said: str) -> Wishes:
        """Give the same with what a person said about one field."""
        value: Any = said.casefold() in ("y", "yes") if option == "header" else said
        return replace(self, **{option: value})


def option_of(field: str) -> str:
    """Give the command line's option of a field of Wishes."""
    return "--no-header" if field == "header" else "--" + field.replace("_", "-")
