"""All tables of a snapshot, computed from the lake's segments; nothing here knows of homes and folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from configs import Settings
from configs.plan_tables import Plans, load_plans
from graph.calls import call_tables
from graph.edges import edge_table
from graph.entities.table import EntityTables, entity_tables
from graph.features.destinations import destinations
from graph.features.table import feature_table
from graph.links.equipment import equipment_keys
from graph.links.keys import link_keys
from graph.numbers import number_table
from graph.pair_arrays import pair_arrays
from graph.query_engine import QueryEngine
from graph.windows import Window
from ingest.progress import Progress

STEPS = 6


@dataclass(frozen=True)
class SnapshotTables:
    """What `write_snapshot` writes, and facts about the calls for the manifest."""

    numbers: pa.Table  # NUMBERS
    features: pa.Table  # one column a feature of the catalogue
    edges: pa.Table  # EDGES
    link_keys: pa.Table  # LINK_KEYS
    entities: EntityTables
    # window_records: all records, whatever their kind; window_calls: the attempts; self_calls among these; other_kinds;
    # answer_state_inferred; not_computable
    facts: Mapping[str, Any]


def snapshot_tables(
    engine: QueryEngine,
    paths: Sequence[Path],
    window: Window,
    settings: Settings,
    progress: Progress,
    left_out: Sequence[str] = (),
    plans: Plans | None = None,
) -> SnapshotTables:
    """Give the tables of the calls in `paths` that started within `window`; all are empty where there are none.

    Calls with a number that is `left_out` do not count. Without `plans` the shipped tables of ranges are used.
    """
    progress.stage("graph", STEPS, "steps")
    tables = call_tables(engine, paths, window, settings.features, left_out)
    progress.advance(1)
    pairs, talks = pair_arrays(engine, tables)
    edges = edge_table(pairs)
    progress.advance(1)
    numbers = number_table(engine, tables)
    progress.advance(1)
    to = destinations(numbers, plans or load_plans())
    features, lacking = feature_table(engine, tables, pairs, talks, to, settings.features)
    del talks  # much memory where there are many pairs
    progress.advance(1)
    entities = entity_tables(engine, tables, pairs, to, settings.features, settings.links.range_digits, lacking)
    progress.advance(1)
    equipment = equipment_keys(engine, tables, settings.links.rare_holders)
    keys = link_keys(numbers, edges, settings.links, equipment)
    progress.advance(1)
    facts = {**tables.facts, "not_computable": lacking}
    return SnapshotTables(numbers, features, edges, keys, entities, facts)
