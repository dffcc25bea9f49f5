"""All of entities: which there are, who belongs to them, and their features."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from configs import FeatureSettings
from graph.calls import CallTables
from graph.entities.keys import key_texts, named, ranges
from graph.entities.members import entities, members
from graph.entities.pairs import CallPairs, EntityPairs, PairSource, RangePairs
from graph.entities.regrouped import Regrouped, regrouped
from graph.features import answers, balance, catalogue, cells, devices, places, reach, sequences, traffic, trunks
from graph.features.columns import Floats, by_node, filled
from graph.features.destinations import Destinations, hot_peak
from graph.features.destinations import columns as destination_columns
from graph.features.feature import KINDS, Kind
from graph.features.joined import beside
from graph.features.written import Written, written
from graph.pair_arrays import PairArrays
from graph.query_engine import QueryEngine
from graph.snapshot import ENTITIES, MEMBERSHIPS

_ENTITY_KINDS: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind != "number")
_GROUPS: Mapping[str, Callable[[Regrouped, FeatureSettings], ir.Table]] = {
    "traffic": lambda of, settings: traffic.table(of.tables, settings),
    "places": lambda of, settings: places.table(of.tables, settings),
    "answers": lambda of, _: _answers(of),
    "devices": lambda of, _: devices.own(of.tables.calls),
    "cells": lambda of, settings: cells.table(of.tables, settings),
    "trunks": lambda of, settings: trunks.table(of.tables, settings),
}


@dataclass(frozen=True)
class EntityTables:
    """What `write_snapshot` writes of entities."""

    entities: pa.Table  # ENTITIES
    features: pa.Table  # one float64 column a feature that entities have, in catalogue order, row = entity
    memberships: pa.Table  # MEMBERSHIPS

    def by_name(self) -> Mapping[str, pa.Table]:
        """Give the tables by the names of a snapshot's properties."""
        return {"entities": self.entities, "entity_features": self.features, "memberships": self.memberships}


def entity_tables(
    engine: QueryEngine,
    tables: CallTables,
    pairs: PairArrays,
    to: Destinations,
    settings: FeatureSettings,
    range_digits: int,
    lacking: Collection[str],
) -> EntityTables:
    """Give the entities that at least two numbers share, with their members and features.

    pairs: of `tables`; to: what is known of every node as a destination; range_digits: a range is all numbers that
    differ in so many last digits only; lacking: features that cannot be computed in this window.
    """
    of_numbers, range_texts = ranges(engine, tables, range_digits)
    given = engine.give("ranges", of_numbers)
    uses = engine.save("entity_uses", ibis.union(*(members(tables, kind, given) for kind in _ENTITY_KINDS)))
    known = engine.save("entities", entities(uses))
    shared = uses.join(known, ["operator", "kind", "key"])
    shared = engine.save("entity_members", shared.select("entity", "node", "kind", "key", calls=uses.calls))
    found = engine.fetch(known.order_by("entity").select(*ENTITIES.names))
    texts = named(found["kind"], found["key"], key_texts(tables, range_texts))
    found = found.set_column(found.column_names.index("key"), "key", texts).cast(ENTITIES)
    ties = engine.fetch(shared.select(*MEMBERSHIPS.names).order_by("entity", "node")).cast(MEMBERSHIPS)
    digits = written(engine, tables.numbers, tables.count)
    computed = {}
    for kind in found["kind"].unique().to_pylist():
        of = regrouped(tables, kind, shared)
        columns = _of_calls(engine, of, to, settings, _wanted(kind, lacking), len(found))
        source = (
            _range_pairs(pairs, ties, found, tables.count) if kind == "range" else _call_pairs(engine, of, kind, found)
        )
        active_hours = columns.get("active_hours", np.full(len(found), np.nan))
        computed[kind] = columns | _of_pairs(source, digits, to, active_hours)
    return EntityTables(found, _laid_out(found["kind"], computed, lacking), ties)


