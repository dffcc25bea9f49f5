"""What numbering plans say about a number: country, kind of line, carrier, region. Of spelling, see numbers.py."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, carrier

from ingest.values.ported import Ported

_WORLD = "001"  # of numbers that belong to no country, as +800
_LANGUAGE = "en"
_NOT_PORTED = Ported({})


class PlanEntry(NamedTuple):
    """What numbering plans say about a number, and about every other of its block; None where they say nothing."""

    country: str | None  # ISO 3166 alpha-2
    line_type: str | None  # libphonenumber's name in lower case
    carrier: str | None  # by numbering plan, not by porting


class Carrier(NamedTuple):
    """The network of a number, and who says so; None where nobody does."""

    name: str | None
    source: str | None  # plan, or ported: the table of ported prefixes


class Description(NamedTuple):
    """All that is known of a number without its calls; None where nothing is known."""

    country: str | None  # ISO 3166 alpha-2
    line_type: str | None  # libphonenumber's name in lower case
    carrier: Carrier
    region: str | None  # town or area in English, the country's name where the plan tells no more


def describe(number: str, ported: Ported = _NOT_PORTED) -> Description:
    """Give country, line type, carrier and region of a number in E.164; of anything else nothing is known."""
    entry = plan_entry(number)
    return Description(entry.country, entry.line_type, carrier_of(number, entry.carrier, ported), region_of(number))


def carrier_of(number: str, by_plan: str | None, ported: Ported) -> Carrier:
    """Give the carrier that the table of ported prefixes says for a number in E.164, else that of its plan."""
    after_porting = ported.carrier(number)
    if after_porting:
        return Carrier(after_porting, "ported")
    return Carrier(by_plan, "plan" if by_plan else None)


def region_of(number: str) -> str | None:
    """Give the town or area of a number in E.164, the country's name where the plan tells no more."""
    parsed = _parsed(number)
    return None if parsed is None else _geocoder().description_for_number(parsed, _LANGUAGE) or None


def plan_entry(number: str) -> PlanEntry:
    """Give what is the same for all numbers of a block: country, line type and carrier of a number in E.164."""
    parsed = _parsed(number)
    if parsed is None:
        return PlanEntry(None, None, None)
    kind = phonenumbers.number_type(parsed)
    line_type = None if kind == PhoneNumberType.UNKNOWN else PhoneNumberType.to_string(kind).lower()
    country = phonenumbers.region_code_for_number(parsed) or _only_country(parsed)
    carrier_name = carrier.name_for_number(parsed, _LANGUAGE) or None
    return PlanEntry(None if country == _WORLD else country, line_type, carrier_name)


def load_regions() -> None:
    """Load the names of regions (about 100 MB), which the first description does otherwise."""
    _geocoder()


def _parsed(number: str) -> PhoneNumber | None:
    if not number.startswith("+"):
        return None
    try:
        return phonenumbers.parse(number)
    except NumberParseException:
        return None


def _only_country(parsed: PhoneNumber) -> str | None:
    """A number of no assigned range still has the country of its code, where only one country has that code."""
    countries = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    return countries[0] if len(countries) == 1 else None


@cache
def _geocoder() -> ModuleType:
    from phonenumbers import geocoder  # noqa: PLC0415  # slow to load and large; only descriptions need it

    return geocoder
