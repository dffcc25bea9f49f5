"""What a number's risk rests on, and what else is known of it: the facts behind its score, features, plan."""

from __future__ import annotations

import numpy as np

from api.reads.answers import Fact, FeatureValue
from api.reads.view import View
from graph.features.catalogue import BY_NAME
from graph.store.port import NumberNode
from ingest.values.number_plans import Carrier, carrier_of, region_of

_OF_A_PLAN = ("e164", "service")


def evidence(view: View, row: int) -> list[Fact]:
    """Give the facts behind the score of the number at `row`, the weightiest first."""
    nodes = view.evidence_nodes
    start, end = np.searchsorted(nodes, row, "left"), np.searchsorted(nodes, row, "right")
    facts = view.results.evidence.slice(start, end - start).drop_columns(["node"])
    return [Fact(**fact) for fact in facts.to_pylist()]


def features(view: View, row: int) -> list[FeatureValue]:
    """Give every feature of the number at `row` in the order of the catalogue."""
    values = view.snapshot.features.slice(row, 1).to_pylist()[0]
    return [
        FeatureValue(feature.name, values[feature.name], feature.unit, feature.tier, feature.definition)
        for feature in BY_NAME.values()
        if feature.name in values
    ]


def carrier(view: View, node: NumberNode) -> Carrier:
    """Give the network of a number: after porting where the home's table knows, else by numbering plan."""
    if node.kind not in _OF_A_PLAN:
        return Carrier(None, None)
    return carrier_of(node.key.number, node.carrier, view.ported)


def region(node: NumberNode) -> str | None:
    """Give the town or area of a number by numbering plan."""
    return region_of(node.key.number) if node.kind in _OF_A_PLAN else None
