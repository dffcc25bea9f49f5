"""Cheap link keys: who shares one, and that keys are the same everywhere."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyarrow as pa

from configs import Settings, load_settings
from graph.links.hashing import hash_texts
from graph.tables import SnapshotTables
from tests.graph.calls import Row, call, tables_of


def _groups(tables: SnapshotTables, reason: str) -> list[list[str]]:
    numbers, groups = tables.numbers["number"].to_pylist(), defaultdict(list)
    for row in tables.link_keys.to_pylist():
        if row["reason"] == reason:
            groups[row["key"]].append(numbers[row["node"]])
    return sorted(groups.values())


def _settings(**changes: int) -> Settings:
    settings = load_settings()
    return settings.model_copy(update={"links": settings.links.model_copy(update=changes)})


def _ring(callers: int, victims: int) -> list[Row]:
    return [
        call(f"+9170000{caller:05}", f"+9180000{victim:05}", f"10:{caller:02}:{victim:02}", 5)
        for caller in range(callers)
        for victim in range(victims)
    ]


def test_hashes_are_fixed() -> None:
    """Keys of snapshots made on other machines or by other versions must stay comparable."""
    assert hash_texts(pa.array(["+919812345678", "a", ""])).tolist() == [-7991675466756992130, 5718913436695043505, 0]


def test_a_hash_does_not_depend_on_its_neighbours() -> None:
    alone = hash_texts(pa.array(["+9198"]))[0]
    assert hash_texts(pa.array(["+9198", "+919812345678901234567890"]))[0] == alone


def test_many_texts_have_many_hashes() -> None:
    texts = pa.array([f"+9198{i:08}" for i in range(100_000)])
    assert len(set(hash_texts(texts).tolist())) == len(texts)


def test_callers_of_the_same_victims_share_keys(tmp_path: Path) -> None:
    alone = call("+911", "+912", "10:00:00", 5)
    groups = _groups(tables_of([*_ring(3, 5), alone], tmp_path), "rare_victim")
    assert groups == [[f"+9170000{c:05}" for c in range(3)]] * 5


def test_sketch_is_small_and_the_same_for_all(tmp_path: Path) -> None:
    groups = _groups(tables_of(_ring(2, 40), tmp_path, _settings(sketch_keys=8)), "rare_victim")
    assert groups == [["+917000000000", "+917000000001"]] * 8


def test_a_callee_of_many_is_not_rare(tmp_path: Path) -> None:
    rows = _ring(4, 1)
    assert _groups(tables_of(rows, tmp_path, _settings(rare_victim_callers=3)), "rare_victim") == []
    assert len(_groups(tables_of(rows, tmp_path, _settings(rare_victim_callers=4)), "rare_victim")) == 1


def test_a_range_is_shared_by_its_callers_only(tmp_path: Path) -> None:
    callers = ("+917000001001", "+917000001999", "+917000002000")
    rows = [call(number, "+917000001500", f"10:00:0{i}", 5) for i, number in enumerate(callers)]
    assert _groups(tables_of(rows, tmp_path), "range") == [["+917000001001", "+917000001999"]]


def test_opaque_ids_have_no_range(tmp_path: Path) -> None:
    rows = [call("1001", "5", "10:00:00", 5), call("1002", "5", "10:00:01", 5)]
    tables = tables_of(rows, tmp_path)
    assert _groups(tables, "range") == []
    assert _groups(tables, "rare_victim") == [["1001", "1002"]]


def test_a_device_a_sim_a_rare_cell_and_a_rare_trunk_are_shared_by_few(tmp_path: Path) -> None:
    used = {"imei": "I1", "imsi": "S1", "cell": "कक्ष", "trunk_in": "T1"}
    callers = [f"+9170000{at:02}000" for at in range(4)]
    rows = [call(number, "+918000000000", f"10:00:0{at}", 5, **used) for at, number in enumerate(callers)]
    other = call("+917100000000", "+918000000000", "11:00:00", 5, **used | {"imei": "I2", "cell": "other"})
    found = tables_of([*rows, other], tmp_path, _settings(rare_holders=4))
    assert {reason: _groups(found, reason) for reason in ("device", "sim", "cell", "trunk")} == {
        "device": [callers],
        "cell": [callers],
        "sim": [],
        "trunk": [],
    }


def test_a_cell_is_its_operators_own_and_a_device_is_not(tmp_path: Path) -> None:
    used = {"imei": "I1", "cell": "7"}
    rows = [call(f"+91700000{at}000", "+918000000000", f"10:00:0{at}", 5, operator=f"op{at}", **used) for at in (1, 2)]
    found = tables_of(rows, tmp_path)
    assert _groups(found, "device") == [["+917000001000", "+917000002000"]]
    assert _groups(found, "cell") == []
