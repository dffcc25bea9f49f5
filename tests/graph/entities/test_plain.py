"""Entities against the plainest possible code: the same world, with the entity in the place of its numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from graph.features.catalogue import features_of
from graph.features.feature import Kind
from graph.tables import SnapshotTables
from tests.graph.calls import MAY, Row, tables_of
from tests.graph.features.plain import BASE, PLAIN, World
from tests.graph.features.test_plain import plans, rows

KINDS: tuple[Kind, ...] = ("range", "device", "sim", "cell", "trunk")
MADE = {"device": "imei", "sim": "imsi", "cell": "cell", "trunk": "trunk_in"}
MORE: dict[str, Callable[[World, str], float | None]] = {
    "callers": lambda world, entity: len({row["caller"] for row in world.received[entity]}),
    "received": lambda world, entity: len(world.received[entity]),
    "callees": lambda world, entity: len({row["callee"] for row in world.made_to_others[entity]}),
}
COMPUTED = {**PLAIN, **BASE, **MORE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@cache
def _tables(folder: Path) -> SnapshotTables:
    return tables_of(rows(), folder, plans=plans())


def _voice() -> list[Row]:
    return [row for row in rows() if row["kind"] == "voice"]


def _key(kind: Kind, row: Row, side: str) -> str | None:
    if kind == "range":
        return row[side][:-3] if row[side].startswith("+") and len(row[side]) > 6 else None
    if side == "callee" and kind == "trunk":
        return str(row["trunk_out"]) if row["trunk_out"] else None
    return row[MADE[kind]] if side == "caller" else None


def _replaced(kind: Kind, key: str) -> Iterable[Row]:
    """The calls that an entity made, and those that it received, each with the entity in the number's place."""
    for row in _voice():
        is_own = row["caller"] == row["callee"]
        if _key(kind, row, "caller") == key:
            yield {**row, "caller": key, "callee": key if is_own else row["callee"], "forwarded_to": None}
        if _key(kind, row, "callee") == key and not is_own:
            yield {**row, "callee": key, "forwarded_to": None}


def _numbers(kind: Kind) -> dict[str, dict[str, int]]:
    """Calls by number by entity."""
    found: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in _voice():
        for side in ("caller", "callee") if row["caller"] != row["callee"] else ("caller",):
            key = _key(kind, row, side)
            if key is not None:
                found[key][row[side]] += 1
    return {key: dict(numbers) for key, numbers in found.items() if len(numbers) > 1}


def _found(folder: Path, kind: Kind) -> list[dict[str, Any]]:
    tables = _tables(folder).entities
    both = zip(tables.entities.to_pylist(), tables.features.to_pylist(), strict=True)
    return [{**entity, "features": features} for entity, features in both if entity["kind"] == kind]


@pytest.mark.parametrize("kind", KINDS)
def test_entities_and_members(folder: Path, kind: Kind) -> None:
    tables = _tables(folder)
    expected = _numbers(kind)
    found = _found(folder, kind)
    assert found
    assert {entity["key"]: (entity["numbers"], entity["calls"]) for entity in found} == {
        key: (len(numbers), sum(numbers.values())) for key, numbers in expected.items()
    }
    keys = tables.entities.entities["key"].to_pylist()
    kinds = tables.entities.entities["kind"].to_pylist()
    names = tables.numbers["number"].to_pylist()
    members: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in tables.entities.memberships.to_pylist():
        if kinds[row["entity"]] == kind:
            members[keys[row["entity"]]][names[row["node"]]] = row["calls"]
    assert dict(members) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_features_as_by_plain_code(folder: Path, kind: Kind) -> None:
    names = [feature.name for feature in features_of(kind) if feature.name in COMPUTED]
    assert len(names) >= 8
    for entity in _found(folder, kind):
        world = World(_replaced(kind, entity["key"]), MAY)
        expected = {name: COMPUTED[name](world, entity["key"]) for name in names}
        assert {name: entity["features"][name] for name in names} == pytest.approx(expected, abs=2e-6), entity["key"]
        assert (entity["first_seen"], entity["last_seen"]) == (
            min(world.seen[entity["key"]]),
            max(world.seen[entity["key"]]),
        )


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_for_a_kind_is_null(folder: Path, kind: Kind) -> None:
    own = {feature.name for feature in features_of(kind)}
    for entity in _found(folder, kind):
        assert not [name for name, value in entity["features"].items() if value is not None and name not in own]


def test_entities_are_in_order(folder: Path) -> None:
    tables = _tables(folder).entities
    keys = [(row["operator"], row["kind"], row["key"]) for row in tables.entities.to_pylist()]
    assert keys == sorted(keys)
    ties = [(row["entity"], row["node"]) for row in tables.memberships.to_pylist()]
    assert ties == sorted(set(ties))
