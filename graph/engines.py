"""Which engine computes the tables of a window: DuckDB on this machine, or Spark where that is outgrown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from configs import SparkSettings
from graph.engine import Engine
from graph.query_engine import EngineError, QueryEngine

EngineName = Literal["duckdb", "spark"]


@contextmanager
def open_engine(name: EngineName, spill: Path, settings: SparkSettings, log: Path) -> Iterator[QueryEngine]:
    """Give the engine `name` until the block is left; what does not fit in memory goes into `spill`.

    `log`: where Spark says what it does. Raises EngineError where the engine is not installed or does not start.
    """
    if name == "duckdb":
        with Engine(spill) as engine:
            yield engine
        return
    if find_spec("pyspark") is None:
        raise EngineError(
            "--engine spark needs the extra spark: run `pip install 'ringfence[spark]'`, or leave --engine out"
        )
    from graph.spark import SparkEngine  # noqa: PLC0415 - an extra, and slow to import

    with SparkEngine(settings, spill, log) as spark:
        yield spark
