"""What a world is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

HardnessName = Literal["easy", "normal", "hard"]
FileFormat = Literal["csv", "parquet"]

ZONE = "Asia/Kolkata"
FRAUD_SHARE = 0.007  # of all numbers that can call: room for those that stay silent
MOST_FRAUD = 0.0095  # where a world is too small for its rings to share 0.7 %
SMALLEST_RING, LARGEST_RING = 6, 18
CALLERS_PER_RING = 20_000 / 12


class WorldError(ValueError):
    """A world cannot be made from these settings; the message says what to change."""


@dataclass(frozen=True)
class Hardness:
    """How far the fraudulent go to look innocent."""

    volume: float  # calls of a fraudulent number, as a share of the full-blown pattern
    disguised: float  # share of fraudulent numbers that also have friends and ordinary calls
    handoff: float  # share of hooked victims whom a second number of the ring takes over
    uneven: float  # how differently members are worked: sigma of the log of their volume


HARDNESS: dict[HardnessName, Hardness] = {
    "easy": Hardness(volume=1.5, disguised=0.0, handoff=0.5, uneven=0.2),
    "normal": Hardness(volume=1.0, disguised=0.25, handoff=0.35, uneven=0.6),
    "hard": Hardness(volume=0.45, disguised=0.75, handoff=0.2, uneven=0.9),
}


@dataclass(frozen=True)
class WorldSettings:
    """Size, span and hardness of a world.

    callers: all numbers that can call, the innocent and the fraudulent. days: local days from `start` (YYYY-MM-DD) on.
    rings: None plants 12 per 20,000 callers, as far as 1 % of the callers allows. Raises WorldError with every fault.
    """

    callers: int = 20_000
    days: int = 7
    seed: int = 1
    hardness: HardnessName = "normal"
    start: str = "2026-05-01"
    rings: int | None = None
    format: FileFormat = "csv"

    def __post_init__(self) -> None:
        faults = [
            fault for fault in (*_faults_of_size(self), *_faults_of_choice(self), *_faults_of_time(self)) if fault
        ]
        if faults:
            raise WorldError("; ".join(faults))

    @property
    def first_day(self) -> date:
        """First local day."""
        return date.fromisoformat(self.start)

    @property
    def ring_count(self) -> int:
        """Rings to plant."""
        if self.rings is not None:
            return self.rings
        return min(max(3, round(self.callers / CALLERS_PER_RING)), most_rings(self.callers))


def most_rings(callers: int) -> int:
    """Give how many rings of the smallest size 1 % of the callers allows."""
    return int(callers * MOST_FRAUD) // SMALLEST_RING


def midnight(day: date) -> int:
    """Give the local midnight at which `day` begins, in microseconds since 1970-01-01T00:00Z."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))
    return int(local.timestamp()) * 1_000_000


def _faults_of_size(settings: WorldSettings) -> list[str]:
    faults = []
    if not 200 <= settings.callers <= 10_000_000:
        faults.append(f"callers is {settings.callers}; give 200 to 10,000,000")
    if not 1 <= settings.days <= 366:
        faults.append(f"days is {settings.days}; give 1 to 366")
    if settings.seed < 0:
        faults.append(f"seed is {settings.seed}; give 0 or more")
    if settings.rings is not None and not 0 <= settings.rings <= most_rings(settings.callers):
        allowed = most_rings(settings.callers)
        faults.append(
            f"rings is {settings.rings}; {settings.callers} callers allow 0 to {allowed} (1 % of the callers)"
        )
    return faults


def _faults_of_choice(settings: WorldSettings) -> list[str]:
    faults = []
    if settings.hardness not in HARDNESS:
        faults.append(f"hardness is {settings.hardness!r}; give one of {', '.join(HARDNESS)}")
    if settings.format not in get_args(FileFormat):
        faults.append(f"format is {settings.format!r}; give one of {', '.join(get_args(FileFormat))}")
    return faults


def _faults_of_time(settings: WorldSettings) -> list[str]:
    try:
        first = date.fromisoformat(settings.start)
        end = midnight(first + timedelta(days=settings.days))
    except (ValueError, OverflowError):
        return [f"start is {settings.start!r}; give a day as 2026-05-01"]
    if first.year < 2000 or end > datetime.now(UTC).timestamp() * 1_000_000:
        return [f"{settings.start} and {settings.days} days do not lie between 2000 and now; give an earlier start"]
    return []
