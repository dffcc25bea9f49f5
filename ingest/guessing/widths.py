"""Columns of fixed width: where they lie, if blanks between them make it clear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ingest.guessing.guess import Guess, Wishes
from ingest.guessing.head import BOM, Head
from ingest.guessing.separated import is_value
from ingest.guessing.table import MOST_ROWS, SampleTable, share
from ingest.guessing.words import meanings
from ingest.mapping.dialects import fold

_LEAST_COLUMNS = 4
_LEAST_LINES = 5
_BLANK = ord(" ")
Span = tuple[int, int]


def read_widths(head: Head, wishes: Wishes) -> SampleTable | None:
    """Give a sample of fixed columns as a table; None where they are not clear."""
    lines = [line.rstrip(b"\r") for line in head.lines.removeprefix(BOM).split(b"\n")]
    lines = [line for line in lines if line][:MOST_ROWS]
    width, alike = _width(lines)
    equal = [line for line in lines if len(line) == width]
    if alike < 0.95 or len(equal) < _LEAST_LINES or not all(line.isascii() for line in equal):
        return None
    named = _is_header(equal[0]) if wishes.header is None else wishes.header
    spans = _spans(equal[named:] if named else equal, width)
    if len(spans) < _LEAST_COLUMNS:
        return None
    names = _names(equal[0], spans) if named else [f"column{place}" for place in range(1, len(spans) + 1)]
    body = equal[1:] if named else equal
    columns = {
        name: [line[start:end].decode().strip(" ") for line in body]
        for name, (start, end) in zip(names, spans, strict=True)
    }
    section: dict[str, object] = {
        "columns": [{"name": name, "from": start, "to": end} for name, (start, end) in zip(names, spans, strict=True)]
    }
    if named:
        section["skip"] = 1
    evidence = f"{alike:.0%} of the lines are {width} characters long, and {len(spans)} columns stand apart"
    guesses = (
        Guess("columns", "fixed width", False, f"{evidence}; compare their places with the operator's document"),
    )
    return SampleTable("fixed", section, columns, head.lines, head.whole, named, guesses)


def _width(lines: Sequence[bytes]) -> tuple[int, float]:
    counts = Counter(map(len, lines))
    width, times = max(counts.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return width, share(times, len(lines))


def _is_header(line: bytes) -> bool:
    words = line.decode().split()
    return not any(is_value(word) for word in words) and sum(bool(meanings(word)) for word in words) >= 2


def _spans(lines: Sequence[bytes], width: int) -> list[Span]:
    """Give the places of the columns: each run of places that are not blank in all lines, and the blanks beside it."""
    filled = np.frombuffer(b"".join(lines), np.uint8).reshape(len(lines), width) != _BLANK
    edges = np.diff(np.concatenate([[False], filled.any(axis=0), [False]]).astype(np.int8))
    runs = list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))
    bounds = [0]
    for (_, end), (start, stop) in pairwise(runs):
        ragged_left = not filled[:, start].all() and bool(filled[:, stop - 1].all())
        bounds.append(end if ragged_left else start)
    return list(pairwise([*bounds, width])) if runs else []


def _names(line: bytes, spans: Sequence[Span]) -> list[str]:
    """Give the columns' names, those that are missing or there twice by their place."""
    names = [fold(line[start:end].decode()) for start, end in spans]
    return [name if name and names.count(name) == 1 else f"column{place}" for place, name in enumerate(names, start=1)]
