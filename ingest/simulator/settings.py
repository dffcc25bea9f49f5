"""What a world is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

HardnessName = Literal["easy", "normal", "hard"]
FileFormat = Literal["csv", "parquet"]

ZONE = "Asia/Kolkata"
ACTIVE = 0.77  # of the numbers that can call do so on a day
SMALLEST_RING = 6  # numbers on duty at once, in worlds too small for what a kind would like
MOST_FRAUD = 0.0095  # of the callers, where a world is too small for its rings to have the natural share
CALLERS_PER_RING = 4_000
USUAL_RING = 12  # numbers on duty at once
LEAST_RINGS = 3
LOOK_ALIKES_PER_FRAUD = 13.5  # numbers; some of a premium range are fraudulent beside those that are planned
MOST_SPECIAL = 0.48  # of the callers are look-alikes or fraudulent, where that leaves room for …
ROOM_FOR_LOOK_ALIKES = 0.35  # … as many look-alikes; a world of more fraud is refused
LEAST_LOOK_ALIKES = 0.03


class WorldError(ValueError):
    """A world cannot be made; the message says what to change."""


class SettingsError(WorldError):
    """No world can be made from these settings, wherever it is to be written."""


@dataclass(frozen=True)
class Hardness:
    """How many the fraudulent are, how far they go to look innocent, and how soon they are caught."""

    share: float  # of a day's active callers are fraudulent that day
    volume: float  # calls of a fraudulent number, as a share of the full-blown pattern
    uneven: float  # how differently members are worked: sigma of the log of their volume
    talk: float  # length of talk, as a multiple of the full-blown pattern's
    patience: float  # how long bursts and pauses last, as a multiple
    handoff: float  # share of hooked victims whom a second number of the ring takes over
    disguised: float  # share of fraudulent numbers that also have friends and ordinary calls
    insiders: float  # calls of a number to others of its ring, a day
    feigned: float  # share of those that are called back
    rotation: float  # days after which a number is given up, in the middle; 0 = never
    blocked: float  # chance that a number in use is blocked, a day
    spread: float  # length of a campaign's list of victims, as a multiple of what its busiest number works through
    reach: tuple[int, ...]  # regions in which a ring works, drawn: callers speak languages, lists come from somewhere
    keeps_device: float  # chance that a new number is used in the old device


HARDNESS: dict[HardnessName, Hardness] = {
    "easy": Hardness(
        share=0.010,
        volume=1.5,
        uneven=0.2,
        talk=1.0,
        patience=1.0,
        handoff=0.5,
        disguised=0.0,
        insiders=0.0,
        feigned=0.0,
        rotation=0.0,
        blocked=0.01,
        spread=3.0,
        reach=(1, 1, 2, 3, 5, 12),
        keeps_device=0.9,
    ),
    "normal": Hardness(
        share=0.005,
        volume=0.8,
        uneven=0.6,
        talk=1.2,
        patience=1.5,
        handoff=0.35,
        disguised=0.3,
        insiders=0.4,
        feigned=0.3,
        rotation=8.0,
        blocked=0.05,
        spread=5.0,
        reach=(1, 2, 3, 5, 12),
        keeps_device=0.6,
    ),
    "hard": Hardness(
        share=0.003,
        volume=0.3,
        uneven=0.9,
        talk=1.8,
        patience=3.0,
        handoff=0.2,
        disguised=0.75,
        insiders=0.3,
        feigned=0.5,
        rotation=4.0,
        blocked=0.08,
        spread=12.0,
        reach=(5, 12, 12),
        keeps_device=0.4,
    ),
}


@dataclass(frozen=True)
class WorldSettings:
    """Size, span and hardness of a world.

    callers: all numbers that can call, the innocent and the fraudulent. days: local days from `start` (YYYY-MM-DD) on.
    rings: None plants as many as the share of fraud asks for, at least one per 4,000 callers. fraud_types, look_alikes:
    None plants every kind. label_share: of the numbers have the verdict of investigators in a column true_label, from
    label_delay days after their first day on. Raises SettingsError with every fault.
    """

    callers: int = 20_000
    days: int = 7
    seed: int = 1
    hardness: HardnessName = "normal"
    start: str = "2026-05-01"
    rings: int | None = None
    format: FileFormat = "csv"
    fraud_types: tuple[str, ...] | None = None
    look_alikes: tuple[str, ...] | None = None
    label_share: float = 0.0
    label_delay: int = 7

    def __post_init__(self) -> None:
        faults = [
            fault for fault in (*_faults_of_size(self), *_faults_of_choice(self), *_faults_of_time(self)) if fault
        ]
        if faults:
            raise SettingsError("; ".join(faults))

    @property
    def first_day(self) -> date:
        """First local day."""
        return date.fromisoformat(self.start)

    @property
    def dials(self) -> Hardness:
        """How well rings hide."""
        return HARDNESS[self.hardness]

    @property
    def fraud_a_day(self) -> float:
        """Fraudulent numbers that call on a day."""
        return self.dials.share * ACTIVE * self.callers

    @property
    def ring_count(self) -> int:
        """Rings to plant."""
        if self.rings is not None:
            return self.rings
        wanted = max(self.callers // CALLERS_PER_RING, round(self.fraud_a_day / USUAL_RING), LEAST_RINGS)
        return min(wanted, most_rings(self.callers))


def most_rings(callers: int) -> int:
    """Give how many rings of the smallest size 1 % of the callers allows."""
    return int(callers * MOST_FRAUD) // SMALLEST_RING


def past_start(days: int) -> str:
    """Give the first of May 2026, or of the newest year before, so that `days` local days from it on are over."""
    first = date.fromisoformat(WorldSettings.start)
    while midnight(first + timedelta(days=days)) > datetime.now(UTC).timestamp() * 1_000_000:
        first = first.replace(year=first.year - 1)
    return first.isoformat()


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
    if not 0 <= settings.label_share <= 1:
        faults.append(f"label_share is {settings.label_share}; give 0 to 1")
    if settings.label_delay < 0:
        faults.append(f"label_delay is {settings.label_delay}; give 0 days or more")
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
