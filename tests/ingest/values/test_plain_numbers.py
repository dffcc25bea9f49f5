"""Plain spellings are found with columns as the parser finds them one by one."""

from __future__ import annotations

from random import Random

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from ingest.values import plain_numbers as module
from ingest.values.dialling import country_code, is_main_country, plan_of_code, plan_of_country
from ingest.values.numbers import Normaliser, normalise
from ingest.values.plain_numbers import plain_numbers
from tests.ingest.spellings import valid_numbers

COUNTRIES = tuple(sorted(phonenumbers.SUPPORTED_REGIONS))
CODES = tuple(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
OF_ONE_COUNTRY = 600
MOST_CHARACTERS = 16  # + and 15 digits
SOME = (
    *("AR", "AU", "BD", "BR", "CA", "CH", "CN", "CO", "DE", "EG", "ES", "FR", "GB", "HU", "ID", "IN", "IT", "JP", "KE"),
    *("KZ", "LK", "MX", "MY", "NG", "NL", "NP", "PH", "PK", "PL", "RU", "SA", "SE", "SG", "TH", "US", "UY", "ZA", "ZW"),
)


def dialled(country: str, count: int, seed: int) -> list[str]:
    """Give texts of digits as they may stand in records of a country: most are numbers, some are not."""
    chance, plan = Random(f"{country} {seed}"), plan_of_country(country)
    numbers = [phonenumbers.national_significant_number(number) for number in valid_numbers(country, count, seed)]
    beginnings = ("+" + plan.code, plan.code, "00" + plan.code, "011" + plan.code, "0", "8", "1", "")
    texts = []
    for at in range(count):
        national = numbers[at % len(numbers)] if numbers else str(chance.randrange(10**9))
        if chance.random() < 0.3:  # another ending, length or number altogether
            national = national[: chance.randrange(len(national))] + str(
                chance.randrange(10 ** chance.randrange(1, 10))
            )
        texts.append(chance.choice(beginnings) + national)
    return texts


def parsed(text: str, country: str) -> str | None:
    """Give what libphonenumber says by itself: E.164 of a possible number of at most 15 digits, else None."""
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return written if len(written) <= MOST_CHARACTERS else None


@pytest.mark.parametrize("country", SOME)
def test_a_column_of_a_country_is_what_the_parser_says(country: str) -> None:
    texts = dialled(country, OF_ONE_COUNTRY, seed=1)
    found = rows(Normaliser(country, opaque=False).column(pa.array(texts).dictionary_encode()))
    full = [number if kind in ("e164", "service") else None for number, kind, _ in found]
    wanted = [parsed(text, country) for text in texts]
    compared = [(t, f, w) for t, f, w in zip(texts, full, wanted, strict=True) if w or not t.startswith("+")]
    assert [differing for differing in compared if differing[1] != differing[2]] == []
    assert sum(w is not None for w in wanted) > OF_ONE_COUNTRY // 3


def test_so_many_numbers_of_so_many_countries_are_compared() -> None:
    assert len(SOME) * OF_ONE_COUNTRY >= 20_000
    assert len(SOME) >= 30


def test_a_column_says_what_each_text_says_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEW", 0)
    for country in COUNTRIES:
        texts = dialled(country, 60, seed=2)
        column = Normaliser(country, opaque=False).column(pa.array(texts).dictionary_encode())
        assert rows(column) == [tuple(normalise(text, country)) for text in texts], country


@settings(deadline=None)
@given(
    st.lists(st.from_regex(r"\+?[0-9]{1,17}", fullmatch=True) | st.text(max_size=8), max_size=30),
    st.sampled_from(COUNTRIES),
    st.sampled_from(CODES),
)
def test_a_plain_number_is_what_its_text_says_by_itself(texts: list[str], country: str, code: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_FEW", 0)
        given_ = [*texts, *(f"+{code}{text}" for text in texts)]
        found = plain_numbers(pa.array(given_, pa.string()), country)
    for text, number, kind in zip(given_, found.text.to_pylist(), found.kind.to_pylist(), strict=True):
        assert number is None or (number, kind, None) == normalise(text, country)


@pytest.mark.parametrize("text", ["+94771234567", "0094771234567", "94771234567", "0771234567", "771234567"])
def test_plain_spellings_are_not_left_to_the_parser(text: str) -> None:
    texts = pa.array([f"{text[:-3]}{last:03}" for last in range(100)])
    assert plain_numbers(texts, "LK").text.to_pylist() == [f"+94771234{last:03}" for last in range(100)]


def test_few_numbers_of_a_code_are_left_to_the_parser() -> None:
    assert plain_numbers(pa.array(["+94771234567"]), "LK").text.null_count == 1


def test_every_plan_can_be_asked_of_columns() -> None:
    for code in map(str, CODES):
        assert plain_numbers(pa.array([f"+{code}{at:09}" for at in range(100, 200)]), "IN").text.type == pa.string()
        assert plan_of_code(code).code == code
        assert country_code(code) == code


def test_a_shared_code_has_one_main_country() -> None:
    assert [country for country in ("US", "CA", "GB", "GG", "LK") if is_main_country(country)] == ["US", "GB", "LK"]


def rows(column: tuple[pa.Array, ...]) -> list[tuple[str | None, ...]]:
    """Give a column of numbers row by row."""
    return list(zip(*(pc.cast(part, pa.string()).to_pylist() for part in column), strict=True))
