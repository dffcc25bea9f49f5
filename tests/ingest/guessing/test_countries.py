"""Whose numbers: told by numbering plans, or said not to be."""

from __future__ import annotations

import pytest
from phonenumbers import PhoneNumberType, example_number_for_type, national_significant_number

from ingest.guessing.countries import DEFAULT, choose_country, choose_zone, zones_of
from ingest.guessing.draft import Draft
from ingest.guessing.guess import GuessError, Wishes
from ingest.guessing.table import SampleTable
from tests.ingest.guessing.invented import calls, national


def draft(numbers: list[str], wishes: Wishes | None = None, scheme: str = "e164") -> Draft:
    table = SampleTable("csv", {}, {"a": numbers}, b"", True, True)
    made = Draft(table, wishes or Wishes(), top={"numbers": scheme})
    made.map("caller", "a")
    choose_country(made)
    return made


def test_numbers_with_their_country_decide() -> None:
    found = draft([call.caller for call in calls(30)])
    assert found.top["country"] == "IN"
    assert found.guesses[-1].sure


@pytest.mark.parametrize("country", ["DE", "LK", "GB", "KE", "BR", "US"])
def test_country_codes_without_a_plus(country: str) -> None:
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
    examples = [example_number_for_type(country, kind) for kind in kinds]
    begins = [f"{n.country_code}{national_significant_number(n)[:-2]}" for n in examples if n is not None]
    found = draft([f"{begin}{i:02}" for begin in begins for i in range(40)])
    assert found.top["country"] == country or not found.guesses[-1].sure


def test_what_is_sure_is_right_and_what_is_said_holds() -> None:
    texts = [national(call.caller) for call in calls(60)]
    found = draft(texts)
    assert found.top["country"] == "IN" or not found.guesses[-1].sure
    assert draft(texts, Wishes(country="NP")).top["country"] == "NP"


def test_without_telephone_numbers_no_country_is_needed() -> None:
    assert draft(["x1", "x2"], scheme="opaque").top["country"] == DEFAULT


def test_no_country_is_a_sentence() -> None:
    with pytest.raises(GuessError, match="--country"):
        draft(["+919876543210"], Wishes(country="India"))


@pytest.mark.parametrize(
    ("country", "zones"), [("IN", ["Asia/Kolkata"]), ("DE", ["Europe/Berlin"]), ("LK", ["Asia/Colombo"])]
)
def test_countries_of_one_clock(country: str, zones: list[str]) -> None:
    assert zones_of(country) == zones


def test_countries_of_several_clocks() -> None:
    assert len(zones_of("US")) > 4


@pytest.mark.parametrize("aware", [True, False])
def test_the_zone_is_the_countrys_or_utc_and_said(aware: bool) -> None:
    american = draft(["+12025550100"], Wishes(country="US"))
    choose_zone(american, aware)
    assert american.top["zone"] == "UTC"
    assert american.guesses[-1].sure is aware
    indian = draft([call.caller for call in calls(30)])
    choose_zone(indian, False)
    assert indian.top["zone"] == "Asia/Kolkata"
    with pytest.raises(GuessError, match="--zone"):
        choose_zone(draft(["1"], Wishes(zone="Mars")), False)
