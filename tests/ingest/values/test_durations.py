"""Durations are exact: decimal digits in, whole milliseconds out."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.values.durations import MOST_MS, Unit, of_floats, parse

SECONDS = st.decimals(0, 999_999, places=9).map(lambda d: f"{d:f}") | st.integers(0, 10**8).map(str)


@given(st.lists(SECONDS, min_size=1))
def test_seconds_are_read_without_loss(texts: list[str]) -> None:
    found = parse(pa.array(texts), "s")
    wanted = [int((Decimal(text) * 1000).quantize(Decimal(1), ROUND_HALF_UP)) for text in texts]
    assert found.ms.tolist() == wanted
    assert found.out_of_range.tolist() == [ms > MOST_MS for ms in wanted]
    assert not found.malformed.any()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "5 5",
        "\t5",
        "+5",
        "5.",
        ".5",
        "1e3",
        "1_000",
        "1,5",
        "0x10",
        "٣",
        "５",
        "NaN",
        "inf",
        "5\n",
        "--5",
        "9" * 10,
    ],
)
@pytest.mark.parametrize("unit", ["s", "ms"])
def test_anything_but_plain_digits_is_malformed(text: str, unit: Unit) -> None:
    found = parse(pa.array([text]), unit)
    assert found.malformed.tolist() == [not (unit == "ms" and text == "9" * 10)]


@pytest.mark.parametrize("unit", ["s", "ms"])
def test_spaces_around_do_not_matter(unit: Unit) -> None:
    found = parse(pa.array([" 5", "5  "]), unit)
    assert found.ms.tolist() == [5000, 5000] if unit == "s" else [5, 5]
    assert not found.malformed.any()


def test_the_ends_of_the_range() -> None:
    found = parse(pa.array(["0", "86400", "86400.0004", "86400.0005", "-1", "-0.5"]), "s")
    assert found.out_of_range.tolist() == [False, False, False, True, True, True]
    assert not found.malformed.any()


def test_milliseconds_are_whole() -> None:
    found = parse(pa.array(["1500", "1500.5"]), "ms")
    assert found.ms[0] == 1500
    assert found.malformed.tolist() == [False, True]


@given(st.lists(st.text(alphabet="0123456789.-+eE_ ٣", max_size=12), min_size=1))
def test_a_text_is_read_as_decimal_reads_it_or_not_at_all(texts: list[str]) -> None:
    found = parse(pa.array(texts), "s")
    for text, ms, malformed, outside in zip(texts, found.ms, found.malformed, found.out_of_range, strict=True):
        if not malformed and not outside:
            assert text.isascii()
            assert ms == int((Decimal(text) * 1000).quantize(Decimal(1), ROUND_HALF_UP))


def test_floats_of_parquet() -> None:
    found = of_floats(pa.array([12.345, 0.0, 86400.0, 86400.1, -1.0, float("nan"), float("inf"), None], pa.float64()))
    assert found.ms[:3].tolist() == [12345, 0, 86_400_000]
    assert found.out_of_range.tolist() == [False, False, False, True, True, False, False, False]
    assert found.malformed.tolist() == [False] * 5 + [True] * 3


@pytest.mark.parametrize(
    ("text", "unit", "ms"),
    [
        ("1500", "us", 2),
        ("1499", "us", 1),
        ("10000000000", "ns", 10_000),
        ("01:02:03", "clock", 3_723_000),
        ("02:03.5", "clock", 123_500),
        ("1m3.5s", "go", 63_500),
        ("10s", "go", 10_000),
        ("1h", "go", 3_600_000),
        ("250ms", "go", 250),
        ("2500000000", "go", 2_500),
    ],
)
def test_units_of_mappings(text: str, unit: Unit, ms: int) -> None:
    found = parse(pa.array([text]), unit)
    assert (found.ms[0], found.malformed[0], found.out_of_range[0]) == (ms, False, False)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1.5", "us"),
        ("1:2", "clock"),
        ("00:61", "clock"),
        ("", "go"),
        ("s", "go"),
        ("1d", "go"),
        ("1e3", "ns"),
        ("", "clock"),
    ],
)
def test_other_spellings_are_malformed(text: str, unit: Unit) -> None:
    assert parse(pa.array([text]), unit).malformed[0]


@pytest.mark.parametrize(("text", "unit"), [("24:00:01", "clock"), ("25h", "go"), ("86400001000", "us")])
def test_more_than_a_day_is_out_of_range(text: str, unit: Unit) -> None:
    assert parse(pa.array([text]), unit).out_of_range[0]
