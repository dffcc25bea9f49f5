"""Bytes are cut into rows as RFC 4180 says; damage stays in its line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reasons import CODES
from ingest.records import csv_rows
from ingest.records.csv_rows import Dialect, split_rows

PIECES = [b",", b'"', b"\n", b"\r", b"a", b"\0", b"\xff"]
LINES = ["a,b,c", 'a,"b\nb",c', 'a,"b,c', '"a""a",b,c', 'x"y,b,c', "a,b", ""]
FIELDS = st.text(st.sampled_from(["a", "b", ",", '"', "\n", "é", " ", ";"]), max_size=5)


THREE = range(3, 4)


def split(data: bytes, fields: range = THREE, most: int = 1000, last: bool = True) -> list[tuple[bytes, str]]:
    rows = split_rows(data, Dialect(ord(","), ord('"'), fields, most), last)
    spans = zip(rows.starts.tolist(), rows.ends.tolist(), rows.faults.tolist(), strict=True)
    return [(data[start:end], CODES[fault]) for start, end, fault in spans]


@given(st.lists(st.tuples(FIELDS, FIELDS, FIELDS), max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_the_csv_module_writes_is_cut_where_it_wrote_it(
    table: list[tuple[str, ...]], line_end: str, quote_all: bool
) -> None:
    rows = []
    for fields in table:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator=line_end, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
        writer.writerow(fields)
        rows.append(out.getvalue().removesuffix(line_end).encode())
    data = b"".join(row + line_end.encode() for row in rows)
    assert split(data) == [(row, "") for row in rows]
    assert split(data.removesuffix(line_end.encode())) == [(row, "") for row in rows]


@given(st.binary(max_size=200) | st.lists(st.sampled_from(PIECES)).map(b"".join))
def test_any_bytes_are_cut_without_loss_or_overlap(data: bytes) -> None:
    rows = split_rows(data, Dialect(ord(","), ord('"'), THREE, 50), last=True)
    kept = b"".join(data[start:end] for start, end in zip(rows.starts.tolist(), rows.ends.tolist(), strict=True))
    assert rows.used == len(data)
    assert kept.replace(b"\r", b"").replace(b"\n", b"") == data.replace(b"\r", b"").replace(b"\n", b"")
    assert (rows.starts[1:] >= rows.nexts[:-1]).all()


QUOTED = ['"a","b","c"', '"a",b,"c,d"', 'a,"",""', '"",,', '"a","b"', '"a\nb",b,c', '"a","b","c"\r', '"a" ,b,c']


@given(st.lists(st.sampled_from([*QUOTED, *LINES]), max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_tidy_rows_are_what_the_long_way_makes_of_them(lines: list[str], line_end: str, last: bool) -> None:
    data = line_end.join(lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_tidy_rows", lambda lines: None)
        wanted = split(data, last=last)
    assert split(data, last=last) == wanted


@given(st.lists(st.sampled_from(LINES), max_size=12), st.data())
def test_blocks_cut_anywhere_give_the_rows_of_the_whole(lines: list[str], data: st.DataObject) -> None:
    whole = "".join(f"{line}\n" for line in lines).encode()
    found: list[tuple[bytes, str]] = []
    rest, at = b"", 0
    while at < len(whole):
        size = data.draw(st.integers(1, len(whole)))
        block = rest + whole[at : at + size]
        at += size
        rows = split_rows(block, Dialect(ord(","), ord('"'), THREE, 1000), last=at >= len(whole))
        found += [(block[s:e], CODES[f]) for s, e, f in zip(rows.starts, rows.ends, rows.faults, strict=True)]
        rest = block[rows.used :]
    assert found == split(whole)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"a,b,c\n\n\r\nd,e,f", [(b"a,b,c", ""), (b"d,e,f", "")]),
        (b"a,b\na,b,c,d\na,b,c", [(b"a,b", "row_columns"), (b"a,b,c,d", "row_columns"), (b"a,b,c", "")]),
        (b'a,"b,c\nd,e,f\n', [(b'a,"b,c', "row_quotes"), (b"d,e,f", "")]),
        (b'a,"b,c\nd,e,f\ng,"h,i\n', [(b'a,"b,c', "row_quotes"), (b"d,e,f", ""), (b'g,"h,i', "row_quotes")]),
        (b'a,b"b,c\nd,e,f\n', [(b'a,b"b,c', "row_quotes"), (b"d,e,f", "")]),
        (b'a,"b"b,c\nd,e,f\n', [(b'a,"b"b,c', "row_quotes"), (b"d,e,f", "")]),
        (b'a,"b\n\n,b",c\nd,e,f\n', [(b'a,"b\n\n,b",c', ""), (b"d,e,f", "")]),
        (b'a,"b\nb",c,d\ne,f,g\n', [(b'a,"b', "row_quotes"), (b'b",c,d', "row_quotes"), (b"e,f,g", "")]),
        (b"a,\0,c\n", [(b"a,\0,c", "row_nul")]),
        (b"a,\xff,c\na,\xc3\xa9,c\n", [(b"a,\xff,c", "row_not_utf8"), (b"a,\xc3\xa9,c", "")]),
        (b"a,\xed\xa0\x80,c\n", [(b"a,\xed\xa0\x80,c", "row_not_utf8")]),
        (b"a,b\rb,c\n", [(b"a,b\rb,c", "row_carriage_return")]),
        (b'a,"b\rb",c\n', [(b'a,"b\rb",c', "")]),
        (b"a,b," + b"c" * 1000 + b"\na,b,c\n", [(b"a,b," + b"c" * 1000, "row_too_long"), (b"a,b,c", "")]),
        (b'a,"' + b"b\n" * 600, [(b'a,"b', "row_quotes"), *[(b"b", "row_columns")] * 599]),
    ],
)
def test_damage_stays_where_it_is(data: bytes, wanted: list[tuple[bytes, str]]) -> None:
    assert split(data) == wanted


def test_a_row_that_goes_on_in_the_next_block_is_left_for_it() -> None:
    dialect = Dialect(ord(","), ord('"'), THREE, 1000)
    assert split_rows(b"a,b,c\nd,e", dialect, last=False).used == len(b"a,b,c\n")
    assert split_rows(b'a,b,c\nd,"e\n', dialect, last=False).used == len(b"a,b,c\n")
    assert split_rows(b'a,b,c\nd,"e' + b"\n" * 1001, dialect, last=False).used == len(b'a,b,c\nd,"e' + b"\n" * 1001)


def test_hostile_quotes_take_no_longer_than_their_length() -> None:
    data = b'a,"\n' * 100_000
    assert len(split(data, most=1 << 20)) == 100_000
