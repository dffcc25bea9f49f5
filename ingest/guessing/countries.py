"""Whose numbers these are: the country in which most of them are valid, and the zone of its clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import phonenumbers
from phonenumbers import NumberParseException

from ingest.guessing.draft import Draft, checked
from ingest.guessing.parties import SIDES, number_texts
from ingest.guessing.table import share
from ingest.guessing.values import is_long_number
from ingest.mapping.source_fields import known_country, known_zone
from ingest.values.dialling import plan_of_country
from ingest.values.zones import SECOND_US, load_zone

DEFAULT = "IN"  # as the generic mapping
_TRIED = 40  # numbers; every country looks at each
_BLOCK = 6  # characters
_NAMED = 5  # countries in a sentence
_MARGIN = 0.15
_ENOUGH = 0.6
_NEARLY_ALL = 0.9
_LEAST_CODED = 5  # numbers of different blocks
_SINCE_US = 1_420_070_400 * SECOND_US  # 2015: zones that agree from then on are one


@dataclass(frozen=True)
class _Country:
    name: str
    valid: float  # share of the numbers that are valid there
    coded: bool  # nearly all begin with its code, which no chance does


def choose_country(draft: Draft) -> None:
    """Find the country of the numbers."""
    wish = draft.wishes.country
    if wish is not None:
        draft.top["country"] = checked(known_country, wish, "country")
        draft.say("country", wish, True, "as you said", "country")
        return
    texts = [text for side in SIDES for text in number_texts(draft, side) if is_long_number(text)]
    if draft.top.get("numbers") == "opaque" or not texts:
        draft.top["country"] = DEFAULT
        draft.say("country", DEFAULT, True, "not needed: there are no full telephone numbers", "country")
        return
    tried = list({text[:_BLOCK]: text for text in texts}.values())  # one of a block: the others say the same
    best, rivals = _best(tried[:: max(len(tried) // _TRIED, 1)][:_TRIED])
    draft.top["country"] = best.name
    _say(draft, best, rivals, all(text.lstrip("([ ").startswith("+") for text in texts))


def _say(draft: Draft, best: _Country, rivals: Sequence[str], international: bool) -> None:
    evidence = f"{best.valid:.0%} of the numbers looked at are valid there"
    if international:
        told = f"{evidence}; every number says its country, so this decides nothing"
        draft.say("country", best.name, True, told, "country", rivals)
    elif rivals or best.valid < _ENOUGH:
        more = f" and {len(rivals) - _NAMED} others" if len(rivals) > _NAMED else ""
        told = f"the numbers may be of {', '.join([best.name, *rivals[:_NAMED]])}{more}: only you know"
        draft.say("country", "", False, told, "country")
    else:
        draft.say("country", best.name, True, f"{evidence}, and far fewer anywhere else", "country")


def _best(texts: Sequence[str]) -> tuple[_Country, list[str]]:
    """Give the country in which most numbers are valid, and those in which nearly as many are."""
    looked_at = [_look(country, texts) for country in sorted(phonenumbers.SUPPORTED_REGIONS)]
    best = max(looked_at, key=lambda country: (country.coded, country.valid))
    if not best.valid:
        return _Country(DEFAULT, 0.0, False), []
    others = [c for c in looked_at if c != best and c.coded == best.coded]
    return best, [c.name for c in others if c.valid > best.valid - _MARGIN]


def _look(country: str, texts: Sequence[str]) -> _Country:
    code = plan_of_country(country).code
    valid = share(sum(_is_valid(text, country) for text in texts), len(texts))
    begin = sum("".join(filter(str.isdigit, text)).removeprefix("00").startswith(code) for text in texts)
    coded = len(code) > 1 and len(texts) >= _LEAST_CODED and begin >= _NEARLY_ALL * len(texts)
    return _Country(country, valid, coded and valid >= _ENOUGH)


def _is_valid(text: str, country: str) -> bool:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number_for_region(number, country))


def choose_zone(draft: Draft, aware: bool) -> None:
    """Find the zone of times without an offset; `aware`: the sample's times say their own."""
    if draft.wishes.zone is not None:
        draft.top["zone"] = checked(known_zone, draft.wishes.zone, "zone")
        draft.say("zone", draft.wishes.zone, True, "as you said", "zone")
        return
    country = str(draft.top["country"])
    by_country = any(f.what == "country" and f.sure for f in draft.guesses) and draft.top.get("numbers") == "e164"
    zones = zones_of(country) if by_country else []
    zone = zones[0] if len(zones) == 1 else "UTC"
    draft.top["zone"] = zone
    draft.say("zone", zone, aware or len(zones) == 1, _evidence(country, zones, aware), "zone", zones[:20])


def _evidence(country: str, zones: Sequence[str], aware: bool) -> str:
    if aware:
        return "the times say their own offset; the zone only tells when it is night"
    if len(zones) == 1:
        return f"the only zone of {country}, and the times say none"
    if zones:
        return f"{country} has {len(zones)} zones and the times say none: UTC until you say"
    return "neither the times nor the numbers say one: UTC until you say"


@cache
def zones_of(country: str) -> list[str]:
    """Give the zones of a country that differ since 2015, the first of each kind in the list of tzdata."""
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines()
    named = [line.split("\t")[2] for line in lines if line.startswith(f"{country}\t")]
    return list({_clock(name): name for name in reversed(named)}.values())[::-1]


def _clock(name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    changes = load_zone(name).since(_SINCE_US)
    return tuple(changes.instants.tolist()), tuple(changes.offsets.tolist())
