from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from ingest.progress import Silent
from ingest.simulator import WorldError, WorldReport, WorldSettings, simulate
from tests.ingest.simulator.worlds import SMALL, files_of


def read_csv(path: Path) -> pa.Table:
    types = dict.fromkeys(("caller_id", "receiver_id", "timestamp"), pa.string())
    return pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types=types))


def test_same_seed_same_bytes(written: WorldReport, tmp_path: Path) -> None:
    again = simulate(tmp_path / "again", SMALL, Silent())
    assert files_of(again.out) == files_of(written.out)
    assert again.as_json() == written.as_json() | {"out": str(again.out)}


def test_another_seed_is_another_world(written: WorldReport, tmp_path: Path) -> None:
    other = simulate(tmp_path / "other", replace(SMALL, seed=4), Silent())
    first = written.files[0].name
    assert files_of(other.out)[first] != files_of(written.out)[first]


def test_parquet_holds_the_same_calls(written: WorldReport, tmp_path: Path) -> None:
    report = simulate(tmp_path / "parquet", replace(SMALL, format="parquet"), Silent())
    assert [path.name for path in report.files] == [f"calls-2026-05-0{day}.parquet" for day in (1, 2, 3)]
    for parquet, csv in zip(report.files, written.files, strict=True):
        assert pq.read_table(parquet).equals(read_csv(csv))


def test_each_file_is_one_local_day_in_order(written: WorldReport) -> None:
    assert [path.name for path in written.files] == [f"calls-2026-05-0{day}.csv.gz" for day in (1, 2, 3)]
    for path in written.files:
        started = read_csv(path)["timestamp"]
        day = path.name.removeprefix("calls-").removesuffix(".csv.gz")
        assert pc.all(pc.match_substring_regex(started, rf"^{day}T\d\d:\d\d:\d\d\.\d{{3}}\+05:30$")).as_py()
        assert started.to_pylist() == sorted(started.to_pylist())


def test_the_header_is_the_generic_one_and_canonical_columns(written: WorldReport) -> None:
    with gzip.open(written.files[0], "rt") as file:
        header = file.readline().strip()
    assert header == "caller_id,receiver_id,call_duration,timestamp,origin_region,target_region,answered,ring_ms,zone"


def test_a_few_people_travel(written: WorldReport) -> None:
    calls = read_csv(written.files[0])
    origins = calls.group_by("caller_id").aggregate([("origin_region", "count_distinct")])
    assert pc.max(origins["origin_region_count_distinct"]).as_py() == 1  # for the whole of a day
    week = pa.concat_tables([read_csv(path) for path in written.files])
    origins = week.group_by("caller_id").aggregate([("origin_region", "count_distinct")])
    moved = pc.mean(pc.greater(origins["origin_region_count_distinct"], 1)).as_py()
    assert 0.005 < moved < 0.08


def test_progress_hears_of_every_day(tmp_path: Path) -> None:
    heard: list[tuple[str, int | None, str]] = []
    done: list[int] = []

    class Ear(Silent):
        def stage(self, name: str, total: int | None, unit: str) -> None:
            heard.append((name, total, unit))

        def advance(self, n: int) -> None:
            done.append(n)

    simulate(tmp_path / "world", WorldSettings(callers=300, days=2), Ear())
    assert heard == [("simulate", 2, "days")]
    assert done == [1, 1]


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(WorldError, match="not empty"):
        simulate(tmp_path, WorldSettings(callers=300, days=1), Silent())


@pytest.mark.parametrize(
    "settings", [WorldSettings(callers=200, days=1), WorldSettings(callers=700, days=1, start="2026-05-03")]
)
def test_the_smallest_worlds_can_be_made(tmp_path: Path, settings: WorldSettings) -> None:
    report = simulate(tmp_path / "world", settings, Silent())
    assert report.calls > 0
    assert report.rings == settings.ring_count
