"""Simulating: settings → a folder of CDR files and their truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.progress import Progress
from ingest.simulator.files.ahead import ahead
from ingest.simulator.files.labelling import draw_labelling
from ingest.simulator.files.records import Texts
from ingest.simulator.files.writing import write_day
from ingest.simulator.settings import WorldError, WorldSettings
from ingest.simulator.truth import Truth
from ingest.simulator.world import World


@dataclass(frozen=True)
class WorldReport:
    """What was made."""

    out: Path
    files: tuple[Path, ...]  # the calls, by day
    truth: tuple[Path, ...]
    calls: int
    callers: int  # numbers that called
    fraudulent_callers: int
    campaign_calls: int  # calls of rings, and calls back to them
    rings: int

    def as_json(self) -> dict[str, Any]:
        """Give the report as JSON values; files by name."""
        return {
            "out": str(self.out),
            "files": [path.name for path in self.files],
            "truth": [path.name for path in self.truth],
            "calls": self.calls,
            "callers": self.callers,
            "fraudulent_callers": self.fraudulent_callers,
            "campaign_calls": self.campaign_calls,
            "rings": self.rings,
        }


def simulate(out: Path, settings: WorldSettings, progress: Progress) -> WorldReport:
    """Write a world's calls, a file a local day, and its truth into `out`; world.json comes last.

    Equal settings give equal bytes. Memory holds two days: one is made while the other is written. Raises WorldError
    when `out` already holds something.
    """
    make_empty(out)
    world = World(settings)
    truth = Truth(world, out)
    texts = Texts.of(world, draw_labelling(world))
    progress.stage("simulate", settings.days, "days")
    files = []
    for made in ahead(world.calls()):
        files.append(write_day(out, made, texts, settings.format))
        truth.hear(made)
        progress.advance(1)
    return WorldReport(
        out=out,
        files=tuple(files),
        truth=tuple(truth.write()),
        calls=truth.calls,
        callers=truth.callers,
        fraudulent_callers=truth.fraudulent_callers,
        campaign_calls=truth.campaign_calls,
        rings=len(world.rings),
    )


def make_empty(out: Path) -> None:
    """Make a folder that holds nothing. Raises WorldError when it holds something."""
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise WorldError(f"{out} is not empty; name a new folder, so that two worlds do not mix")
