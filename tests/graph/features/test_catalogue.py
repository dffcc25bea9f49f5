"""The catalogue, its page and the groups agree."""

from __future__ import annotations

from pathlib import Path

from graph.features.catalogue import E164, FEATURES, GROUPS, PROTOTYPE, TIERS, not_computable
from graph.features.page import page
from ingest.cdr import COLUMNS
from tests.graph.calls import call, tables_of

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
    assert {need for feature in FEATURES for need in feature.needs} <= nullable | {E164}


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
    assert all(tables.features[name].null_count == 2 for name in lacking)
    assert "asr" not in lacking


def test_nothing_lacks_when_all_is_recorded() -> None:
    assert not_computable({"ring_ms", "origin_region", "target_region", E164}) == {}
