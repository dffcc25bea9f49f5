"""Dialled digits become a country code and a national number, as libphonenumber's parser reads them.

The parser takes any text, and most of its time goes into spellings that digits alone do not have. These are its steps
for digits, at a tenth of the price, by the same metadata. Source: libphonenumber, `PhoneNumberUtil.parse` and
`isPossibleNumber`; the tests compare them for all countries.
"""

from __future__ import annotations

from typing import NamedTuple

from ingest.values.dialling import Plan, country_code, plan_of_code, plan_of_country

_LEAST_NATIONAL, _LEAST_INTERNATIONAL = 2, 3  # digits that the parser looks at


class FullNumber(NamedTuple):
    """A number of a length that is possible behind its country calling code."""

    code: str
    national: str


def dialled_abroad(digits: str) -> FullNumber | None:
    """Give the number of the digits behind + or an international prefix, None where they make none."""
    code = country_code(digits) if len(digits) >= _LEAST_INTERNATIONAL else None
    return None if code is None else _possible(digits[len(code) :], plan_of_code(code))


def dialled_within(digits: str, country: str) -> FullNumber | None:
    """Give the number of the digits dialled in a country (ISO 3166 alpha-2), None where they make none."""
    plan = plan_of_country(country)
    abroad = plan.abroad.match(digits)
    if abroad and not digits.startswith("0", abroad.end()):  # no country code begins with 0
        return dialled_abroad(digits[abroad.end() :])
    if digits.startswith(plan.code):
        national = _without_prefix(digits[len(plan.code) :], plan)
        if _is_better(national, digits, plan):
            return _possible(national, plan_of_code(plan.code))
    return _possible(digits, plan)


def _is_better(national: str, digits: str, plan: Plan) -> bool:
    """Whether digits that begin with the country code are rather a number without it."""
    is_viable = plan.viable.fullmatch
    return len(digits) > max(plan.own_lengths) or (not is_viable(digits) and is_viable(national) is not None)


def _possible(digits: str, plan: Plan) -> FullNumber | None:
    """Give digits without a national prefix, if that leaves enough of them, and if they have a possible length."""
    possible, rest = plan_of_code(plan.code).own_lengths, _rest(digits, plan)
    if len(digits) < _LEAST_NATIONAL or not (len(digits) in possible or len(rest) in possible):
        return None
    is_enough = len(rest) in plan.own_lengths or len(rest) > max(plan.own_lengths)
    national = rest if is_enough and not _is_worse(rest, digits, plan) else digits
    return FullNumber(plan.code, national) if len(national) in possible else None


def _without_prefix(digits: str, plan: Plan) -> str:
    rest = _rest(digits, plan)
    return digits if _is_worse(rest, digits, plan) else rest


def _rest(digits: str, plan: Plan) -> str:
    """Give digits with what takes the place of a national prefix, mostly nothing."""
    found = plan.prefix.match(digits)
    if found is None:
        return digits
    rest = digits[found.end() :]
    return found.expand(plan.instead) + rest if plan.instead and found[found.re.groups] is not None else rest


def _is_worse(rest: str, digits: str, plan: Plan) -> bool:
    return bool(plan.viable.fullmatch(digits)) and not plan.viable.fullmatch(rest)
