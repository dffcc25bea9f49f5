"""Dialling plans of countries, from libphonenumber's metadata: which digits are a full number already.

libphonenumber's parser spends most of its time on spellings that plain digits do not have. A plan tells the digits
that the parser would leave as they are; all others are left to the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
from phonenumbers.phonemetadata import PhoneMetadata

_NEVER = re.compile(r"(?!)")
_LONGEST_CODE = 3


@dataclass(frozen=True)
class Plan:
    """The plan of one country code."""

    code: str  # country calling code
    lengths: frozenset[int]  # of national numbers
    prefix: re.Pattern[str]  # what is dialled before a number within the country
    abroad: re.Pattern[str]  # what is dialled before a country code
    service: re.Pattern[str]  # national numbers of toll-free, premium, shared-cost and company services
    viable: re.Pattern[str]  # national numbers of any assigned kind

    def is_national_number(self, digits: str) -> bool:
        """Whether `digits`, after the country code, are a number of possible length that has nothing to be removed."""
        return len(digits) in self.lengths and digits[0] != "0" and not self.prefix.match(digits)

    def is_dialled_number(self, digits: str) -> bool:
        """Whether `digits`, dialled within the country, are a national number without any code before it."""
        return self.is_national_number(digits) and not digits.startswith(self.code) and not self.abroad.match(digits)


def country_code(digits: str) -> str | None:
    """Give the country calling code that the digits of an international number begin with."""
    codes = (digits[:length] for length in range(1, _LONGEST_CODE + 1))
    return next((code for code in codes if int(code) in COUNTRY_CODE_TO_REGION_CODE), None)


@cache
def plan_of_code(code: str) -> Plan:
    """Give the plan of a country calling code: that of its main country."""
    region = COUNTRY_CODE_TO_REGION_CODE[int(code)][0]
    return _plan(PhoneMetadata.metadata_for_region_or_calling_code(int(code), region))


def is_main_country(country: str) -> bool:
    """Whether the plan of a country is that of its country calling code, which it may share with others."""
    return country == COUNTRY_CODE_TO_REGION_CODE[int(plan_of_country(country).code)][0]


@cache
def plan_of_country(country: str) -> Plan:
    """Give the plan of a country, ISO 3166 alpha-2."""
    plan = _plan(PhoneMetadata.metadata_for_region(country))
    return replace(plan, lengths=plan.lengths & plan_of_code(plan.code).lengths)


def _plan(metadata: PhoneMetadata | None) -> Plan:
    assert metadata is not None, "every country and code of libphonenumber's lists has metadata"
    assert metadata.general_desc is not None, "and lengths"
    services = (metadata.toll_free, metadata.premium_rate, metadata.shared_cost, metadata.uan)
    patterns = [s.national_number_pattern for s in services if s is not None and s.national_number_pattern]
    return Plan(
        code=str(metadata.country_code),
        lengths=frozenset(metadata.general_desc.possible_length),
        prefix=_pattern(metadata.national_prefix_for_parsing),
        abroad=_pattern(metadata.international_prefix),
        service=_pattern("|".join(f"(?:{pattern})" for pattern in patterns)),
        viable=_pattern(metadata.general_desc.national_number_pattern),
    )


def _pattern(text: str | None) -> re.Pattern[str]:
    return re.compile(text) if text else _NEVER
