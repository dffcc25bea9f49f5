"""Countries abroad as this country's numbers meet them: who works there, who phones home, whose ranges are sold.

Prefixes are such that libphonenumber holds every number for valid. Which countries have ranges that are hot follows
what industry bodies publish about premium-rate fraud; the ranges themselves are invented.
"""

from __future__ import annotations

from typing import NamedTuple


class Abroad(NamedTuple):
    """A country abroad."""

    name: str
    zone: str  # IANA
    share: float  # of the people abroad who are in touch with this country
    prefix: str  # country code and first digits of its mobiles
    digits: int  # of a whole number, + not counted
    hot: bool  # whether premium ranges are sold there


ABROAD: tuple[Abroad, ...] = (
    Abroad("Nepal", "Asia/Kathmandu", 0.17, "977984", 13, False),
    Abroad("Bangladesh", "Asia/Dhaka", 0.14, "88017", 13, False),
    Abroad("United Arab Emirates", "Asia/Dubai", 0.22, "97150", 12, False),
    Abroad("Saudi Arabia", "Asia/Riyadh", 0.16, "96650", 12, False),
    Abroad("United States", "America/New_York", 0.13, "121273", 11, False),
    Abroad("United Kingdom", "Europe/London", 0.08, "447400", 12, False),
    Abroad("Latvia", "Europe/Riga", 0.01, "37128", 11, True),
    Abroad("Lithuania", "Europe/Vilnius", 0.01, "37066", 11, True),
    Abroad("Tunisia", "Africa/Tunis", 0.01, "21698", 11, True),
    Abroad("Cuba", "America/Havana", 0.01, "535", 10, True),
    Abroad("Sierra Leone", "Africa/Freetown", 0.01, "23276", 11, True),
    Abroad("Somalia", "Africa/Mogadishu", 0.01, "25261", 12, True),
    Abroad("Maldives", "Indian/Maldives", 0.03, "96078", 10, True),
    Abroad("Madagascar", "Indian/Antananarivo", 0.01, "26132", 12, True),
)
