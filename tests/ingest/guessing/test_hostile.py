"""Samples that are none: each is a sentence, and nothing large is read."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.guessing.guess import GuessError, Wishes
from ingest.guessing.head import MOST_BYTES, read_head
from ingest.guessing.mapping import guess_mapping
from ingest.guessing.separated import rows_of
from tests.ingest.guessing.invented import KINDS, Kind, calls


def guess(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    guess_mapping(read_head(path), Wishes(country="IN"))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf\n \n", "empty"),
        ("a.csv", "a,b,c,d\n".encode("utf-16"), "UTF-16"),
        ("a.csv", b"\x30\x82\0\0\1" * 50, "BER"),
        ("a.csv", b"PK\x03\x04rest", "zip"),
        ("a.csv", b"\x1f\x8b\x08\0rest", r"name it a\.csv\.gz"),
        ("a.csv.gz", gzip.compress(b"a,b,c,d\n" * 9, mtime=0)[:-9], "cut off"),
        ("a.csv", b"hello\nworld\n", "delimiter"),
        ("a.csv", b"caller,callee,start,duration\n", "no rows"),
        ("a.csv", b"caller,caller,start,duration\n1,2,3,4\n", "more than one column is called caller"),
        ("a.csv", b'{"caller": "1"}\n', "named as csv but holds json"),
        ("a.json", b"[1, 2, 3]", "JSON"),
        ("a.json", b'[{"a": 1}, ', "cut off"),
        ("a.json", b'{"a": ' * 5000, "JSON"),
        ("a.xml", b"<a><b>1</b>", "not a whole XML"),
        ("a.xml", b"<a><b>1</b></a>", "no element"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "DTD"),
        ("a.parquet", b"PAR1" + b"\0" * 100, "Parquet"),
    ],
)
def test_what_is_no_sample_is_a_sentence(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(GuessError, match=sentence):
        guess(tmp_path / name, content)


def test_a_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GuessError, match="folder"):
        read_head(tmp_path)


def test_a_pipe_is_a_sentence_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "calls.csv"
    os.mkfifo(pipe)
    with pytest.raises(GuessError, match="a pipe"):
        read_head(pipe)


def test_a_line_without_end_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GuessError, match="first line is longer"):
        guess(tmp_path / "a.csv", b"x," * MOST_BYTES)


def test_of_a_huge_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_bytes(next(kind for kind in KINDS if kind.name == "month first").made_of(calls()))
    os.truncate(file, 10 << 30)  # zeros without end, of which nothing lies on the disk
    with pytest.raises(GuessError, match="no text"):
        read_head(file)
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"1,2,3,4\n" * (MOST_BYTES // 2)))
    head = read_head(bomb)
    assert len(head.data) == MOST_BYTES
    assert not head.whole


def told(path: Path, content: bytes) -> str | None:
    """The sentence, None where something could be guessed."""
    try:
        guess(path, content)
    except GuessError as error:
        return str(error)
    return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400) | st.text("01;,|\t\n\"'ab:/-+ .{}[]<>", max_size=400).map(str.encode))
def test_nothing_else_goes_wrong(content: bytes, tmp_path: Path) -> None:
    for name in ("a.csv", "a.json", "a.xml", "a.log"):
        assert told(tmp_path / name, content) != ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_a_damaged_sample_is_guessed_or_a_sentence(kind: Kind, data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(kind.made_of(calls(20)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert told(tmp_path / kind.file, bytes(content)) != ""


def test_the_limit_of_fields_that_others_rely_on_never_shrinks() -> None:
    before = csv.field_size_limit()
    rows_of("a,b\n", ",", '"')
    assert csv.field_size_limit() >= before
