"""What is written and removed turns one run into the other, and nothing that stayed the same is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.store.changes import everything, since
from graph.store.rows import OF_A_CALL, call_rows, key_texts, number_rows
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
    assert set(numbers) == {key for key, row in wanted.items() if held.get(key) != row}
    assert set(pairs) == {pair for pair, row in wanted_calls.items() if held_calls.get(pair) != row}
    assert set(changes.gone_numbers["key"].to_pylist()) == set(held) - set(wanted)
    gone = {(row["caller"], row["callee"]) for row in changes.gone_calls.to_pylist()}
    assert gone == set(held_calls) - set(wanted_calls)


def test_a_run_differs_from_itself_in_nothing(tmp_path: Path) -> None:
    shown = random_graph(4).shown(tmp_path)
    changes = since(shown, shown)
    sizes = [len(part) for part in (changes.numbers, changes.calls, changes.gone_numbers, changes.gone_calls)]
    assert sizes == [0, 0, 0, 0]
