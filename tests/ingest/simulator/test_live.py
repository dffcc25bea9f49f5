"""A world fed live is the same world, row by row."""

from __future__ import annotations

import io
import json
import os
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from ingest.progress import Silent
from ingest.simulator import feed, simulate
from ingest.simulator.world import World
from tests.ingest.simulator.test_simulate import read_csv
from tests.ingest.simulator.test_truth import text_columns
from tests.ingest.simulator.worlds import SMALL

TINY = replace(SMALL, callers=700, days=2, rings=1)
FAST = 1_000_000  # calls a second


def test_the_same_calls_come_in_order_with_the_same_truth(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    with (tmp_path / "live" / "calls.csv").open("wb") as sink:
        fed = feed(TINY, sink, FAST, tmp_path / "live", Event(), Silent())
    report = simulate(tmp_path / "files", TINY, Silent())
    rows = read_csv(tmp_path / "live" / "calls.csv")
    assert (fed.calls, fed.days) == (report.calls, 2)
    assert rows.to_pylist() == [row for path in report.files for row in read_csv(path).to_pylist()]
    for path in fed.truth:
        assert path.read_bytes() == (report.out / path.name).read_bytes()


def test_who_says_stop_gets_the_truth_about_what_was_fed(tmp_path: Path) -> None:
    stop = Event()

    class Sink(io.BytesIO):
        def flush(self) -> None:
            if self.tell() > 60_000:
                stop.set()

    sink = Sink()
    fed = feed(TINY, sink, 1_000, tmp_path, stop, Silent())
    assert fed.days == 0
    assert 0 < fed.calls == sink.getvalue().count(b"\n") - 1
    world = json.loads((tmp_path / "world.json").read_text())
    assert world["calls"] == fed.calls


def test_the_truth_of_a_stopped_feed_knows_nothing_of_what_was_to_come(tmp_path: Path) -> None:
    settings = replace(SMALL, callers=8_000, days=14, rings=12)
    stop = Event()

    class Sink(io.BytesIO):
        def write(self, text: Any) -> int:
            if b"2026-05-06T" in bytes(text[-300:]):
                stop.set()
            return super().write(text)

    sink = Sink()
    feed(settings, sink, 150_000, tmp_path, stop, Silent())
    (tmp_path / "calls.csv").write_bytes(sink.getvalue())
    calls = read_csv(tmp_path / "calls.csv")
    last = datetime.fromisoformat(calls["timestamp"][-1].as_py())
    world = json.loads((tmp_path / "world.json").read_text())
    end = datetime.fromisoformat(world["to"])
    assert 0 < (end - last).total_seconds() <= 1
    rows = {
        name: text_columns(tmp_path / f"truth_{name}.csv").to_pylist() for name in ("events", "campaigns", "numbers")
    }
    moments = [row["at"] for row in rows["events"]]
    moments += [row[name] for row in rows["campaigns"] for name in ("born", "died") if row[name]]
    moments += [row["from"] for row in rows["numbers"]]
    assert max(moments) < end
    assert max(row["to"] for row in rows["numbers"]) == end
    ends = ("caller_id", "receiver_id", "forwarded_to")
    seen = {number for name in ends for number in calls[name].to_pylist()}
    assert {row["number"] for row in rows["numbers"]} <= seen
    assert set(calls["caller_id"].to_pylist()) <= {row["number"] for row in rows["numbers"]}
    named = {row["campaign"] for row in rows["campaigns"]}
    assert world["campaigns"] == len(named) == len({row["campaign"] for row in rows["numbers"]} - {None})
    assert {row["campaign"] for row in rows["events"]} - {None} <= named
    whole = World(settings)
    assert len(named) < len(whole.campaigns)


def test_nobody_reading_any_more_ends_it() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    sink = os.fdopen(writes, "wb")
    fed = feed(TINY, sink, FAST, None, Event(), Silent())
    assert (fed.calls, fed.days, fed.truth) == (0, 0, ())
    with suppress(BrokenPipeError):  # what is left in the buffer has nowhere to go
        sink.close()
