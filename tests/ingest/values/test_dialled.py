"""Dialled digits are read as libphonenumber's parser reads them, in every country."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random

import phonenumbers
import pytest
from phonenumbers import NumberParseException, ValidationResult

from ingest.values.dialled import FullNumber, dialled_abroad, dialled_within
from ingest.values.dialling import plan_of_country
from ingest.values.numbers import normalise

COUNTRIES = tuple(sorted(phonenumbers.SUPPORTED_REGIONS))
DIGITS = "0123456789"
OF_ONE_COUNTRY = 60
MOST_DIGITS = 15  # of a text that is kept


def parsed(text: str, country: str | None) -> FullNumber | None:
    """Give what the parser makes of a text, None where that has no possible length."""
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return FullNumber(str(number.country_code), phonenumbers.national_significant_number(number))


def short_digits(lengths: range) -> Iterator[str]:
    for length in lengths:
        yield from map("".join, itertools.product(DIGITS, repeat=length))


def long_digits(country: str, count: int) -> Iterator[str]:
    """Give digits of up to 17 figures behind what may be dialled first in a country."""
    chance, code = Random(country), plan_of_country(country).code
    beginnings = (
        "",
        "",
        "0",
        "00",
        "011",
        "1",
        "8",
        code,
        f"00{code}",
        f"0{code}",
        f"{code}0",
        f"+{code}",
        f"+{code}0",
    )
    for _ in range(count):
        length = chance.randrange(3, 18)
        yield chance.choice(beginnings) + "".join(chance.choices(DIGITS, k=length))


def decorated(digits: str, chance: Random) -> str:
    """Give digits with the brackets, dashes and spaces that people write between them."""
    inside = "".join(figure + chance.choice(["", "", "", "-", " ", ") ", "(", "]"]) for figure in digits.lstrip("+"))
    return chance.choice(["", "(", " [("]) + ("+" if digits.startswith("+") else "") + inside


def test_few_digits_are_read_as_by_the_parser() -> None:
    differing = [
        (country, digits)
        for country in COUNTRIES
        for digits in short_digits(range(1, 3))
        if dialled_within(digits, country) != parsed(digits, country)
    ]
    assert differing == []


@pytest.mark.long
@pytest.mark.parametrize("country", COUNTRIES)
def test_all_digits_of_up_to_five_figures_are_read_as_by_the_parser(country: str) -> None:
    read = {digits: dialled_within(digits, country) for digits in short_digits(range(1, 6))}
    assert read == {digits: parsed(digits, country) for digits in read}


@pytest.mark.long
def test_all_digits_of_up_to_five_figures_abroad_are_read_as_by_the_parser() -> None:
    read = {digits: dialled_abroad(digits) for digits in short_digits(range(1, 6))}
    assert read == {digits: parsed(f"+{digits}", None) for digits in read}


def test_many_digits_are_read_as_by_the_parser() -> None:
    for country in COUNTRIES:
        texts = list(long_digits(country, OF_ONE_COUNTRY))
        read = [dialled_abroad(text[1:]) if text.startswith("+") else dialled_within(text, country) for text in texts]
        assert list(zip(texts, read, strict=True)) == [(text, parsed(text, country)) for text in texts], country


def test_brackets_dashes_and_spaces_change_nothing() -> None:
    for country in COUNTRIES:
        chance = Random(f"decorated {country}")
        for text in long_digits(country, OF_ONE_COUNTRY):
            written = decorated(text, chance)
            found, full = normalise(written, country), parsed(text, country)
            assert found == normalise(text, country), (country, written)
            if full is not None and len(full.code + full.national) <= MOST_DIGITS:
                assert found.text == f"+{full.code}{full.national}", (country, written)
            else:
                assert found.text in (None, text), (country, written)


def test_lengths_of_local_numbers_are_no_lengths_of_full_ones() -> None:
    for country in COUNTRIES:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
        assert metadata is not None
        assert metadata.general_desc is not None
        local, full = metadata.general_desc.possible_length_local_only, metadata.general_desc.possible_length
        assert not set(local) & set(full), country
        assert max(local, default=0) < max(full), country
