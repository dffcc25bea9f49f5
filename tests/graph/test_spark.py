"""Spark gives what DuckDB gives, bit for bit, and says in a sentence what it cannot."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from configs import load_settings
from graph.engine import Engine
from graph.engines import open_engine
from graph.query_engine import EngineError, QueryEngine
from graph.spark import SparkEngine
from graph.tables import SnapshotTables, snapshot_tables
from ingest.progress import Silent
from tests.graph.calls import MAY, Row, call, withheld_calls, write_calls
from tests.graph.features import worlds
from tests.graph.sparks import SETTINGS


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    """One driver for all tests of this file, in a folder whose name means something else to Hadoop."""
    folder = tmp_path_factory.mktemp("{a} [b]")
    with SparkEngine(SETTINGS, folder, folder / "spark.log") as engine:
        yield engine


@pytest.fixture
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A folder of its own: what is read of calls goes there, where calls of a test would be overwritten."""
    with Engine(tmp_path_factory.mktemp("duckdb")) as engine:
        yield engine


def _everything() -> list[Row]:
    """Every hand-made world, callers that are not shown, and a crowd that calls with many ties."""
    made = (worlds.dialler(), worlds.contacts(), worlds.handoffs(), worlds.circle(), worlds.lines(), worlds.metronome())
    return [*(row for rows in made for row in rows), *withheld_calls(5), *_crowd(2_000), *_bursts(7_500)]


