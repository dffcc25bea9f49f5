"""The tables of a window as a whole: what counts, and that nothing but the calls decides."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.tables import SnapshotTables
from graph.windows import Window, parse_instant
from ingest.values.number_plans import PlanEntry, plan_entry
from tests.graph.calls import Row, call, features_of, tables_of, withheld_calls
from tests.graph.features import worlds
from tests.graph.features.test_plain import rows as rows_with_everything

EVERYTHING = [
    *worlds.dialler(),
    *worlds.contacts(),
    *worlds.handoffs(),
    *worlds.circle(),
    *worlds.lines(),
    *worlds.metronome(),
]


def _all(tables: SnapshotTables) -> list[pa.Table]:
    return [tables.numbers, tables.features, tables.edges, tables.link_keys, *tables.entities.by_name().values()]


def _crowd(size: int) -> list[Row]:
    """Calls with many equal starts, so that ties must be broken."""
    chance = random.Random(7)
    numbers = [f"+9190000{i:05}" for i in range(40)]
    rows = []
    for i in range(size):
        a, b = chance.sample(numbers, 2)
        talk = chance.choice((0, 0, 5, 30, 700))
        at = f"2026-05-{chance.randint(1, 3):02}T10:{chance.randint(0, 5):02}:00Z"
        rows.append(call(a, b, at, talk, ring=chance.randint(1, 9), record_id=str(i)))
    return rows


@pytest.mark.parametrize("threads", [1, 4])
def test_order_of_rows_and_threads_do_not_show(tmp_path: Path, threads: int) -> None:
    rows = [*EVERYTHING, *_crowd(3_000), *rows_with_everything()]
    first = tables_of(rows, tmp_path, threads=2)
    random.Random(threads).shuffle(rows)
    second = tables_of(rows, tmp_path, threads=threads)
    assert [table.equals(other) for table, other in zip(_all(first), _all(second), strict=True)] == [True] * 7
    assert first.facts == second.facts


def test_window_is_half_open(tmp_path: Path) -> None:
    window = Window(parse_instant("2026-05-04T10:00:00Z"), parse_instant("2026-05-04T11:00:00Z"))
    rows = [call("+911", "+912", at, 5) for at in ("09:59:59.999999", "10:00:00", "10:59:59.999999", "11:00:00")]
    tables = tables_of(rows, tmp_path, window=window)
    assert tables.facts["window_calls"] == 2
    assert tables.edges["calls"].to_pylist() == [2]
    assert tables.numbers["first_seen"].to_pylist() == [window.start] * 2


def test_operators_keep_numbers_apart(tmp_path: Path) -> None:
    rows = [call("+911", "+912", "10:00:00", 5), call("+911", "+912", "10:00:00", 5, operator="other")]
    tables = tables_of(rows, tmp_path)
    keys = list(zip(tables.numbers["operator"].to_pylist(), tables.numbers["number"].to_pylist(), strict=True))
    assert keys == [("generic", "+911"), ("generic", "+912"), ("other", "+911"), ("other", "+912")]
    assert tables.edges.select(["caller", "callee"]).to_pylist() == [
        {"caller": 0, "callee": 1},
        {"caller": 2, "callee": 3},
    ]


def test_a_call_to_oneself_is_no_edge(tmp_path: Path) -> None:
    tables = tables_of([call("+911", "+911", "10:00:00", 5), call("+912", "+913", "10:00:00", 5)], tmp_path)
    assert tables.facts["window_calls"] == 2
    assert tables.facts["self_calls"] == 1
    assert tables.facts["window_records"] == 2
    alone = features_of(tables)["+911"]
    assert (alone["attempts"], alone["callees"], alone["callers"], alone["received"]) == (1, 0, 0, 0)
    assert tables.edges["calls"].to_pylist() == [1]


def test_messages_are_no_attempts_and_their_numbers_are_numbers(tmp_path: Path) -> None:
    tables = tables_of([call("+911", "+912", "10:00:00", 5), call("+911", "+913", "10:00:00", kind="sms")], tmp_path)
    assert tables.facts["other_kinds"] == {"sms": 1}
    assert (tables.facts["window_records"], tables.facts["window_calls"]) == (2, 1)
    assert tables.numbers["number"].to_pylist() == ["+911", "+912", "+913"]
    assert tables.edges["calls"].to_pylist() == [1]
    assert features_of(tables)["+913"]["received"] == 0


def test_who_forwards_and_who_gets_forwarded_calls_is_a_number(tmp_path: Path) -> None:
    sent_on = {"kind": "forward", "forwarded_to": "+914"}
    rows = [
        call("+911", "+912", "10:00:00", 5),
        call("+913", "+915", "10:00:00", 5, **sent_on),
        call("+919", "+916", "10:00:00", 5, kind="forward", forwarded_to="+916"),  # to itself
    ]
    assert tables_of(rows, tmp_path).numbers["number"].to_pylist() == ["+911", "+912", "+914", "+915"]


def test_withheld_callers_are_counted_and_are_no_number(tmp_path: Path) -> None:
    known = [call(f"+91900000{i:04}", f"+91900001{i:04}", "10:00:00", 5) for i in range(20)]
    alone = tables_of(known, tmp_path)
    tables = tables_of([*known, *withheld_calls(500), withheld_calls(1, kind="sms")[0]], tmp_path)
    assert tables.facts["window_records"] == 521
    assert (tables.facts["window_calls"], tables.facts["other_kinds"]) == (20, {"sms": 1, "withheld": 500})
    assert [table.equals(other) for table, other in zip(_all(tables), _all(alone), strict=True)] == [True] * 7
    assert "withheld" not in tables.numbers["number"].to_pylist()


def test_answer_state_is_inferred_from_conversation(tmp_path: Path) -> None:
    rows = [call("+911", "+912", "10:00:00", 5, answered=None), call("+911", "+912", "11:00:00", 0, answered=None)]
    tables = tables_of(rows, tmp_path)
    assert tables.facts["answer_state_inferred"] is True
    assert features_of(tables)["+911"]["answered"] == 1


def test_kind_of_numbers_that_never_call(tmp_path: Path) -> None:
    rows = [
        call("+919812345678", "112", "10:00:00", 5),
        call("+919812345678", "+911800123456", "10:00:00", 5),
        call("+919812345678", "+919812345679", "10:00:00", 5),
        call("x", "+7", "10:00:00", 5, operator="ids"),
    ]
    numbers = tables_of(rows, tmp_path).numbers
    kinds = dict(zip(numbers["number"].to_pylist(), numbers["kind"].to_pylist(), strict=True))
    e164 = dict.fromkeys(("+919812345678", "+919812345679"), "e164")
    assert kinds == {**e164, "112": "short", "+911800123456": "service", "x": "opaque", "+7": "opaque"}


def test_numbers_are_described_by_their_plan(tmp_path: Path) -> None:
    rows = [
        call("+919812345678", number, "10:00:00", 5) for number in ("+14165550100", "+442071838750", "+911800123456")
    ]
    rows.append(call("112", "+919812345678", "10:00:00", 5, caller_kind="short"))
    table = tables_of(rows, tmp_path).numbers
    found = {row["number"]: (row["country"], row["line_type"]) for row in table.to_pylist()}
    assert found == {
        "112": (None, None),
        "+14165550100": ("CA", "fixed_line_or_mobile"),
        "+442071838750": ("GB", "fixed_line"),
        "+911800123456": ("IN", "toll_free"),
        "+919812345678": ("IN", "mobile"),
    }
    assert {row["number"]: row["carrier"] for row in table.to_pylist()}["+919812345678"] is not None


def test_blocks_are_described_as_their_numbers_are(tmp_path: Path) -> None:
    """A block is looked up by one of its numbers: valid others must have the same country, line type and carrier."""
    chance = random.Random(11)
    blocks = [f"+91{chance.choice('6789')}{chance.randrange(10**4):04}" for _ in range(40)]
    national = [f"{block}{chance.randrange(10**5):05}" for block in blocks for _ in range(10)]
    rows = [call("+919812345678", number, "10:00:00", 5, record_id=str(i)) for i, number in enumerate(national)]
    table = tables_of(rows, tmp_path).numbers.to_pylist()
    assert [PlanEntry(r["country"], r["line_type"], r["carrier"]) for r in table] == [
        plan_entry(r["number"]) for r in table
    ]


CALLS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 7200), st.sampled_from([0, 3, 25, 150, 700])),
    min_size=1,
    max_size=400,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CALLS)
def test_counts_add_up_and_shares_are_shares(tmp_path: Path, calls: list[tuple[int, int, int, int]]) -> None:
    rows = [
        call(
            f"+9190000{a:02}",
            f"+9190000{b:02}",
            f"{10 + s // 3600}:{s // 60 % 60:02}:{s % 60:02}",
            talk,
            record_id=str(i),
        )
        for i, (a, b, s, talk) in enumerate(calls)
    ]
    tables = tables_of(rows, tmp_path)
    features = {
        name: [v for v in tables.features[name].to_pylist() if v is not None] for name in tables.features.column_names
    }
    others = sum(a != b for a, b, _, _ in calls)
    assert sum(features["attempts"]) == len(calls)
    assert sum(features["received"]) == others == sum(tables.edges["calls"].to_pylist())
    assert sum(features["seconds"]) == sum(talk for *_, talk in calls)
    assert sum(features["callees"]) == sum(features["callers"]) == len(tables.edges)
    shares = [name for name in features if name.endswith("_share")] + ["asr", "fanout", "clustering", "callback_rate"]
    assert all(0 <= value <= 1 for name in shares for value in features[name])
