"""Keyset pages: every row once, in order, whatever comes or goes in between."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reads.answers import BadQuestionError, Page
from api.reads.paging import cursor, keyset_page, sort_key

Rows = dict[str, float]


def page(rows: Rows, first: int, after: str | None) -> Page[str]:
    """Give a page of names by falling value."""
    return keyset_page("rows", list(rows), lambda name: (-rows[name], name), first, after)


names = st.text("abcdef", min_size=1, max_size=4)
values = st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0)  # −0.0 is 0.0
worlds = st.dictionaries(names, values, max_size=30)


@given(worlds, st.integers(1, 7))
def test_pages_make_up_the_list(rows: Rows, first: int) -> None:
    whole = sorted(rows, key=lambda name: (-rows[name], name))
    found: list[str] = []
    after = None
    while True:
        part = page(rows, first, after)
        assert part.total == len(rows)
        assert part.has_previous == bool(found)
        found += part.rows
        if not part.has_next:
            break
        after = part.cursors[-1]
    assert found == whole


@given(worlds, worlds, st.integers(1, 5))
def test_rows_do_not_shift_when_others_come_and_go(rows: Rows, others: Rows, first: int) -> None:
    before = page(rows, first, None)
    if not before.has_next:
        return
    later = {**rows, **{f"new {name}": value for name, value in others.items()}}
    rest = page(later, 1_000, before.cursors[-1]).rows
    assert [name for name in rest if name in rows] == sorted(rows, key=lambda name: (-rows[name], name))[first:]


@given(st.text(max_size=80))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with suppress(BadQuestionError):
        assert len(sort_key("rows", text, (0.0, ""))) == 2


@pytest.mark.parametrize(
    ("kind", "key"),
    [("others", (0.0, "a")), ("rows", (0, "a")), ("rows", (0.0,)), ("rows", (0.0, "a", "b")), ("rows", ("0", "a"))],
)
def test_a_cursor_of_another_list_is_refused(kind: str, key: tuple[float | int | str, ...]) -> None:
    with pytest.raises(BadQuestionError):
        sort_key("rows", cursor(kind, key), (0.0, ""))


@given(values, st.text(max_size=20))
def test_a_cursor_gives_its_key_back_exactly(value: float, name: str) -> None:
    assert sort_key("rows", cursor("rows", (value, name)), (0.0, "")) == (value, name)
