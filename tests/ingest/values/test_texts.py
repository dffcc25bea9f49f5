"""Texts are cleaned: NFC, no control or bidi characters, no space around them."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ingest.values.texts import clean, optional_texts, regions


def test_what_is_removed() -> None:
    assert clean(" De\u0301lhi\u202e\x07\t\u200f ") == "D\u00e9lhi"
    assert clean("\u0926\u093f\u0932\u094d\u0932\u0940") == "\u0926\u093f\u0932\u094d\u0932\u0940"
    assert clean("a\u2028b\u2066c") == "abc"


@given(st.text())
def test_cleaning_is_final(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) == "Cc" for c in once)


def test_empty_ones() -> None:
    texts = pa.array(["Delhi", "", " ", "\u202e"]).dictionary_encode()
    assert regions(texts).to_pylist() == ["Delhi", "unknown", "unknown", "unknown"]
    assert optional_texts(texts).to_pylist() == ["Delhi", None, None, None]