def _bursts(size: int) -> list[Row]:
    """Two bursts of one caller, 30 days apart: products of the sums of its gaps take more than 64 bits."""
    clock = [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z" for second in range(size)]
    return [call("+919000000900", "+919000000901", f"2026-05-{day}T{time}") for day in ("01", "31") for time in clock]


def _crowd(size: int) -> list[Row]:
    chance = random.Random(11)
    numbers = [f"+9190000{i:05}" for i in range(60)] + ["12345", "abcdef", "+14155550199"]
    return [_some_call(chance, numbers, place) for place in range(size)]


def _some_call(chance: random.Random, numbers: list[str], place: int) -> Row:
    caller, callee = chance.sample(numbers, 2)
    at = f"2026-05-{chance.randint(1, 9):02}T{chance.randint(0, 23):02}:{chance.randint(0, 5):02}:00Z"
    return call(
        *(caller, callee, at, chance.choice((0, 0, 0.7, 30, 700.123))),
        ring=chance.choice((None, 1, 2.5, 30)),
        origin_region=chance.choice((None, "unknown", "Goa", "Kerala")),
        target_region=chance.choice((None, "unknown", "Goa", "Kerala")),
        zone=chance.choice(("UTC", "Asia/Kolkata", "America/New_York")),
        imei=chance.choice((None, "a", "b", "c")),
        imsi=chance.choice((None, "a", "b", "c")),
        cell=chance.choice((None, "a", "b", "c")),
        trunk_in=chance.choice((None, "a", "b")),
        trunk_out=chance.choice((None, "a", "b")),
        operator=chance.choice(("generic", "other")),
        kind=chance.choice(("voice", "voice", "voice", "sms", "forward")),
        forwarded_to=chance.choice((None, None, None, *numbers[:5])),
        record_id=str(place),
    )


def _tables(engine: QueryEngine, path: Path) -> SnapshotTables:
    return snapshot_tables(engine, [path], MAY, load_settings(), Silent())


def _named(tables: SnapshotTables) -> dict[str, pa.Table]:
    own = {name: table for name, table in vars(tables).items() if isinstance(table, pa.Table)}
    return {**own, **tables.entities.by_name()}


def _both(one: QueryEngine, other: QueryEngine, table: pa.Table, **columns: Any) -> tuple[pa.Table, pa.Table]:
    """Compute `columns`, functions of the table, with either engine."""
    found = []
    for engine in (one, other):
        given = engine.give("given", table)
        found.append(engine.fetch(given.select(**{name: make(given) for name, make in columns.items()})))
    return found[0], found[1]


def _bits(table: pa.Table) -> dict[str, list[Any]]:
    """Give every column with its floats as whole numbers: 0.0 is not -0.0 here, and NaN is NaN."""
    return {name: _column_bits(table[name].combine_chunks()) for name in table.column_names}


def _column_bits(column: pa.Array) -> list[Any]:
    values: list[Any] = (column.view(pa.int64()) if column.type == pa.float64() else column).to_pylist()
    return values


def test_every_table_is_the_same(spark: SparkEngine, duckdb: Engine, tmp_path: Path) -> None:
    path = write_calls(tmp_path / "calls.parquet", _everything())
    expected, found = _tables(duckdb, path), _tables(spark, path)
    assert found.facts == expected.facts
    assert not found.facts["not_computable"].keys() & {"ring_seconds", "range_sweep", "gap_cv"}
    ours, theirs = _named(expected), _named(found)
    assert {"numbers", "features", "edges", "link_keys", "entities"} < ours.keys() == theirs.keys()
    for name, table in ours.items():
        assert len(table), name
        assert theirs[name].schema == table.schema, name
        assert _bits(theirs[name]) == _bits(table), name


def test_rounding_is_the_same_where_ties_are_near(spark: SparkEngine, duckdb: Engine) -> None:
    wholes = np.random.default_rng(5).integers(1, 10**10, 20_000)
    parts = (np.random.default_rng(6).random(20_000) * wholes * 3).astype(np.int64)
    odd = np.arange(1, 4_001, 2)
    table = pa.table({"part": np.r_[parts, odd], "whole": np.r_[wholes, np.full(len(odd), 2 * 10**9)]})
    one, other = _both(
        duckdb, spark, table, share=lambda t: (t.part.cast("float64") / t.whole.cast("float64")).round(9)
    )
    assert _bits(one) == _bits(other)


def test_a_count_of_nothing_is_0_where_the_condition_is_null(spark: SparkEngine) -> None:
    given = spark.give("given", pa.table({"value": pa.array([None, None], pa.int64())}))
    found = spark.fetch(given.agg(many=given.count(where=given.value > 0)))
    assert found["many"].to_pylist() == [0]


def test_types_are_those_of_the_expression(spark: SparkEngine) -> None:
    given = spark.give("given", pa.table({"node": pa.array([1, 2], pa.int32()), "text": ["a", None]}))
    asked = given.select("node", "text", sum=given.node.sum().over(), share=given.node / 3)
    assert spark.fetch(asked).schema.types == [pa.int32(), pa.string(), pa.int64(), pa.float64()]


def test_empty_tables_have_their_columns(spark: SparkEngine) -> None:
    given = spark.give("given", pa.table({"zone": pa.array([], pa.string()), "since": pa.array([], pa.int64())}))
    kept = spark.save("kept", given.filter(given.since > 0))
    assert spark.fetch(kept).schema == pa.schema({"zone": pa.string(), "since": pa.int64()})


def test_what_is_kept_is_computed_once(spark: SparkEngine) -> None:
    given = spark.give("given", pa.table({"value": [1, 2, 3]}))
    kept = spark.save("kept", given.mutate(chance=ibis.random()))
    assert spark.fetch(kept.order_by("value")).equals(spark.fetch(kept.order_by("value")))


def test_names_of_folders_are_no_columns_and_no_patterns(spark: SparkEngine, tmp_path: Path) -> None:
    folder = tmp_path / "operator=*" / "day=2026-05-01 {x}"
    folder.mkdir(parents=True)
    table = pa.table({"operator": ["generic"]})
    pq.write_table(table, folder / "[1].parquet")
    assert spark.fetch(spark.scan("scanned", [folder / "[1].parquet"], table.schema)).equals(table)


def test_an_overflow_is_a_sentence_without_rows(spark: SparkEngine) -> None:
    given = spark.give("given", pa.table({"value": [2**62, 2**62]}))
    with pytest.raises(EngineError, match=r"Spark failed \(ARITHMETIC_OVERFLOW\S*\); .*spark.log says more") as failed:
        spark.fetch(given.agg(sum=given.value.sum()))
    assert str(2**62) not in str(failed.value)


def test_a_comma_in_the_path_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "one,two"
    folder.mkdir()
    with pytest.raises(EngineError, match="one,two for several folders: use a home without a comma"):
        SparkEngine(SETTINGS, folder, folder / "spark.log")


def test_without_java_the_next_step_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with (
        pytest.raises(EngineError, match="Spark needs Java 17"),
        open_engine("spark", tmp_path, SETTINGS, tmp_path / "spark.log"),
    ):
        pass
