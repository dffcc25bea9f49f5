"""From the lake's files to the tables of a snapshot."""

from __future__ import annotations

import shutil
from collections.abc import Collection

import pyarrow as pa

from api.bench.compared import COMPARED
from api.bench.ground import Ground, Told, Work
from configs.plan_tables import load_plans
from graph.calls import CallTables, call_tables
from graph.edges import edge_table
from graph.engine import Engine
from graph.entities.table import entity_tables
from graph.features.catalogue import BY_NAME, FEATURES, needs, not_computable
from graph.features.destinations import Destinations, destinations
from graph.features.feature import PLANS
from graph.features.table import feature_table, recorded
from graph.numbers import number_table
from graph.pair_arrays import pair_arrays
from graph.run import build_snapshot
from graph.windows import Window, parse_span
from ingest.lake.lake import Lake
from ingest.progress import Silent


def expressions(ground: Ground) -> Work:
    """All features of a window without calls: what is paid whatever the calls, to write expressions as SQL."""
    last = ground.window().end
    return _features_of(ground, BY_NAME, Window(last, last + parse_span(ground.settings.window)))


def additive(ground: Ground) -> Work:
    """The features that are sums over calls in any order: with their calls, pairs and plans, from the lake's files."""
    return _features_of(ground, {f.name for f in FEATURES if f.tier == "additive"}, ground.window())


def same(ground: Ground) -> Work:
    """Only the features that the baseline has, from the lake's files on."""
    return _features_of(ground, COMPARED, ground.window())


def features(ground: Ground) -> Work:
    """All features of numbers, from the lake's files on: calls on whole numbers, pairs, edges, numbering plans."""
    return _features_of(ground, BY_NAME, ground.window())


def edges(ground: Ground) -> Work:
    """The pairs, added up and sorted; calls are prepared. `features` holds this, too."""
    engine = _engine(ground)
    tables = _call_tables(ground, engine)

    def work() -> Told:
        found = edge_table(pair_arrays(engine, tables)[0])
        return lambda: {"edges": len(found)}

    return work


def entities(ground: Ground) -> Work:
    """Ranges, devices, SIMs, cells and trunks that several share, with their features; calls and pairs are prepared."""
    engine, settings = _engine(ground), ground.settings
    tables = _call_tables(ground, engine)
    to = _destinations(ground, engine, tables)
    pairs, _ = pair_arrays(engine, tables)
    lacking = not_computable(recorded(engine, tables, to, settings.features))

    def work() -> Told:
        found = entity_tables(engine, tables, pairs, to, settings.features, settings.links.range_digits, lacking)
        return lambda: {"entities": len(found.entities)}

    return work


def snapshot(ground: Ground) -> Work:
    """All of a snapshot, from the lake's files to durable files: features, entities, edges, link keys."""
    for folder in ground.home.snapshots.iterdir():
        shutil.rmtree(folder)

    def work() -> Told:
        lake = Lake(ground.home)
        manifest = build_snapshot(ground.home, lake, ground.window(), None, ground.settings, Silent()).manifest
        counts = manifest["counts"]
        return lambda: {"calls": manifest["window_records"], "numbers": counts["numbers"], "edges": counts["edges"]}

    return work


def _features_of(ground: Ground, names: Collection[str], window: Window) -> Work:
    engine, settings = _engine(ground), ground.settings.features
    needs_plans = any(not PLANS.isdisjoint(BY_NAME[name].needs) for name in names)

    def work() -> Told:
        tables = call_tables(engine, ground.paths(), window, settings, needed=needs(names))
        to = _destinations(ground, engine, tables) if needs_plans else None
        table, lacking = feature_table(engine, tables, *pair_arrays(engine, tables), to, settings, names)
        return lambda: {"features": table.num_columns - len(lacking), "numbers": len(table)}

    return work


def _engine(ground: Ground) -> Engine:
    """Give an engine that has run an expression: what is imported only then is no part of a stage."""
    engine = Engine(ground.spill)
    engine.fetch(engine.give("one", pa.table({"row": [1]})))
    return engine


def _call_tables(ground: Ground, engine: Engine) -> CallTables:
    return call_tables(engine, ground.paths(), ground.window(), ground.settings.features)


def _destinations(ground: Ground, engine: Engine, tables: CallTables) -> Destinations:
    return destinations(number_table(engine, tables), load_plans(ground.home.root))
