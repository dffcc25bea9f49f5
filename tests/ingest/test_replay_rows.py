"""Rows that are read again are told apart as they were in their file, whatever stands in them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.lake.lake import Lake
from tests.ingest.replaying import (
    GOOD,
    MENDED,
    NAMES,
    WRONG,
    as_objects,
    assert_accounted,
    letters_of,
    replayed,
    taken,
    write_mapping,
    written,
)

SOUP = st.lists(
    st.sampled_from(
        [
            *(",".join(row) for row in GOOD[:6]),
            *('"' + '","'.join(row) + '"' for row in GOOD[3:9]),
            '"+919876543210","+918765432109","2026-05-01 00:00:00","5',
            '+919876543210,"+918765432109\n',
            '","2026-05-01 00:00:00",5',
            '"+919876543211\n","+918765432109",2026-05-01 00:00:00,5',
            '"',
            '""',
            '"x"y,2,3,4',
            "\ufeff",
            ",,,",
            "a,b",
            "\r,1,2,3",
            "\x00,1,2,3",
            '"a""b",1,2,3',
        ]
    ),
    max_size=20,
)


@settings(max_examples=40)
@given(lines=SOUP, ends=st.sampled_from(["\n", "\r\n"]), tail=st.sampled_from([b"", b"\xff,1,2,3", b'"\xff']))
def test_rows_are_told_apart_as_they_were_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], ends: str, tail: bytes
) -> None:
    """Quotes that do not close, and quotes that close lines later, reach no other row."""
    folder = tmp_path_factory.mktemp("soup")
    file = written(folder / "calls.csv", ends.join([",".join(NAMES), *lines]).encode() + ends.encode() + tail)
    home, later = taken(folder / "a", WRONG, file), taken(folder / "b", MENDED, file)
    write_mapping(home, MENDED)
    replayed(home)
    assert letters_of(home) == letters_of(later)
    assert Lake(home).digest() == Lake(later).digest()
    assert_accounted(home)


JSON_SOUP = st.lists(
    st.sampled_from(
        [
            *(json.dumps(row) for row in as_objects(GOOD[:5])),
            '{"a": "+919876543210", "b": "+918765432109", "t": "2026-05-01 00:00:00", "d": 5}',
            "[1]",
            "{",
            " ",
            '{"a": "1", "a": "2"}',
            '{"a": NaN}',
            "\ufeff{}",
            '{"a": "x\\u0000"}',
            '{"a": {"x": 1}}',
        ]
    ),
    max_size=10,
)


@settings(max_examples=20)
@given(lines=JSON_SOUP)
def test_objects_are_told_apart_as_they_were_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("soup")
    first = json.dumps(as_objects(GOOD[:1])[0])
    file = written(folder / "calls.jsonl", "\n".join([first, *lines]).encode())
    home, later = taken(folder / "a", WRONG, file), taken(folder / "b", MENDED, file)
    write_mapping(home, MENDED)
    replayed(home)
    assert letters_of(home) == letters_of(later)
    assert Lake(home).digest() == Lake(later).digest()
