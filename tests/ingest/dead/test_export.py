"""What is exported for spreadsheets runs in none of them, however they cut it into cells."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dead.export import _harmless, export
from ingest.dead.listing import Wanted
from ingest.home import Home
from ingest.ledger.database import open_database
from tests.ingest.samples import HEADER, take

SIGNS = "=+-@＝＋－＠"
TEXTS = st.text(alphabet=SIGNS + ";|\t\r\n\"' ,ab1", max_size=12)


@given(TEXTS)
def test_no_cell_begins_with_what_is_run(text: str) -> None:
    """Not at its start, nor after another list separator or a line end; quotes and blanks may be taken away before."""
    harmless = str(_harmless(text))
    assert harmless[:1] not in tuple(f"{SIGNS}\t\r\n")
    assert not [piece for piece in re.split(r"[;|\t\r\n]", harmless) if piece.lstrip('" ')[:1] in tuple(SIGNS)]


@given(TEXTS)
def test_only_apostrophes_are_put_in(text: str) -> None:
    assert str(_harmless(text)).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("＝1", "'＝1"),
        ("a;=1+1", "a;'=1+1"),
        ('a;"=1+1"', 'a;"\'=1+1"'),
        ("a\t@x", "a\t'@x"),
        ("\tx", "'\tx"),
        ('"=1"', '"\'=1"'),
        ("+91,+92", "'+91,+92"),
        ("a=b-c", "a=b-c"),
        ("", ""),
    ],
)
def test_what_is_marked(text: str, written: str) -> None:
    assert _harmless(text) == written


def test_every_cell_stands_in_quotes_and_comes_back(home: Home, tmp_path: Path) -> None:
    rows = ['x,+1;=2,"', "a|@b", 'he said ""no""', "1,2,3,4,5,6"]
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="ascii")
    take(home, tmp_path / "a.csv")
    assert export(open_database(home, "ledger"), Wanted(), tmp_path / "out.csv", False) == 4
    head, *lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert head == "file,batch,row,reason,raw,raw_base64"
    assert all(line.startswith('"a.csv","') and line.endswith(',""') for line in lines)
    back = [row["raw"] for row in csv.DictReader([head, *lines])]
    assert back == ["x,+1;'=2,\"", "a|'@b", rows[2], rows[3]]