def _wanted(kind: Kind, lacking: Collection[str]) -> set[str]:
    """Name the features of an entity of `kind` that can be computed."""
    return {feature.name for feature in catalogue.features_of(kind) if feature.name not in lacking}


def _range_pairs(pairs: PairArrays, ties: pa.Table, found: pa.Table, count: int) -> RangePairs:
    own = ties.filter(pc.equal(found["kind"], "range").take(ties["entity"]))
    range_of = np.full(count, -1, dtype=np.int32)
    range_of[own["node"].to_numpy()] = own["entity"].to_numpy()
    return RangePairs(pairs, range_of, len(found))


def _call_pairs(engine: QueryEngine, of: Regrouped, kind: Kind, found: pa.Table) -> CallPairs:
    calls = np.where(found["kind"].to_numpy() == kind, found["calls"].to_numpy(), 0)
    return CallPairs(engine, of.tables.calls, of.received, calls)


def _of_pairs(source: PairSource, digits: Written, to: Destinations, active_hours: Floats) -> dict[str, Floats]:
    """Give what is computed from pairs; active_hours [entities]: UTC hours with an attempt."""
    columns: dict[str, Floats] = {}
    for first, end in source.spans():
        found = _of_some(source.read(first, end), digits, to, active_hours[first:end])
        for name, values in found.items():
            columns.setdefault(name, np.full(len(active_hours), np.nan))[first:end] = values
    return columns


def _of_some(of: EntityPairs, digits: Written, to: Destinations, active_hours: Floats) -> dict[str, Floats]:
    count = len(active_hours)
    return {
        **reach.columns(of.made, of.got, count),
        **balance.columns(of.made, of.got, count),
        **places.columns(of.number_pairs, of.made, digits, count),
        **destination_columns(to, of.made, active_hours),
    }


def _of_calls(
    engine: QueryEngine, of: Regrouped, to: Destinations, settings: FeatureSettings, wanted: Collection[str], count: int
) -> dict[str, Floats]:
    """Give those of `wanted` that are computed from calls."""
    columns: dict[str, Floats] = {}
    groups = {catalogue.BY_NAME[name].group for name in wanted}
    for name, group in _GROUPS.items():
        if name not in groups:
            continue
        found = group(of, settings)
        computed = [column for column in found.columns if column in wanted]
        if computed:
            columns.update(by_node(engine.fetch(found.select(*computed, node=-1 - found.node)), count))
    columns.update(_sequences(engine, of, settings, groups, count))
    if "hot_range_peak" in wanted:
        others = of.tables.calls.filter(of.tables.calls.number != of.tables.calls.callee)
        columns["hot_range_peak"] = hot_peak(
            engine, others.mutate(caller=-1 - others.caller), of.number_table, to, count
        )
    return columns


def _laid_out(
    kinds: pa.ChunkedArray, computed: Mapping[Kind, Mapping[str, Floats]], lacking: Collection[str]
) -> pa.Table:
    """Give each feature its column over all entities, null for kinds that it is not for."""
    names = kinds.to_numpy()
    table = {}
    for feature in catalogue.FEATURES:
        if feature.entities == ("number",):
            continue
        values = np.full(len(names), np.nan)
        for kind in computed.keys() & set(feature.entities) if feature.name not in lacking else ():
            values = np.where(names == kind, filled(feature, computed[kind][feature.name]), values)
        table[feature.name] = pa.array(values, mask=np.isnan(values))
    return pa.table(table)


def _answers(of: Regrouped) -> ir.Table:
    return beside(of.tables.numbers, answers.made(of.tables.calls), answers.got(of.received))


def _sequences(
    engine: QueryEngine, of: Regrouped, settings: FeatureSettings, groups: Collection[str], count: int
) -> dict[str, Floats]:
    calls = of.tables.calls
    made = replace(of.tables, calls=calls.mutate(caller=-1 - calls.caller), numbers=of.number_table)
    return sequences.columns(engine, made, settings, groups, count)
