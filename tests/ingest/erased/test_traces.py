"""Numbers are found in texts in whatever spelling, and texts that show others are left alone."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.erased.traces import holding, holds, numbers_shown
from ingest.values.numbers import Normaliser

LK = "+94771234567"
SPELLINGS = (
    b"+94771234567",
    b"0094771234567",
    b"94771234567",
    b"0771234567",
    b"771234567",
    b"077 123 4567",
    b"+94 (77) 123-4567",
    b"[077]1234567",
)
AROUND = st.binary(max_size=20).filter(lambda text: not any(48 <= byte <= 57 or byte == 43 for byte in text))


def shown(text: bytes, reader: Normaliser) -> set[str]:
    found = numbers_shown(pa.array([b"", text, b"x"], pa.binary()), [reader])
    assert set(found.rows.tolist()) <= {1}
    return set(found.numbers.to_pylist())


def held(text: bytes, *numbers: str) -> bool:
    before, found, after = holding(pa.array([b"", text, b"x"], pa.binary()), numbers)
    assert not before
    assert not after
    return bool(found)


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(before=AROUND, after=AROUND)
def test_every_spelling_of_a_known_number_is_found(spelling: bytes, before: bytes, after: bytes) -> None:
    assert held(before + spelling + after, "+14155550100", LK)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("row", [b"%s,0772345678,30", b'"a";"%s";1', b'{"from": "%s"}', b"sip:%s@host", b"\xff%s\x00"])
def test_every_spelling_is_shown_as_its_number(spelling: bytes, row: bytes) -> None:
    assert LK in shown(row % spelling, Normaliser("LK", opaque=False))
    assert held(row % spelling, LK)


@pytest.mark.parametrize(
    "text", [b"", b"0771234568", b"07712345670", b"77123,4567", b"0772345671", b"77123456", b"\xff", b"7712345671"]
)
def test_other_texts_are_left_alone(text: bytes) -> None:
    assert not held(text, LK)
    assert LK not in shown(text, Normaliser("LK", opaque=False))


@pytest.mark.parametrize(
    ("text", "found"), [(b"1919,x", True), (b"x 1919", True), (b"21919", False), (b"19190", False)]
)
def test_a_short_number_must_stand_alone(text: bytes, found: bool) -> None:
    assert held(text, "1919") == found
    assert ("1919" in shown(text, Normaliser("LK", opaque=False))) == found


@pytest.mark.parametrize(("text", "found"), [(b"u_7,x", True), (b"au_7", False), (b"u_77", False), (b'"u_7"', True)])
def test_opaque_ids(text: bytes, found: bool) -> None:
    assert held(text, "u_7") == found
    assert ("u_7" in shown(text, Normaliser("LK", opaque=True))) == found


def test_prefixes_of_the_mapping_count() -> None:
    assert LK in shown(b"9077123,99771234567", Normaliser("LK", opaque=False, prefixes={"99": "0"}))


def test_very_many_numbers_are_looked_for_at_once() -> None:
    numbers = [f"+9477{place:07d}" for place in range(1000)]
    texts = pa.array([f"077{place:07d},x".encode() for place in range(0, 2000, 500)], pa.binary())
    assert holding(texts, numbers).tolist() == [True, True, False, False]


def test_a_text_holds() -> None:
    assert holds("calls-0771234567.csv", ["1919", LK])
    assert not holds("calls-2026-05-01.csv", ["1919", LK])
