"""Texts keep their codes however many come after."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graph.reading.texts import Texts

DICTIONARIES = st.lists(st.lists(st.text(max_size=3), unique=True, max_size=5), max_size=5)


def _arrays(texts: list[list[str]]) -> list[pa.Array]:
    return [pa.array(some, pa.string()) for some in texts]


@given(DICTIONARIES, DICTIONARIES)
def test_codes_stay_and_tell_texts_apart(first: list[list[str]], second: list[list[str]]) -> None:
    texts = Texts()
    codes = texts.codes(_arrays(first))
    before = texts.known.to_pylist()
    codes += texts.codes(_arrays(second))
    assert texts.known.to_pylist()[: len(before)] == before
    assert [texts.known.take(code).to_pylist() for code in codes] == first + second
    assert len(set(texts.known.to_pylist())) == len(texts.known)


@given(st.lists(st.text(max_size=3), unique=True))
def test_ranks_are_places_in_the_order_of_bytes(some: list[str]) -> None:
    texts = Texts()
    texts.codes(_arrays([some]))
    ranked = sorted(zip(texts.ranks().tolist(), texts.known.to_pylist(), strict=True))
    assert [text for _, text in ranked] == sorted(some, key=str.encode)


def test_what_was_not_met_has_no_code() -> None:
    texts = Texts()
    texts.codes(_arrays([["a", "b"]]))
    assert (texts.code("b"), texts.code("c")) == (1, -1)
