"""Keyset pages: a cursor holds the sort key of the row it stands at, so rows do not shift when others come or go.

A key never holds a phone number: where numbers are listed, their opaque ids break ties.
"""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from api.reads.answers import BadQuestionError, Page

Row = TypeVar("Row")
Part = float | int | str
SortKey = tuple[Part, ...]


def cursor(kind: str, key: SortKey) -> str:
    """Give the cursor at a sort key of a list of this kind."""
    return base64.urlsafe_b64encode(json.dumps([kind, *key]).encode()).rstrip(b"=").decode()


def sort_key(kind: str, text: str, like: SortKey) -> SortKey:
    """Give the sort key in a cursor; raises BadQuestionError when it is not one of this list."""
    try:
        parts = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        parts = None
    wanted = [kind, *like]
    if not isinstance(parts, list) or parts[:1] != [kind] or [type(p) for p in parts] != [type(w) for w in wanted]:
        raise BadQuestionError(
            "BAD_CURSOR", "That is no cursor of this list; take one from an answer to this question."
        )
    return tuple(parts[1:])


def keyset_page(
    kind: str, rows: Sequence[Row], key: Callable[[Row], SortKey], first: int, after: str | None
) -> Page[Row]:
    """Give the `first` rows in the order of their keys that lie behind the cursor; no two keys are equal."""
    ordered = sorted(rows, key=key)
    keys = [key(row) for row in ordered]
    start = bisect_right(keys, sort_key(kind, after, keys[0])) if after is not None and keys else 0
    end = start + first
    cursors = [cursor(kind, place) for place in keys[start:end]]
    return Page(ordered[start:end], cursors, len(keys), has_previous=start > 0, has_next=end < len(keys))
