"""What numbering plans say about a number: country, kind of line, carrier. Of spelling, see numbers.py."""

from __future__ import annotations

from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, carrier

_WORLD = "001"  # of numbers that belong to no country, as +800


class Description(NamedTuple):
    """What numbering plans say about a number; None where they say nothing."""

    country: str | None  # ISO 3166 alpha-2
    line_type: str | None  # libphonenumber's name in lower case
    carrier: str | None  # by numbering plan, not by porting


def describe(number: str) -> Description:
    """Give country, line type and carrier of a number in E.164; of anything else nothing is known."""
    if not number.startswith("+"):
        return Description(None, None, None)
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return Description(None, None, None)
    kind = phonenumbers.number_type(parsed)
    line_type = None if kind == PhoneNumberType.UNKNOWN else PhoneNumberType.to_string(kind).lower()
    country = phonenumbers.region_code_for_number(parsed) or _only_country(parsed)
    return Description(None if country == _WORLD else country, line_type, carrier.name_for_number(parsed, "en") or None)


def _only_country(parsed: PhoneNumber) -> str | None:
    """A number of no assigned range still has the country of its code, where only one country has that code."""
    countries = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    return countries[0] if len(countries) == 1 else None
