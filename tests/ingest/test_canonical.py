"""Each transformation of a mapping gives what its description says, a column at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import ConfigError, validated
from ingest.canonical import canonical_columns, only_calls, with_made
from ingest.mapping.operators import Operator, load_operator
from ingest.records.chunk import DEAD, Chunk

FIELDS: dict[str, Any] = {
    "caller": {"from": "A"},
    "callee": {"from": "B"},
    "started": {"from": "T"},
    "talk_ms": {"from": "D"},
}
TEXTS = st.lists(st.text(max_size=12), min_size=1, max_size=6)


def operator(**changes: Any) -> Operator:
    whole = {"name": "test", "country": "IN", "zone": "UTC", "numbers": "e164", "fields": FIELDS}
    return validated(Operator, {**whole, **changes}, "test.yaml")


def chunk(**columns: list[str]) -> Chunk:
    arrays = {name: pa.array(texts, pa.string()) for name, texts in columns.items()}
    count = len(next(iter(columns.values())))

    def raw(places: np.ndarray[Any, Any]) -> pa.Array:
        return pa.array([str(place).encode() for place in places], pa.binary())

    return Chunk(arrays, np.arange(count), raw, DEAD.empty_table())


def made(field: dict[str, Any], **columns: list[str]) -> list[str]:
    given = chunk(**columns)
    mapping = operator(fields={**FIELDS, "cell": field})
    found: list[str] = canonical_columns(given, mapping)["cell"].to_pylist()
    return found


@pytest.mark.parametrize(
    ("field", "columns", "wanted"),
    [
        ({"from": "x"}, {"x": ["a", " b "]}, ["a", " b "]),
        ({"from": "X "}, {"x": ["a"]}, ["a"]),
        ({"constant": "c"}, {"x": ["a", "b"]}, ["c", "c"]),
        ({"from": ["x", "y"]}, {"x": ["a", " ", ""], "y": ["1", "2", ""]}, ["a", "2", ""]),
        ({"from": ["x", "z"]}, {"x": ["a"]}, ["a"]),
        ({"from": ["x", "y"], "join": " "}, {"x": ["a", ""], "y": ["1", "2"]}, ["a 1", " 2"]),
        ({"from": "x", "split": "/"}, {"x": ["a/b", "c", ""]}, ["a", "c", ""]),
        ({"from": "x", "split": "/", "part": 1}, {"x": ["a/b", "c", "d/"]}, ["b", "", ""]),
        ({"from": "x", "regex": "sips?:([^@;]+)"}, {"x": ["sip:100@h", "sips:2", "tel:3"]}, ["100", "2", ""]),
        (
            {"from": "x", "regex": "^(?:a|b)(c+)$", "else": "none"},
            {"x": ["bcc", "ac\n", "xac"]},
            ["cc", "none", "none"],
        ),
        ({"from": "x", "lookup": {"A": "1", "": "0"}}, {"x": [" A ", "", "B"]}, ["1", "0", "B"]),
        ({"from": "x", "lookup": {"A": "1"}, "else": "9"}, {"x": ["A", "", "B"]}, ["1", "9", "9"]),
        ({"from": "x", "minus": "y"}, {"x": ["12", "3", ""], "y": ["2.5", "5", ""]}, ["9500", "0", ""]),
        ({"from": "x", "minus": "y", "unit": "ms"}, {"x": ["12"], "y": ["2"]}, ["10"]),
        ({"from": "x", "minus": "y"}, {"x": ["12", "soon"], "y": ["x", "1"]}, ["12 - x", "soon - 1"]),
        ({"from": "x", "minus": ["z", "y"]}, {"x": ["3"], "y": ["1"], "z": [""]}, ["2000"]),
        ({"from": "x", "until": "y", "format": "epoch_s"}, {"x": ["10", "0"], "y": ["12.5", "9"]}, ["2500", ""]),
        ({"from": "x", "until": "y", "format": "epoch_s", "else": "0"}, {"x": ["0"], "y": ["9"]}, ["0"]),
        ({"from": "x", "until": "y", "format": "epoch_s"}, {"x": ["12"], "y": ["10"]}, ["-2000"]),
    ],
)
def test_transformations(field: dict[str, Any], columns: dict[str, list[str]], wanted: list[str]) -> None:
    assert made(field, **columns) == wanted


def test_an_optional_field_whose_sources_are_not_there_is_not_made() -> None:
    mapping = operator(fields={**FIELDS, "cell": {"from": "x", "optional": True}})
    assert "cell" not in canonical_columns(chunk(a=["1"]), mapping)


def test_a_needed_source_that_is_not_there_is_empty() -> None:
    assert canonical_columns(chunk(b=["1", "2"]), operator())["caller"].to_pylist() == ["", ""]


def test_typed_columns_stay_typed_where_they_are_taken_as_they_are() -> None:
    given = Chunk({"d": pa.array([1.5]), "a": pa.array([7])}, np.arange(1), lambda _: pa.array([]), DEAD.empty_table())
    found = canonical_columns(given, operator(fields={**FIELDS, "cell": {"from": ["a", "d"], "join": "-"}}))
    assert found["talk_ms"].type == pa.float64()
    assert found["cell"].to_pylist() == ["7-1.5"]


def test_own_names_follow_where_no_field_says_otherwise() -> None:
    given = chunk(a=["1"], b=["2"], t=["3"], d=["4"], cell=["5"], caller=["6"])
    assert canonical_columns(given, operator(own_names=True))["cell"].to_pylist() == ["5"]
    assert canonical_columns(given, operator(own_names=True))["caller"].to_pylist() == ["1"]
    assert "cell" not in canonical_columns(given, operator())


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ({"in": ["1", "2"]}, [0, 1]),
        ({"not_in": ["1", ""]}, [1, 2]),
        ({"matches": "^[a-z]$"}, [2]),
    ],
)
def test_only_rows_that_are_calls_are_kept(condition: dict[str, Any], kept: list[int]) -> None:
    mapping = operator(only=[{"from": "kind", **condition}])
    found, others = only_calls(chunk(kind=["1", " 2 ", "x", ""], a=["p", "q", "r", "s"]), mapping)
    assert found.rows.tolist() == kept
    assert others == 4 - len(kept)
    assert found.raw(np.arange(len(kept))).to_pylist() == [str(place).encode() for place in kept]
    assert found.columns["a"].to_pylist() == [["p", "q", "r", "s"][place] for place in kept]


@given(TEXTS, st.sampled_from(["/", "ab", " "]), st.integers(0, 3))
def test_split_is_that_of_texts(texts: list[str], separator: str, part: int) -> None:
    wanted = [(text.split(separator) + [""] * 4)[part] for text in texts]
    assert made({"from": "x", "split": separator, "part": part}, x=texts) == wanted


@given(TEXTS)
def test_a_group_is_what_the_pattern_finds_first(texts: list[str]) -> None:
    wanted = [text.partition("a")[2].partition("b")[0] if _between(text) else "" for text in texts]
    assert made({"from": "x", "regex": "^[^a]*a([^b]*)b"}, x=texts) == wanted


def _between(text: str) -> bool:
    return "b" in text.partition("a")[2] and "a" in text


def own_mapping(folder: Path, code: str) -> Operator:
    folder.mkdir()
    (folder / "mine.yaml").write_text(
        "{country: IN, zone: UTC, numbers: opaque, fields: {caller: {from: whole}, callee: {from: b}, "
        "started: {from: t}, talk_ms: {from: d}}}",
        encoding="utf-8",
    )
    (folder / "mine.py").write_text(code, encoding="utf-8")
    return load_operator("mine", folder)


def test_a_mappings_own_code_makes_columns(tmp_path: Path) -> None:
    code = (
        "import pyarrow.compute as pc\nNEEDS = ('Head', 'tail')\nMAKES = ('whole',)\n"
        "def columns(given):\n    return {'whole': pc.binary_join_element_wise(given['head'], given['tail'], '')}\n"
    )
    mapping = own_mapping(tmp_path / "operators", code)
    assert mapping.sources == {"head", "tail", "b", "t", "d"}
    assert mapping.missing(frozenset({"b", "t", "d", "head"})) == ["tail"]
    given = with_made(chunk(head=["1", "2"], tail=["x", "y"]), mapping)
    assert canonical_columns(given, mapping)["caller"].to_pylist() == ["1x", "2y"]


def test_other_code_is_another_mapping(tmp_path: Path) -> None:
    code = "NEEDS = ('a',)\nMAKES = ()\ndef columns(given): return {}\n"
    one, other = own_mapping(tmp_path / "a", code), own_mapping(tmp_path / "b", code + "\n")
    assert one.digest != other.digest


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("NEEDS = ('a',)", "MAKES, columns is missing"),
        ("def", "invalid syntax"),
        ("import nowhere_to_be_found", "No module named"),
        ("NEEDS = ()\nMAKES = ('whole',)\ndef columns(given): return {}", "NEEDS is empty"),
        ("NEEDS = 1 / 0", "division by zero"),
    ],
)
def test_code_that_cannot_be_used_is_told_when_the_mapping_is_loaded(tmp_path: Path, code: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        own_mapping(tmp_path / "operators", code)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{'whole': given['a'][:0]}", "must give whole"),
        ("{'whole': ['1']}", "must give whole"),
        ("[1]", "columns\\(\\): AttributeError$"),
        ("{'whole': given['b']}", "columns\\(\\): KeyError in line 3$"),
        ("{'whole': int(given['a'][0].as_py() + 'x')}", "columns\\(\\): ValueError in line 3$"),
        ("exit()", "columns\\(\\): SystemExit in line 3$"),
    ],
)
def test_code_that_breaks_its_promise_is_told(tmp_path: Path, given: str, told: str) -> None:
    code = f"NEEDS = ('a',)\nMAKES = ('whole',)\ndef columns(given): return {given}\n"
    with pytest.raises(ConfigError, match=told):
        with_made(chunk(a=["1"]), own_mapping(tmp_path / "operators", code))


def test_a_length_over_a_change_of_the_clocks_is_that_of_the_call() -> None:
    field = {"from": "x", "until": "y", "format": "%Y-%m-%d %H:%M", "zone": "America/New_York"}
    times = {"x": ["2026-03-08 01:30", "2026-03-08 01:30"], "y": ["2026-03-08 03:10", "2026-03-08 02:10"]}
    assert made(field, **times) == [str(40 * 60_000), "2026-03-08 01:30 - 2026-03-08 02:10"]


def test_a_mapping_of_ones_own_comes_before_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "generic.yaml").write_text(
        "{country: LK, zone: UTC, numbers: e164, fields: {caller: {from: a}, callee: {from: b}, "
        "started: {from: t}, talk_ms: {from: d}}}",
        encoding="utf-8",
    )
    assert load_operator("generic", tmp_path).country == "LK"
    assert load_operator("generic").country == "IN"
