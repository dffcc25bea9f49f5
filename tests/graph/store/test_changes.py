"""What is written and removed turns one run into the other, and nothing that stayed the same is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.store.changes import RISK_STEP, everything, since
from graph.store.rows import OF_A_CALL, call_keys, call_rows, key_texts, number_keys, number_rows
from graph.store.shown import Shown
from tests.contract.graphs import Drawing, Ring, random_graph

NAMES = st.sampled_from(["a 1", "a 2", "a 3", "b 1", "b 2", "ab 1"])
CALLS = st.dictionaries(st.tuples(NAMES, NAMES), st.integers(1, 2), max_size=20)
Calls = dict[tuple[str, str], int]
Held = dict[object, object]


def drawing(calls: Calls) -> Drawing:
    there = {end for pair in calls for end in pair}
    return Drawing(
        [(*pair, count) for pair, count in calls.items()], [Ring("C1", {"a 1": 90.0})] if "a 1" in there else []
    )


def numbers_of(shown: Shown) -> Held:
    rows = number_rows(shown, key_texts(shown), everything(shown).numbers).to_pylist()
    return {row["key"]: row for row in rows}


def calls_of(shown: Shown) -> Held:
    rows = call_rows(shown, key_texts(shown), everything(shown).calls).to_pylist()
    return {(row["caller"], row["callee"]): {name: row[name] for name in OF_A_CALL} for row in rows}


@settings(deadline=None, max_examples=60)
@given(CALLS, CALLS)
def test_the_changes_are_exactly_what_differs(old: Calls, new: Calls) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before, after = drawing(old).shown(Path(folder), "before"), drawing(new).shown(Path(folder), "after")
        changes = since(before, after)
        keys = key_texts(after)
        numbers = {row["key"]: row for row in number_rows(after, keys, changes.numbers).to_pylist()}
        pairs = [(row["caller"], row["callee"]) for row in call_rows(after, keys, changes.calls).to_pylist()]
        held, wanted = numbers_of(before), numbers_of(after)
        held_calls, wanted_calls = calls_of(before), calls_of(after)
        gone_keys = number_keys(before, key_texts(before), changes.gone_numbers)["key"].to_pylist()
        gone_rows = call_keys(before, key_texts(before), changes.gone_calls).to_pylist()
    assert set(numbers) == {key for key, row in wanted.items() if held.get(key) != row}
    assert set(pairs) == {pair for pair, row in wanted_calls.items() if held_calls.get(pair) != row}
    assert set(gone_keys) == set(held) - set(wanted)
    assert {(row["caller"], row["callee"]) for row in gone_rows} == set(held_calls) - set(wanted_calls)


def test_a_run_differs_from_itself_in_nothing(tmp_path: Path) -> None:
    shown = random_graph(4).shown(tmp_path)
    changes = since(shown, shown)
    sizes = [len(part) for part in (changes.numbers, changes.calls, changes.gone_numbers, changes.gone_calls)]
    assert sizes == [0, 0, 0, 0]


def test_a_number_is_written_for_its_risk_alone_only_when_that_left_its_step(tmp_path: Path) -> None:
    calls = [("a 1", "a 2", 1), ("a 3", "a 4", 1), ("a 5", "a 6", 1)]
    before = Drawing(calls, risks={"a 1": 40.0, "a 2": 41.9, "a 3": 10.0, "a 4": 84.5, "a 5": 7.0})
    after = Drawing(calls, risks={"a 1": 41.9, "a 2": 42.0, "a 3": 12.0, "a 4": 82.5, "a 5": 7.0})
    old, new = before.shown(tmp_path, "before"), after.shown(tmp_path, "after")
    assert since(old, new).numbers.tolist() == [1, 2, 3]  # a 2, a 3, a 4; a 1 moved within 40..42


def test_what_is_shown_of_a_risk_is_never_off_by_a_step_however_many_runs_pass(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    calls = [(f"a {place}", "b 1", 1) for place in range(50)]
    risks = {name: float(risk) for (name, _, _), risk in zip(calls, rng.random(50) * 80, strict=True)}
    run = Drawing(calls, risks=risks).shown(tmp_path, "0")
    held = run.numbers["risk"].to_numpy().copy()
    for day in range(1, 12):
        risks = {name: risk + float(rng.normal(0, 0.7)) for name, risk in risks.items()}
        following = Drawing(calls, risks=risks).shown(tmp_path, str(day))
        written = since(run, following).numbers
        assert len(written) < len(held)
        held[written] = following.numbers["risk"].to_numpy()[written]
        assert np.abs(held - following.numbers["risk"].to_numpy()).max() < RISK_STEP
        run = following


def test_a_verdict_is_written_whatever_the_risk(tmp_path: Path) -> None:
    calls = [("a 1", "a 2", 1), ("a 3", "a 4", 1)]
    old = Drawing(calls, risks={"a 1": 84.0}).shown(tmp_path, "before")
    new = Drawing(calls, [Ring("C1", {"a 1": 84.9})]).shown(tmp_path, "after")
    assert since(old, new).numbers.tolist() == [0]
