"""Windows that lack what most have: calls between two numbers, or calls at all."""

from __future__ import annotations

from pathlib import Path

from graph.features import catalogue
from graph.tables import SnapshotTables
from tests.graph.calls import Row, call, features_of, tables_of

A, B, C = (f"+91981234500{at}" for at in range(3))


def _calls_to_oneself(*numbers: str) -> list[Row]:
    return [call(number, number, at, 5) for number in numbers for at in ("10:00:00", "11:00:00")]


def _is_whole(tables: SnapshotTables, numbers: list[str]) -> None:
    """Check that there is a row a number, a column a feature, and nothing that takes two numbers."""
    assert tables.numbers["number"].to_pylist() == numbers
    assert tables.features.column_names == list(catalogue.BY_NAME)
    assert len(tables.features) == len(numbers)
    assert len(tables.edges) == 0


def test_only_calls_to_oneself(tmp_path: Path) -> None:
    tables = tables_of(_calls_to_oneself(A, B), tmp_path)
    _is_whole(tables, [A, B])
    assert (tables.facts["window_calls"], tables.facts["self_calls"], tables.facts["window_records"]) == (4, 4, 4)
    for found in features_of(tables).values():
        assert (found["attempts"], found["answered"], found["seconds"], found["active_hours"]) == (2, 2, 10, 2)
        assert (found["callees"], found["callers"], found["received"], found["stable_contacts"]) == (0, 0, 0, 0)
        assert (found["handoff_share"], found["clustering"], found["gap_cv"]) == (None, None, None)


def test_calls_to_oneself_are_calls_to_a_number_with_digits(tmp_path: Path) -> None:
    tables = tables_of(_calls_to_oneself(A), tmp_path)
    assert "sequential_share" not in tables.facts["not_computable"]
    assert features_of(tables)[A]["sequential_share"] == 0.0


def test_calls_of_one_without_digits_to_itself(tmp_path: Path) -> None:
    tables = tables_of(_calls_to_oneself("x"), tmp_path)
    assert "sequential_share" in tables.facts["not_computable"]
    assert features_of(tables)["x"]["sequential_share"] is None


def test_only_messages(tmp_path: Path) -> None:
    tables = tables_of([call(A, to, "10:00:00", kind="sms") for to in (B, C)], tmp_path)
    _is_whole(tables, [A, B, C])
    assert (tables.facts["window_calls"], tables.facts["window_records"]) == (0, 2)
    assert tables.facts["other_kinds"] == {"sms": 2}
    assert {"ring_seconds", "devices"} <= tables.facts["not_computable"].keys()
    found = features_of(tables)
    assert [found[A][name] for name in ("sms_sent", "sms_recipients", "attempts", "received")] == [2, 2, 0, 0]
    assert [found[B][name] for name in ("sms_sent", "attempts", "active_hours", "callees")] == [0, 0, 0, 0]
    assert [found[A][name] for name in ("asr", "acd", "gap_cv", "concurrent_peak")] == [None, None, None, 0]
