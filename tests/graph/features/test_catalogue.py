"""The catalogue, its page and the groups agree."""

from __future__ import annotations

from pathlib import Path

from graph.features.catalogue import FEATURES, GROUPS, PROTOTYPE, features_of, not_computable
from graph.features.feature import E164, KINDS, LONG_WINDOW, MESSAGES, TARIFFS, TIERS
from graph.features.page import page
from graph.windows import DAY, Window
from ingest.cdr import COLUMNS
from tests.graph.calls import MAY, call, tables_of

OTHER_NEEDS = {E164, MESSAGES, TARIFFS, LONG_WINDOW}
PAGE = Path(__file__).parents[3] / "docs" / "features.md"


def test_page_is_made_from_the_catalogue() -> None:
    assert PAGE.read_text(encoding="utf-8") == page() + "\n"


def test_names_are_unique_and_words_are_known() -> None:
    names = [feature.name for feature in FEATURES]
    assert len(set(names)) == len(names) >= 30
    assert set(PROTOTYPE) <= set(names)
    assert {feature.group for feature in FEATURES} == set(GROUPS)
    assert {feature.tier for feature in FEATURES} == set(TIERS)
    nullable = {column.name for column in COLUMNS if column.nullable}
    assert {need for feature in FEATURES for need in feature.needs} <= nullable | OTHER_NEEDS
    assert {kind for feature in FEATURES for kind in feature.entities} == set(KINDS)
    assert all(feature.entities[0] == "number" for feature in FEATURES)


def test_table_has_the_catalogue_in_order(tmp_path: Path) -> None:
    features = tables_of([call("+911", "+912", "10:00:00", 5)], tmp_path).features
    assert features.column_names == [feature.name for feature in FEATURES]
    assert {str(kind) for kind in features.schema.types} == {"double"}


def test_what_is_not_recorded_is_null_and_says_what_it_needs(tmp_path: Path) -> None:
    tables = tables_of([call("a", "b", "10:00:00", 5), call("b", "a", "11:00:00", 5)], tmp_path)
    lacking = tables.facts["not_computable"]
    assert lacking["ring3_share"] == "needs ring_ms"
    assert lacking["origin_regions"] == "needs origin_region"
    assert lacking["neighbour_share"] == "needs E.164 numbers"
    assert lacking["cost_rate"] == "needs E.164 numbers, a tariff table: HOME/plans/tariffs.yaml"
    assert lacking["sms_share"] == "needs messages (records of kind sms)"
    assert lacking["sims_per_imei"] == "needs imei, imsi"
    assert lacking["forward_sources"] == "needs forwarded_to"
    assert all(tables.features[name].null_count == 2 for name in lacking)
    assert "asr" not in lacking
    assert "new_callee_share" not in lacking


def test_without_a_tariff_table_the_cost_is_not_computable(tmp_path: Path) -> None:
    lacking = tables_of([call("+919812345678", "+97912345678", "10:00:00", 60)], tmp_path).facts["not_computable"]
    assert lacking["cost_rate"] == "needs a tariff table: HOME/plans/tariffs.yaml"


def test_a_window_without_a_past_knows_no_new_callees(tmp_path: Path) -> None:
    window = Window(MAY.start + 3 * DAY, MAY.start + 4 * DAY)
    tables = tables_of([call("+911", "+912", "10:00:00", 5)], tmp_path, window=window)
    assert tables.facts["not_computable"]["new_callee_share"] == "needs a window of over features.new_callee_h hours"
    assert tables.features["new_callee_share"].null_count == 2


def test_nothing_lacks_when_all_is_recorded() -> None:
    assert not_computable({column.name for column in COLUMNS} | OTHER_NEEDS) == {}


def test_every_kind_of_entity_has_features_of_its_own() -> None:
    assert features_of("number") == FEATURES
    named = {kind: {feature.name for feature in features_of(kind)} for kind in KINDS}
    assert {"sequential_share", "in_out_seconds_ratio", "trunks_in", "concurrent_peak"} <= named["range"]
    assert {"asr", "acd", "zero_share", "concurrent_peak", "neighbour_share", "received_acd"} <= named["trunk"]
    assert {"sims", "cells"} <= named["device"]
    assert {"devices", "cells"} <= named["sim"]
    assert {"devices", "sims", "attempts"} <= named["cell"]
    assert not {"received", "received_acd"} & (named["device"] | named["sim"] | named["cell"])
