"""Dialling plans of countries, from libphonenumber's metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
from phonenumbers.phonemetadata import PhoneMetadata

_NEVER = re.compile(r"(?!)")
_CODES = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))
_LONGEST_CODE = 3


@dataclass(frozen=True)
class Plan:
    """The plan of one country code."""

    code: str  # country calling code
    own_lengths: frozenset[int]  # of its national numbers
    lengths: frozenset[int]  # those of them that the main country of its code has too
    prefix: re.Pattern[str]  # what is dialled before a number within the country
    instead: str  # template of what takes the prefix's place where its last group is found, mostly an area code
    abroad: re.Pattern[str]  # what is dialled before a country code
    service: re.Pattern[str]  # national numbers of toll-free, premium, shared-cost and company services
    viable: re.Pattern[str]  # national numbers of any assigned kind


def country_code(digits: str) -> str | None:
    """Give the country calling code that the digits of an international number begin with."""
    for length in range(1, _LONGEST_CODE + 1):
        if digits[:length] in _CODES:
            return digits[:length]
    return None


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
    return replace(plan, lengths=plan.own_lengths & plan_of_code(plan.code).own_lengths)


def _plan(metadata: PhoneMetadata | None) -> Plan:
    assert metadata is not None, "every country and code of libphonenumber's lists has metadata"
    assert metadata.general_desc is not None, "and lengths"
    services = (metadata.toll_free, metadata.premium_rate, metadata.shared_cost, metadata.uan)
    patterns = [s.national_number_pattern for s in services if s is not None and s.national_number_pattern]
    lengths = frozenset(metadata.general_desc.possible_length)
    return Plan(
        code=str(metadata.country_code),
        own_lengths=lengths,
        lengths=lengths,
        prefix=_pattern(metadata.national_prefix_for_parsing),
        instead=metadata.national_prefix_transform_rule or "",
        abroad=_pattern(metadata.international_prefix),
        service=_pattern("|".join(f"(?:{pattern})" for pattern in patterns)),
        viable=_pattern(metadata.general_desc.national_number_pattern),
    )


def _pattern(text: str | None) -> re.Pattern[str]:
    return re.compile(text) if text else _NEVER
