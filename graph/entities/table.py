"""All of entities: which there are, who belongs to them, and their features."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from configs import FeatureSettings
from graph.calls import CallTables
from graph.entities.keys import key_texts, named, ranges
from graph.entities.members import entities, members
from graph.entities.regrouped import Regrouped, regrouped
from graph.features import answers, balance, catalogue, cells, devices, places, reach, sequences, traffic, trunks
from graph.features.columns import Floats, by_node, filled
from graph.features.destinations import Destinations, hot_peak
from graph.features.destinations import columns as destination_columns
from graph.features.feature import KINDS, Kind
from graph.features.joined import beside
from graph.query_engine import QueryEngine
from graph.snapshot import ENTITIES, MEMBERSHIPS

_ENTITY_KINDS: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind != "number")
_GROUPS: Mapping[str, Callable[[Regrouped, FeatureSettings], ir.Table]] = {
    "traffic": lambda of, settings: traffic.table(of.tables, settings),
    "reach": lambda of, settings: reach.table(of.tables, settings),
    "places": lambda of, _: _places(of),
    "answers": lambda of, _: _answers(of),
    "balance": lambda of, settings: balance.table(of.tables, settings),
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
    to: Destinations,
    settings: FeatureSettings,
    range_digits: int,
    lacking: Collection[str],
) -> EntityTables:
    """Give the entities that at least two numbers share, with their members and features.

    to: what is known of every node as a destination; range_digits: a range is all numbers that differ in so many last
    digits only; lacking: features that cannot be computed in this window.
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
    computed = {
        kind: _of_kind(
            engine, regrouped(engine, tables, kind, shared), to, settings, _groups(kind, lacking), len(found)
        )
        for kind in found["kind"].unique().to_pylist()
    }
    return EntityTables(found, _laid_out(found["kind"], computed, lacking), ties)


def _groups(kind: Kind, lacking: Collection[str]) -> set[str]:
    """Name the groups of which an entity of `kind` has a feature that can be computed."""
    return {feature.group for feature in catalogue.features_of(kind) if feature.name not in lacking}


def _of_kind(
    engine: QueryEngine, of: Regrouped, to: Destinations, settings: FeatureSettings, groups: Collection[str], count: int
) -> dict[str, Floats]:
    columns: dict[str, Floats] = {}
    for name, group in _GROUPS.items():
        if name in groups:
            found = group(of, settings)
            columns.update(by_node(engine.fetch(found.mutate(node=-1 - found.node)), count))
    columns.update(_sequences(engine, of, settings, groups, count))
    if "destinations" in groups:
        columns.update(_destinations(engine, of, to, columns["active_hours"]))
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


def _places(of: Regrouped) -> ir.Table:
    made = of.tables.pairs.filter(of.tables.pairs.caller < 0)
    return places.shares(of.tables, of.number_pairs, made.select("callee", node=made.caller), of.number_table)


def _answers(of: Regrouped) -> ir.Table:
    return beside(of.tables.numbers, answers.made(of.tables.calls), answers.got(of.received))


def _sequences(
    engine: QueryEngine, of: Regrouped, settings: FeatureSettings, groups: Collection[str], count: int
) -> dict[str, Floats]:
    calls = of.tables.calls
    made = replace(of.tables, calls=calls.mutate(caller=-1 - calls.caller), numbers=of.number_table)
    return sequences.columns(engine, made, settings, groups, count)


def _destinations(engine: QueryEngine, of: Regrouped, to: Destinations, active_hours: Floats) -> dict[str, Floats]:
    made = of.tables.pairs.filter(of.tables.pairs.caller < 0)
    edges = engine.fetch(made.select("callee", "calls", "talk_ms", caller=-1 - made.caller))
    calls = of.tables.calls.filter(of.tables.calls.number != of.tables.calls.callee)
    peak = hot_peak(engine, calls.mutate(caller=-1 - calls.caller), of.number_table, to, len(active_hours))
    return {**destination_columns(to, edges, active_hours), "hot_range_peak": peak}
