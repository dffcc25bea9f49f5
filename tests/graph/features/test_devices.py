"""A device of two operators is two: only those whom one operator serves share it."""

from __future__ import annotations

from pathlib import Path

from tests.graph.calls import call, features_of, tables_of

A, B, C, D = (f"+91900000210{at}" for at in range(4))
V = "+919000002190"


def test_operators_do_not_share_a_device(tmp_path: Path) -> None:
    rows = [
        call(A, V, "10:00:00", 5, imei="d", imsi="s"),
        call(B, V, "11:00:00", 5, imei="d", imsi="t", operator="other"),
    ]
    found = features_of(tables_of(rows, tmp_path))
    assert {who: (found[who]["numbers_per_imei"], found[who]["sims_per_imei"]) for who in (A, B)} == {
        A: (1, 1),
        B: (1, 1),
    }


def test_operators_do_not_share_a_sim(tmp_path: Path) -> None:
    rows = [
        call(A, V, "10:00:00", 5, imei="d", imsi="s"),
        call(B, V, "11:00:00", 5, imei="e", imsi="s", operator="other"),
    ]
    found = features_of(tables_of(rows, tmp_path))
    assert [found[who]["imei_per_sim"] for who in (A, B)] == [1, 1]


def test_a_device_is_shared_within_each_operator(tmp_path: Path) -> None:
    """A and B share it with one operator, C has it with another, where D shares another one with C."""
    rows = [
        *(call(who, V, "10:00:00", 5, imei="d") for who in (A, B)),
        call(C, V, "10:00:00", 5, imei="d", operator="other"),
        *(call(who, V, "12:00:00", 5, imei="e", operator="other") for who in (C, D)),
    ]
    found = features_of(tables_of(rows, tmp_path))
    assert [found[who]["numbers_per_imei"] for who in (A, B, C, D)] == [2, 2, 2, 2]
    assert [found[who]["devices"] for who in (A, B, C, D)] == [1, 1, 2, 1]
