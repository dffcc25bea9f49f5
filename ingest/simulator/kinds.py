"""What can be simulated, found by looking into the folders rings/ and look_alikes/."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar, cast

from ingest.simulator import look_alikes, rings
from ingest.simulator.organisations.organisation import RingKind
from ingest.simulator.settings import WorldError, WorldSettings
from ingest.simulator.trades import LookAlikeKind

Kind = TypeVar("Kind")


def ring_kinds() -> dict[str, RingKind]:
    """Give every kind of ring by fraud type, sorted."""
    names = sorted(module.name for module in iter_modules(rings.__path__))
    return {name: cast(RingKind, import_module(f"{rings.__name__}.{name}")) for name in names}


def look_alike_kinds() -> dict[str, LookAlikeKind]:
    """Give every kind of look-alike by name, sorted."""
    names = sorted(module.name for module in iter_modules(look_alikes.__path__))
    return {name: cast(LookAlikeKind, import_module(f"{look_alikes.__name__}.{name}")) for name in names}


def planted_kinds(settings: WorldSettings) -> tuple[dict[str, RingKind], dict[str, LookAlikeKind]]:
    """Give the kinds that a world is to have, sorted. Raises WorldError for a kind that does not exist."""
    return (
        _chosen("fraud_types", ring_kinds(), settings.fraud_types),
        _chosen("look_alikes", look_alike_kinds(), settings.look_alikes),
    )


def _chosen(field: str, kinds: dict[str, Kind], names: Iterable[str] | None) -> dict[str, Kind]:
    unknown = sorted(set(names or ()) - set(kinds))
    if unknown:
        raise WorldError(f"{field} names {', '.join(unknown)}; there are {', '.join(kinds)}")
    return kinds if names is None else {name: kinds[name] for name in sorted(names)}
