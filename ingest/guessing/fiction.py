"""A sample without people in it: numbers, devices and SIM cards become others of the same shape, one for one.

The beginning of each stays (country code, prefix), and its length; the rest is counted up in the order in which they
turn up, so that nothing of the old digits is left in the new ones. Columns that the mapping does not read are emptied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase, digits

from ingest.guessing.values import URI, is_address, is_withheld
from ingest.values.numbers import normalise

_CHANGED = 6  # characters at the end, at most
_KEPT = 5  # characters of a text that is too short to be a person's
_STEP = 700_001  # coprime to what is counted, so that neighbours in the sample are none in the fiction
_ALPHABETS = (digits, ascii_lowercase, ascii_uppercase)
PARTIES = ("caller", "callee", "forwarded_to")
_IDS = ("imei", "imsi", "record_id")


class Fiction:
    """Gives every text of one sample its fictional one; the same text always the same."""

    def __init__(self, country: str, opaque: bool) -> None:
        self._country, self._opaque = country, opaque
        self._places: dict[tuple[str, str], int] = {}

    def value(self, role: str | None, text: str) -> str:
        """Give what stands for a text of a canonical column, or of one that is not read (None)."""
        if role is None:
            return ""
        if role in PARTIES:
            return self._party(text)
        return self._changed(role, text.strip(), text) if role in _IDS else text

    def _party(self, text: str) -> str:
        trimmed = text.strip(" ")
        if is_withheld(trimmed):
            return text
        if is_address(trimmed) and (found := re.match(URI, trimmed)):
            return f"sip:{self._party(found[1])}@example.com"
        number = None if self._opaque else normalise(trimmed, self._country).text
        return self._changed("party", number or trimmed, text)

    def _changed(self, space: str, identity: str, text: str) -> str:
        """Count up the last letters and digits of a text, each within its alphabet."""
        places = [place for place, character in enumerate(text) if _alphabet(character)]
        if len(places) <= _KEPT or not text.strip("0 +"):
            return text
        number = self._places.setdefault((space, identity), len(self._places) + 1) * _STEP
        characters = list(text)
        for place in reversed(places[max(len(places) - _CHANGED, 2) :]):
            letters = _alphabet(text[place])
            number, rest = divmod(number, len(letters))
            characters[place] = letters[rest]
        return "".join(characters)


def _alphabet(character: str) -> str:
    return next((letters for letters in _ALPHABETS if character in letters), "")


def roles_of(fields: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """Give for each source of a mapping's fields the canonical column that is made of it."""
    roles: dict[str, str] = {}
    for canonical, field in fields.items():
        for key in ("from", "minus", "until"):
            given = field.get(key)
            for source in given if isinstance(given, list) else [given]:
                roles.setdefault(str(source), canonical)
    return roles
