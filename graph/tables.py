"""All tables of a snapshot, computed from the lake's segments; nothing here knows of homes and folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from configs import Settings
from graph.calls import attempts, call_tables, other_kinds, window_records
from graph.edges import edge_table
from graph.engine import Engine
from graph.features.table import feature_table
from graph.links.keys import link_keys
from graph.numbers import number_table
from graph.windows import Window
from ingest.progress import Progress

STEPS = 5


@dataclass(frozen=True)
class SnapshotTables:
    """What `write_snapshot` writes, and facts about the calls for the manifest."""

    numbers: pa.Table  # NUMBERS
    features: pa.Table  # one column a feature of the catalogue
    edges: pa.Table  # EDGES
    link_keys: pa.Table  # LINK_KEYS
    # window_records: all records, whatever their kind; window_calls: the attempts; self_calls among these; other_kinds;
    # answer_state_inferred; not_computable
    facts: Mapping[str, Any]


def snapshot_tables(
    engine: Engine,
    paths: Sequence[Path],
    window: Window,
    settings: Settings,
    progress: Progress,
    left_out: Sequence[str] = (),
) -> SnapshotTables:
    """Give the tables of the calls in `paths` that started within `window`; all are empty where there are none.

    Calls with a number that is `left_out` do not count.
    """
    progress.stage("graph", STEPS, "steps")
    records = window_records(engine, paths, window, left_out)
    voice = attempts(records)
    tables = call_tables(engine, voice, window, settings.features)
    progress.advance(1)
    edges = edge_table(engine, tables)
    progress.advance(1)
    numbers = number_table(engine, tables)
    progress.advance(1)
    features, lacking = feature_table(engine, tables, edges, len(numbers), settings.features)
    progress.advance(1)
    keys = link_keys(numbers, edges, settings.links)
    progress.advance(1)
    facts = {**_facts(engine, records, voice), "not_computable": lacking}
    return SnapshotTables(numbers, features, edges, keys, facts)


def _facts(engine: Engine, records: ir.Table, voice: ir.Table) -> dict[str, Any]:
    found = engine.fetch(
        voice.agg(
            window_calls=voice.count(),
            self_calls=voice.count(where=voice.caller == voice.callee),
            answer_state_inferred=voice.answered.isnull().any().fill_null(False),
        )
    )
    calls, others = dict(found.to_pylist()[0]), other_kinds(engine, records)
    return {**calls, "other_kinds": others, "window_records": calls["window_calls"] + sum(others.values())}
