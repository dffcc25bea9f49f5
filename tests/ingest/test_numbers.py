"""One spelling a number; what is no number is refused, never guessed."""

from __future__ import annotations

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import numbers
from ingest.dialling import plan_of_country
from ingest.numbers import CHARACTERS, EMPTY, LENGTH, ZERO, Normaliser, normalise, opaque

COUNTRIES = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS))
DIGITS = st.text("0123456789", min_size=1, max_size=17)


@pytest.mark.parametrize(
    "text",
    [
        "+919876543210",
        "9876543210",
        "09876543210",
        "919876543210",
        "00919876543210",
        "(+91) 98765-43210",
        " [91] 9876543210 ",
    ],
)
def test_spellings_of_one_number_are_one(text: str) -> None:
    assert normalise(text, "IN") == ("+919876543210", "e164", None)


@pytest.mark.parametrize(
    ("text", "wanted", "kind"),
    [
        ("100", "100", "short"),
        ("1800111222", "+911800111222", "service"),
        ("+447700900123", "+447700900123", "e164"),
        ("+999123456789", "+999123456789", "e164"),
        ("12345678901234", "12345678901234", "short"),
    ],
)
def test_kinds(text: str, wanted: str, kind: str) -> None:
    assert normalise(text, "IN") == (wanted, kind, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", EMPTY),
        ("   ", EMPTY),
        ("0", ZERO),
        ("000", ZERO),
        ("+0", ZERO),
        ("12", LENGTH),
        ("1234567890123456", LENGTH),
        ("9.18E+11", CHARACTERS),
        ("9.18765e11", CHARACTERS),
        ("919876543210.0", CHARACTERS),
        ("'919876543210", CHARACTERS),
        ("++919876543210", CHARACTERS),
        ("91+9876543210", CHARACTERS),
        ("+0919876543210", CHARACTERS),
        ("９１９８７６５４３２１０", CHARACTERS),
        ("٩١٩٨٧٦٥٤٣٢١٠", CHARACTERS),
        ("anonymous", CHARACTERS),
        ("1_000_000", CHARACTERS),
        ("-", CHARACTERS),
        ("919876543210\n", CHARACTERS),
    ],
)
def test_what_is_no_number(text: str, fault: str) -> None:
    assert normalise(text, "IN") == (None, None, fault)


@given(st.text(max_size=20) | DIGITS | DIGITS.map(lambda digits: f"+{digits}"), COUNTRIES)
def test_normalising_again_changes_nothing(text: str, country: str) -> None:
    once = normalise(text, country)
    assert (once.text is None) == (once.fault is not None)
    if once.text is not None:
        assert once.text.removeprefix("+").isdigit()
        assert once.text.isascii()
        if once.kind != "short":
            assert normalise(once.text, country) == once


@given(COUNTRIES, st.data())
def test_the_short_way_round_the_parser_says_what_the_parser_says(country: str, data: st.DataObject) -> None:
    code = plan_of_country(country).code
    example = phonenumbers.example_number(country)
    national = data.draw(DIGITS | st.just(phonenumbers.national_significant_number(example) if example else "1234567"))
    text = data.draw(st.sampled_from(["", f"+{code}", code, "0"])) + national
    found = normalise(text, country)
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    possible = reason == phonenumbers.ValidationResult.IS_POSSIBLE
    if possible and found.text is not None:
        assert found.text == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert found.kind in ("e164", "service")
    elif found.text is not None:
        assert found.text == text
        assert (found.kind == "short") == (not text.startswith("+"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("349", ("349", "opaque", None)), (" a b ", ("a b", "opaque", None)), ("x" * 64, ("x" * 64, "opaque", None))],
)
def test_opaque_ids(text: str, wanted: tuple[str, str, None]) -> None:
    assert opaque(text) == wanted


@pytest.mark.parametrize(("text", "fault"), [("", EMPTY), ("x" * 65, LENGTH), ("é", CHARACTERS), ("a\tb", CHARACTERS)])
def test_what_is_no_opaque_id(text: str, fault: str) -> None:
    assert opaque(text) == (None, None, fault)


def test_a_column_is_normalised_row_by_row() -> None:
    column = Normaliser("IN", opaque=False)
    for _ in range(2):
        found = column.column(pa.array(["9876543210", "x", "100", "9876543210"]))
        assert found.text.to_pylist() == ["+919876543210", None, "100", "+919876543210"]
        assert found.kind.to_pylist() == ["e164", None, "short", "e164"]
        assert found.fault.to_pylist() == [None, CHARACTERS, None, None]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "MOST_CACHED", 2)
    column = Normaliser("IN", opaque=True)
    for start in range(0, 12, 3):
        texts = [str(i) for i in range(start, start + 3)]
        assert column.column(pa.array(texts)).text.to_pylist() == texts
