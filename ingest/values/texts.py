"""Free texts of records: cleaned so that they can be compared, shown and joined safely."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pyarrow as pa

UNKNOWN = "unknown"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROL = frozenset({"Cc", "Zl", "Zp"})


def clean(text: str) -> str:
    """Give a text in NFC without control and bidi characters and without space around it."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    kept = (c for c in text if c not in _BIDI and unicodedata.category(c) not in _CONTROL)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def regions(texts: pa.DictionaryArray) -> pa.Array:
    """Clean a column of regions without nulls; an empty one is `unknown`."""
    return _by_distinct(texts, lambda text: clean(text) or UNKNOWN)


def optional_texts(texts: pa.DictionaryArray) -> pa.Array:
    """Clean a column of texts without nulls; an empty one is null."""
    return _by_distinct(texts, lambda text: clean(text) or None)


def _by_distinct(texts: pa.DictionaryArray, change: Callable[[str], str | None]) -> pa.Array:
    changed = pa.array([change(text) for text in texts.dictionary.to_pylist()], pa.string())
    return changed.take(texts.indices)
