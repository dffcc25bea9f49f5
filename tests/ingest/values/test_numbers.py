"""One spelling a number; what is no number is refused, never guessed."""

from __future__ import annotations

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.values import numbers
from ingest.values.dialling import plan_of_country
from ingest.values.numbers import CHARACTERS, EMPTY, LENGTH, WITHHELD, ZERO, Normaliser, normalise, opaque
from tests.ingest.spellings import spellings, valid_numbers

COUNTRIES = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS))
DIGITS = st.text("0123456789", min_size=1, max_size=17)


def written(*texts: str) -> pa.DictionaryArray:
    """Give a column of a file."""
    return pa.array(texts, pa.string()).dictionary_encode()


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
    "text",
    [
        *("+94771234567", "0771234567", "771234567", "94771234567", "0094771234567"),
        *("+94 77 123 4567", "077-123 4567", "(077) 1234567", "00 94 77 123 4567", " 94 77 1234567 "),
    ],
)
def test_spellings_of_a_sri_lankan_number_are_one(text: str) -> None:
    assert normalise(text, "LK") == ("+94771234567", "e164", None)


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)), st.integers(0, 10**6), st.data())
def test_any_spelling_of_a_valid_number_is_its_e164(country: str, seed: int, data: st.DataObject) -> None:
    for number in valid_numbers(country, 3, seed):
        wanted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        text = data.draw(st.sampled_from(spellings(number, country)))
        found = normalise(text, country)
        assert (text, found.text) == (text, wanted)
        assert normalise(wanted, country) == found


@pytest.mark.parametrize(("country", "code"), [("LK", "1990"), ("LK", "119"), ("LK", "1919"), ("IN", "112")])
def test_short_codes_stay_short(country: str, code: str) -> None:
    assert normalise(code, country) == (code, "short", None)
    assert Normaliser(country, opaque=False).column(written(code)).kind.to_pylist() == ["short"]


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
        found = column.column(written("9876543210", "x", "100", "9876543210"))
        assert found.text.to_pylist() == ["+919876543210", None, "100", "+919876543210"]
        assert found.kind.to_pylist() == ["e164", None, "short", "e164"]
        assert found.fault.to_pylist() == [None, CHARACTERS, None, None]


def test_an_empty_column_is_empty() -> None:
    for column in (Normaliser("IN", opaque=False), Normaliser("IN", opaque=True, withheld=("",), prefixes={"0": "1"})):
        assert [len(part) for part in column.column(written())] == [0, 0, 0]


@pytest.mark.parametrize("is_opaque", [False, True])
def test_withheld_words_are_one_kind_of_caller(is_opaque: bool) -> None:
    column = Normaliser("LK", is_opaque, withheld=("anonymous", "Unterdrückt", "STRASSE"))
    found = column.column(
        pa.array(["Anonymous", " ANONYMOUS ", "unterDRÜCKT", "straße", "anonymous1", ""]).dictionary_encode()
    )
    assert found.kind.to_pylist()[:4] == [WITHHELD] * 4
    assert found.text.to_pylist()[:4] == [WITHHELD] * 4
    assert found.fault.to_pylist()[:4] == [None] * 4
    assert found.fault.to_pylist()[4:] == ([None, EMPTY] if is_opaque else [CHARACTERS, EMPTY])


def test_an_empty_caller_is_withheld_only_where_the_list_says_so() -> None:
    texts = written("", "  ", "0771234567")
    found = Normaliser("LK", opaque=False, withheld=("", "private")).column(texts)
    assert found.kind.to_pylist() == [WITHHELD, WITHHELD, "e164"]
    assert found.fault.to_pylist() == [None] * 3
    assert Normaliser("LK", opaque=False, withheld=("private",)).column(texts).fault.to_pylist() == [EMPTY, EMPTY, None]


def test_a_number_can_be_a_word_for_withheld() -> None:
    found = Normaliser("LK", opaque=False, withheld=("0000", "0770000000")).column(written("0000", "0770000000"))
    assert found.kind.to_pylist() == [WITHHELD] * 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("7004#0771234567", "+94771234567"),
        ("7004#940771234567", "+94771234567"),
        ("  7004#+94 77 123 4567", "+94771234567"),
        ("0094771234567", "+94771234567"),
        ("sip:0771234567", "+94771234567"),
        ("sip:7004#0771234567", None),
        ("SIP:0771234567", None),
        ("7004#", None),
    ],
)
def test_the_longest_prefix_is_replaced_once(text: str, wanted: str | None) -> None:
    prefixes = {"7004#": "", "7004#940": "0", "00": "+", "0": "0", "sip:": ""}
    assert Normaliser("LK", opaque=False, prefixes=prefixes).column(written(text)).text.to_pylist() == [wanted]


def test_withheld_is_looked_for_before_and_after_prefixes() -> None:
    column = Normaliser("LK", opaque=False, withheld=("anonymous", "00"), prefixes={"sip:": "", "00": "+"})
    assert column.column(written("sip:anonymous", "00", "sip:00")).kind.to_pylist() == [WITHHELD] * 3


@given(
    st.lists(st.text(max_size=6)), st.sets(st.text(max_size=3)), st.dictionaries(st.text(max_size=2), st.text("0+1"))
)
def test_a_column_never_fails_and_says_why(texts: list[str], words: set[str], prefixes: dict[str, str]) -> None:
    for is_opaque in (False, True):
        found = Normaliser("LK", is_opaque, words, prefixes).column(written(*texts))
        for text, kind, fault in zip(*(part.to_pylist() for part in found), strict=True):
            assert (text is None) == (kind is None) == (fault is not None)
            assert (kind == WITHHELD) <= (text == WITHHELD)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "MOST_REMEMBERED", 2)
    column = Normaliser("IN", opaque=False)
    for start in range(100, 112, 3):
        texts = [str(code) for code in range(start, start + 3)]
        assert column.column(pa.array(texts).dictionary_encode()).text.to_pylist() == texts
    assert len(column._known) == 3
