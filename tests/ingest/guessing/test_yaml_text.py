"""Mappings are written so that they are read back as they were meant."""

from __future__ import annotations

from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.guessing.guess import Wishes
from ingest.guessing.head import read_head
from ingest.guessing.mapping import guess_mapping
from ingest.guessing.yaml_text import flow, mapping_text
from ingest.mapping.operators import load_operator
from tests.ingest.guessing.invented import KINDS, calls

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = st.recursive(
    st.booleans() | st.integers(-1000, 1000) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)


@given(VALUES)
def test_values_are_read_back(value: object) -> None:
    assert yaml.safe_load(f"key: {flow(value)}") == {"key": value}


def test_words_that_yaml_takes_for_truths_stay_texts() -> None:
    words = ["yes", "No", "on", "OFF", "null", "~", "y", "1e3", "0x1F", "12:30:00", "2026-01-01", "a: b", "#c", "true"]
    assert yaml.safe_load(flow(words)) == words


def test_the_mapping_is_one_that_loads_and_says_why(tmp_path: Path) -> None:
    kind = KINDS[0]
    (tmp_path / kind.file).write_bytes(kind.made_of(calls()))
    found = guess_mapping(read_head(tmp_path / kind.file), kind.wishes)
    text = mapping_text("mine", kind.file, found)
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    operator = load_operator("mine", tmp_path)
    assert operator.fields["talk_ms"].sources == ("billsec",)
    assert "# zone: the only zone of IN" in text
    assert all(len(line) <= 120 for line in text.splitlines() if line.startswith("#"))


def test_names_of_columns_cannot_break_out_of_comments(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    header = 'caller,callee,start,duration,"x\u2028country: US"\n'
    row = "+919876543210,+919876543211,2026-01-13T00:00:00Z,{},y\n"
    file.write_text(header + "".join(row.format(n) for n in range(5, 30)), encoding="utf-8")
    found = guess_mapping(read_head(file), Wishes(country="IN"))
    assert yaml.safe_load(mapping_text("mine", "evil\ncountry: FR", found))["country"] == "IN"
