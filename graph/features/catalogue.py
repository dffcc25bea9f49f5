"""Every feature once: name, definition, unit, tier, what it needs, which group computes it, and for which entities.

The window of all is the run's. `needs` are canonical columns that some records lack, and tables; E164 stands for
numbers that are written in the numbering plan's digits. Tiers: *additive* features are sums over calls in any order,
*sequence* features look at neighbouring calls, *slow* ones at pairs and at the graph.
"""

from __future__ import annotations

from collections.abc import Collection

from graph.features.described_calls import CALLS, MORE_CALLS
from graph.features.described_equipment import EQUIPMENT
from graph.features.described_people import MORE_PEOPLE, NEIGHBOUR_MEANS, PEOPLE
from graph.features.feature import E164, KINDS, TIERS, Feature, Kind, Tier

__all__ = ["BY_NAME", "E164", "FEATURES", "GROUPS", "KINDS", "PROTOTYPE", "TIERS", "Feature", "Kind", "Tier"]

FEATURES: tuple[Feature, ...] = (*CALLS, *PEOPLE, *MORE_CALLS, *MORE_PEOPLE, *EQUIPMENT, *NEIGHBOUR_MEANS)
GROUPS = tuple(dict.fromkeys(feature.group for feature in FEATURES))
BY_NAME = {feature.name: feature for feature in FEATURES}
PROTOTYPE = (
    "avg_call_duration",
    "total_calls",
    "night_call_ratio",
    "unique_origin_regions",
    "unique_target_regions",
)


def names(group: str) -> tuple[str, ...]:
    """Give the names of a group's features in catalogue order."""
    return tuple(feature.name for feature in FEATURES if feature.group == group)


def features_of(kind: Kind) -> tuple[Feature, ...]:
    """Give the features that entities of a kind have, in catalogue order."""
    return tuple(feature for feature in FEATURES if kind in feature.entities)


def needs(features: Collection[str]) -> set[str]:
    """Give what `features` need, and all others of their groups: a group is computed from the same columns."""
    groups = {BY_NAME[name].group for name in features}
    return {need for feature in FEATURES if feature.group in groups for need in feature.needs}


def not_computable(recorded: Collection[str]) -> dict[str, str]:
    """Give, for every feature that lacks something, what it needs: `needs ring_ms`."""
    lacking = {feature.name: feature.missing(recorded) for feature in FEATURES}
    return {name: f"needs {', '.join(needs)}" for name, needs in lacking.items() if needs}
