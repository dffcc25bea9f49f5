"""What the simulator writes is what ingest reads: every row is accepted, and the truth's keys are the lake's."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from configs import load_settings
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.progress import Silent
from ingest.run import ingest
from ingest.simulator import WorldSettings, simulate
from ingest.simulator.settings import FileFormat


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_call_is_accepted_and_known_by_its_key(home: Home, tmp_path: Path, form: FileFormat) -> None:
    report = simulate(tmp_path / "world", WorldSettings(callers=2_000, days=2, rings=3, format=form), Silent())
    with home.writing("ingest"):
        taken = ingest([report.out], "generic", home, load_settings(), Silent())
    assert (taken.accepted, taken.dead_lettered, taken.duplicates) == (report.calls, 0, 0)
    assert [file.status for file in taken.files] == ["COMPLETED"] * 2

    calls = pa.concat_tables([pq.read_table(path) for path in Lake(home).paths()])
    truth = pq.read_table(report.out / "truth_calls.parquet")
    assert len(truth) == report.campaign_calls > 0
    assert pc.all(pc.is_in(truth["call_key"], value_set=calls["call_key"])).as_py()
    assert calls["answered"].null_count == calls["ring_ms"].null_count == 0
    assert {"e164"} <= set(calls["caller_kind"].to_pylist()) <= {"e164", "short", "service"}
    at_home = pc.is_valid(calls["cell"])
    zones = set(calls["zone"].filter(at_home).to_pylist())
    assert zones == {"Asia/Kolkata"}  # so that night is night where they live
    assert {"voice", "sms", "forward"} == set(calls["kind"].to_pylist())
    assert pc.all(pc.equal(pc.utf8_length(calls["imei"].drop_null()), 15)).as_py()
