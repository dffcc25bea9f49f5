from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from ingest.progress import Silent
from ingest.simulator import WorldError, WorldReport, WorldSettings, simulate
from ingest.simulator.files.ahead import ahead
from tests.ingest.simulator.worlds import SMALL, files_of


def read_csv(path: Path) -> pa.Table:
    texts = ("caller_id", "receiver_id", "timestamp", "imei", "imsi", "cell", "trunk_in", "forwarded_to")
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(texts, pa.string()), strings_can_be_null=True)
    return pyarrow.csv.read_csv(path, convert_options=options)


def test_same_seed_same_bytes(written: WorldReport, tmp_path: Path) -> None:
    again = simulate(tmp_path / "again", SMALL, Silent())
    assert files_of(again.out) == files_of(written.out)
    assert again.as_json() == written.as_json() | {"out": str(again.out)}


def test_the_number_of_threads_changes_no_byte(written: WorldReport, tmp_path: Path) -> None:
    threads = pa.cpu_count()
    pa.set_cpu_count(1 if threads > 1 else 2)
    try:
        again = simulate(tmp_path / "again", SMALL, Silent())
    finally:
        pa.set_cpu_count(threads)
    assert files_of(again.out) == files_of(written.out)


def test_another_seed_is_another_world(written: WorldReport, tmp_path: Path) -> None:
    other = simulate(tmp_path / "other", replace(SMALL, seed=4), Silent())
    first = written.files[0].name
    assert files_of(other.out)[first] != files_of(written.out)[first]


def test_parquet_holds_the_same_calls(written: WorldReport, tmp_path: Path) -> None:
    report = simulate(tmp_path / "parquet", replace(SMALL, format="parquet"), Silent())
    assert [path.name for path in report.files] == [f"calls-2026-05-0{day}.parquet" for day in (1, 2, 3)]
    for parquet, csv in zip(report.files, written.files, strict=True):
        table = read_csv(csv)
        assert pq.read_table(parquet).cast(table.schema).equals(table)


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
    assert header == (
        "caller_id,receiver_id,call_duration,timestamp,origin_region,target_region,answered,ring_ms,zone,"
        "kind,imei,imsi,cell,trunk_in,forwarded_to"
    )


def test_a_few_people_travel(written: WorldReport) -> None:
    calls = pa.concat_tables([read_csv(path) for path in written.files])
    mobile = calls.filter(pc.is_valid(calls["cell"]))
    origins = mobile.group_by("caller_id").aggregate([("origin_region", "min"), ("timestamp", "count")])
    home = pa.table(
        {"series": pc.utf8_slice_codeunits(origins["caller_id"], 3, 6), "region": origins["origin_region_min"]}
    )
    usual = home.group_by("series").aggregate([("region", "count_distinct")])
    assert pc.max(usual["region_count_distinct"]).as_py() > 1


def test_devices_and_sims_stay_with_their_numbers_but_for_a_few(written: WorldReport) -> None:
    calls = pa.concat_tables([read_csv(path) for path in written.files])
    mobile = calls.filter(pc.is_valid(calls["imei"]))
    seen = mobile.group_by("caller_id").aggregate([("imei", "count_distinct"), ("imsi", "count_distinct")])
    assert 0 < pc.mean(pc.greater(seen["imei_count_distinct"], 1)).as_py() < 0.02
    assert pc.mean(pc.greater(seen["imsi_count_distinct"], 1)).as_py() < 0.02


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


def test_verdicts_are_written_for_a_share_of_the_numbers_after_a_delay(tmp_path: Path) -> None:
    settings = replace(SMALL, label_share=0.5, label_delay=1)
    report = simulate(tmp_path / "world", settings, Silent())
    days = [read_csv(path) for path in report.files]
    assert days[0]["true_label"].null_count == len(days[0])
    known = days[-1].filter(pc.is_valid(days[-1]["true_label"]))
    assert set(known["true_label"].to_pylist()) == {0, 1}
    assert 0.3 < len(known) / len(days[-1]) < 0.7
    assert days[0].column_names[6] == "true_label"


def test_an_item_is_made_ahead_and_its_error_comes_out() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise WorldError("no more")

    coming = ahead(items())
    assert [next(coming), next(coming)] == [1, 2]
    with pytest.raises(WorldError, match="no more"):
        next(coming)
