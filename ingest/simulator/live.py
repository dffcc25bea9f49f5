"""A world fed live: its calls in the order of their time, at a stated rate, as rows of CSV."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO

import pyarrow.csv

from ingest.progress import Progress
from ingest.simulator.files.ahead import ahead
from ingest.simulator.files.labelling import draw_labelling
from ingest.simulator.files.records import Texts, records
from ingest.simulator.files.writing import NO_HEADER, plain_text
from ingest.simulator.settings import WorldSettings
from ingest.simulator.traces import Traced
from ingest.simulator.truth import Truth
from ingest.simulator.world import World

TICK_S = 0.1


@dataclass(frozen=True)
class Fed:
    """What was fed."""

    calls: int
    days: int  # whole ones
    truth: tuple[Path, ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values; files by name."""
        return {"calls": self.calls, "days": self.days, "truth": [path.name for path in self.truth]}


def feed(
    settings: WorldSettings, sink: BinaryIO, rate: int, truth_in: Path | None, stop: Event, progress: Progress
) -> Fed:
    """Write a world's calls to `sink`, `rate` a second, until the world or the patience ends.

    Rows are whole when they are flushed. Where `truth_in` names a folder, the truth about what was fed is written there
    at the end, also when somebody asks to `stop` or closes the other end: then it knows nothing of what was to come.
    """
    world = World(settings)
    truth = Truth(world, truth_in) if truth_in else None
    feeder = _Feeder(Texts.of(world, draw_labelling(world)), sink, rate, stop)
    progress.stage("feed", settings.days, "days")
    days = 0
    feeder.begin()
    for made in ahead(world.calls()):
        fed = feeder.feed(made)
        if truth:
            truth.hear(made.rows(0, fed))
        if feeder.ended:
            break
        days += 1
        progress.advance(1)
    return Fed(feeder.fed, days, tuple(truth.write(whole=not feeder.ended)) if truth else ())


class _Feeder:
    """Writes rows no faster than they should come."""

    def __init__(self, texts: Texts, sink: BinaryIO, rate: int, stop: Event) -> None:
        self.texts, self.sink, self.rate, self.stop = texts, sink, rate, stop
        self.fed = 0
        self.ended = False
        self.began = time.monotonic()

    def begin(self) -> None:
        """Write the header."""
        self.sink.write(f"{','.join(self.texts.header)}\n".encode("ascii"))

    def feed(self, made: Traced) -> int:
        """Write a day's rows until asked to stop, or until nobody reads any more; give how many."""
        before, step = self.fed, max(1, round(self.rate * TICK_S))
        for at in range(0, len(made.calls), step):
            self._write(made.rows(at, at + step))
            if self.ended:
                break
        return self.fed - before

    def _write(self, made: Traced) -> None:
        text = io.BytesIO()
        pyarrow.csv.write_csv(plain_text(records(made, self.texts)), text, NO_HEADER)
        try:
            self.sink.write(text.getbuffer())
            self.sink.flush()
        except BrokenPipeError:
            self.ended = True
            return
        self.fed += len(made.calls)
        self.ended = self.stop.wait(max(self.began + self.fed / self.rate - time.monotonic(), 0))
