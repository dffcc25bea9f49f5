"""Telephone numbers for tests, and the ways in which people and switches write them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from ingest.values.dialling import plan_of_country

_TYPES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE)
# Digits without + are a number of the country first: in these they cannot be one that begins with the country's code.
CODE_IS_CLEAR = ("AE", "BD", "CN", "EG", "ES", "FR", "GB", "IN", "KE", "LK", "NG", "NP", "PH", "PK", "PL", "SA", "ZA")


def valid_numbers(country: str, count: int, seed: int) -> Iterator[PhoneNumber]:
    """Give up to `count` valid numbers of a country: the plan's examples with other last digits."""
    chance = Random(f"{country} {seed}")
    examples = [e for e in (phonenumbers.example_number_for_type(country, kind) for kind in _TYPES) if e is not None]
    for _ in range(count):
        number = phonenumbers.format_number(chance.choice(examples), PhoneNumberFormat.E164)
        found = phonenumbers.parse(f"{number[:-4]}{chance.randrange(10**4):04}")
        if phonenumbers.is_valid_number_for_region(found, country):
            yield found


def spellings(number: PhoneNumber, country: str) -> list[str]:
    """Give the ways to write a valid number of a country, as dialled there."""
    formats = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
    written = [phonenumbers.format_number(number, as_).replace(".", " ") for as_ in formats]  # New Caledonia's dots
    digits = written[0].removeprefix("+")
    abroad = plan_of_country(country).abroad.pattern
    dialled = [f"{abroad}{digits}", f"{abroad} {written[1].removeprefix('+')}"] if abroad.isdecimal() else []
    coded = [digits, written[1].removeprefix("+")] if country in CODE_IS_CLEAR else []
    return [*written, written[1].replace(" ", "-"), f"  {written[2]} ", *dialled, *coded]
