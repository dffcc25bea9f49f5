"""Features come out alike when only what they need is read."""

from __future__ import annotations

from collections.abc import Collection
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
from tests.graph.calls import MAY, Row, write_calls
from tests.graph.features.test_plain import rows as rows_with_everything

SOME = {
    "additive": {feature.name for feature in FEATURES if feature.tier == "additive"},
    "calls alone": {"attempts", "callees", "reciprocity", "gap_cv"},
    "places": {"origin_regions"},
    "devices": {"devices"},
}


def _rows() -> list[Row]:
    regions = ("LK-11", "LK-12", "unknown", None)
    return [
        {**row, "origin_region": regions[at % 4], "target_region": regions[at % 3]}
        for at, row in enumerate(rows_with_everything())
    ]


def _features(calls: Path, names: set[str], needed: Collection[str]) -> pa.Table:
    settings = load_settings().features
    with TemporaryDirectory(dir=calls.parent) as spill, Engine(Path(spill)) as engine:
        tables = call_tables(engine, [calls], MAY, settings, needed=needed)
        to = destinations(number_table(engine, tables), load_plans()) if PLANS & needs(names) else None
        return feature_table(engine, tables, *pair_arrays(engine, tables), to, settings, names)[0]


@pytest.mark.parametrize("some", SOME)
def test_some_features_are_those_of_all(tmp_path: Path, some: str) -> None:
    calls = write_calls(tmp_path / "calls.parquet", _rows())
    names = [feature.name for feature in FEATURES if feature.name in SOME[some]]
    found = _features(calls, SOME[some], needs(SOME[some]))
    assert found.equals(_features(calls, set(BY_NAME), KEPT).select(names))
    assert any(found.column(name).null_count < len(found) for name in names)


def test_plans_that_are_needed_are_asked_for(tmp_path: Path) -> None:
    calls = write_calls(tmp_path / "calls.parquet", _rows())
    with Engine(tmp_path) as engine:
        settings = load_settings().features
        tables = call_tables(engine, [calls], MAY, settings)
        pairs, talks = pair_arrays(engine, tables)
        with pytest.raises(ValueError, match="numbering plans"):
            feature_table(engine, tables, pairs, talks, None, settings, {"neighbour_share"})


def test_all_features_need_all_that_calls_keep() -> None:
    assert needs(BY_NAME) >= set(KEPT)
    assert not needs({"attempts", "callees"}) & set(KEPT)
