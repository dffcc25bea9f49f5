"""Features come out alike when only what they need is read."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest

from configs import load_settings
from configs.plan_tables import load_plans
from graph.calls import call_tables
from graph.engine import Engine
from graph.features.catalogue import BY_NAME, FEATURES, needs
from graph.features.destinations import destinations
from graph.features.feature import PLANS
from graph.features.table import feature_table
from graph.numbers import number_table
from graph.pair_arrays import pair_arrays
from graph.reading.segments import KEPT
from tests.graph.calls import MAY, write_calls
from tests.graph.features.test_plain import rows as rows_with_everything

SOME = {
    "additive": {feature.name for feature in FEATURES if feature.tier == "additive"},
    "calls alone": {"attempts", "callees", "reciprocity", "gap_cv"},
    "places": {"origin_regions"},
    "devices": {"devices"},
}


def _features(calls: Path, names: set[str]) -> pa.Table:
    settings = load_settings().features
    with TemporaryDirectory(dir=calls.parent) as spill, Engine(Path(spill)) as engine:
        tables = call_tables(engine, [calls], MAY, settings, needed=needs(names))
        to = destinations(number_table(engine, tables), load_plans()) if PLANS & needs(names) else None
        return feature_table(engine, tables, *pair_arrays(engine, tables), to, settings, names)[0]


@pytest.mark.parametrize("some", SOME)
def test_some_features_are_those_of_all(tmp_path: Path, some: str) -> None:
    calls = write_calls(tmp_path / "calls.parquet", rows_with_everything())
    names = [feature.name for feature in FEATURES if feature.name in SOME[some]]
    assert _features(calls, SOME[some]).equals(_features(calls, set(BY_NAME)).select(names))


def test_all_features_need_all_that_calls_keep() -> None:
    assert needs(BY_NAME) >= set(KEPT)
    assert not needs({"attempts", "callees"}) & set(KEPT)
