"""The feature table of a snapshot: every group computed, laid out by node, completed by what is not computable."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from configs import FeatureSettings
from graph.calls import CallTables
from graph.features import (
    answers,
    catalogue,
    cells,
    destinations,
    devices,
    messages,
    neighbour_means,
    neighbours,
    of_pairs,
    places,
    sequences,
    traffic,
    trunks,
)
from graph.features.columns import Floats, by_node, column, filled
from graph.features.destinations import Destinations
from graph.features.feature import E164, LONG_WINDOW, MESSAGES, PLANS, TARIFFS
from graph.features.places import BY_DIGITS
from graph.pair_arrays import PairArrays, Talks
from graph.query_engine import QueryEngine
from graph.windows import HOUR

GroupTable = Callable[[CallTables, FeatureSettings], ir.Table]
_GROUPS: Mapping[str, GroupTable] = {
    "traffic": traffic.table,
    "places": places.table,
    "answers": answers.table,
    "cells": cells.table,
    "trunks": trunks.table,
    "messages": messages.table,
}


def recorded(engine: QueryEngine, tables: CallTables, to: Destinations | None, settings: FeatureSettings) -> set[str]:
    """Give which needs of the catalogue are met, as by a column that at least one of the window's calls has.

    Without `to` those of PLANS are not.
    """
    found: dict[str, Any] = dict(tables.recorded)
    if to is not None:
        called = engine.fetch(tables.calls.select("callee").distinct())["callee"].to_numpy()
        found[E164], found[TARIFFS] = to.is_written[called].any(), to.has_tariffs
    for need, rows in ((MESSAGES, tables.messages), ("forwarded_to", tables.forwards)):
        found[need] = engine.fetch(rows.agg(rows=rows.count()))["rows"][0].as_py()
    found[LONG_WINDOW] = tables.window.end - tables.window.start > settings.new_callee_h * HOUR
    return {name for name, is_there in found.items() if is_there}


def feature_table(
    engine: QueryEngine,
    tables: CallTables,
    pairs: PairArrays,
    talks: Talks,
    to: Destinations | None,
    settings: FeatureSettings,
    names: Collection[str] = tuple(catalogue.BY_NAME),
) -> tuple[pa.Table, dict[str, str]]:
    """Give the features `names`, and of those that are null throughout what they need: `needs ring_ms`.

    One float64 column a feature, in catalogue order, row = node. pairs, talks: of `tables`; to: every node as a
    destination, None where nothing that is wanted needs PLANS. Where means over neighbours or destinations are wanted,
    `names` has what they are computed from. Raises
    ValueError where `to` is missing.
    """
    wanted = [feature for feature in catalogue.FEATURES if feature.name in names]
    if to is None and any(PLANS & set(feature.needs) for feature in wanted):
        raise ValueError("some of these features need what numbering plans say of destinations")
    lacking = catalogue.not_computable(recorded(engine, tables, to, settings))
    lacking = {feature.name: lacking[feature.name] for feature in wanted if feature.name in lacking}
    computed = {feature.name for feature in wanted if feature.name not in lacking}
    count = tables.count
    columns = _grouped(engine, tables, settings, computed, count)
    columns.update(of_pairs.columns(of_pairs.Paired(engine, tables, pairs, talks, settings, count), computed))
    groups = {catalogue.BY_NAME[name].group for name in computed}
    columns.update(sequences.columns(engine, tables, settings, groups, count))
    if "devices" in groups:
        columns.update(devices.columns(engine, tables, count))
    if to is not None and "destinations" in groups:
        columns.update(_destinations(pairs, to, columns["active_hours"]))
    if to is not None and "hot_range_peak" in names:
        others = tables.calls.filter(tables.calls.caller != tables.calls.callee)
        columns["hot_range_peak"] = destinations.hot_peak(engine, others, tables.numbers, to, count)
    columns.update(_of_graph(columns, pairs, count, names))
    nothing = np.full(count, np.nan)
    return pa.table(
        {f.name: column(f, columns.get(f.name, nothing), is_impossible=f.name in lacking) for f in wanted}
    ), lacking


def _grouped(
    engine: QueryEngine,
    tables: CallTables,
    settings: FeatureSettings,
    wanted: Collection[str],
    count: int,
) -> dict[str, Floats]:
    """Compute the groups, of each what is wanted: the rest costs nothing."""
    columns: dict[str, Floats] = {}
    for name, group in _GROUPS.items():
        computed = [feature for feature in catalogue.names(name) if feature in wanted and feature not in BY_DIGITS]
        if computed:
            columns.update(by_node(engine.fetch(group(tables, settings).select("node", *computed)), count))
    return columns


def _destinations(pairs: PairArrays, to: Destinations, active_hours: Floats) -> dict[str, Floats]:
    return of_pairs.of_callers(
        pairs, len(active_hours), lambda _, made, some: destinations.columns(to, made, active_hours[some])
    )


def _of_graph(
    features: Mapping[str, Floats], pairs: PairArrays, count: int, names: Collection[str]
) -> dict[str, Floats]:
    """Give what the pairs as a graph show of `names`: how contacts are connected, and what they are like."""
    caller, callee = pairs.caller, pairs.callee
    columns: dict[str, Floats] = {}
    if not set(catalogue.names("neighbours")).isdisjoint(names):
        columns.update(neighbours.columns(count, caller, callee, with_clustering="clustering" in names))
    if not set(catalogue.names("neighbour means")).isdisjoint(names):
        of_others = {name: filled(catalogue.BY_NAME[name], features[name]) for name in neighbour_means.FEATURES}
        columns.update(neighbour_means.columns(of_others, caller, callee))
    return columns
