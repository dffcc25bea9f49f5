"""Public holidays of India, when offices stay shut and, on some, people ring each other up.

Source: lists of gazetted holidays for offices of the central government in Delhi, Department of Personnel and
Training, Government of India, for 2025 and 2026 (published in the year before; days of Islamic feasts follow the moon
and can move by one). Other years have the days that never move. Holidays of single states are left out.
"""

from __future__ import annotations

from datetime import date

EVERY_YEAR = {"01-26": "Republic Day", "08-15": "Independence Day", "10-02": "Gandhi Jayanti", "12-25": "Christmas Day"}
MOVABLE = {
    "2025-02-26": "Maha Shivaratri",
    "2025-03-14": "Holi",
    "2025-03-31": "Id-ul-Fitr",
    "2025-04-10": "Mahavir Jayanti",
    "2025-04-18": "Good Friday",
    "2025-05-12": "Buddha Purnima",
    "2025-06-07": "Id-ul-Zuha",
    "2025-07-06": "Muharram",
    "2025-08-16": "Janmashtami",
    "2025-09-05": "Milad-un-Nabi",
    "2025-10-02": "Dussehra",
    "2025-10-20": "Diwali",
    "2025-11-05": "Guru Nanak Jayanti",
    "2026-03-04": "Holi",
    "2026-03-21": "Id-ul-Fitr",
    "2026-03-26": "Ram Navami",
    "2026-03-31": "Mahavir Jayanti",
    "2026-04-03": "Good Friday",
    "2026-05-01": "Buddha Purnima",
    "2026-05-27": "Id-ul-Zuha",
    "2026-06-26": "Muharram",
    "2026-08-26": "Milad-un-Nabi",
    "2026-09-04": "Janmashtami",
    "2026-10-20": "Dussehra",
    "2026-11-08": "Diwali",
    "2026-11-24": "Guru Nanak Jayanti",
}
GREETINGS = frozenset({"Holi", "Id-ul-Fitr", "Id-ul-Zuha", "Dussehra", "Diwali", "Christmas Day"})


def holiday(day: date) -> str | None:
    """Give the name of the public holiday on a day, or None."""
    return MOVABLE.get(day.isoformat()) or EVERY_YEAR.get(f"{day:%m-%d}")
