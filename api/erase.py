"""Erasing numbers for good: what is meant, how it is done, and what it came to.

A number is hidden from all readers by its tombstone first; then whatever holds it is rewritten or removed; at the end
only a keyed hash of it is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from api.erasing import Finished
from api.pipeline import WAIT_S, finish_erasures, recover
from configs import ConfigError, Settings
from ingest.erased import tombstones
from ingest.erased.tombstones import masked
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.tables import batches
from ingest.live.log import partitions
from ingest.live.sealing import seal_left
from ingest.mapping.operators import load_operator
from ingest.progress import Progress
from ingest.upkeep import prepare
from ingest.values.numbers import WITHHELD, Normaliser, opaque

_FIRST = "generic"  # the mapping of a home that has taken nothing in yet


class UnreadableNumbersError(ValueError):
    """Some texts are no numbers, or mean different ones; the message says on which lines, and not what they are."""


@dataclass(frozen=True)
class Meant:
    """One line of what is to be erased."""

    line: int  # from 1
    spellings: Sequence[str]  # canonical, each as an operator of the home spells it


@dataclass(frozen=True)
class EraseReport:
    """What an erasure came to; nothing of it names a number."""

    meant: Sequence[Meant]
    done: Finished

    @property
    def degraded(self) -> str | None:
        """Why something of the numbers is still there, and what ends it, or None."""
        return "; ".join(self.done.failures) or None

    def as_json(self) -> dict[str, Any]:
        """The shape other programs read."""
        lake = self.done.lake
        sums = {"waiting_halves": lake.halves, "segments": lake.segments, "days": lake.days}
        return {"numbers": [self._of(meant) for meant in self.meant], **sums, "degraded": self.degraded}

    def _of(self, meant: Meant) -> dict[str, Any]:
        lake, work = self.done.lake, self.done.work
        campaigns = {campaign for number in meant.spellings for campaign in work.campaigns.get(number, ())}
        return {
            "line": meant.line,
            "number": masked(meant.spellings[0]),
            "calls": _sum(lake.calls, meant),
            "dead_letters": _sum(lake.dead_letters, meant),
            "alerts": _sum(work.alerts, meant),
            "campaigns": len(campaigns),
        }


def erase(home: Home, settings: Settings, meant: Sequence[Meant], store: str, progress: Progress) -> EraseReport:
    """Erase numbers, and finish what earlier erasures left; raises HomeBusyError, ErasureError, OSError.

    The tombstones stand first, so that whatever is killed is finished by the next writing command.
    """
    with home.writing("erase", WAIT_S):
        recover(home)
        engine = open_database(home, "ledger")
        prepare(home, engine, progress)
        seal_left(home, settings, progress)
        tombstones.enter(home, engine, (number for one in meant for number in one.spellings))
        return EraseReport(meant, finish_erasures(home, settings, progress, store))


def read_numbers(home: Home, texts: Sequence[str], operator: str | None = None) -> list[Meant]:
    """Read numbers as the mappings of the home's operators (or of one) do; empty lines are passed over.

    Raises UnreadableNumbersError where any is no number, or means another number to another operator.
    """
    readers = [_reader(name, home.operators) for name in ([operator] if operator else _operators(home))]
    meant = [Meant(line, _spellings(text, readers)) for line, text in enumerate(texts, 1) if text.strip()]
    wrong = [str(one.line) for one in meant if not one.spellings]
    disputed = [str(one.line) for one in meant if sum(number.startswith("+") for number in one.spellings) > 1]
    faults = [f"no number on line {', '.join(wrong)}"] if wrong else []
    if disputed:
        faults.append(f"on line {', '.join(disputed)} a number of several countries: write + and the country code")
    if faults:
        raise UnreadableNumbersError("; ".join(faults) + "; nothing was erased")
    return meant


def _operators(home: Home) -> list[str]:
    """Give the operators of which the home has taken anything in."""
    with open_database(home, "ledger").connect() as connection:
        taken = connection.execute(select(batches.c.operator).distinct()).scalars()
        return sorted({*taken, *partitions(home)}) or [_FIRST]


def _reader(operator: str, own: Path) -> Callable[[str], str | None]:
    """Give what reads a number as an operator writes it; without a mapping that can be used, as it is."""
    try:
        mapping = load_operator(operator, own)
    except ConfigError:
        return lambda text: opaque(text).text
    normaliser = Normaliser(mapping.country, mapping.numbers == "opaque", mapping.withheld, mapping.prefixes)
    return lambda text: _read(normaliser, text)


def _read(normaliser: Normaliser, text: str) -> str | None:
    number: str | None = normaliser.column(pa.array([text]).dictionary_encode()).text[0].as_py()
    return number


def _spellings(text: str, readers: Sequence[Callable[[str], str | None]]) -> list[str]:
    read = {number for reader in readers if (number := reader(text.strip())) is not None}
    return sorted(read - {WITHHELD})


def _sum(counts: Counter[str], meant: Meant) -> int:
    return sum(counts[number] for number in meant.spellings)
